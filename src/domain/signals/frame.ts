import { type AtrState, atr } from '../indicators/atr.ts'
import { awesomeOscillator } from '../indicators/awesome-oscillator.ts'
import { type DmiState, dmi } from '../indicators/dmi.ts'
import { efficiencyRatio } from '../indicators/efficiency-ratio.ts'
import type { Indicator } from '../indicators/indicator.ts'
import { ema, type Smoothed } from '../indicators/smoothed.ts'
import { slide } from '../indicators/window.ts'
import type { Bar } from '../market/bar.ts'
import { type StructureState, structure } from '../structure/structure.ts'
import type { StructureReading } from '../structure/structure-reading.ts'
import { type WaveDominance, type WaveState, waveDominance } from '../waves/wave-dominance.ts'
import { parameters } from './parameters.ts'

const fast = ema(parameters.emaFast)
const slow = ema(parameters.emaSlow)

/** Close against the fast and slow EMA of one timeframe. `vote` is +1 for close > EMA9 > EMA21, −1 reversed, else 0. */
export type Alignment = {
  readonly close: number
  readonly fast: number
  readonly slow: number
  readonly vote: -1 | 0 | 1
}
export type AlignmentState = { readonly close: number; readonly fast: Smoothed; readonly slow: Smoothed }

const voteOf = (close: number, quick: number, steady: number): Alignment['vote'] =>
  close > quick && quick > steady ? 1 : close < quick && quick < steady ? -1 : 0

/** The alignment of one timeframe, folded over its closes. */
export const alignment: Indicator<AlignmentState, number, Alignment> = {
  warmup: parameters.emaSlow,
  initial: { close: Number.NaN, fast: fast.initial, slow: slow.initial },
  step: (state, close) => ({ close, fast: fast.step(state.fast, close), slow: slow.step(state.slow, close) }),
  value: ({ close, fast: quick, slow: steady }) => ({
    close,
    fast: quick.average,
    slow: steady.average,
    vote: voteOf(close, quick.average, steady.average),
  }),
}

/** Everything the card reads from the 5m bars. */
export type FrameState = {
  readonly bars: number
  /** Open time of the newest bar. */
  readonly at: number
  readonly closes: readonly number[]
  readonly highs: readonly number[]
  readonly lows: readonly number[]
  readonly alignment: AlignmentState
  readonly atr: AtrState
  readonly oscillator: readonly number[]
  readonly ao: number
  readonly aoBefore: number
  readonly dmi: DmiState
  readonly waves: WaveState
  readonly structure: StructureState
}

export type FrameReading = StructureReading & {
  readonly at: number
  readonly close: number
  readonly alignment: Alignment
  readonly atr: number
  readonly ao: number
  readonly aoBefore: number
  readonly adx: number
  readonly efficiency: number
  /** Close now minus the close `regimeLength` bars ago. */
  readonly drift: number
  readonly band: { readonly low: number; readonly high: number }
  readonly waves: WaveDominance
}

const range = atr(parameters.atrLength)
const oscillator = awesomeOscillator()
const movement = dmi()
const efficiency = efficiencyRatio(parameters.regimeLength)

/** The lowest low and the highest high; by loop, since lists spread into arguments are copied first. */
const bandOf = (lows: readonly number[], highs: readonly number[]): FrameReading['band'] => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < lows.length; i++) {
    low = Math.min(low, lows[i] as number)
    high = Math.max(high, highs[i] as number)
  }
  return { low, high }
}

/** The 5m fold: one closed bar at a time through every indicator a card needs. */
export const frame: Indicator<FrameState, Bar, FrameReading> = {
  warmup: 35,
  initial: {
    bars: 0,
    at: Number.NaN,
    closes: [],
    highs: [],
    lows: [],
    alignment: alignment.initial,
    atr: range.initial,
    oscillator: oscillator.initial,
    ao: Number.NaN,
    aoBefore: Number.NaN,
    dmi: movement.initial,
    waves: waveDominance.initial,
    structure: structure.initial,
  },
  step: (state, bar) => {
    const reach = range.step(state.atr, bar)
    const middles = oscillator.step(state.oscillator, bar)
    return {
      bars: state.bars + 1,
      at: bar.time,
      closes: slide(state.closes, parameters.regimeLength + 1, bar.close),
      highs: slide(state.highs, parameters.bandLength, bar.high),
      lows: slide(state.lows, parameters.bandLength, bar.low),
      alignment: alignment.step(state.alignment, bar.close),
      atr: reach,
      ao: oscillator.value(middles),
      aoBefore: state.ao,
      oscillator: middles,
      dmi: movement.step(state.dmi, bar),
      waves: waveDominance.step(state.waves, bar),
      structure: structure.step(state.structure, bar, range.value(reach)),
    }
  },
  value: (state) => {
    const { closes, highs, lows } = state
    const close = closes.at(-1) ?? Number.NaN
    const { swingHighs, swingLows, shift, shifts, gaps, blocks, pools, sweeps, dealing, finished } = structure.value(
      state.structure,
    )
    // Each field by name: spreading a reading costs more than working it out.
    return {
      at: state.at,
      close,
      alignment: alignment.value(state.alignment),
      atr: range.value(state.atr),
      ao: state.ao,
      aoBefore: state.aoBefore,
      adx: movement.value(state.dmi).adx,
      efficiency: efficiency.value(closes),
      drift: closes.length > parameters.regimeLength ? close - (closes[0] ?? Number.NaN) : Number.NaN,
      band: bandOf(lows, highs),
      waves: waveDominance.value(state.waves),
      swingHighs,
      swingLows,
      shift,
      shifts,
      gaps,
      blocks,
      pools,
      sweeps,
      dealing,
      finished,
    }
  },
}
