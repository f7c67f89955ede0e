import type { MinuteFlow } from '../flow/minute-flow.ts'
import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'
import type { OrderSide } from '../trading/fill.ts'

/** The most bars a chart is told with. */
export const mostBars = 2_000

/** How a bar's volume is colored; a spike is told before its direction. */
export type VolumeTone = 'up' | 'down' | 'flat' | 'spike'

/** One bar of the chart with the lines drawn through it, in points; null where not warm, and while the bar is unfinished. */
export type ChartBar = Bar & {
  readonly tradeDate: string
  readonly closed: boolean
  readonly tone: VolumeTone
  /** Of the session, as it stood when the bar closed; for an unfinished bar when its newest minute did. */
  readonly vwap: number | null
  /** One volume-weighted standard deviation. */
  readonly deviation: number | null
  readonly ema: number | null
  readonly bands: { readonly middle: number; readonly upper: number; readonly lower: number } | null
  /** Bought less sold by aggressor, contracts; absent unless the trades of every minute of it are known. */
  readonly delta?: { readonly value: number; readonly basis: MinuteFlow['basis'] }
}

/** When something ended, and how: 'filled'. Absent while it means something. Times are those of bars, epoch ms. */
type Ending = { readonly to?: number; readonly ended?: string }

/** A price range that means something from `from` on. */
export type ChartBox = Ending & {
  readonly kind: 'gap' | 'block' | 'breaker' | 'opening-range'
  readonly side: Side | 'neutral'
  readonly from: number
  readonly low: number
  readonly high: number
  readonly label: string
}

/** A price that means something from `from` on. */
export type ChartLine = Ending & {
  readonly kind: 'pool' | 'prior' | 'time-block' | 'profile' | 'dealing'
  readonly from: number
  readonly price: number
  readonly label: string
}

/** Something that happened at a price. */
export type ChartMark = {
  readonly kind: 'swing' | 'shift' | 'sweep' | 'fill'
  readonly at: number
  /** When it ceased to count: price traded beyond the swing. */
  readonly to?: number
  readonly price: number
  /** Which way it speaks; for a fill, what was done. */
  readonly side: Side | OrderSide
  readonly label: string
}

/** What is drawn over the bars; a source of drawings is a function that gives one of these. */
export type Drawings = {
  readonly boxes: readonly ChartBox[]
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
}

/** A market's chart, oldest bar first. */
export type Chart = Drawings & {
  readonly bars: readonly ChartBar[]
  /** When its oldest bar began, epoch ms, also where only its newest are told; 0 when there is none. */
  readonly from: number
  /** End of the newest minute that is in it, epoch ms; 0 when there is none. */
  readonly through: number
  /** When the newest bar's time is over, epoch ms: a minute from there on begins another bar. */
  readonly until: number
}

/** All drawings of several sources. */
export const joinDrawings = (...sources: readonly Drawings[]): Drawings => ({
  boxes: sources.flatMap(({ boxes }) => boxes),
  lines: sources.flatMap(({ lines }) => lines),
  marks: sources.flatMap(({ marks }) => marks),
})
