import { dateOfBar, isOpen, sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import { isOnGrid, toTicks } from '#src/domain/instruments/ticks.ts'
import { type QuotedPrint, standsAlone } from '#src/domain/market/second-print.ts'
import type { Money } from '#src/domain/money.ts'
import type { BridgeReading, BridgeState } from '#src/domain/picture.ts'
import type { Limits, TraderLimits } from '#src/domain/risk/limits.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { type Decision, decisionsOf } from '#src/domain/trading/decision.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { isNaked, watchCover } from '#src/domain/trading/naked.ts'
import type { Order } from '#src/domain/trading/order.ts'
import type { PlatformEvent, Snapshot, Speaker } from '#src/domain/trading/platform-event.ts'
import type { MeasuredTrade } from '#src/domain/trading/start-risk.ts'
import { toldBalance } from '#src/domain/trading/told-balance.ts'
import { type AccountBook, createAccountBook, isSound, isSoundFill, type Shown } from './account-book.ts'
import {
  type AccountFigures,
  contractName,
  dayOf,
  exitsOfShown,
  figuresOf,
  openRiskOf,
  orderReading,
  ownTrade,
  positionReading,
  termsOf,
  type Valuation,
} from './book-readings.ts'
import type { ForeignTrade } from './foreign-markets.ts'
import { bridgeReading, type HeardBridge, hearBridge, isSameStart, isSilent } from './heard-bridge.ts'
import type { AccountTruth } from './kill.ts'

/** A feed's price this much older than the platform's is not the last one. */
const stalePriceMs = 5_000
/** Minute bars tell a price once a minute and a little late; what was not told for two says nothing of an open market. */
const oldPriceMs = 120_000

/** What the books tell as it happens; a restore tells nothing. */
type BooksEvents = {
  /** A fill heard for the first time. */
  readonly onFill: (fill: Fill) => void
  /** A fill made here — carried in, or an adjustment — which must be stored like an execution. */
  readonly onMade: (fill: Fill) => void
  readonly onTradeClosed: (trade: MeasuredTrade) => void
  readonly onOrderRejected: (order: Order) => void
  /** A position has no stop for all of it; `since` is wall clock. */
  readonly onNaked: (naked: { readonly account: string; readonly contract: string; readonly since: number }) => void
  /** The bridge's state has changed: fell silent, differs, agrees again. */
  readonly onBridge: (state: BridgeState, before: BridgeState, differences: readonly string[]) => void
}

export type BooksOptions = {
  /** The time fills are stamped in, and the machine's clock; epoch ms. */
  readonly now: () => number
  readonly wall: () => number
  readonly accountSize: Money
  readonly limits: Limits
  /** Whether the platform trades the market the feed shows. */
  readonly useFeed: () => boolean
  /** The feed's price of the very contract (yyyymm), in points; `receivedAt` wall clock. */
  readonly feedPrice: Valuation['priceOf']
  /** The plan's card of a contract, written 'MGC Z6'. */
  readonly cardOf: (instrument: InstrumentId, contract: string) => FocusCard | undefined
  /** What a position that is added to may lose in all, Money. */
  readonly stackCap: () => Money
  readonly events: BooksEvents
}

/** What is stored of a book, in the order stored: fills, every word of orders, and trades in markets nobody knows. */
export type Stored = {
  readonly fills: readonly Fill[]
  readonly orders?: readonly Order[]
  readonly foreign?: readonly ForeignTrade[]
}

/** The platform's last price of a contract, and one far from it that waits for a second; points, `receivedAt` wall clock. */
type OwnPrice = {
  readonly price: number
  readonly receivedAt: number
  readonly waits?: QuotedPrint
}

const oneOfEachGroup = ['MES', 'MGC', 'MCL'] as const

/** Whose books an event changes. */
const accountOf = (event: PlatformEvent): string | undefined => {
  if (event.kind === 'execution') return event.fill.account
  if (event.kind === 'order') return event.order.account
  return event.kind === 'positions' || event.kind === 'foreignExecution' ? event.account : undefined
}

/** Whether an account holds something or has something working, by our word or the platform's. */
const mayHold = (account: AccountBook): boolean => {
  const { positions, working } = account.truth()
  return positions + working > 0 || !account.unheld || account.working().length > 0
}

/** The books of one platform: positions, orders and trades of its accounts, folded from what it tells. */
export const createBooks = (options: BooksOptions) => {
  const { now, wall, events } = options
  const { onFill, onMade, onTradeClosed, onOrderRejected, onNaked, onBridge } = events
  const prices = new Map<string, OwnPrice>()
  const books = new Map<string, AccountBook>()
  const cash = new Map<string, Money>()
  let configured: ReadonlyMap<string, Account> = new Map()
  let { accountSize, limits } = options
  let current = ''
  let bridge: HeardBridge | undefined
  let legacyAt: number | undefined
  let known = false
  let state: BridgeState = 'never-seen'
  let stateSince = wall()
  let moved = 0

  /** The feed's price of the very contract, unless there is none or the platform's own is much newer. */
  const priceOf: Valuation['priceOf'] = (instrument, contract) => {
    const own = prices.get(`${instrument} ${contract}`)
    const feed = options.useFeed() ? options.feedPrice(instrument, contract) : undefined
    return feed === undefined || (own !== undefined && own.receivedAt - feed.receivedAt > stalePriceMs) ? own : feed
  }

  const valuation = (): Valuation => ({
    priceOf,
    isOld: ({ group }, receivedAt) => wall() - receivedAt > oldPriceMs && isOpen(group, now()),
    limits,
    accountSize,
    stackCap: options.stackCap,
    cardOf: options.cardOf,
    accountOf: (name) => configured.get(name),
    cashOf: (name) => cash.get(name),
  })

  const bookOf = (name: string): AccountBook => {
    const found = books.get(name)
    if (found !== undefined) return found
    const created = createAccountBook({
      name,
      terms: () => termsOf(configured.get(name), limits),
      anchorAt: () => configured.get(name)?.anchor.at ?? 0,
      cardOf: (instrument, contract) => options.cardOf(instrument, contractName(instrument, contract)),
    })
    books.set(name, created)
    return created
  }

  /** The trade date of each market now. */
  const today = () => {
    const at = now()
    const dates = new Map<MarketGroup, string>()
    const of = ({ group }: ContractSpec): string => {
      const date = dates.get(group) ?? dateOfBar(group, at)
      dates.set(group, date)
      return date
    }
    return { of, key: oneOfEachGroup.map((id) => of(specOf(id))).join(' ') }
  }

  const settleState = (differences: readonly string[], next: BridgeState): void => {
    if (next === state) return
    const before = state
    state = next
    stateSince = wall()
    moved++
    onBridge(next, before, differences)
  }

  /** Every account but those that are merely looked at: these are in no sum and close no gate. */
  const counted = () => [...books.values()].filter(({ name }) => configured.get(name)?.watched !== false)

  const differences = (): readonly string[] =>
    [...books.values()].flatMap(({ agreement }) => (agreement.state === 'differs' ? agreement.differences : []))

  const judgeBridge = (at: number): BridgeState => {
    if (bridge === undefined) return legacyAt !== undefined ? 'legacy' : known ? 'silent' : 'never-seen'
    if (isSilent(bridge, at)) return 'silent'
    const states = counted().map(({ agreement }) => agreement.state)
    return states.find((one) => one === 'differs') ?? states.find((one) => one === 'settling') ?? 'in-sync'
  }

  const watchNaked = (account: AccountBook, shown: Shown, at: number): void => {
    if (shown.word === 'legacy') return
    const { book, position } = shown
    const { covered } = exitsOfShown(account, shown, valuation())
    const held = Math.abs(position.quantity)
    book.uncovered = watchCover(book.uncovered, { held, covered, filledAt: book.filledAt, wall: at })
    const naked = isNaked(book.uncovered, at)
    if (naked === book.nakedTold) return
    book.nakedTold = naked
    moved++
    if (naked) {
      const contract = contractName(book.instrument, book.contract)
      onNaked({ account: account.name, contract, since: book.uncovered ?? at })
    }
  }

  const lookAt = (account: AccountBook, at: number): void => {
    const heardSince = bridge?.heardSince ?? at
    const made = account.look(at, heardSince, bridge?.heartbeat?.queues.executions ?? 0)
    for (const fill of made) {
      moved++
      onMade(fill)
    }
    const shown = account.shown()
    for (const book of account.holdings.values())
      if (!shown.some((one) => one.book === book)) {
        book.uncovered = undefined
        book.nakedTold = false
      }
    for (const one of shown) watchNaked(account, one, at)
  }

  const settle = (at: number): void => settleState(differences(), judgeBridge(at))

  /** Everything that ripens by time alone: what settles, what differs, what is naked, who is silent. */
  const look = (at: number): void => {
    if (bridge !== undefined && !isSilent(bridge, at)) for (const account of books.values()) lookAt(account, at)
    settle(at)
  }

  const greet = ({ accounts, receivedAt }: Extract<PlatformEvent, { kind: 'hello' }>, anew: boolean): void => {
    moved++
    for (const { name } of accounts) bookOf(name)
    const named = new Set(accounts.map(({ name }) => name))
    for (const book of books.values()) if (named.has(book.name) || mayHold(book)) book.await(receivedAt, anew)
  }

  const hearFill = (fill: Fill): void => {
    const closed = isSoundFill(fill) ? bookOf(fill.account).hearFill(fill, wall()) : undefined
    if (closed === undefined) return
    moved++
    onFill(fill)
    closed.forEach(onTradeClosed)
  }

  const hearForeign = ({ account, market, at }: Extract<PlatformEvent, { kind: 'foreignExecution' }>): void => {
    bookOf(account).hearForeign(market, at, wall())
    moved++
  }

  const hearOrder = (order: Order): void => {
    const { changed, rejected } = bookOf(order.account).hearOrder(order, wall())
    if (changed) moved++
    if (rejected) onOrderRejected(order)
  }

  const notePrice = (instrument: InstrumentId, contract: number, price: number, at: number): boolean => {
    let held = false
    for (const account of books.values()) {
      if (account.unheld) continue
      const spec = specOf(instrument)
      if (account.notePrice(instrument, contract, toTicks(spec, price), at)) held = true
    }
    return held
  }

  const isHolding = (): boolean => {
    for (const account of books.values()) if (!account.unheld) return true
    return false
  }

  const hearPrice = (event: Extract<PlatformEvent, { kind: 'price' }>): void => {
    const { instrument, contract, last, bid, ask, at, receivedAt } = event
    // Where there is no price, platforms tell nothing or 0.
    if (!isSound(1, last) || last === 0 || !isOnGrid(specOf(instrument), last)) return
    const key = `${instrument} ${contract}`
    const before = prices.get(key)
    const print = { price: last, at, ...(bid !== undefined && { bid }), ...(ask !== undefined && { ask }) }
    if (standsAlone(before?.price, before?.waits, print)) {
      if (before !== undefined) prices.set(key, { ...before, waits: print })
      return
    }
    const own = { price: last, receivedAt }
    prices.set(key, own)
    if (priceOf(instrument, contract) === own) notePrice(instrument, contract, last, at)
  }

  const hearSnapshot = (snapshot: Snapshot, at: number, receivedAt: number, legacy: boolean): void => {
    const positions = snapshot.positions.filter(({ quantity, averagePrice }) => isSound(quantity, averagePrice))
    if (bookOf(snapshot.account).hearSnapshot({ ...snapshot, positions }, at, receivedAt, legacy)) moved++
  }

  const take = (event: PlatformEvent): void => {
    if (event.kind === 'execution') hearFill(event.fill)
    else if (event.kind === 'foreignExecution') hearForeign(event)
    else if (event.kind === 'order') hearOrder(event.order)
    else if (event.kind === 'positions') hearSnapshot(event, event.at, event.receivedAt, false)
    else if (event.kind === 'price') hearPrice(event)
    else if (event.kind === 'account') {
      const balance = toldBalance(event, !mayHold(bookOf(event.account)))
      if (balance !== undefined) cash.set(event.account, balance)
    }
  }

  const figures = (): readonly AccountFigures[] => {
    const date = today()
    const value = valuation()
    const names = new Set([...configured.keys(), ...books.keys()])
    return [...names].map((name) => figuresOf(bookOf(name), date, value))
  }

  const trades = (): readonly MeasuredTrade[] => {
    const dates = today()
    return counted()
      .flatMap((account) => account.trades(dates))
      .sort((a, b) => a.closedAt - b.closedAt)
  }

  let decided: { readonly of: readonly unknown[]; readonly decisions: readonly Decision[] } | undefined
  /** Asked with every price: made anew once an account's trades or what it holds are others than before. */
  const decisions = (): readonly Decision[] => {
    const dates = today()
    const of = counted().flatMap((account) => [account, account.trades(dates), account.shown()])
    if (decided === undefined || of.length !== decided.of.length || of.some((each, i) => each !== decided?.of[i])) {
      const open = counted().flatMap((account) => account.shown().map((one) => ownTrade(account, one)))
      decided = { of, decisions: decisionsOf([...trades(), ...open]) }
    }
    return decided.decisions
  }

  const readBridge = (): Omit<BridgeReading, 'commands'> => {
    const read = bridgeReading(bridge, state, stateSince, differences())
    return legacyAt === undefined || read.heardAt !== undefined ? read : { ...read, heardAt: legacyAt }
  }

  /**
   * Accounts the platform named when it began — before that, those it told of — and those that count and were last known
   * to hold something: one it names no more is not flat for that.
   */
  const openAccounts = (): readonly AccountBook[] => {
    const named = bridge?.hello?.accounts.map(({ name }) => name)
    const held = new Set(counted().filter(mayHold))
    return [...books.values()].filter(
      (account) => held.has(account) || (named?.includes(account.name) ?? account.truth().heardAt > 0),
    )
  }

  return {
    /** Begins a book with nothing in it. */
    open: (book: string): void => {
      current = book
      books.clear()
      prices.clear()
      cash.clear()
      bridge = undefined
      legacyAt = undefined
      known = false
      moved++
      settleState([], 'never-seen')
    },
    /** Puts in what is stored of the open book. */
    restore: ({ fills, orders = [], foreign = [] }: Stored): void => {
      const sound = fills.filter(isSoundFill)
      for (const name of new Set([...sound, ...orders].map(({ account }) => account))) {
        const isOwn = ({ account }: { readonly account: string }): boolean => account === name
        bookOf(name).restore(sound.filter(isOwn), orders.filter(isOwn))
      }
      for (const { account, market, at } of foreign) bookOf(account).hearForeign(market, at)
      known ||= sound.length + orders.length > 0
      moved++
      look(wall())
    },
    /** Takes one event of the open book; false for another book's. Hearing an event again changes nothing. */
    hear: (event: PlatformEvent, speaker: Speaker): boolean => {
      if (speaker.book !== current) return false
      const anew = !isSameStart(bridge, speaker)
      bridge = hearBridge(bridge, event, speaker)
      if (event.kind === 'hello') greet(event, anew)
      take(event)
      const account = accountOf(event)
      if (account !== undefined) {
        lookAt(bookOf(account), wall())
        settle(wall())
      } else if (event.kind === 'hello' || event.kind === 'heartbeat') look(wall())
      return true
    },
    /** Takes the positions an older bridge shows; a whole bridge's word of the same account stands above it. */
    hearLegacy: (snapshot: Pick<Snapshot, 'account' | 'positions' | 'foreign'>, at: number): void => {
      legacyAt = wall()
      hearSnapshot({ ...snapshot, orders: [] }, at, legacyAt, true)
      look(legacyAt)
    },
    /** What older bridges showed is shown no more. */
    forgetLegacy: (): void => {
      legacyAt = undefined
      for (const account of books.values()) account.forgetLegacy()
      moved++
      settle(wall())
    },
    /**
     * Notes the feed's price (points; `at` epoch ms of the market) on what is held. Whether anything is held of the
     * contract; nothing is noted where the platform trades another market than the feed's.
     */
    onPrice: (instrument: InstrumentId, contract: number, price: number, at: number): boolean =>
      isHolding() && options.useFeed() && notePrice(instrument, contract, price, at),
    setAccounts: (accounts: readonly Account[]): void => {
      configured = new Map(accounts.map((account) => [account.name, account]))
      for (const book of books.values()) book.revalue()
      moved++
    },
    setLimits: (next: TraderLimits): void => {
      accountSize = next.accountSize
      limits = next.limits
      for (const book of books.values()) book.revalue()
      moved++
    },
    look,
    /** Takes the platform's word for an account, as the trader asked; the adjustment fills are told by `onMade`. */
    adopt: (account: string) => {
      const adopted = books.get(account)?.adopt(wall()) ?? ({ ok: false, reason: 'unknown-account' } as const)
      if (!adopted.ok) return adopted
      for (const fill of adopted.fills) onMade(fill)
      moved++
      look(wall())
      return adopted
    },
    /** Each account's sums and equity at the last price; cheap enough for every tick. */
    figures,
    /** Closed trades of the trade date in the accounts that count, the oldest first. */
    trades,
    /** The accounts the trader described. */
    accounts: (): readonly Account[] => [...configured.values()],
    /** What was decided on the trade date in the accounts that count: their closed trades, and what they hold. */
    decisions,
    /** What an account closed since its anchor: by trade date, and today's one by one. */
    past: (account: string, anchor: Account['anchor']) => bookOf(account).past(anchor, today().of),
    /** A told balance as the anchor of its whole trade date; `later` is what the platform told after it. */
    anchorOf: (account: string, told: Account['anchor'], later?: Account['anchor']): Account['anchor'] =>
      bookOf(account).anchorOf(told, later),
    /** When today's trade date began, epoch ms; while the market is shut, not before now. */
    dayStart: (): number => {
      const { of } = today()
      const opens = oneOfEachGroup.map((id) => sessionOf(specOf(id).group, of(specOf(id)))?.open ?? now())
      return Math.min(now(), ...opens)
    },
    /** What the platform last said of each account that is open there. */
    truth: (): ReadonlyMap<string, AccountTruth> =>
      new Map(openAccounts().map((account) => [account.name, account.truth()])),
    bridgeReading: readBridge,
    get bridgeState() {
      return state
    },
    /** All of a picture's account that the books know. */
    reading: () => {
      const at = wall()
      const value = valuation()
      const accounts = figures()
      const shown = [...books.values()].flatMap((account) => account.shown().map((one) => ({ account, shown: one })))
      const positions = shown.map((one) => positionReading(one.account, one.shown, value, at))
      const orders = [...books.values()].flatMap((account) =>
        account.working().map((order) => orderReading(order, configured.get(order.account))),
      )
      // Of accounts nobody has told of nothing is known: no risk would be a guess.
      const isTold =
        bridge !== undefined || legacyAt !== undefined || [...books.values()].some((one) => one.holdings.size > 0)
      const openRisk = isTold ? openRiskOf(positions, value) : undefined
      const day = dayOf(accounts)
      return {
        bridge: readBridge(),
        positions,
        orders,
        accounts,
        ...(day && { day }),
        ...(openRisk && { openRisk }),
        moved,
      }
    },
    get moved() {
      return moved
    },
  }
}
