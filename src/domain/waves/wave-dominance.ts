import type { Indicator } from '../indicators/indicator.ts'
import { rma, type Smoothed } from '../indicators/smoothed.ts'
import { mean, slide } from '../indicators/window.ts'
import type { Side, WaveReading } from '../signals/focus-card.ts'
import { type AdaptiveTrendState, adaptiveTrend } from './adaptive-trend.ts'

const smoothing = 10
const kept = 20
const needed = 3

export type WaveInput = { readonly open: number; readonly close: number }

/** The sizes of the last waves of each side, and what they weigh. */
type Recorded = {
  readonly bull: readonly number[]
  readonly bear: readonly number[]
  readonly weighed: ReturnType<typeof weighWaves>
}

export type WaveState = {
  readonly trend: AdaptiveTrendState
  readonly opens: Smoothed
  readonly closes: Smoothed
  readonly side: -1 | 0 | 1
  readonly speed: number
  /** The furthest the speed has reached on the wave's own side. */
  readonly reach: number
  readonly recorded: Recorded
}

export type WaveDominance = {
  readonly trend: number
  /** bullAverage / bearAverage, clamped to [0.1, 9.99]; NaN until three waves of each side are recorded. */
  readonly waveRatio: number
  readonly dominance: number
  readonly bullAverage: number
  readonly bearAverage: number
  /** Speed of the running wave against the average of its side. */
  readonly currentRatio: number
  readonly speed: number
  readonly side: -1 | 0 | 1
}

const average = (waves: readonly number[]): number => (waves.length < needed ? Number.NaN : mean(waves))

/** Averages, ratio and dominance of recorded wave sizes; NaN below three waves of a side. */
export const weighWaves = (bull: readonly number[], bear: readonly number[]) => {
  const bullAverage = average(bull)
  const bearAverage = average(bear)
  return {
    bullAverage,
    bearAverage,
    waveRatio: Math.min(9.99, Math.max(0.1, bullAverage / bearAverage)),
    dominance: bullAverage - bearAverage,
  }
}

const finish = ({ side, reach, recorded }: WaveState): Recorded => {
  const bull = side === 1 ? slide(recorded.bull, kept, Math.max(0, reach)) : recorded.bull
  const bear = side === -1 ? slide(recorded.bear, kept, Math.max(0, -reach)) : recorded.bear
  return { bull, bear, weighed: weighWaves(bull, bear) }
}

const further = (side: number, reach: number, speed: number): number =>
  side === 1 ? Math.max(reach, speed) : Math.min(reach, speed)

const closesAverage = rma(smoothing)
const trendLine = adaptiveTrend()

/**
 * Sizes of the waves on either side of the adaptive trend. Impulse = RMA(close,10) − RMA(open,10); while price stays on
 * one side of the trend the impulses add up to the wave's speed; when it crosses, the finished wave is recorded by the
 * furthest speed it reached and a new one begins. After Zeiierman's "Trend Speed Analyzer" (TradingView).
 */
export const waveDominance: Indicator<WaveState, WaveInput, WaveDominance> = {
  warmup: smoothing,
  initial: {
    trend: trendLine.initial,
    opens: closesAverage.initial,
    closes: closesAverage.initial,
    side: 0,
    speed: 0,
    reach: 0,
    recorded: { bull: [], bear: [], weighed: weighWaves([], []) },
  },
  step: (state, { open, close }) => {
    const trend = trendLine.step(state.trend, close)
    const opens = closesAverage.step(state.opens, open)
    const closes = closesAverage.step(state.closes, close)
    const impulse = closesAverage.value(closes) - closesAverage.value(opens)
    const side = Number.isNaN(impulse) ? 0 : ((Math.sign(close - trend.trend) || state.side) as WaveState['side'])
    if (side !== state.side) {
      return { trend, opens, closes, side, speed: impulse, reach: impulse, recorded: finish(state) }
    }
    // Each field by name: spreading a state costs more than all the arithmetic.
    const speed = side === 0 ? 0 : state.speed + impulse
    const reach = further(side, state.reach, speed)
    return { trend, opens, closes, side, speed, reach, recorded: state.recorded }
  },
  value: ({ trend, recorded, speed, side }) => {
    const { bullAverage, bearAverage, waveRatio, dominance } = recorded.weighed
    const currentRatio = (side * speed) / (side === 1 ? bullAverage : bearAverage)
    return { bullAverage, bearAverage, waveRatio, dominance, trend: trend.trend, speed, side, currentRatio }
  },
}

/** The wave ratio as a card of this side prints it: the ratio for long, its inverse for short. */
export const directionalRatio = (waveRatio: number, side: Side): number => (side === 'long' ? waveRatio : 1 / waveRatio)

/** What a directional ratio says: above 2 strong, 1.5–2 with the side, 0.7–1.5 neutral, below 0.7 against. */
export const readWaves = (ratio: number): WaveReading =>
  ratio > 2 ? 'strong' : ratio >= 1.5 ? 'with' : ratio >= 0.7 ? 'neutral' : 'against'
