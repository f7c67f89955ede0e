import { ColorType, CrosshairMode, createChart, type UTCTimestamp } from 'lightweight-charts'
import { axisSeconds } from '../../src/domain/chart/axis-seconds.ts'
import { type ChartBar, mostBars } from '../../src/domain/chart/chart.ts'
import type { InstrumentId } from '../../src/domain/instruments/instrument.ts'
import type { Timeframe } from '../../src/domain/market/bar.ts'
import type { Layer } from '../../views/chart/layers.ts'
import type { Looked } from '../../views/chart/looked.ts'
import { type Colors, faint, readColors } from './colors.ts'
import { type Drawn, noneDrawn, shownOf } from './drawn.ts'
import { createLines } from './lines.ts'
import { createOverlay } from './overlay.ts'
import { addBars, addDelta, addLastPrice, addVolume, barOptions, type Plot, tonesOf } from './plots.ts'

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

/** Whether the library would draw both alike. */
const isAlike = (a: ChartBar | undefined, b: ChartBar): boolean =>
  a !== undefined &&
  (['time', 'open', 'high', 'low', 'close', 'volume', 'tone'] as const).every((field) => a[field] === b[field]) &&
  a.delta?.value === b.delta?.value

/** Bars seen at first; a wider chart shows more of them. */
const pixelsABar = 8
const roomAhead = 14
/** A chart that is followed for long lets its oldest bars go, this many at a time: each costs at every update. */
const mostBeyond = 200

/** The drawing of a market's bars inside `element`. `onPoint` hears the bar under the pointer, undefined when there is none. */
export const createCanvas = (element: HTMLElement, instrument: InstrumentId, onPoint: (bar?: ChartBar) => void) => {
  let colors = readColors()
  let tones = tonesOf(colors)
  let timeframe: Timeframe = '5m'
  let shown: ChartBar[] = []
  let drawn: Drawn = noneDrawn
  let layers: ReadonlySet<Layer> = new Set()
  let looked: Looked | undefined
  let delta: Plot | undefined
  const chart = createChart(element, {
    ...frameOptions(colors),
    autoSize: true,
    crosshair: { mode: CrosshairMode.Normal },
    localization: { locale: 'en-US' },
  })
  const volume = addVolume(chart)
  const bars = addBars(chart, instrument, colors)
  const lastPrice = addLastPrice(bars)
  const price: Plot = { series: bars, point: ({ open, high, low, close }) => ({ open, high, low, close }) }
  const lines = createLines(chart, bars, () => shown)
  const overlay = createOverlay(chart, bars)
  const plots = (): readonly Plot[] => (delta === undefined ? [volume, price] : [volume, price, delta])

  const pointOf = ({ point }: Plot, bar: ChartBar) => ({
    time: axisSeconds(bar, timeframe) as UTCTimestamp,
    ...point(bar, tones),
  })

  const showLast = (): void => {
    const newest = shown.at(-1)
    if (newest !== undefined) lastPrice.applyOptions({ price: newest.close, color: colors.quiet })
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

  const redraw = (): void => {
    lines.show(layers, colors)
    overlay.show({
      times: shown.map(({ time }) => time),
      drawn: shownOf(drawn, layers),
      names: lines.namesAt(shown.findLast(({ closed }) => closed)),
      looked,
      colors,
    })
  }

  const showAll = (): void => {
    showDelta()
    for (const plot of plots()) plot.series.setData(shown.map((bar) => pointOf(plot, bar)))
    showLast()
    redraw()
  }

  /** Where the given bars stand among those shown; undefined when they are not a new end of them. */
  const placeOf = (next: readonly ChartBar[]): number | undefined => {
    const first = next[0]?.time ?? Number.NaN
    let place = shown.length
    while (place > 0 && (shown[place - 1]?.time ?? 0) >= first) place--
    return shown.slice(place).every(({ time }, i) => time === next[i]?.time) ? place : undefined
  }

  const update = (next: readonly ChartBar[], place: number): void => {
    const before = shown.splice(place, shown.length, ...next)
    for (const [i, bar] of next.entries()) {
      if (isAlike(before[i], bar)) continue
      for (const plot of plots()) plot.series.update(pointOf(plot, bar), i < before.length - 1)
    }
    showLast()
  }

  chart.subscribeCrosshairMove(({ logical }) => onPoint(logical === undefined ? undefined : shown[logical]))
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
    colors = readColors()
    tones = tonesOf(colors)
    chart.applyOptions(frameOptions(colors))
    bars.applyOptions(barOptions(colors))
    showAll()
  })

  return {
    /**
     * Shows a whole chart: of a timeframe that was not shown before the bars around the one that is looked at,
     * or the newest, else the stretch that was seen.
     */
    show: (next: readonly ChartBar[], of: Timeframe, at?: Looked): void => {
      const isNew = shown.length === 0 || of !== timeframe
      shown = [...next]
      timeframe = of
      looked = at
      const zone = of === '1d' ? '' : ' ET'
      chart.applyOptions({
        timeScale: { timeVisible: of !== '1d' },
        localization: { timeFormatter: (time: UTCTimestamp) => `${moment.format(time * 1000)}${zone}` },
      })
      showAll()
      if (!isNew) return
      const seen = Math.round(element.clientWidth / pixelsABar)
      const middle = shown.findLastIndex(({ time }) => time === at?.bar)
      const to = middle < 0 ? shown.length : Math.min(middle + Math.round(seen / 2), shown.length)
      chart.timeScale().setVisibleLogicalRange({ from: Math.max(to - seen, -roomAhead), to: to + roomAhead })
    },
    /** Takes bars as a new end of the chart; where they are none it is drawn anew, as it is looked at now. */
    take: (next: readonly ChartBar[]): void => {
      if (next.length === 0) return
      const place = placeOf(next)
      const from = next[0]?.time ?? 0
      const isFirstDelta = delta === undefined && next.some((bar) => bar.delta !== undefined)
      if (place === undefined || isFirstDelta || shown.length > mostBars + mostBeyond) {
        shown = [...shown.filter(({ time }) => time < from), ...next].slice(-mostBars)
        showAll()
      } else update(next, place)
    },
    draw: (next: Drawn): void => {
      drawn = next
      redraw()
    },
    choose: (next: ReadonlySet<Layer>): void => {
      layers = next
      redraw()
    },
    get bars(): readonly ChartBar[] {
      return shown
    },
  }
}
