import type { Report } from '#src/domain/backtest/report.ts'
import { formatMoney, formatNumber } from '../format.ts'
import { Box } from '../parts/box.tsx'

/** What other orders of the same trades reached, and how it came: the end is the same, the way there is luck. */
export const ShuffledBox = ({ report: { shuffled, streaks } }: { report: Report }) => {
  if (shuffled === undefined) return null
  const { paths, drawdown, losingStreak } = shuffled
  return (
    <Box
      id="shuffled"
      title="The same trades in another order"
      aside={`the share of ${formatNumber(paths)} orders that reaches so much`}
    >
      <table class="sheet shuffled">
        <thead>
          <tr>
            <th scope="col">Reached by</th>
            <th scope="col">95 %</th>
            <th scope="col">50 %</th>
            <th scope="col">5 %</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Drawdown, trade by trade</th>
            {[drawdown.p5, drawdown.p50, drawdown.p95].map((depth) => (
              <td class="figure">{formatMoney(0 - depth)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">
              Losses in a row <small>here {formatNumber(streaks.losing)}</small>
            </th>
            {[losingStreak.p5, losingStreak.p50, losingStreak.p95].map((losses) => (
              <td class="figure">{formatNumber(losses)}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </Box>
  )
}
