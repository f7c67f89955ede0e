import { easternOffset } from '../instruments/zone.ts'
import { minuteMs, type Timeframe } from '../market/bar.ts'
import type { ChartBar } from './chart.ts'

/**
 * Where a bar stands on a time axis that knows one zone alone: the seconds at which a clock in UTC would read what New
 * York's does; for a day its trade date. No market is open in the hour New York's clock shows twice, so bars keep their order.
 */
export const axisSeconds = ({ time, tradeDate }: Pick<ChartBar, 'time' | 'tradeDate'>, timeframe: Timeframe): number =>
  (timeframe === '1d' ? Date.parse(tradeDate) : time + easternOffset(time) * minuteMs) / 1_000
