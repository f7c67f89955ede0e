import { championHistory } from '#src/adapters/db/champions.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { latestPapers } from '#src/adapters/db/night-papers.ts'
import { type KeptOutcome, type Method, outcomesAfter } from '#src/adapters/db/outcomes.ts'
import { planVersions } from '#src/adapters/db/plans.ts'
import { latestReports, reportOfId } from '#src/adapters/db/reports.ts'
import { studyOf, trialsOf } from '#src/adapters/db/studies.ts'
import { addDays, easternAt } from '#src/domain/instruments/zone.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { PlannedCard } from '#src/domain/signals/transition.ts'
import { type ShadowBook, shadowBookOf } from '#src/domain/trading/shadow-book.ts'
import type { Bus } from '#src/engine/ports.ts'
import type { LabDeps } from '#src/http/routes/lab-deps.ts'
import { closedTrades } from './closed-trades.ts'

/** Calendar days the shadow book looks back. */
const shownDays = 90
const pageSize = 250

type Options = {
  readonly db: Db
  readonly bus: Pick<Bus, 'picture'>
  /** Market time, epoch ms. */
  readonly now: () => number
}

/** Creates what the lab's pages read, of the market and the accounts that are shown. */
export const createLabReader = ({ db, bus, now }: Options): Omit<LabDeps, 'ask'> => {
  const market = (): string => bus.picture().system?.market ?? 'real'

  const outcomesSince = async (of: Method, from: string): Promise<readonly KeptOutcome[]> => {
    const found: KeptOutcome[] = []
    for (let after = from, more = true; more; ) {
      const page = await outcomesAfter(db, of, { after, until: '9999-12-31', limit: pageSize })
      found.push(...page)
      after = page.at(-1)?.cardId ?? after
      more = page.length === pageSize
    }
    return found
  }

  /** The cards of the plans of some trade dates, later versions last. */
  const plannedOn = async (dates: ReadonlySet<string>): Promise<readonly PlannedCard[]> => {
    const ledger = bus.picture().system?.ledger ?? ''
    const cards: PlannedCard[] = []
    for (const date of dates) for (const version of await planVersions(db, ledger, date)) cards.push(...version.cards)
    return cards
  }

  const shadowBook = async (): Promise<ShadowBook> => {
    const { calibration, account } = bus.picture()
    const from = addDays(easternAt(now()).date, -shownDays)
    const fees = account?.limits.fees ?? defaultLimits.fees
    const cards = calibration === undefined ? [] : await outcomesSince(calibration, from)
    const planned = await plannedOn(new Set(cards.filter(({ lived }) => lived).map(({ tradeDate }) => tradeDate)))
    const book = account?.book
    const trades = book === undefined ? [] : await closedTrades(db, book, fees)
    return shadowBookOf({ cards, planned, trades: trades.filter(({ tradeDate }) => tradeDate >= from), fees })
  }

  return {
    study: (id) => studyOf(db, id),
    trials: (study) => trialsOf(db, study),
    report: (id) => reportOfId(db, id),
    reports: (limit) => latestReports(db, market(), limit),
    champions: (limit) => championHistory(db, market(), limit),
    papers: (kind, limit) => latestPapers(db, market(), kind, limit),
    shadowBook,
  }
}
