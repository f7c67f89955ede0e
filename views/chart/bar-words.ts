import type { ChartBox, ChartLine, ChartMark, Drawings } from '#src/domain/chart/chart.ts'
import { placeOf } from '#src/domain/chart/place-of.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { formatPrice } from '../format.ts'

/** What is drawn over the bars, told bar by bar: the words of each, by when it began, epoch ms. */
export type BarWords = ReadonlyMap<number, string>

type Told = readonly [at: number, words: string]

/** Words said where something began, and once more, with how, where it ended. */
const lifeOf = (from: number, words: string, { to, ended = 'over' }: ChartBox | ChartLine): readonly Told[] =>
  to === undefined
    ? [[from, words]]
    : [
        [from, words],
        [to, `${words} ${ended}`],
      ]

const markName = (kind: ChartMark['kind'], label: string, side: ChartMark['side']): string => {
  if (kind === 'fill') return label
  return kind === 'swing' ? `swing ${label}` : `${label} ${side}`
}

/** Where price and volume stand now is told at the newest bar: it was another at those before. */
const isOfNow = ({ kind }: ChartLine): boolean => kind === 'profile' || kind === 'dealing'

/**
 * Tells in words what is drawn: gaps, blocks, ranges, levels, turns and executions at the bar that formed or ended them.
 * What began before the oldest bar is not told there.
 */
export const barWords = (
  instrument: InstrumentId,
  times: readonly number[],
  { boxes, lines, marks }: Drawings,
): BarWords => {
  const price = (points: number): string => formatPrice(instrument, points)
  const boxWords = (box: ChartBox): readonly Told[] =>
    lifeOf(box.from, `${box.label} ${price(box.low)} – ${price(box.high)}`, box)
  const lineWords = (line: ChartLine): readonly Told[] =>
    lifeOf(isOfNow(line) ? (times.at(-1) ?? 0) : line.from, `${line.label} ${price(line.price)}`, line)
  const markWords = ({ kind, at, label, price: points, side }: ChartMark): Told => [
    at,
    `${markName(kind, label, side)} ${price(points)}`,
  ]
  const words = new Map<number, string>()
  const oldest = times[0] ?? Number.POSITIVE_INFINITY
  for (const [at, told] of [...boxes.flatMap(boxWords), ...lines.flatMap(lineWords), ...marks.map(markWords)]) {
    const time = times[placeOf(times, at)]
    if (time === undefined || at <= oldest) continue
    const before = words.get(time)
    words.set(time, before === undefined ? told : `${before}; ${told}`)
  }
  return words
}
