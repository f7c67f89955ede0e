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
  '±1 sd',
  '±2 sd',
  'EMA9',
  'SMA20',
  'Bollinger ±2',
  'Delta',
  'Formed or ended here',
] as const

/** Bought less sold; where it is not known, why. */
const deltaText = ({ delta, closed }: ChartBar, timeframe: Timeframe): string => {
  if (delta !== undefined) return `${formatSigned(delta.value, 0)}${delta.basis === 'estimated' ? ' estimated' : ''}`
  if (timeframe === '1d') return 'not summed by day'
  return closed ? 'trades not all seen' : 'not known yet'
}

/** When a bar began, New York, and whether it still grows. */
export const timeText = ({ time, tradeDate, closed }: ChartBar, timeframe: Timeframe): string =>
  `${timeframe === '1d' ? tradeDate : formatMoment(time)}${closed ? '' : ', growing'}`

/** Which of a chart's bars a table holds: those around an instant or before one, epoch ms, else the newest. */
export type Stretch = { readonly looked?: Looked | undefined; readonly before?: number | undefined }

const whichBars = (bars: number, timeframe: Timeframe, { looked, before }: Stretch): string => {
  if (before !== undefined) return `${bars} bars of ${timeframe} before ${formatInstant(before)}`
  return looked?.bar === undefined
    ? `The newest ${bars} bars of ${timeframe}`
    : `${bars} bars of ${timeframe} around ${formatInstant(looked.at)}`
}

/** What the table holds. */
export const tableCaption = (bars: number, timeframe: Timeframe, stretch: Stretch = {}): string =>
  `${whichBars(bars, timeframe, stretch)}, newest first. Times are New York; a line that is not known yet is a dash.`

/** A bar as the table reads it, one text a column; `words` tell what was formed or ended with it. */
export const barCells = (
  instrument: InstrumentId,
  timeframe: Timeframe,
  bar: ChartBar,
  words = '',
): readonly string[] => {
  const price = (points: number | null): string => formatPrice(instrument, points)
  const between = (low: number, high: number): string => `${price(low)} – ${price(high)}`
  const { vwap, deviation, bands } = bar
  const around = (times: number): string =>
    vwap === null || deviation === null ? unknown : between(vwap - times * deviation, vwap + times * deviation)
  return [
    timeText(bar, timeframe),
    bar.tradeDate,
    ...[bar.open, bar.high, bar.low, bar.close].map(price),
    `${formatNumber(bar.volume)} ${bar.tone}`,
    price(vwap),
    ...[around(1), around(2)],
    price(bar.ema),
    price(bands?.middle ?? null),
    bands === null ? unknown : between(bands.lower, bands.upper),
    deltaText(bar, timeframe),
    words,
  ]
}
