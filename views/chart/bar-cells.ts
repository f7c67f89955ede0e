import type { ChartBar } from '#src/domain/chart/chart.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import { formatInstant, formatMoment, formatNumber, formatPrice, formatSigned, unknown } from '../format.ts'
import type { Looked } from './looked.ts'

/** The columns of a chart's table. */
export const barColumns = [
  'Bar',
  'Trade date',
  'Open',
  'High',
  'Low',
  'Close',
  'Volume',
  'VWAP',
  'EMA9',
  'Delta',
] as const

const deltaText = ({ delta }: ChartBar): string =>
  delta === undefined ? unknown : `${formatSigned(delta.value, 0)}${delta.basis === 'estimated' ? ' estimated' : ''}`

/** When a bar began, New York, and whether it still grows. */
export const timeText = ({ time, tradeDate, closed }: ChartBar, timeframe: Timeframe): string =>
  `${timeframe === '1d' ? tradeDate : formatMoment(time)}${closed ? '' : ', growing'}`

/** What the table holds. */
export const tableCaption = (bars: number, timeframe: Timeframe, looked?: Looked): string => {
  const which =
    looked?.bar === undefined
      ? `The newest ${bars} bars of ${timeframe}`
      : `${bars} bars of ${timeframe} around ${formatInstant(looked.at)}`
  return `${which}, newest first. Times are New York.`
}

/** A bar as the table reads it, one text a column. */
export const barCells = (instrument: InstrumentId, timeframe: Timeframe, bar: ChartBar): readonly string[] => {
  const price = (points: number | null): string => formatPrice(instrument, points)
  return [
    timeText(bar, timeframe),
    bar.tradeDate,
    ...[bar.open, bar.high, bar.low, bar.close].map(price),
    `${formatNumber(bar.volume)} ${bar.tone}`,
    price(bar.vwap),
    price(bar.ema),
    deltaText(bar),
  ]
}
