import { championHistory } from '#src/adapters/db/champions.ts'
import { latestPapers, savePaper } from '#src/adapters/db/night-papers.ts'
import { nightRuns } from '#src/adapters/db/runs.ts'
import { studiesOfNight } from '#src/adapters/db/studies.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { nightSteps } from '#src/domain/lab-reading.ts'
import { counted } from '#src/domain/night/step-words.ts'
import { summaryOf } from '#src/domain/night/summary.ts'
import type { StepWork } from '../night.ts'
import type { NightDeps } from '../night-deps.ts'
import { standingOf } from '../night-standing.ts'

/** More changes than a night can make. */
const mostChanges = 100

/** Writes what the night came to. */
export const summary =
  ({ db, market, clock, day }: NightDeps): StepWork =>
  async ({ night: { tradeDate, morning } }) => {
    const next = easternAt(morning).date
    const runs = await nightRuns(db, market, tradeDate)
    const studies = await studiesOfNight(db, market, tradeDate)
    const champions = await championHistory(db, market, mostChanges)
    const parity = (await latestPapers(db, market, 'parity', 1)).find((paper) => paper.tradeDate === tradeDate)
    const focus = (await latestPapers(db, market, 'focus', 1)).find((paper) => paper.tradeDate === next)
    const traded = await day?.(tradeDate)
    const lines = summaryOf({
      steps: nightSteps.map((step) => ({ step, ...standingOf(step, runs) })),
      ...(traded && { day: traded }),
      ...(parity && { parity: parity.body }),
      studies: {
        done: studies.filter(({ state }) => state === 'done').length,
        changes: champions
          .filter(({ from }) => from >= next)
          .map(({ instrument, strategy, words }) => `${instrument} ${strategyOf(strategy).title}: ${words}`),
      },
      ...(focus && { focus: { tradeDate: next, markets: focus.body.markets } }),
    })
    await savePaper(db, market, { tradeDate, madeAt: clock.now(), body: { kind: 'summary', lines } })
    return counted(lines.length, 'line')
  }
