import type { Reading } from '#src/domain/signals/analysis.ts'
import type { Alignment, FrameReading } from '#src/domain/signals/frame.ts'
import { type Judgement, judge } from '#src/domain/signals/judgement.ts'
import type { FairValueGap, LivingGap } from '#src/domain/structure/fair-value-gap.ts'
import { formedAt } from '#src/domain/structure/life.ts'
import type { OrderBlock } from '#src/domain/structure/order-block.ts'
import type { Swing } from '#src/domain/structure/swing.ts'

/** 09:30 New York on a Wednesday; a 5m bar closed just now. */
export const readAt = Date.UTC(2013, 9, 9, 13, 30)
const frameAt = readAt - 300_000

const unknown = { d: Number.NaN, p: Number.NaN, n: 0 }
const third = [1 / 3, 1 / 3, 1 / 3] as const

/** A day without a level, a range or a pattern. */
export const quietSession: Reading['session'] = {
  levels: { day: undefined, week: undefined, fourHours: undefined },
  openingRanges: [],
  block: undefined,
  evidence: [],
  days: { state: undefined, matrix: [third, third, third], steady: third, n: 0, left: 0 },
  drift: { at: Number.NaN, returns: unknown, volume: unknown, drifted: false },
}

type Vote = -1 | 0 | 1

/** What a test says about a reading; everything unsaid is warm, quiet and far away. */
export type Said = Partial<Omit<Reading, 'frame' | 'confluence'>> & {
  readonly frame?: Partial<Omit<FrameReading, 'waves'>>
  readonly waveRatio?: number
  readonly trend?: number
  readonly ema21?: number
  /** On 5m, 15m and 60m. */
  readonly votes?: readonly [Vote, Vote, Vote]
}

const alignmentOf = (vote: Vote, slow = Number.NaN): Alignment => ({ close: 5000, fast: Number.NaN, slow, vote })

/**
 * A warm reading: S&P 500 at 5,000, ATR 4 points, waves in balance, and no level but the trend far below at 4,900; the 20-bar
 * band has its middle at the close, so neither side has the location.
 */
export const readingOf = ({
  frame,
  waveRatio = 1,
  trend = 4900,
  ema21,
  votes = [0, 0, 0],
  ...said
}: Said = {}): Reading => ({
  at: readAt,
  tradeDate: '2013-10-09',
  close: 5000,
  frame: {
    at: frameAt,
    close: said.close ?? 5000,
    alignment: alignmentOf(votes[0], ema21),
    atr: 4,
    ao: 0,
    aoBefore: 0,
    adx: 15,
    efficiency: 0.2,
    drift: 0,
    band: { low: 4990, high: 5010 },
    waves: {
      waveRatio,
      bullAverage: waveRatio,
      bearAverage: 1,
      dominance: waveRatio - 1,
      trend,
      currentRatio: 1,
      speed: 1,
      side: 1,
    },
    swingHighs: [],
    swingLows: [],
    shift: undefined,
    shifts: [],
    gaps: [],
    blocks: [],
    pools: [],
    sweeps: [],
    dealing: undefined,
    finished: { gaps: [], blocks: [], pools: [] },
    ...frame,
  },
  confluence: { '5m': alignmentOf(votes[0], ema21), '15m': alignmentOf(votes[1]), '60m': alignmentOf(votes[2]) },
  percentile: 0.5,
  cluster: 'MEDIUM',
  vwap: Number.NaN,
  deviation: Number.NaN,
  prior: undefined,
  pivots: undefined,
  volumeRatio: 1,
  flow: { relativeVolume: Number.NaN, spike: false },
  session: quietSession,
  warm: true,
  ...said,
})

/** Everything speaks for long: strong waves, momentum, location, three timeframes, a shift and the regime. */
export const longReading = (said: Said = {}): Reading =>
  readingOf({
    waveRatio: 2.5,
    votes: [1, 1, 1],
    ...said,
    frame: {
      ao: 2,
      aoBefore: 1,
      band: { low: 4980, high: 5004 },
      adx: 30,
      efficiency: 0.5,
      drift: 10,
      shift: { kind: 'BOS', side: 'long', price: 4995, swingAt: frameAt, at: frameAt },
      ...said.frame,
    },
  })

/** Both sides of a reading, judged. */
export const judgementOf = (reading: Reading): Judgement => judge(reading)

/** A confirmed swing, long ago. */
export const swingAt = (kind: Swing['kind'], price: number): Swing => ({
  kind,
  price,
  at: frameAt - 3_600_000,
  knownAt: frameAt - 3_600_000 + 900_000,
})

/** An open fair value gap, as wide as when it was born. */
export const gapAt = (side: FairValueGap['side'], low: number, high: number): LivingGap => ({
  side,
  low,
  high,
  width: high - low,
  edge: side === 'long' ? high : low,
  at: frameAt - 1_800_000,
  ...formedAt(frameAt - 1_800_000),
})

/** An order block, or a breaker, that price has not come back to. */
export const blockAt = (side: OrderBlock['side'], low: number, high: number, breaker = false): OrderBlock => ({
  side,
  breaker,
  low,
  high,
  at: frameAt - 3_600_000,
  originAt: frameAt - 3_300_000,
  ...formedAt(frameAt - 1_800_000),
})
