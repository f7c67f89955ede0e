import { unknown } from '../format.ts'

/** A curve over the plot's dates; null where it has no value. `tone` names its color and its dash. */
export type Curve = {
  readonly name: string
  readonly tone: 'one' | 'two' | 'fall'
  readonly values: readonly (number | null)[]
}

type PlotProps = {
  /** What is drawn, for who does not see it. */
  label: string
  dates: readonly string[]
  curves: readonly Curve[]
  format: (value: number) => string
  /** The same on the scale, shorter. */
  scale: (value: number) => string
  /** Height in pixels. */
  height?: number
}

const width = 1_000
const foot = 18
const headroom = 14
const wantedLines = 4

/** Steps between lines of a scale: 1, 2, 2.5 or 5 times a power of ten, so that about four fit. */
const stepOf = (span: number): number => {
  const rough = span / wantedLines
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10)
}

/** The values at which a scale from `low` to `high` has its lines; 0 is among them whenever it is inside. */
export const scaleOf = (low: number, high: number): readonly number[] => {
  if (!(high > low)) return [low]
  const step = stepOf(high - low)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** A curve as a path in a drawing `width` wide, `y` giving heights; a gap lifts the pen. */
export const pathOf = (values: readonly (number | null)[], y: (value: number) => number): string => {
  const step = width / Math.max(1, values.length - 1)
  let pen = 'M'
  let path = ''
  for (const [i, value] of values.entries()) {
    if (value === null) {
      pen = 'M'
      continue
    }
    path += `${pen}${Math.round(i * step)} ${Math.round(y(value) * 10) / 10}`
    pen = 'L'
  }
  return path
}

/** The dates that stand under a plot: the first, the middle and the last. */
const DateLabels = ({ dates, y }: { dates: readonly string[]; y: number }) => {
  const [first, last] = [dates[0], dates.at(-1)]
  if (first === undefined || last === undefined) return null
  return (
    <>
      <text x="0" y={y}>
        {first}
      </text>
      {dates.length > 2 && (
        <text x="50%" y={y} text-anchor="middle">
          {dates[Math.floor((dates.length - 1) / 2)]}
        </text>
      )}
      {dates.length > 1 && (
        <text x="100%" y={y} text-anchor="end">
          {last}
        </text>
      )}
    </>
  )
}

/** Curves over trade dates. The words keep their size while the drawing takes the room there is. */
export const Plot = ({ label, dates, curves, format, scale, height = 180 }: PlotProps) => {
  const known = curves.flatMap(({ values }) => values.filter((value) => value !== null))
  const low = known.reduce((least, value) => Math.min(least, value), 0)
  const high = known.reduce((most, value) => Math.max(most, value), 0)
  const room = height - foot - headroom
  const y = (value: number): number => headroom + ((high - value) / (high - low || 1)) * room
  const ends = curves.map(({ name, values }) => `${name} ends at ${formatLast(values, format)}`)
  return (
    <figure class="plot">
      <svg
        height={height}
        role="img"
        aria-label={`${label}, ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}: ${ends.join(', ')}`}
      >
        {scaleOf(low, high).map((value) => (
          <line class={value === 0 ? 'zero' : 'rail'} x1="0" x2="100%" y1={y(value)} y2={y(value)} />
        ))}
        <svg
          width="100%"
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {curves.map(({ tone, values }) => (
            <path class="curve" data-tone={tone} d={pathOf(values, y)} vector-effect="non-scaling-stroke" />
          ))}
        </svg>
        {scaleOf(low, high).map((value) => (
          <text class="scale" x="2" y={y(value) - 3}>
            {scale(value)}
          </text>
        ))}
        <DateLabels dates={dates} y={height - 4} />
      </svg>
      <figcaption>
        {curves.map(({ name, tone, values }) => (
          <span>
            <svg class="key" viewBox="0 0 18 8" aria-hidden="true">
              <path class="curve" data-tone={tone} d="M0 4L18 4" />
            </svg>{' '}
            {name} <b class="figure">{formatLast(values, format)}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

const formatLast = (values: readonly (number | null)[], format: (value: number) => string): string => {
  const last = values.findLast((value) => value !== null)
  return last === undefined || last === null ? unknown : format(last)
}
