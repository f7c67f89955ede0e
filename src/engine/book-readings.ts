import { contractCode, contractOf } from '#src/domain/instruments/contract-code.ts'
import type { ContractSpec, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { toTicks } from '#src/domain/instruments/ticks.ts'
import type { Money } from '#src/domain/money.ts'
import type { AccountReading, OrderReading, PositionReading, Unvalued } from '#src/domain/picture.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { linkCard } from '#src/domain/trading/card-link.ts'
import type { DayTally } from '#src/domain/trading/day.ts'
import type { OwnTrade } from '#src/domain/trading/decision.ts'
import { type Exits, exitsOf } from '#src/domain/trading/exits.ts'
import { exitFees, type Terms } from '#src/domain/trading/fees.ts'
import { isNaked } from '#src/domain/trading/naked.ts'
import type { Order } from '#src/domain/trading/order.ts'
import { averagePrice, openNet } from '#src/domain/trading/position.ts'
import { stackHint } from '#src/domain/trading/stack.ts'
import { startRisk } from '#src/domain/trading/start-risk.ts'
import type { OpenTrade } from '#src/domain/trading/trade.ts'
import type { AccountBook, HoldingBook, Shown, TradeDates } from './account-book.ts'

/** What the books are read with. */
export type Valuation = {
  /** The last price of a contract in points and when it came, wall clock. */
  readonly priceOf: (
    instrument: InstrumentId,
    contract: number,
  ) => { readonly price: number; readonly receivedAt: number } | undefined
  /** Whether a price that came then, wall clock, says nothing of a market that is open. */
  readonly isOld: (spec: ContractSpec, receivedAt: number) => boolean
  readonly limits: Limits
  readonly accountSize: Money
  readonly cardOf: (instrument: InstrumentId, contract: string) => FocusCard | undefined
  readonly accountOf: (name: string) => Account | undefined
  readonly cashOf: (name: string) => Money | undefined
  /** What a position that is added to may lose in all. */
  readonly stackCap: () => Money
}

/** The sums of one account. Balance and equity are of accounts the trader keeps; the others have no anchor. */
export type AccountFigures = DayTally & {
  readonly name: string
  readonly account?: Account
  /** Closed today and open now. */
  readonly dayNet: Money
  readonly openNet: Money
  /** Of getting out of what is open; taken off `openNet`. */
  readonly exitFees: Money
  /** Paid for getting into what is open; taken off `openNet` as well, but of a platform's balance already. */
  readonly entryFees: Money
  readonly openTrades: number
  /** Open contracts, micros and full-size ones alike. */
  readonly contracts: number
  readonly balance?: Money
  readonly equity?: Money
  readonly platformCash?: Money
  readonly unvalued: Unvalued
  readonly naked: boolean
}

/** 'MGC Z6' for MGC and 202612. */
export const contractName = (instrument: InstrumentId, contract: number): string =>
  contractCode(contractOf(instrument, contract))

/** How an account's fees are reckoned: by the settings until the trader says otherwise. */
export const termsOf = (account: Account | undefined, { fees }: Limits): Terms => ({
  commission: account?.commission ?? 'settings',
  fees,
})

const lastTicks = ({ book }: Shown, { priceOf }: Valuation): number | undefined => {
  const last = priceOf(book.instrument, book.contract)
  return last && toTicks(book.spec, last.price)
}

const feesOut = (account: AccountBook, { book, position }: Shown, value: Valuation): Money =>
  exitFees(position, book.instrument, termsOf(value.accountOf(account.name), value.limits))

const openNetOf = (account: AccountBook, shown: Shown, value: Valuation): Money => {
  const { book, position } = shown
  const ticks = lastTicks(shown, value) ?? position.cost / position.quantity
  return openNet(book.spec, position, ticks, feesOut(account, shown, value))
}

/** The stops and targets of a holding. */
export const exitsOfShown = (account: AccountBook, shown: Shown, value: Valuation): Exits => {
  const { spec, instrument, contract } = shown.book
  const own = account.working().filter((order) => order.instrument === instrument && order.contract === contract)
  const last = value.priceOf(instrument, contract)?.price
  return exitsOf(spec, shown.position, own, last, feesOut(account, shown, value))
}

const unvaluedOf = ({ book }: Shown, { priceOf, isOld }: Valuation): Unvalued => {
  const last = priceOf(book.instrument, book.contract)
  if (last === undefined) return 'no-price'
  return isOld(book.spec, last.receivedAt) && 'old-price'
}

/** What is held as a trade under way; where it is the platform's word alone, since it was first told. */
export const ownTrade = (account: AccountBook, shown: Shown): OwnTrade => {
  const { book, position, since } = shown
  return {
    account: account.name,
    instrument: book.instrument,
    side: position.quantity > 0 ? 'long' : 'short',
    openedAt: since,
    quantity: account.tradeOf(shown)?.quantity ?? Math.abs(position.quantity),
  }
}

/** An account's sums at the last prices. */
export const figuresOf = (account: AccountBook, today: TradeDates, value: Valuation): AccountFigures => {
  const { name } = account
  const kept = value.accountOf(name)
  const platformCash = value.cashOf(name)
  const tally = account.day(today)
  const balance = kept && kept.anchor.balance + account.earnedSince(kept.anchor)
  let open = 0
  let fees = 0
  let paid = 0
  let contracts = 0
  let unvalued: Unvalued = false
  const all = account.shown()
  for (const shown of all) {
    open += openNetOf(account, shown, value)
    fees += feesOut(account, shown, value)
    paid += shown.position.fees
    contracts += Math.abs(shown.position.quantity)
    if (unvalued !== 'no-price') unvalued = unvaluedOf(shown, value) || unvalued
  }
  return {
    ...tally,
    name,
    ...(kept && { account: kept }),
    dayNet: tally.closed + open,
    openNet: open,
    exitFees: fees,
    entryFees: paid,
    openTrades: all.length,
    contracts,
    ...(balance !== undefined && { balance, equity: balance + open }),
    ...(platformCash !== undefined && { platformCash }),
    unvalued,
    naked: all.some(({ book }) => book.nakedTold),
  }
}

/** All watched accounts together; undefined while there is none. */
export const dayOf = (figures: readonly AccountFigures[]): AccountReading['day'] => {
  const watched = figures.filter(({ account }) => account?.watched)
  const sum = (of: (figure: AccountFigures) => number): number => watched.reduce((all, one) => all + of(one), 0)
  if (watched.length === 0) return undefined
  return {
    net: sum(({ dayNet }) => dayNet),
    closed: sum(({ closed }) => closed),
    fees: sum(({ fees }) => fees),
    trades: sum(({ trades }) => trades),
  }
}

const identityOf = (name: string, account: Account | undefined): Pick<PositionReading, 'alias' | 'kind'> => ({
  alias: account?.alias ?? name,
  // An account nobody has described is taken for one that can lose money, unless its name says it cannot.
  kind: account?.kind ?? (/^(sim|playback|demo)/i.test(name) ? 'SIM' : 'FUNDED'),
})

/** One R of the trade under way, in Money. */
const riskAtStart = (account: AccountBook, book: HoldingBook, trade: OpenTrade | undefined): Money | undefined => {
  const stop = trade && account.startStopOf(book, trade)
  return trade && stop !== undefined ? startRisk(book.spec, trade, stop) : undefined
}

const linkOf = (
  account: AccountBook,
  { book, position }: Shown,
  trade: OpenTrade | undefined,
  now: FocusCard | undefined,
  stop: number | undefined,
) => {
  const card = (trade && book.cards.get(trade.id)) ?? now
  if (card === undefined) return undefined
  const startStop = trade && account.startStopOf(book, trade)
  return linkCard({ spec: book.spec, position, card, startStop, stop })
}

/** One holding as the trader reads it. */
export const positionReading = (
  account: AccountBook,
  shown: Shown,
  value: Valuation,
  wall: number,
): PositionReading => {
  const { book, position, since } = shown
  const trade = account.tradeOf(shown)
  const { spec, instrument } = book
  const last = value.priceOf(instrument, book.contract)
  const net = openNetOf(account, shown, value)
  const { stop, target, risk } = exitsOfShown(account, shown, value)
  const atStart = riskAtStart(account, book, trade)
  const r = last && trade && atStart !== undefined ? (trade.gross - trade.fees + net) / atStart : undefined
  const card = value.cardOf(instrument, contractName(instrument, book.contract))
  const link = linkOf(account, shown, trade, card, stop?.price)
  const isSameSide = card?.bias === (position.quantity > 0 ? 'long' : 'short')
  return {
    account: account.name,
    ...identityOf(account.name, value.accountOf(account.name)),
    instrument,
    contract: contractName(instrument, book.contract),
    quantity: position.quantity,
    averagePrice: averagePrice(spec, position),
    since,
    ...(last && { last: last.price, lastAt: last.receivedAt, openNet: net }),
    ...(r !== undefined && { r }),
    ...(stop && { stop }),
    ...(target && { target }),
    ...(risk !== undefined && { risk }),
    ...(isNaked(book.uncovered, wall) && book.uncovered !== undefined && { nakedSince: book.uncovered }),
    ...(trade && { mae: trade.worst.money, mfe: trade.best.money }),
    ...(link && { card: link }),
    ...(card &&
      isSameSide && { stack: stackOf(shown, card, { r, risk, last: last?.price, stop: stop?.price }, value) }),
  }
}

const stackOf = (
  { book, position }: Shown,
  card: FocusCard,
  now: { readonly [K in 'r' | 'risk' | 'last' | 'stop']: number | undefined },
  { limits, stackCap }: Valuation,
) =>
  stackHint({
    ...now,
    spec: book.spec,
    quantity: position.quantity,
    size: card.size,
    ratio: card.ratio,
    cap: stackCap(),
    fees: 2 * limits.fees[book.instrument],
  })

/** A working order with the names the trader knows. */
export const orderReading = (order: Order, account: Account | undefined): OrderReading => ({
  ...order,
  alias: account?.alias ?? order.account,
  contractName: contractName(order.instrument, order.contract),
})

/**
 * Loss of the watched accounts if every stop is hit, not known while a position has no stop for all of it; what is known of
 * it, with its share of the account size per account that holds something; over when one position risks more than the
 * trader's share, or one account more than that for each trade he allows himself.
 */
export const openRiskOf = (
  positions: readonly PositionReading[],
  { limits, accountSize, accountOf }: Valuation,
): AccountReading['openRisk'] => {
  const counted = positions.filter(({ account }) => accountOf(account)?.watched !== false)
  const byAccount = new Map<string, Money>()
  for (const { account, risk = 0 } of counted) byAccount.set(account, (byAccount.get(account) ?? 0) + risk)
  const known = [...byAccount.values()].reduce((sum, risk) => sum + risk, 0)
  const naked = counted.some(({ risk }) => risk === undefined)
  const cap = accountSize * limits.riskShare
  return {
    ...(!naked && { money: known }),
    known,
    share: byAccount.size === 0 ? 0 : known / (accountSize * byAccount.size),
    over:
      counted.some(({ risk = 0 }) => risk > cap) ||
      [...byAccount.values()].some((risk) => risk > cap * Math.max(1, limits.maxOpenTrades)),
    naked,
  }
}
