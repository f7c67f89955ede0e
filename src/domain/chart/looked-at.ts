import { dateOfBar } from '../instruments/calendar.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import { minuteMs, type Timeframe } from '../market/bar.ts'
import type { Chart, ChartBar } from './chart.ts'

/** Where an instant stands in a chart: in a bar, after one and before the next, or outside all of them. */
export type LookedAt =
  | { readonly kind: 'held' | 'between'; readonly bar: ChartBar }
  | { readonly kind: 'older'; readonly oldest: ChartBar }
  | { readonly kind: 'later' }
  | { readonly kind: 'nothing' }

const holds = ({ time, tradeDate }: ChartBar, timeframe: Timeframe, group: MarketGroup, at: number): boolean =>
  timeframe === '1d' ? dateOfBar(group, at) === tradeDate : at < time + Number.parseInt(timeframe, 10) * minuteMs

/** Finds the bar of an instant (epoch ms); between two bars it is the one before. */
export const lookAt = (
  { bars, through }: Pick<Chart, 'bars' | 'through'>,
  timeframe: Timeframe,
  group: MarketGroup,
  at: number,
): LookedAt => {
  const [oldest] = bars
  if (oldest === undefined) return { kind: 'nothing' }
  if (at >= through) return { kind: 'later' }
  const bar = bars.findLast(({ time }) => time <= at)
  if (bar === undefined) return { kind: 'older', oldest }
  return { kind: holds(bar, timeframe, group, at) ? 'held' : 'between', bar }
}
