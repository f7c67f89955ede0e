import type { ChartBar } from '../../src/domain/chart/chart.ts'
import type { InstrumentId } from '../../src/domain/instruments/instrument.ts'
import type { Timeframe } from '../../src/domain/market/bar.ts'
import { timeText } from '../../views/chart/bar-cells.ts'
import { formatNumber, formatPrice, formatSigned } from '../../views/format.ts'

/** A bar in words: its time, its prices, its volume and the lines through it. */
export const legendOf = (instrument: InstrumentId, timeframe: Timeframe, bar: ChartBar): string => {
  const price = (points: number): string => formatPrice(instrument, points)
  const { open, high, low, close, volume, tone, vwap, deviation, ema, bands, delta } = bar
  return [
    timeText(bar, timeframe),
    `O ${price(open)}  H ${price(high)}  L ${price(low)}  C ${price(close)}`,
    `volume ${formatNumber(volume)} ${tone}`,
    vwap === null ? '' : `VWAP ${price(vwap)}${deviation === null ? '' : ` sd ${price(deviation)}`}`,
    ema === null ? '' : `EMA9 ${price(ema)}`,
    bands === null ? '' : `Bollinger ${price(bands.lower)} – ${price(bands.upper)}`,
    delta === undefined
      ? ''
      : `delta ${formatSigned(delta.value, 0)}${delta.basis === 'estimated' ? ' estimated' : ''}`,
  ]
    .filter((part) => part !== '')
    .join('  ·  ')
}
