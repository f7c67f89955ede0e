import type {
  AutoscaleInfo,
  IChartApi,
  IPrimitivePaneRenderer,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts'
import { placeOf } from '../../src/domain/chart/place-of.ts'
import type { PlanLevel } from '../../views/chart/levels.ts'
import type { Looked } from '../../views/chart/looked.ts'
import { type LabelRow, placeLabels } from '../../views/chart/place-labels.ts'
import { formatInstant } from '../../views/format.ts'
import type { Colors } from './colors.ts'
import { faint } from './colors.ts'
import { type Drawn, noneDrawn } from './drawn.ts'

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0]
type Scope = { readonly context: CanvasRenderingContext2D; readonly width: number; readonly height: number }

const font = '11px "Segoe UI", "DejaVu Sans Condensed", system-ui, sans-serif'
const lineHeight = 13
/** A label further than this from its line is tied to it, pixels. */
const tiedFrom = 4
const leader = 16
/** The wider a pane, the more words go in one row of its right edge. */
const pixelsALetter = 16

/** How strong what is over stays, beside what still means something. */
const overStrength = 0.5

/** Draws zones, levels, marks and the names of lines onto the price pane, each with its words beside it. */
export const createOverlay = (chart: IChartApi, series: ISeriesApi<'Candlestick'>) => {
  let times: readonly number[] = []
  let drawn: Drawn = noneDrawn
  let names: readonly (readonly [words: string, price: number, color: string])[] = []
  let looked: Looked | undefined
  let colors: Colors | undefined
  let repaint: () => void = () => {}

  const x = (at: number): number =>
    chart.timeScale().logicalToCoordinate(Math.max(placeOf(times, at), 0) as Logical) ?? Number.NEGATIVE_INFINITY
  const y = (price: number): number => series.priceToCoordinate(price) ?? Number.NEGATIVE_INFINITY

  /** The words of a row and where each begins, the last one at the right edge. */
  const spread = ({ context, width }: Scope, { parts }: LabelRow) => {
    let end = width - 6
    return parts
      .map(({ words, color }, i) => ({ words: i === 0 ? words : ` · ${words}`, color }))
      .toReversed()
      .map((part) => {
        end -= context.measureText(part.words).width
        return { ...part, left: end }
      })
      .toReversed()
  }

  /** Words that had to move are led to the heights they belong to. */
  const tie = ({ context }: Scope, { ties, parts, at }: LabelRow, left: number): void => {
    for (const [i, height] of ties.entries()) {
      if (Math.abs(height - at) < tiedFrom) continue
      context.strokeStyle = parts[i]?.color ?? ''
      context.beginPath()
      context.moveTo(left - 4, at)
      context.lineTo(left - leader, height)
      context.stroke()
    }
  }

  /** Words at the right edge, over the lines that lead from them. */
  const writeRows = (scope: Scope, { panel }: Colors, rows: readonly LabelRow[]): void => {
    const { context, width } = scope
    const spreads = rows.map((row) => ({ at: row.at, row, parts: spread(scope, row) }))
    for (const { row, parts } of spreads) tie(scope, row, parts[0]?.left ?? width)
    for (const { at, parts } of spreads) {
      const left = parts[0]?.left ?? width
      context.fillStyle = faint(panel, 0.8)
      context.fillRect(left - 3, at - 6, width - left, 12)
      for (const part of parts) {
        context.fillStyle = part.color
        context.fillText(part.words, part.left, at)
      }
    }
  }

  const sideColor = ({ up, down, quiet }: Colors, side: string): string =>
    side === 'long' || side === 'buy' ? up : side === 'short' || side === 'sell' ? down : quiet

  const drawBoxes = ({ context, width, height }: Scope, tones: Colors): void => {
    const named: (readonly [number, number])[] = []
    for (const { side, from, to, ended = '', low, high, kind, label } of drawn.boxes) {
      const [left, right] = [Math.max(x(from), 0), to === undefined ? width : Math.min(x(to), width)]
      const [top, bottom] = [y(high), y(low)]
      if (right <= left || bottom < 0 || top > height) continue
      const color = sideColor(tones, side)
      const strength = (kind === 'gap' ? 0.07 : 0.11) * (to === undefined ? 1 : overStrength)
      context.fillStyle = faint(color, strength)
      context.fillRect(left, top, right - left, Math.max(bottom - top, 1))
      const middle = (top + bottom) / 2
      const isCrowded = named.some(([a, b]) => Math.abs(a - left) < 80 && Math.abs(b - middle) < lineHeight)
      if (bottom - top < 9 || right - left < (to === undefined ? 70 : 110) || isCrowded) continue
      named.push([left, middle])
      context.fillStyle = faint(color, to === undefined ? 0.75 : overStrength)
      context.fillText(`${label} ${ended}`, left + 4, middle)
    }
  }

  const drawLines = ({ context, width, height }: Scope, { quiet }: Colors): void => {
    context.setLineDash([2, 3])
    for (const { from, to, price } of drawn.lines) {
      const [left, right, at] = [Math.max(x(from), 0), to === undefined ? width : x(to), y(price)]
      if (!(at > 0 && at < height && right > left)) continue
      context.strokeStyle = faint(quiet, to === undefined ? 0.8 : overStrength)
      context.beginPath()
      context.moveTo(left, at)
      context.lineTo(right, at)
      context.stroke()
    }
    context.setLineDash([])
  }

  /** A line down through the bar that is looked at, with its instant at the head. */
  const drawLooked = ({ context, height }: Scope, { ink }: Colors): void => {
    if (looked?.bar === undefined) return
    const left = Math.round(x(looked.bar)) + 0.5
    context.setLineDash([6, 4])
    context.strokeStyle = faint(ink, 0.7)
    context.beginPath()
    context.moveTo(left, 0)
    context.lineTo(left, height)
    context.stroke()
    context.setLineDash([])
    context.fillStyle = ink
    context.fillText(formatInstant(looked.at), left + 5, lineHeight)
  }

  const planColor = ({ go, halt, cool, ink }: Colors, kind: PlanLevel['kind']): string =>
    ({ target: go, stop: halt, zone: cool, average: ink })[kind]

  const drawZone = ({ context, width }: Scope, tones: Colors): void => {
    for (const { kind, low, high, from = 0 } of drawn.plan) {
      if (kind !== 'zone') continue
      const left = Math.max(x(from), 0)
      context.fillStyle = faint(tones.cool, 0.2)
      context.fillRect(left, y(high), width - left, Math.max(y(low) - y(high), 2))
    }
  }

  const drawPlan = ({ context, width }: Scope, tones: Colors): void => {
    for (const { kind, low, high } of drawn.plan) {
      context.strokeStyle = planColor(tones, kind)
      context.setLineDash(kind === 'average' ? [] : [6, 4])
      for (const price of new Set([low, high])) {
        context.beginPath()
        context.moveTo(kind === 'zone' ? width - 120 : 0, y(price))
        context.lineTo(width, y(price))
        context.stroke()
      }
    }
    context.setLineDash([])
  }

  /** A triangle that points the way, hollow once it has ended, with its word above or beneath. */
  const drawMarks = ({ context, width, height }: Scope, tones: Colors): void => {
    for (const { at, to, price, side, label, kind } of drawn.marks) {
      const up = side === 'long' || side === 'buy'
      const [left, base, way] = [x(at), y(price), up ? 1 : -1]
      if (!(left > 0 && left < width && base > 0 && base < height)) continue
      const size = kind === 'fill' ? 6 : 3
      const tip = base + way * 3
      const color = kind === 'swing' ? tones.quiet : sideColor(tones, side)
      context.fillStyle = color
      context.strokeStyle = color
      context.beginPath()
      context.moveTo(left, tip)
      context.lineTo(left - size, tip + way * size * 1.6)
      context.lineTo(left + size, tip + way * size * 1.6)
      context.closePath()
      if (to === undefined) context.fill()
      else context.stroke()
      if (kind === 'swing') continue
      context.textAlign = 'center'
      context.fillText(label, left, tip + way * (size * 1.6 + 8))
      context.textAlign = 'left'
    }
  }

  const write = (scope: Scope, tones: Colors): void => {
    const label = (words: string, price: number, color: string) => ({ words, at: y(price), color })
    const labels = [
      ...drawn.plan.map(({ kind, low, high, label: words }) => label(words, (low + high) / 2, planColor(tones, kind))),
      ...names.map(([words, price, color]) => label(words, price, color)),
      ...drawn.lines
        .filter(({ to }) => to === undefined)
        .map(({ price, label: words }) => label(words, price, tones.quiet)),
    ]
    writeRows(scope, tones, placeLabels(labels, scope.height, lineHeight, scope.width / pixelsALetter))
  }

  const paint = (target: Target, draw: (scope: Scope, tones: Colors) => void): void => {
    if (colors === undefined || times.length === 0) return
    const tones = colors
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.font = font
      context.textBaseline = 'middle'
      draw({ context, ...mediaSize }, tones)
    })
  }
  const beneath: IPrimitivePaneRenderer = {
    draw: (target) =>
      paint(target, (scope, tones) => {
        drawBoxes(scope, tones)
        drawZone(scope, tones)
      }),
  }
  const above: IPrimitivePaneRenderer = {
    draw: (target) =>
      paint(target, (scope, tones) => {
        drawLines(scope, tones)
        drawLooked(scope, tones)
        drawPlan(scope, tones)
        drawMarks(scope, tones)
        write(scope, tones)
      }),
  }
  const views = [
    { zOrder: () => 'bottom' as const, renderer: () => beneath },
    { zOrder: () => 'top' as const, renderer: () => above },
  ]

  /** The plan is worth seeing whole as long as it does not press the bars flat. */
  const planRange = (): AutoscaleInfo | null => {
    const prices = drawn.plan.flatMap(({ low, high }) => [low, high])
    return prices.length === 0 ? null : { priceRange: { minValue: Math.min(...prices), maxValue: Math.max(...prices) } }
  }

  const primitive: ISeriesPrimitive<Time> = {
    attached: ({ requestUpdate }: SeriesAttachedParameter<Time>) => {
      repaint = requestUpdate
    },
    paneViews: () => views,
    autoscaleInfo: planRange,
  }
  series.attachPrimitive(primitive)

  return {
    /** Bar times, epoch ms; drawings, the names of lines with where they end, and what is looked at. */
    show: (next: {
      times: readonly number[]
      drawn: Drawn
      names: typeof names
      looked: Looked | undefined
      colors: Colors
    }): void => {
      ;({ times, drawn, names, looked, colors } = next)
      repaint()
    },
  }
}
