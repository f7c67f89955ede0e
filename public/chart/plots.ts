import {
  CandlestickSeries,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
  type SeriesType,
} from 'lightweight-charts'
import type { ChartBar, VolumeTone } from '../../src/domain/chart/chart.ts'
import { specOf } from '../../src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '../../src/domain/instruments/instrument.ts'
import { formatPrice } from '../../views/format.ts'
import { type Colors, faint } from './colors.ts'

/** A series of the library's with what it draws of a bar. */
export type Plot = {
  readonly series: ISeriesApi<SeriesType>
  /** What the series is given for a bar beside its time; no more where it has no value there. */
  readonly point: (bar: ChartBar, tones: Tones) => object | undefined
}

/** The colors of columns by what they tell: reckoned once, not for each of 2,000. */
type Tones = Readonly<Record<VolumeTone, string>> & { readonly bought: string; readonly sold: string }

/** The colors of volume and delta. */
export const tonesOf = ({ up, down, warn, quiet }: Colors): Tones => ({
  up: faint(up, 0.45),
  down: faint(down, 0.45),
  flat: faint(quiet, 0.45),
  spike: warn,
  bought: up,
  sold: down,
})

/** Hollow when it rose, filled when it fell: the color is not needed to tell. */
export const barOptions = ({ panel, up, down }: Colors) => ({
  ...{ upColor: panel, borderUpColor: up, wickUpColor: up },
  ...{ downColor: down, borderDownColor: down, wickDownColor: down },
})

/** Volume at the foot of the price pane, on a scale of its own. */
export const addVolume = (chart: IChartApi): Plot => {
  const quiet = { lastValueVisible: false, priceLineVisible: false } as const
  const priceFormat = { type: 'volume' } as const
  const series = chart.addSeries(HistogramSeries, { ...quiet, priceScaleId: 'volume', priceFormat })
  series.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } })
  return { series, point: ({ volume, tone }, tones) => ({ value: volume, color: tones[tone] }) }
}

/** The bars themselves, with the market's own prices beside them. */
export const addBars = (chart: IChartApi, instrument: InstrumentId, colors: Colors): ISeriesApi<'Candlestick'> => {
  const priceFormat = {
    type: 'custom',
    minMove: 1 / specOf(instrument).ticksPerPoint,
    formatter: (price: number) => formatPrice(instrument, price),
  } as const
  const quiet = { lastValueVisible: false, priceLineVisible: false } as const
  const bars = chart.addSeries(CandlestickSeries, { ...quiet, priceFormat, ...barOptions(colors) })
  bars.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.18 } })
  return bars
}

/** The newest price as a line with its tag; the tag of a series is the close of the last bar in view, which may be long ago. */
export const addLastPrice = (bars: ISeriesApi<'Candlestick'>): IPriceLine =>
  bars.createPriceLine({ price: 0, lineWidth: 1, lineStyle: LineStyle.Dotted })

/** Bought less sold in a low pane of its own. */
export const addDelta = (chart: IChartApi, estimated: boolean): Plot => {
  const title = estimated ? 'delta, estimated' : 'delta'
  const priceFormat = { type: 'price', precision: 0, minMove: 1 } as const
  const series = chart.addSeries(HistogramSeries, { title, priceFormat, priceLineVisible: false }, 1)
  chart.panes()[1]?.setStretchFactor(0.2)
  return {
    series,
    point: ({ delta }, { bought, sold }) => delta && { value: delta.value, color: delta.value < 0 ? sold : bought },
  }
}
