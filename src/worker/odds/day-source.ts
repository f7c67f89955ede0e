import type { Db } from '#src/adapters/db/connect.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import { reportOfId } from '#src/adapters/db/reports.ts'
import { studyOf } from '#src/adapters/db/studies.ts'
import { strategies } from '#src/domain/backtest/strategies/all.ts'
import { focusPlan } from '#src/domain/backtest/strategies/focus-plan.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { LabReading } from '#src/domain/lab-reading.ts'
import type { Money } from '#src/domain/money.ts'
import type { TradedDay } from '#src/domain/optimization/firm-course.ts'
import type { Account, Fees } from '#src/domain/trading/account.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { pastDaysOf, resultsOf } from '#src/domain/trading/past-days.ts'

/** Fewer days than this are a story, not a source. */
const fewestDays = 20
/** A year of trade dates: what is older was traded by somebody else. */
const mostDays = 250

/** Days an account's future may be drawn from; `from` says whose: 'from 48 own days'. */
export type PastDays = { readonly from: string; readonly days: readonly TradedDay[] }

/** What the days are asked of: the book the accounts are in, its fees, and the trade date that is not over yet. */
export type Source = {
  readonly book: string
  readonly fees: Fees
  readonly tradeDate: string
  readonly lab: Pick<LabReading, 'studies' | 'reports'> | undefined
}

/** A report or study of the lab that may stand in for own days. */
type Candidate = { readonly kind: 'study' | 'report'; readonly id: string; readonly instrument: InstrumentId }

const titleOf = (strategy: string): string => strategies.find(({ name }) => name === strategy)?.title ?? strategy

/** The studies that passed before the reports of the focus plan, the newest first; of the markets traded if any was. */
const candidatesOf = (lab: Source['lab'], traded: ReadonlySet<InstrumentId>): readonly Candidate[] => {
  const isTraded = ({ instrument }: { readonly instrument: InstrumentId }): boolean =>
    traded.size === 0 || traded.has(instrument)
  const studies = lab?.studies.filter(({ state, passed }) => state === 'done' && passed === true) ?? []
  const reports =
    lab?.reports.filter(
      ({ strategy, costsDoubled, plan, otherFills }) =>
        strategy === focusPlan.name && !costsDoubled && plan === undefined && otherFills === undefined,
    ) ?? []
  return [
    ...studies.filter(isTraded).map(({ id, instrument }) => ({ kind: 'study', id, instrument }) as const),
    ...reports.filter(isTraded).map(({ id, instrument }) => ({ kind: 'report', id, instrument }) as const),
  ]
}

/** What an account closed: its days before today, the best of them since its anchor, and the markets it traded. */
type Own = { readonly days: readonly TradedDay[]; readonly bestPast: Money; readonly traded: ReadonlySet<InstrumentId> }

const ownOf = ({ commission, anchor }: Account, fills: readonly Fill[], { fees, tradeDate }: Source): Own => {
  const past = resultsOf(fills, { commission, fees }).filter((result) => result.tradeDate < tradeDate)
  const since = pastDaysOf(past.filter(({ at }) => at >= anchor.at))
  return {
    days: pastDaysOf(past).slice(-mostDays),
    bestPast: Math.max(0, ...since.map(({ net }) => net)),
    traded: new Set(fills.map(({ instrument }) => instrument)),
  }
}

/** Creates what knows the days an account may be judged by: its own, else those of a study or a backtest. */
export const createDaySource = (db: Db) => {
  /** Days that are over change no more: the fills of a book are read once a trade date. */
  let read: { readonly key: string; readonly fills: Promise<readonly Fill[]> } | undefined
  const owns = new Map<string, { readonly key: string; readonly own: Own }>()
  const sheets = new Map<string, Promise<PastDays>>()

  const fillsIn = ({ book, tradeDate }: Source): Promise<readonly Fill[]> => {
    const key = `${book} ${tradeDate}`
    if (read?.key !== key) read = { key, fills: fillsOf(db, book) }
    const { fills } = read
    fills.catch(() => {
      if (read?.fills === fills) read = undefined
    })
    return fills
  }

  /** Folded once for the same fills and terms. */
  const ownDays = async (account: Account, source: Source): Promise<Own> => {
    const { name, commission, anchor } = account
    const key = JSON.stringify([source.book, source.tradeDate, source.fees, commission, anchor])
    const known = owns.get(name)
    if (known?.key === key) return known.own
    const fills = (await fillsIn(source)).filter((fill) => fill.account === name)
    const own = ownOf(account, fills, source)
    owns.set(name, { key, own })
    return own
  }

  const ofStudy = async ({ id, instrument }: Candidate): Promise<PastDays> => {
    const study = await studyOf(db, id)
    const nets = study?.result?.outOfSample.net ?? []
    const days = nets.filter((net) => net !== 0).map((net) => ({ net }))
    const what = `a study of ${titleOf(study?.spec.strategy ?? '')} in ${instrument} that passed`
    return { days, from: `from ${what}: ${days.length} traded of ${nets.length} dates out of sample` }
  }

  const ofReport = async ({ id, instrument }: Candidate): Promise<PastDays> => {
    const report = (await reportOfId(db, id))?.report
    const rows = report?.list.map(({ date, leftAt, net }) => ({ tradeDate: date, at: leftAt, net })) ?? []
    const days = pastDaysOf(rows.sort((a, b) => a.at - b.at))
    const what = `a backtest of the focus plan in ${instrument}`
    return { days, from: `from ${what}: ${days.length} traded of ${report?.dates ?? 0} dates` }
  }

  /** What was concluded stays as it is: each is read once. */
  const sheetOf = (candidate: Candidate): Promise<PastDays> => {
    const known = sheets.get(candidate.id)
    if (known !== undefined) return known
    const sheet = candidate.kind === 'study' ? ofStudy(candidate) : ofReport(candidate)
    sheets.set(candidate.id, sheet)
    sheet.catch(() => sheets.delete(candidate.id))
    return sheet
  }

  /** The days of an account, undefined where there are none to speak of; and its best day before today, Money. */
  return async (
    account: Account,
    source: Source,
  ): Promise<{ readonly past: PastDays | undefined; readonly bestPast: Money }> => {
    const { days, bestPast, traded } = await ownDays(account, source)
    if (days.length >= fewestDays) return { past: { days, from: `from ${days.length} own days` }, bestPast }
    for (const candidate of candidatesOf(source.lab, traded)) {
      const sheet = await sheetOf(candidate)
      if (sheet.days.length >= fewestDays) return { past: sheet, bestPast }
    }
    return { past: undefined, bestPast }
  }
}
