import type { ReportReading } from '#src/domain/lab-reading.ts'
import { planName } from '#src/domain/risk/firms/presets.ts'
import { formatFixed, formatMoney, formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { inR, marketName, titleOf, toneOf } from './words.ts'

const Line = ({ report }: { report: ReportReading }) => {
  const { id, instrument, strategy, from, to, baseline, costsDoubled, plan, otherFills } = report
  const { trades, net, expectancyR, profitFactor, sharpe } = report
  return (
    <tr>
      <th scope="row">
        <a href={`/lab/reports/${id}`}>
          {marketName(instrument)}, {titleOf(strategy)}
        </a>
        {baseline && <small> naive</small>}
        {costsDoubled && <small> costs doubled</small>}
        {otherFills && <small> other fills</small>}
        {plan !== undefined && <small> on {planName(plan)}</small>}
      </th>
      <td class="figure asked">
        {from} – {to}
      </td>
      <td class="figure">{formatNumber(trades)}</td>
      <td class="figure" data-tone={toneOf(net)}>
        {formatMoney(net)}
      </td>
      <td class="figure">{inR(expectancyR)}</td>
      <td class="figure wide">{formatFixed(profitFactor, 2)}</td>
      <td class="figure wide">{formatFixed(sharpe, 2)}</td>
      <td class="figure wide">{formatMoney(report.maxDrawdown)}</td>
    </tr>
  )
}

/** Backtests, newest first. */
export const Reports = ({ reports }: { reports: readonly ReportReading[] }) => (
  <Box
    id="reports"
    title="Reports"
    aside={
      <>
        net of fees and slippage · <a href="/lab/compare">compare two</a>
      </>
    }
  >
    {reports.length === 0 ? (
      <Empty
        what="Nothing was backtested yet."
        next="Every night runs each strategy with the parameters in force; the form asks for one now."
      />
    ) : (
      <table class="sheet reports">
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th scope="col">Trade dates</th>
            <th scope="col">Trades</th>
            <th scope="col">Net</th>
            <th scope="col">R a trade</th>
            <th scope="col">Profit factor</th>
            <th scope="col">Sharpe</th>
            <th scope="col">Drawdown</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <Line report={report} />
          ))}
        </tbody>
      </table>
    )}
  </Box>
)
