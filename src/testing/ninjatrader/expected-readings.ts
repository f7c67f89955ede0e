import { mean, slide } from '#src/domain/indicators/window.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { Reading } from '#src/domain/signals/analysis.ts'
import type { Side } from '#src/domain/signals/focus-card.ts'
import { type FrameReading, frame } from '#src/domain/signals/frame.ts'
import { momentumOf } from '#src/domain/signals/quality.ts'
import { percentileRank } from '#src/domain/signals/volatility.ts'
import { swings } from '#src/domain/structure/swing.ts'
import { directionalRatio } from '#src/domain/waves/wave-dominance.ts'

/** A moment of a chart: a bar as it closed, or as it stood while forming. */
export type Moment = { readonly bar: Bar; readonly startsSession: boolean; readonly closes: boolean }

/** What the indicator computes, in the order in which its driver prints it. */
export const readingNames = [
  'trend',
  'waveRatio',
  'dominance',
  'bullAverage',
  'bearAverage',
  'currentRatio',
  'speed',
  'side',
  'ao',
  'aoBefore',
  'atr',
  'ema',
  'upper',
  'middle',
  'lower',
  'longQuality',
  'shortQuality',
  'support',
  'resistance',
  'heat',
  'volumeRatio',
] as const
export type Readings = Readonly<Record<(typeof readingNames)[number], number>>

const turns = swings()

const initial = {
  frame: frame.initial,
  turns: turns.initial,
  supports: [] as readonly number[],
  resistances: [] as readonly number[],
  closes: [] as readonly number[],
  volumes: [] as readonly number[],
}
type State = typeof initial

/** The swings of a kind that no close has gone beyond since, forty at most. */
const heldLevels = (held: readonly number[], turned: State['turns'], kind: 'high' | 'low', close: number) => {
  const fresh = turned.confirmed.filter((swing) => swing.kind === kind).map(({ price }) => price)
  return [...held, ...fresh].slice(-40).filter((price) => (kind === 'low' ? close >= price : close <= price))
}

const step = (state: State, bar: Bar): State => {
  const turned = turns.step(state.turns, bar)
  return {
    frame: frame.step(state.frame, bar),
    turns: turned,
    supports: heldLevels(state.supports, turned, 'low', bar.close),
    resistances: heldLevels(state.resistances, turned, 'high', bar.close),
    closes: slide(state.closes, 20, bar.close),
    volumes: slide(state.volumes, 20, bar.volume),
  }
}

/** 0.4 for waves beyond 1.5, 0.3 for AO on the side and moving with it, 0.3 for a close beyond the middle of the band. */
const fksQuality = (reading: FrameReading, side: Side): number => {
  const { waves, ao, aoBefore, close, band } = reading
  if (Number.isNaN(waves.waveRatio) || Number.isNaN(ao) || Number.isNaN(aoBefore)) return Number.NaN
  const middle = (band.low + band.high) / 2
  const strong = directionalRatio(waves.waveRatio, side) > 1.5
  const moving = momentumOf({ frame: reading } as Reading, side) === 'with'
  const placed = side === 'long' ? close > middle : close < middle
  return (strong ? 0.4 : 0) + (moving ? 0.3 : 0) + (placed ? 0.3 : 0)
}

const bandsOf = (closes: readonly number[]) => {
  const middle = closes.length < 20 ? Number.NaN : mean(closes)
  const width = 2 * Math.sqrt(mean(closes.map((close) => (close - middle) ** 2)))
  return { upper: middle + width, middle, lower: middle - width }
}

const readingOf = (state: State): Omit<Readings, 'heat'> => {
  const reading = frame.value(state.frame)
  const { waves, ao, aoBefore, atr, alignment } = reading
  const volume = state.volumes.at(-1) ?? Number.NaN
  return {
    ...waves,
    ao,
    aoBefore,
    atr,
    ema: alignment.fast,
    ...bandsOf(state.closes),
    longQuality: fksQuality(reading, 'long'),
    shortQuality: fksQuality(reading, 'short'),
    support: state.supports.length === 0 ? Number.NaN : Math.max(...state.supports),
    resistance: state.resistances.length === 0 ? Number.NaN : Math.min(...state.resistances),
    volumeRatio: state.volumes.length < 20 ? Number.NaN : volume / mean(state.volumes),
  }
}

/** Where each ATR ranks among those of the closed bars of its session and the four before; NaN below 200 of them. */
const heatsOf = (moments: readonly Moment[], ranges: readonly number[]): readonly number[] => {
  const kept: number[] = []
  const starts = [0]
  return moments.map(({ startsSession, closes }, i) => {
    const atr = ranges[i] as number
    const sessions = startsSession ? [...starts, kept.length] : starts
    const values = Float64Array.from([...kept.slice(sessions.at(-5) ?? 0), atr])
    if (closes && startsSession) starts.push(kept.length)
    if (closes && !Number.isNaN(atr)) kept.push(atr)
    return Number.isNaN(atr) || values.length < 200 ? Number.NaN : percentileRank(values)
  })
}

/** What the domain's folds say at each moment; a forming bar is stepped and not kept. */
export const expectedReadings = (moments: readonly Moment[]): readonly Readings[] => {
  let kept = initial
  const readings = moments.map(({ bar, closes }) => {
    const next = step(kept, bar)
    if (closes) kept = next
    return readingOf(next)
  })
  const heats = heatsOf(
    moments,
    readings.map(({ atr }) => atr),
  )
  return readings.map((reading, i) => ({ ...reading, heat: heats[i] as number }))
}
