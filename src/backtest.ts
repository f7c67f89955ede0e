import { reportOfId } from '#src/adapters/db/reports.ts'
import { strategies } from '#src/domain/backtest/strategies/all.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import { tradesCsv } from '#src/http/routes/lab-csv.ts'
import type { WantedBacktest } from '#src/worker/study/study-room.ts'
import { type Order, readBacktest } from './lab-arguments.ts'
import { type LabRoom, runCommand } from './lab-command.ts'
import { reportTable, toldReport } from './report-table.ts'

const usage = `Backtests a strategy on stored bars, at the parameters in force.

npm run backtest -- --instrument MGC --strategy opening-range [options]

  --from, --to     first and last trade date, such as 2026-01-02; all that is stored, at most 14 months
  --set stop=1.5   another value of one parameter; may be repeated
  --costs-doubled  twice the fees, the slippage and the spread
  --account        plays on an account of a firm's plan, such as topstep-50k, until its rules end it
  --recorded       on recorded and imported bars, whatever FEED says
  --json, --csv    the whole report, or the list of trades

How kind the market is to an order, each as usual unless named:
  --limit-through  ticks a price must trade beyond a limit before it fills, 0 to 20
  --slippage       ticks a market or stop order fills worse, 0 to 50
  --spread         ticks between bid and ask, 0 to 50
  --latency        milliseconds until an order is in the market, 0 to 60000
  --volume-share   the share of a bar's volume an order may take, 0.001 to 1
  --path           stop-first or nearest-extreme: the order of prices within a bar
Strategies run on minutes. Nothing finer is stored, no ticks either, so the order within a minute is always by --path.

Accounts:
  ${presets.map(({ id }) => id).join('\n  ')}

Strategies:
${strategies.map(({ name, words }) => `  ${name.padEnd(16)} ${words}`).join('\n')}`

const work = async ({ wanted, output }: Order<WantedBacktest>, { db, room, signal }: LabRoom) => {
  const { id } = await room.backtest(wanted, signal)
  const kept = await reportOfId(db, id)
  if (kept === undefined) return undefined
  const { spec } = kept
  const report = toldReport(kept)
  if (output === 'json') return `${JSON.stringify({ id, spec, report }, null, 2)}\n`
  return output === 'csv' ? tradesCsv(kept) : `${reportTable(id, spec, report)}\n`
}

await runCommand({ usage, read: readBacktest, work })
