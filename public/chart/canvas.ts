import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type SeriesType,
  type UTCTimestamp,
} from 'lightweight-charts'
import { axisSeconds } from '../../src/domain/chart/axis-seconds.ts'
import type { ChartBar, VolumeTone } from '../../src/domain/chart/chart.ts'
import { specOf } from '../../src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '../../src/domain/instruments/instrument.ts'
import type { Timeframe } from '../../src/domain/market/bar.ts'
import type { Layer } from '../../views/chart/layers.ts'
import { formatPrice } from '../../views/format.ts'
import { type Colors, faint, readColors } from './colors.ts'
import { type Drawn, shownOf } from './drawn.ts'
import { createOverlay } from './overlay.ts'

type Plot = {
  readonly series: ISeriesApi<SeriesType>
  readonly layer?: Layer
  /** What the series is given for a bar; nothing where it has no value there. */
  readonly point: (bar: ChartBar, colors: Colors) => object | undefined
  readonly paint?: (colors: Colors) => object
  /** Its name and where its newest value stands, written beside its end. */
  readonly name?: (bar: ChartBar) => readonly [words: string, price: number] | undefined
}

const toneColor = ({ up, down, warn, quiet }: Colors, tone: VolumeTone): string =>
  ({ up: faint(up, 0.45), down: faint(down, 0.45), flat: faint(quiet, 0.45), spike: warn })[tone]

const moment = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const frameOptions = ({ panel, line, soft, edge }: Colors) => ({
  layout: {
    background: { type: ColorType.Solid, color: panel },
    textColor: soft,
    fontSize: 11,
    // The link under the chart says whose it is; the logo would bring a style of its own.
    attributionLogo: false,
    panes: { separatorColor: line, separatorHoverColor: edge },
  },
  grid: { vertLines: { color: faint(line, 0.6) }, horzLines: { color: faint(line, 0.6) } },
  rightPriceScale: { borderColor: line },
  timeScale: { borderColor: line },
})

const addPlots = (chart: IChartApi, instrument: InstrumentId) => {
  const quiet = { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false } as const
  const { ticksPerPoint } = specOf(instrument)
  const priceFormat = {
    type: 'custom',
    minMove: 1 / ticksPerPoint,
    formatter: (price: number) => formatPrice(instrument, price),
  } as const

  const line = (
    layer: Layer,
    words: string,
    value: (bar: ChartBar) => number | null | undefined,
    color: (colors: Colors) => string,
    lineStyle = LineStyle.Solid,
  ): Plot => ({
    layer,
    series: chart.addSeries(LineSeries, { ...quiet, priceFormat, lineWidth: 1, lineStyle }),
    point: (bar) => {
      const price = value(bar)
      return price == null ? undefined : { value: price }
    },
    paint: (colors) => ({ color: color(colors) }),
    name: (bar) => {
      const price = value(bar)
      return price == null ? undefined : [words, price]
    },
  })
  const aroundVwap = (times: number): Plot =>
    line(
      'vwap',
      `${times > 0 ? '+' : '−'}${Math.abs(times)} sd`,
      ({ vwap, deviation }) => (vwap === null || deviation === null ? null : vwap + times * deviation),
      ({ cool }) => faint(cool, 0.55),
      LineStyle.Dotted,
    )

  const volume: Plot = {
    series: chart.addSeries(HistogramSeries, { ...quiet, priceScaleId: 'volume', priceFormat: { type: 'volume' } }),
    point: ({ volume: value, tone }, colors) => ({ value, color: toneColor(colors, tone) }),
  }
  volume.series.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } })
  const bars = chart.addSeries(CandlestickSeries, { priceFormat, priceLineStyle: LineStyle.Dotted })
  bars.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.18 } })
  const price: Plot = {
    series: bars,
    point: ({ open, high, low, close }) => ({ open, high, low, close }),
    // Hollow when it rose, filled when it fell: the color is not needed to tell.
    paint: ({ panel, up, down, quiet: priceLineColor }) => ({
      ...{ upColor: panel, borderUpColor: up, wickUpColor: up, priceLineColor },
      ...{ downColor: down, borderDownColor: down, wickDownColor: down },
    }),
  }
  const band = (name: 'middle' | 'upper' | 'lower', words: string): Plot =>
    line(
      'bands',
      words,
      ({ bands }) => bands?.[name],
      ({ soft }) => faint(soft, 0.6),
      LineStyle.LargeDashed,
    )
  return {
    bars,
    plots: [
      volume,
      price,
      line(
        'vwap',
        'VWAP',
        ({ vwap }) => vwap,
        ({ cool }) => cool,
      ),
      ...[1, -1, 2, -2].map(aroundVwap),
      line(
        'ema',
        'EMA9',
        ({ ema }) => ema,
        ({ warn }) => warn,
      ),
      ...[band('upper', 'Bollinger +2'), band('middle', 'SMA20'), band('lower', 'Bollinger −2')],
    ],
  }
}

/** Bought less sold in a low pane of its own. */
const addDelta = (chart: IChartApi, estimated: boolean): Plot => {
  const title = estimated ? 'delta, estimated' : 'delta'
  const priceFormat = { type: 'price', precision: 0, minMove: 1 } as const
  const series = chart.addSeries(HistogramSeries, { title, priceFormat, priceLineVisible: false }, 1)
  chart.panes()[1]?.setStretchFactor(0.2)
  return {
    series,
    point: ({ delta }, { up, down }) => delta && { value: delta.value, color: delta.value < 0 ? down : up },
  }
}

/** Bars seen at first; a wider chart shows more of them. */
const pixelsABar = 8
const roomAhead = 14

