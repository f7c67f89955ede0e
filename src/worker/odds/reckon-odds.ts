import { accountsOf } from '#src/adapters/db/accounts.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import type { CardOddsReading, Chances, OddsReading, Undrawn } from '#src/domain/odds-reading.ts'
import type { FirmOdds } from '#src/domain/optimization/firm-odds.ts'
import { questionOf, stakeOf } from '#src/domain/optimization/odds-question.ts'
import type { AccountStanding, Picture } from '#src/domain/picture.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { createDaySource, type Source } from './day-source.ts'
import { type AccountAsked, oddsPaths, type oddsTasks } from './odds-task.ts'

type Tasks = typeof oddsTasks

/** Has a thread do one of the tasks. There are always days to draw from when it is asked. */
export type AskOdds = <T extends keyof Tasks>(
  task: T,
  asked: Parameters<Tasks[T]>[0],
) => Promise<NonNullable<ReturnType<Tasks[T]>>>

export const watchedIn = ({ account }: Partial<Picture>): readonly AccountStanding[] =>
  account?.accounts.filter(({ watched }) => watched) ?? []

/** The cards of the plan. */
export const placedIn = ({ plan, ...picture }: Partial<Picture>): readonly FocusCard[] =>
  plan?.places.flatMap((id) => picture[`focus:${id}`] ?? []) ?? []

const errorOf = (share: number): number => Math.sqrt((share * (1 - share)) / oddsPaths)

const chancesOf = (odds: FirmOdds, from: string): Chances => {
  const { pass, bust, running, medianDaysToPass, payoutValue, paid } = odds
  return {
    ...(pass !== undefined && { pass }),
    ...{ bust, running, standardError: errorOf(pass ?? bust), from },
    ...(medianDaysToPass !== undefined && { medianDays: medianDaysToPass }),
    ...(payoutValue !== undefined && { payout: payoutValue }),
    ...(paid !== undefined && { paid }),
  }
}

/** An account as it is shown, with what is kept of it. */
type Known = { readonly shown: AccountStanding; readonly account: Account }
type Reckoned = Pick<OddsReading, 'accounts' | 'cards'>

/** Creates what reckons the odds of a picture: of each watched account, and of each of its cards that may still be taken. */
export const createReckoning = (db: Db, ask: AskOdds) => {
  const daysOf = createDaySource(db)

  const cardOdds = async (
    { question, days }: AccountAsked,
    { shown: { name, alias, standing } }: Known,
    card: FocusCard,
    { calibration }: Partial<Picture>,
  ): Promise<readonly CardOddsReading[]> => {
    const stake = stakeOf(card, calibration?.buckets ?? [], standing.maxMicros)
    if (stake === undefined) return []
    const { of, without, taken, error, words } = await ask('cardOdds', { question, days, stake })
    const who = { cardId: card.id, instrument: card.instrument, account: name, alias, contracts: stake.contracts }
    const odds = { of, before: without[of] ?? 0, after: taken[of] ?? 0, standardError: error }
    return [{ ...who, ...odds, ...(words !== undefined && { words }) }]
  }

  const oddsOf = async (one: Known, seen: Partial<Picture>, source: Source): Promise<Reckoned> => {
    const { name, alias } = one.shown
    const undrawn = (reason: Undrawn): Reckoned => ({
      accounts: [{ account: name, alias, undrawn: reason }],
      cards: [],
    })
    const { past, bestPast } = await daysOf(one.account, source)
    const asked = questionOf(one.account, one.shown, bestPast)
    if (!asked.ok) return undrawn(asked.reason)
    if (past === undefined) return undrawn('no-days')
    const drawn = { question: asked.question, days: past.days }
    const [odds, ...cards] = await Promise.all([
      ask('odds', drawn),
      ...placedIn(seen).map((card) => cardOdds(drawn, one, card, seen)),
    ])
    return { accounts: [{ account: name, alias, chances: chancesOf(odds, past.from) }], cards: cards.flat() }
  }

  return async (seen: Partial<Picture>): Promise<Reckoned> => {
    const { account, clock, lab } = seen
    if (account === undefined || clock === undefined) return { accounts: [], cards: [] }
    const { book, limits } = account
    const kept = await accountsOf(db, book)
    const both = watchedIn(seen).flatMap((shown) =>
      kept.filter(({ name }) => name === shown.name).map((own) => ({ shown, account: own })),
    )
    const source: Source = { book, fees: limits.fees, tradeDate: clock.tradeDate, lab }
    const all = await Promise.all(both.map((one) => oddsOf(one, seen, source)))
    return { accounts: all.flatMap(({ accounts }) => accounts), cards: all.flatMap(({ cards }) => cards) }
  }
}
