import { type Excursions, type Quantiles, quantileShares } from '#src/domain/backtest/excursions.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import { formatNumber, formatSigned, unknown } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { percent } from './words.ts'

type Group = { readonly name: string; readonly n: number; readonly figures: Quantiles | null }
type Scale = { readonly low: number; readonly high: number }

const width = 300

/** Where the middle half lies, where all but the outer twentieths, and the median. */
const BoxPlot = ({ figures, scale }: { figures: Quantiles; scale: Scale }) => {
  const [low, quarter, middle, upper, high] = figures.map(
    (value) => Math.round(((value - scale.low) / (scale.high - scale.low || 1)) * width * 10) / 10,
  ) as [number, number, number, number, number]
  return (
    <svg class="box-plot" viewBox={`0 0 ${width} 14`} preserveAspectRatio="none" aria-hidden="true">
      <rect x={low} y="6" width={Math.max(1, high - low)} height="2" class="rail" />
      <rect x={quarter} y="2" width={Math.max(1, upper - quarter)} height="10" class="reach" />
      <rect x={middle - 1} y="1" width="2" height="12" class="mark" />
    </svg>
  )
}

const Distribution = ({ title, groups }: { title: string; groups: readonly Group[] }) => {
  const known = groups.flatMap(({ figures }) => figures ?? [])
  const scale = { low: Math.min(0, ...known), high: Math.max(0, ...known) }
  return (
    <table class="sheet excursions">
      <thead>
        <tr>
          <th scope="col">{title}</th>
          {quantileShares.map((share) => (
            <th scope="col">{percent(share)}</th>
          ))}
          <th scope="col">
            <span class="sr-only">The same, drawn</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ name, n, figures }) => (
          <tr>
            <th scope="row">
              {name} <small>{formatNumber(n)}</small>
            </th>
            {quantileShares.map((_, i) => (
              <td class="figure">{figures === null ? unknown : formatSigned(figures[i], 1)}</td>
            ))}
            <td>{figures && <BoxPlot figures={figures} scale={scale} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const groupsOf = (
  { winners, losers }: Report['excursions'],
  of: (excursions: Excursions) => Quantiles | null,
): readonly Group[] => [
  { name: 'Winners', n: winners.n, figures: of(winners) },
  { name: 'Losers', n: losers.n, figures: of(losers) },
]

/** How far price went for and against the trades, in R where they had stops, else in ticks. */
export const ExcursionsBox = ({ excursions }: Pick<Report, 'excursions'>) => {
  const { winners, losers } = excursions
  const isInR = winners.mfeR !== null || losers.mfeR !== null
  const unit = isInR ? 'R' : 'ticks'
  return (
    <Box id="excursions" title="How far they went" aside={`in ${unit}; the share of trades below each number`}>
      {winners.n + losers.n === 0 ? (
        <Empty what="No trade won or lost." next="There is nothing to measure." />
      ) : (
        <>
          <Distribution
            title={`For (MFE), ${unit}`}
            groups={groupsOf(excursions, ({ mfeR, mfeTicks }) => (isInR ? mfeR : mfeTicks))}
          />
          <Distribution
            title={`Against (MAE), ${unit}`}
            groups={groupsOf(excursions, ({ maeR, maeTicks }) => (isInR ? maeR : maeTicks))}
          />
        </>
      )}
    </Box>
  )
}