/** The drawing of a market's bars inside `element`. `onPoint` hears the bar under the pointer, undefined when there is none. */
export const createCanvas = (element: HTMLElement, instrument: InstrumentId, onPoint: (bar?: ChartBar) => void) => {
  let colors = readColors()
  let timeframe: Timeframe = '5m'
  let shown: ChartBar[] = []
  let drawn: Drawn = { boxes: [], lines: [], marks: [], plan: [] }
  let layers: ReadonlySet<Layer> = new Set()
  let delta: Plot | undefined
  const chart = createChart(element, {
    ...frameOptions(colors),
    autoSize: true,
    crosshair: { mode: CrosshairMode.Normal },
    localization: { locale: 'en-US' },
  })
  const { bars, plots } = addPlots(chart, instrument)
  const overlay = createOverlay(chart, bars)
  const all = (): readonly Plot[] => (delta === undefined ? plots : [...plots, delta])

  const isShown = ({ layer }: Plot): boolean => layer === undefined || layers.has(layer)

  const pointOf = (plot: Plot, bar: ChartBar) => ({
    time: axisSeconds(bar, timeframe) as UTCTimestamp,
    ...plot.point(bar, colors),
  })

  /** What each series was given last, bar by bar: what has not changed is not given again. */
  const given = new Map<Plot, Map<number, string>>()

  /** A series that is not looked at is filled once it is. */
  const fill = (plot: Plot): void => {
    given.set(plot, new Map())
    plot.series.setData(isShown(plot) ? shown.map((bar) => pointOf(plot, bar)) : [])
  }

  const showDelta = (): void => {
    const known = shown.filter((bar) => bar.delta !== undefined)
    if (delta !== undefined) chart.removeSeries(delta.series)
    delta =
      known.length === 0
        ? undefined
        : addDelta(
            chart,
            known.some((bar) => bar.delta?.basis === 'estimated'),
          )
  }

  const paintColors = (): void => {
    chart.applyOptions(frameOptions(colors))
    for (const { series, paint } of all()) if (paint) series.applyOptions(paint(colors))
  }

  const namesAt = (bar: ChartBar | undefined) =>
    bar === undefined
      ? []
      : plots.filter(isShown).flatMap(({ name, paint }) => {
          const end = name?.(bar)
          const color = (paint?.(colors) as { color?: string } | undefined)?.color
          return end && color ? [[...end, color] as const] : []
        })

  const redraw = (): void =>
    overlay.show({
      times: shown.map(({ time }) => time),
      drawn: shownOf(drawn, layers),
      names: namesAt(shown.findLast(({ closed }) => closed)),
      colors,
    })

  const showAll = (): void => {
    showDelta()
    paintColors()
    for (const plot of all()) fill(plot)
    redraw()
  }

  /** Where the given bars stand among those shown; undefined when they are not a new end of them. */
  const placeOf = (next: readonly ChartBar[]): number | undefined => {
    const first = next[0]?.time ?? Number.NaN
    let place = shown.length
    while (place > 0 && (shown[place - 1]?.time ?? 0) >= first) place--
    return shown.slice(place).every(({ time }, i) => time === next[i]?.time) ? place : undefined
  }

  const update = (plot: Plot, next: readonly ChartBar[], newest: number): void => {
    const before = given.get(plot)
    for (const bar of next) {
      const point = pointOf(plot, bar)
      const text = JSON.stringify(point)
      if (before?.get(bar.time) === text) continue
      before?.set(bar.time, text)
      plot.series.update(point as never, bar.time < newest)
    }
  }

  chart.subscribeCrosshairMove(({ logical }) => onPoint(logical === undefined ? undefined : shown[logical]))
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
    colors = readColors()
    showAll()
  })

  return {
    /** Shows a whole chart: its newest bars of a timeframe that was not shown before, else the stretch that was looked at. */
    show: (next: readonly ChartBar[], of: Timeframe): void => {
      const isNew = shown.length === 0 || of !== timeframe
      shown = [...next]
      timeframe = of
      chart.timeScale().applyOptions({ timeVisible: of !== '1d' })
      const zone = of === '1d' ? '' : ' ET'
      chart.applyOptions({
        localization: { timeFormatter: (time: UTCTimestamp) => `${moment.format(time * 1000)}${zone}` },
      })
      showAll()
      if (!isNew) return
      const seen = Math.round(element.clientWidth / pixelsABar)
      chart
        .timeScale()
        .setVisibleLogicalRange({ from: Math.max(shown.length - seen, -roomAhead), to: shown.length + roomAhead })
    },
    /** Takes bars as a new end of the chart; where they are none it is drawn anew, as it is looked at now. */
    take: (next: readonly ChartBar[]): void => {
      if (next.length === 0) return
      const place = placeOf(next)
      const newest = shown.at(-1)?.time ?? 0
      const from = next[0]?.time ?? 0
      if (place === undefined) shown = [...shown.filter(({ time }) => time < from), ...next]
      else shown.splice(place, shown.length, ...next)
      if (place === undefined || (delta === undefined && next.some((bar) => bar.delta !== undefined))) showAll()
      else for (const plot of all()) if (isShown(plot)) update(plot, next, newest)
    },
    draw: (next: Drawn): void => {
      drawn = next
      redraw()
    },
    choose: (next: ReadonlySet<Layer>): void => {
      layers = next
      for (const plot of plots) {
        plot.series.applyOptions({ visible: isShown(plot) })
        fill(plot)
      }
      redraw()
    },
    get bars(): readonly ChartBar[] {
      return shown
    },
  }
}
