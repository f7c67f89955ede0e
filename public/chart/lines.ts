import type {
  AutoscaleInfo,
  IChartApi,
  IPrimitivePaneRenderer,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  Time,
} from 'lightweight-charts'
import type { ChartBar } from '../../src/domain/chart/chart.ts'
import type { Layer } from '../../views/chart/layers.ts'
import { type Colors, faint } from './colors.ts'

/** A line through the bars; it goes on over a bar that has no value. */
type Line = {
  readonly layer: Layer
  readonly words: string
  readonly value: (bar: ChartBar) => number | null
  readonly color: (colors: Colors) => string
  /** Strokes and gaps, pixels; none where it is solid. */
  readonly dash: readonly number[]
}

const aroundVwap = (times: number): Line => ({
  layer: 'vwap',
  words: `${times > 0 ? '+' : '−'}${Math.abs(times)} sd`,
  value: ({ vwap, deviation }) => (vwap === null || deviation === null ? null : vwap + times * deviation),
  color: ({ cool }) => faint(cool, 0.55),
  dash: [1, 1],
})
const band = (name: 'middle' | 'upper' | 'lower', words: string): Line => ({
  layer: 'bands',
  words,
  value: ({ bands }) => bands?.[name] ?? null,
  color: ({ soft }) => faint(soft, 0.6),
  dash: [6, 6],
})

const all: readonly Line[] = [
  { layer: 'vwap', words: 'VWAP', value: ({ vwap }) => vwap, color: ({ cool }) => cool, dash: [] },
  ...[1, -1, 2, -2].map(aroundVwap),
  { layer: 'ema', words: 'EMA9', value: ({ ema }) => ema, color: ({ warn }) => warn, dash: [] },
  ...[band('upper', 'Bollinger +2'), band('middle', 'SMA20'), band('lower', 'Bollinger −2')],
]

type Scope = Parameters<Parameters<Parameters<IPrimitivePaneRenderer['draw']>[0]['useBitmapCoordinateSpace']>[0]>[0]

/** Draws the lines through the bars of `series`. A series of the library's for each would keep and redraw all of its points. */
export const createLines = (chart: IChartApi, series: ISeriesApi<'Candlestick'>, bars: () => readonly ChartBar[]) => {
  let shown: readonly (Line & { readonly stroke: string })[] = []
  let repaint: () => void = () => {}

  /** Where bars and prices stand, in pixels of the screen: both scales are linear. */
  const placesIn = ({ horizontalPixelRatio, verticalPixelRatio }: Scope, price: number) => {
    const x = (place: number): number =>
      (chart.timeScale().logicalToCoordinate(place as Logical) ?? 0) * horizontalPixelRatio
    const y = (at: number): number => (series.priceToCoordinate(at) ?? 0) * verticalPixelRatio
    const [left, top] = [x(0), y(price)]
    const [wide, high] = [x(1) - left, y(price + 1) - top]
    return { x: (place: number) => left + place * wide, y: (at: number) => top + (at - price) * high }
  }

  const draw = (scope: Scope): void => {
    const range = chart.timeScale().getVisibleLogicalRange()
    const given = bars()
    const newest = given.at(-1)
    if (range === null || newest === undefined) return
    const { context, verticalPixelRatio } = scope
    const { x, y } = placesIn(scope, newest.close)
    // One bar beyond each edge: a line comes from there and goes on.
    const first = Math.max(Math.floor(range.from) - 1, 0)
    const end = Math.min(Math.ceil(range.to) + 2, given.length)
    context.lineJoin = 'round'
    context.lineWidth = verticalPixelRatio
    for (const { value, stroke, dash } of shown) {
      context.strokeStyle = stroke
      context.setLineDash(dash.map((length) => length * verticalPixelRatio))
      context.beginPath()
      for (let i = first; i < end; i++) {
        const price = value(given[i] as ChartBar)
        // The first of a path only goes there.
        if (price !== null) context.lineTo(x(i), y(price))
      }
      context.stroke()
    }
  }

  const rangeOf = (from: Logical, to: Logical): AutoscaleInfo | null => {
    let [minValue, maxValue] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const bar of bars().slice(Math.max(from, 0), Math.max(to + 1, 0)))
      for (const { value } of shown) {
        const price = value(bar) ?? Number.NaN
        if (price < minValue) minValue = price
        if (price > maxValue) maxValue = price
      }
    return minValue > maxValue ? null : { priceRange: { minValue, maxValue } }
  }

  const renderer: IPrimitivePaneRenderer = { draw: (target) => target.useBitmapCoordinateSpace(draw) }
  const views = [{ renderer: () => renderer }]
  const primitive: ISeriesPrimitive<Time> = {
    attached: ({ requestUpdate }) => {
      repaint = requestUpdate
    },
    paneViews: () => views,
    autoscaleInfo: rangeOf,
  }
  series.attachPrimitive(primitive)

  return {
    /** Shows the lines of the chosen layers. */
    show: (layers: ReadonlySet<Layer>, colors: Colors): void => {
      shown = all.filter(({ layer }) => layers.has(layer)).map((line) => ({ ...line, stroke: line.color(colors) }))
      repaint()
    },
    /** The name, the price and the color of each line shown, as a bar has it. */
    namesAt: (bar: ChartBar | undefined) =>
      shown.flatMap(({ words, value, stroke }) => {
        const price = bar === undefined ? null : value(bar)
        return price === null ? [] : [[words, price, stroke] as const]
      }),
  }
}
