import type { Heat } from '#src/domain/optimization/heat.ts'
import { formatSigned, unknown } from '../format.ts'

type Mark = { readonly words: string; readonly x: number; readonly y: number }

/** A parameter's name, and how its values are read. */
type Axis = { readonly words: string; readonly format: (value: number) => string }

type HeatMapProps = {
  heat: Heat
  /** What the two parameters are called. */
  across: Axis
  down: Axis
  /** What a cell shows: 'best t of R a trade'. */
  shows: string
  /** Cells that are somebody's: the champion's, the challenger's. */
  marks: readonly Mark[]
}

const rowHeight = 30
const nameWidth = 14
const steps = 4

/** How strong a score's color is, −4 to 4 by its share of the largest: 0 is next to nothing. */
export const levelOf = (score: number, largest: number): number =>
  largest === 0 ? 0 : Math.sign(score) * Math.round((Math.abs(score) / largest) * steps)

const largestOf = ({ cells }: Heat): number =>
  cells.flat().reduce<number>((most, score) => Math.max(most, Math.abs(score ?? 0)), 0)

/**
 * Scores over two parameters. Blue is good and orange bad, darker is more — a pair every eye tells apart — and each cell says
 * its number; the larger value of `down` stands higher, as on a chart.
 */
export const HeatMap = ({ heat, across, down, shows, marks }: HeatMapProps) => {
  const { x, y, cells } = heat
  const largest = largestOf(heat)
  const cellWidth = (100 - nameWidth) / Math.max(1, x.length)
  const left = (column: number): string => `${(nameWidth + column * cellWidth).toFixed(2)}%`
  const middle = (column: number): string => `${(nameWidth + (column + 0.5) * cellWidth).toFixed(2)}%`
  const rows = y.map((value, row) => ({ value, scores: cells[row] ?? [] })).toReversed()
  const markAt = (column: number, value: number): Mark | undefined =>
    marks.find((mark) => mark.x === x[column] && mark.y === value)
  return (
    <figure class="plot heat-map" data-fine={x.length > 9 ? '' : undefined}>
      <svg
        height={(y.length + 1) * rowHeight}
        role="img"
        aria-label={`${shows} over ${across.words} and ${down.words}`}
      >
        {rows.map(({ value, scores }, row) => (
          <>
            <text x={`${nameWidth - 1}%`} y={row * rowHeight + 19} text-anchor="end">
              {down.format(value)}
            </text>
            {x.map((other, column) => {
              const score = scores[column] ?? null
              const mark = markAt(column, value)
              const words = score === null ? unknown : formatSigned(score, Math.abs(score) < 100 ? 2 : 0)
              return (
                <g data-level={score === null ? 'none' : levelOf(score, largest)} data-mark={mark && ''}>
                  <title>
                    {`${across.words} ${across.format(other)}, ${down.words} ${down.format(value)}: ${score === null ? 'not judged' : words}${mark ? ` — ${mark.words}` : ''}`}
                  </title>
                  <rect
                    x={left(column)}
                    y={row * rowHeight + 1}
                    width={`${(cellWidth - 0.3).toFixed(2)}%`}
                    height={rowHeight - 2}
                    rx="2"
                  />
                  <text x={middle(column)} y={row * rowHeight + 19} text-anchor="middle" class="score">
                    {words}
                  </text>
                </g>
              )
            })}
          </>
        ))}
        {x.map((value, column) => (
          <text x={middle(column)} y={y.length * rowHeight + 14} text-anchor="middle">
            {across.format(value)}
          </text>
        ))}
      </svg>
      <figcaption>
        <span>across: {across.words}</span>
        <span>up: {down.words}</span>
        <span>
          <i class="swatch" data-level="4" /> good
        </span>
        <span>
          <i class="swatch" data-level="-4" /> bad
        </span>
        {marks.map(({ words, x: at, y: height }) => (
          <span>
            <i class="swatch" data-mark="" /> {words}: {across.format(at)} / {down.format(height)}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
