import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Money } from '#src/domain/money.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { adjust, carry } from '#src/domain/trading/adopt.ts'
import { type DayTally, netOf, tallyDay, tradesOf } from '#src/domain/trading/day.ts'
import type { Terms } from '#src/domain/trading/fees.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { heldAfter, type Line, notePrice, record, recordAnew } from '#src/domain/trading/ledger.ts'
import type { Uncovered } from '#src/domain/trading/naked.ts'
import type { Order } from '#src/domain/trading/order.ts'
import type { HeldPosition, Snapshot } from '#src/domain/trading/platform-event.ts'
import { applyDeal, flat, type Position } from '#src/domain/trading/position.ts'
import { type Agreement, agreed, differencesOf, judge } from '#src/domain/trading/reconcile.ts'
import { type MeasuredTrade, measure, noteStop, type Sighting, startStop } from '#src/domain/trading/start-risk.ts'
import { nothingHeld, type OpenTrade, type Trade } from '#src/domain/trading/trade.ts'
import { createAccountOrders } from './account-orders.ts'
import { createForeignMarkets } from './foreign-markets.ts'
import type { AccountTruth } from './kill.ts'

/** A platform tells an account's positions at least every 5 s; silent for three times that, they are not known. */
const snapshotMs = 15_000
/** What is held at the first look waits this long for the executions that explain it. */
const carriedMs = 3_000

/** One contract in one account. */
export type HoldingBook = {
  readonly spec: ContractSpec
  readonly instrument: InstrumentId
  readonly contract: number
  lines: readonly Line[]
  stops: readonly Sighting[]
  /** The card of the contract when the trade began, by the trade's id. */
  readonly cards: Map<string, FocusCard>
  /** Wall clock of its newest fill. */
  filledAt: number
  uncovered: Uncovered
  nakedTold: boolean
}

/** What an account holds of a contract, and on whose word: the books', or the platform's where the two differ. */
export type Shown = {
  readonly book: HoldingBook
  readonly position: Position
  /** Platform's clock. */
  readonly since: number
  readonly word: 'ledger' | 'platform' | 'legacy'
}

type Told = {
  readonly snapshot: Snapshot
  readonly at: number
  readonly wall: number
  readonly legacy: boolean
}

type Deps = {
  readonly name: string
  readonly terms: () => Terms
  /** The instant of the balance the trader told of the account; fills from then on count. */
  readonly anchorAt: () => number
  readonly cardOf: (instrument: InstrumentId, contract: number) => FocusCard | undefined
}

const sameHeld = (a: readonly HeldPosition[], b: readonly HeldPosition[]): boolean =>
  a.length === b.length &&
  a.every((held) =>
    b.some(
      (other) =>
        other.instrument === held.instrument && other.contract === held.contract && other.quantity === held.quantity,
    ),
  )

/** The trade date of each market, and a key that is another one on other dates. */
export type TradeDates = { readonly of: (spec: ContractSpec) => string; readonly key: string }

const linesOn = (lines: readonly Line[], date: string): readonly Line[] =>
  lines.filter(({ tradeDate }) => tradeDate === date)

const movedTally = (tally: DayTally, gone: DayTally, come: DayTally): DayTally => ({
  closed: tally.closed - gone.closed + come.closed,
  fees: tally.fees - gone.fees + come.fees,
  trades: tally.trades - gone.trades + come.trades,
  executions: tally.executions - gone.executions + come.executions,
  traded: tally.traded - gone.traded + come.traded,
})

/** What had been paid by `since` for getting into what was open then: a balance told at that instant has it taken off. */
const paidBy = (lines: readonly Line[], since: number): Money =>
  lines.findLast(({ fill }) => fill.at < since)?.held.position.fees ?? 0

const earnedIn = (lines: readonly Line[], since: number): Money => {
  let net = 0
  for (const line of lines) if (line.closing !== undefined && line.fill.at >= since) net += netOf(line)
  return net
}

type Anchor = Account['anchor']

/** The memory of one account: its fills, its orders, and what the platform says it holds. Never throws. */
export const createAccountBook = ({ name, terms, anchorAt, cardOf }: Deps) => {
  const holdings = new Map<string, HoldingBook>()
  const orders = createAccountOrders()
  const foreign = createForeignMarkets(name, anchorAt)
  const executionIds = new Set<string>()
  const closedIds = new Set<string>()
  const since = new Map<string, { readonly side: number; readonly at: number }>()
  let first: Told | undefined
  let told: Told | undefined
  /** Wall clock since when a bridge that began anew owes the account's positions. */
  let awaitedSince: number | undefined
  let executedAt = Number.NEGATIVE_INFINITY
  /** Wall clock of the last execution or order. */
  let busyAt = Number.NEGATIVE_INFINITY
  let agreement: Agreement = agreed
  let differences: readonly string[] = []
  let unheld = true
  let lastShown: { readonly state: Agreement['state']; readonly holdings: readonly Shown[] } | undefined
  let tallied: { readonly dates: TradeDates; readonly tally: DayTally } | undefined
  let earned: { readonly anchorAt: number; readonly net: Money } | undefined
  let dayTrades: { readonly dates: TradeDates; readonly trades: readonly Trade[] } | undefined
  /** By the stops and cards known: a trade is measured once. */
  let measures = new WeakMap<Trade, MeasuredTrade>()

  const holdingOf = (instrument: InstrumentId, contract: number): HoldingBook => {
    const key = `${instrument} ${contract}`
    const known = holdings.get(key)
    if (known !== undefined) return known
    const created: HoldingBook = {
      spec: specOf(instrument),
      instrument,
      contract,
      lines: [],
      stops: [],
      cards: new Map(),
      filledAt: Number.NEGATIVE_INFINITY,
      uncovered: undefined,
      nakedTold: false,
    }
    holdings.set(key, created)
    return created
  }

  const positionOf = (book: HoldingBook): Position => book.lines.at(-1)?.held.position ?? flat
  const allLines = (): readonly Line[] => [...holdings.values()].flatMap(({ lines }) => lines)

  const recompare = (): void => {
    lastShown = undefined
    unheld = [...holdings.values()].every((book) => positionOf(book).quantity === 0)
    if (told === undefined || told.legacy) {
      differences = foreign.words(undefined)
      return
    }
    const held = [...holdings.values()].map((book) => ({ ...book, quantity: positionOf(book).quantity }))
    differences = [...differencesOf(told.snapshot, held, orders.all()), ...foreign.words(told.snapshot)]
  }

  /** Closed net since an instant, the entries that had been paid by then given back. */
  const earnedFrom = (at: number): Money =>
    [...holdings.values()].reduce((sum, { lines }) => sum + earnedIn(lines, at) + paidBy(lines, at), 0)

  /** Whether fills of an anchor's very millisecond came after it: with them it comes to the cash the platform told later. */
  const tiesFollow = ({ balance, at }: Anchor, later: Anchor | undefined): boolean =>
    later !== undefined && balance + earnedFrom(at) - earnedFrom(later.at + 1) === later.balance

  const tradesOn = ({ of }: TradeDates, lines: readonly Line[]): readonly Trade[] =>
    tradesOf(lines).filter((trade) => trade.tradeDate === of(specOf(trade.instrument)))

  /** Trades that close after all others only join them. */
  const moveTrades = (gone: readonly Line[], come: readonly Line[]): void => {
    if (dayTrades === undefined) return
    const { dates, trades } = dayTrades
    const more = tradesOn(dates, come)
    const last = trades.at(-1)?.closedAt ?? Number.NEGATIVE_INFINITY
    const joins = gone.length === 0 && more.every(({ closedAt }) => closedAt > last)
    dayTrades = joins ? { dates, trades: [...trades, ...more] } : undefined
  }

  const forgetSums = (): void => {
    tallied = undefined
    earned = undefined
    dayTrades = undefined
  }

  /** A fill changes the lines from its place on: the sums change by what these were and are, whatever was before them. */
  const moveSums = ({ spec, lines: after }: HoldingBook, before: readonly Line[]): void => {
    // Mostly nothing was changed: then the last line, which hangs on all others, is the very same.
    const isLonger = before.at(-1) === after[before.length - 1]
    const from = isLonger ? before.length : before.findIndex((line, i) => line !== after[i])
    const [gone, come] = [before.slice(from), after.slice(from)]
    moveTrades(gone, come)
    if (earned !== undefined && [...gone, ...come].some(({ fill }) => fill.at < (earned?.anchorAt ?? 0)))
      earned = undefined
    if (earned !== undefined) {
      const { anchorAt, net } = earned
      earned = { anchorAt, net: net - earnedIn(gone, anchorAt) + earnedIn(come, anchorAt) }
    }
    if (tallied !== undefined) {
      const { dates, tally } = tallied
      const ofDate = (lines: readonly Line[]): DayTally => tallyDay(linesOn(lines, dates.of(spec)))
      tallied = { dates, tally: movedTally(tally, ofDate(gone), ofDate(come)) }
    }
  }

  const write = (fills: readonly Fill[], wall: number): readonly Fill[] => {
    const fresh = fills.filter(({ executionId }) => !executionIds.has(executionId) && executionIds.add(executionId))
    const bookOf = ({ instrument, contract }: Fill): HoldingBook => holdingOf(instrument, contract)
    for (const book of new Set(fresh.map(bookOf))) {
      const own = fresh.filter((fill) => bookOf(fill) === book)
      const before = book.lines
      book.lines = record(book.spec, before, own, terms())
      book.filledAt = wall
      moveSums(book, before)
    }
    if (fresh.length > 0) recompare()
    return fresh
  }

  const cardStop = (book: HoldingBook, trade: Pick<Trade, 'id' | 'side'>): number | undefined => {
    const card = book.cards.get(trade.id)
    return card?.bias === trade.side ? card.bracket?.stop : undefined
  }

  const startStopOf = (book: HoldingBook, trade: Trade | OpenTrade): number | undefined =>
    startStop(trade, book.stops, cardStop(book, trade))

  const measured = (trade: Trade): MeasuredTrade => {
    const known = measures.get(trade)
    if (known !== undefined) return known
    const book = holdingOf(trade.instrument, trade.contract)
    const made = measure(book.spec, trade, startStopOf(book, trade))
    measures.set(trade, made)
    return made
  }

  /** Trades of lines not told before; one that a late fill has changed is not told again. */
  const newlyClosed = (lines: readonly Line[]): readonly MeasuredTrade[] =>
    tradesOf(lines)
      .filter(({ id }) => !closedIds.has(id) && closedIds.add(id))
      .map(measured)

  /** Keeps the card of the moment a trade begins: it may be drawn anew while the trade runs. */
  const noteCard = (book: HoldingBook, { executionId }: Fill): void => {
    const begins = book.lines.at(-1)?.held.trade?.id === executionId
    const card = begins ? cardOf(book.instrument, book.contract) : undefined
    if (card !== undefined) book.cards.set(executionId, card)
  }

  const noteStopOf = (order: Order): void => {
    const book = holdingOf(order.instrument, order.contract)
    const stops = noteStop(book.stops, order)
    if (stops === book.stops) return
    book.stops = stops
    measures = new WeakMap()
  }

  const takeOrder = (order: Order): boolean => {
    noteStopOf(order)
    return orders.take(order)
  }

  const noteSince = ({ positions }: Snapshot, at: number): void => {
    const keys = new Map(positions.map((held) => [`${held.instrument} ${held.contract}`, Math.sign(held.quantity)]))
    for (const key of since.keys()) if (!keys.has(key)) since.delete(key)
    for (const [key, side] of keys) if (since.get(key)?.side !== side) since.set(key, { side, at })
  }

  const platformShown = (held: HeldPosition, word: 'platform' | 'legacy', at: number): Shown => {
    const book = holdingOf(held.instrument, held.contract)
    const fee = terms().fees[held.instrument] * Math.abs(held.quantity)
    const ticks = held.averagePrice * book.spec.ticksPerPoint
    const { position } = applyDeal(book.spec, flat, { quantity: held.quantity, ticks, fee })
    return { book, position, since: since.get(`${held.instrument} ${held.contract}`)?.at ?? at, word }
  }

  const ledgerShown = (book: HoldingBook): readonly Shown[] => {
    const { position, trade } = book.lines.at(-1)?.held ?? nothingHeld
    return trade === undefined ? [] : [{ book, position, since: trade.openedAt, word: 'ledger' }]
  }

  /** Where the two differ, what the platform holds is what can lose money. */
  const show = (): readonly Shown[] => {
    if (told?.legacy) return told.snapshot.positions.map((held) => platformShown(held, 'legacy', told?.at ?? 0))
    if (told === undefined || agreement.state !== 'differs') return [...holdings.values()].flatMap(ledgerShown)
    const { snapshot, at } = told
    const ofPlatform = new Map(snapshot.positions.map((held) => [holdingOf(held.instrument, held.contract), held]))
    return [...holdings.values()].flatMap((book) => {
      const held = ofPlatform.get(book)
      if ((held?.quantity ?? 0) === positionOf(book).quantity) return ledgerShown(book)
      return held === undefined ? [] : [platformShown(held, 'platform', at)]
    })
  }

  /** Holdings as they are shown. */
  const shown = (): readonly Shown[] => {
    if (lastShown?.state !== agreement.state) lastShown = { state: agreement.state, holdings: show() }
    return lastShown.holdings
  }

  /** The trade a shown holding belongs to, with the prices seen until now; none where it is the platform's word alone. */
  const tradeOf = ({ book, word }: Shown): OpenTrade | undefined => {
    const line = word === 'ledger' ? book.lines.at(-1) : undefined
    return line && heldAfter(book.spec, line).trade
  }

  const wholeWord = (): Told | undefined => (told?.legacy ? undefined : told)

  /** Whether what was held at the first look, unexplained by any execution, is still waited for. */
  const mayBeCarried = (): boolean =>
    executionIds.size === 0 &&
    first !== undefined &&
    told !== undefined &&
    !told.legacy &&
    told.snapshot.positions.length > 0 &&
    sameHeld(first.snapshot.positions, told.snapshot.positions)

  return {
    name,
    holdings,
    working: orders.working,
    shown,
    tradeOf,
    startStopOf,
    measured,
    get agreement() {
      return agreement
    },
    /** Whether the ledger holds nothing: prices need not be noted. */
    get unheld() {
      return unheld
    },
    /** Stored fills and order words in the order stored; nothing is told of them. */
    restore: (fills: readonly Fill[], words: readonly Order[]): void => {
      write(fills, Number.NEGATIVE_INFINITY)
      for (const order of words) takeOrder(order)
      newlyClosed(allLines())
      recompare()
    },
    /** The trades a fill has closed; undefined for an execution already known. */
    hearFill: (fill: Fill, wall: number): readonly MeasuredTrade[] | undefined => {
      const book = holdingOf(fill.instrument, fill.contract)
      const before = book.lines
      if (write([fill], wall).length === 0) return undefined
      executedAt = wall
      busyAt = wall
      noteCard(book, fill)
      return newlyClosed(book.lines.filter((line, i) => line !== before[i]))
    },
    /** An execution in a market the product does not know; `at` is the platform's clock, `wall` absent for a stored one. */
    hearForeign: (market: string, at: number, wall = Number.NEGATIVE_INFINITY): void => {
      executedAt = Math.max(executedAt, wall)
      busyAt = Math.max(busyAt, wall)
      foreign.note(market, at)
      recompare()
    },
    /** Whether the word was new, and whether it newly says that the order was rejected. */
    hearOrder: (order: Order, wall: number): { readonly changed: boolean; readonly rejected: boolean } => {
      const before = orders.stateOf(order.orderId)
      const changed = takeOrder(order)
      if (changed) {
        busyAt = wall
        recompare()
      }
      return { changed, rejected: changed && order.state === 'rejected' && before !== 'rejected' }
    },
    /** Whether the snapshot holds anything else than the one before. A legacy one never replaces a whole one. */
    hearSnapshot: (snapshot: Snapshot, at: number, wall: number, legacy = false): boolean => {
      if (legacy && told !== undefined && !told.legacy) return false
      const before = told?.snapshot
      told = { snapshot, at, wall, legacy }
      if (!legacy) first ??= told
      if (!legacy) foreign.noteHeld(snapshot, at)
      awaitedSince = undefined
      noteSince(snapshot, at)
      snapshot.orders.forEach(noteStopOf)
      const changed = orders.takeAll(snapshot.orders)
      recompare()
      return changed || before === undefined || !sameHeld(before.positions, snapshot.positions)
    },
    /** The platform or its connection began anew at a wall-clock time: what it said before is no longer its word. */
    await: (wall: number, anew: boolean): void => {
      awaitedSince = wall
      if (anew) orders.owe()
    },
    /**
     * Judges what does not agree by its age; a bridge is heard without a break since `heardSince`. What was held before the
     * books began is carried in, unless the bridge still has executions to send; the fills made so are returned.
     */
    look: (wall: number, heardSince: number, waiting: number): readonly Fill[] => {
      if (mayBeCarried()) {
        const ripe = first !== undefined && wall - first.wall >= carriedMs && waiting === 0
        agreement = { ...agreed, state: 'settling', differences }
        if (!ripe || told === undefined) return []
        const { snapshot, at } = told
        const fills = snapshot.positions.map((held) => carry(name, held, at))
        write(fills, wall)
        agreement = judge(agreed, differences, executedAt, wall)
        return fills
      }
      const owedSince = awaitedSince ?? (told?.legacy === false ? Math.max(told.wall, heardSince) : undefined)
      if (owedSince !== undefined && wall - owedSince > snapshotMs)
        agreement = { ...agreed, state: 'differs', differences: [`${name}: NinjaTrader does not tell its positions`] }
      else if (awaitedSince !== undefined) agreement = { ...agreed, state: 'settling' }
      else agreement = judge(agreement, differences, executedAt, wall)
      return []
    },
    /** Takes the platform's position and working orders for the truth; returns the adjustment fills that does. */
    adopt: (wall: number) => {
      if (told === undefined || told.legacy) return { ok: false, reason: 'no-snapshot' } as const
      if (differences.length === 0) return { ok: false, reason: 'nothing-differs' } as const
      const { snapshot, at } = told
      for (const { instrument, contract } of snapshot.positions) holdingOf(instrument, contract)
      const fills = [...holdings.values()].flatMap((book) => {
        const { spec, instrument, contract, lines } = book
        const held = snapshot.positions.find((one) => one.instrument === instrument && one.contract === contract)
        const platform = held ?? { quantity: 0, averagePrice: 0 }
        const making = {
          holding: { account: name, instrument, contract },
          at: Math.max(at, lines.at(-1)?.fill.at ?? at),
          mark: `${lines.length}`,
        }
        return adjust(spec, making, positionOf(book), platform)
      })
      orders.keepOnly(snapshot.orders)
      write(fills, wall)
      recompare()
      agreement = judge(agreed, differences, Number.NEGATIVE_INFINITY, wall)
      return { ok: true, fills } as const
    },
    /** Fees or their basis have changed: everything is reckoned anew. */
    revalue: (): void => {
      for (const book of holdings.values()) book.lines = recordAnew(book.spec, book.lines, terms())
      forgetSums()
      recompare()
    },
    /** Notes a price in ticks on what is held of a contract. */
    notePrice: (instrument: InstrumentId, contract: number, ticks: number, at: number): boolean => {
      const book = holdings.get(`${instrument} ${contract}`)
      const line = book?.lines.at(-1)
      if (book === undefined || line?.held.trade === undefined) return false
      const noted = notePrice(line, ticks, at)
      if (noted !== line) book.lines = [...book.lines.slice(0, -1), noted]
      return true
    },
    /** Sums of one trade date. */
    day: (dates: TradeDates): DayTally => {
      if (tallied?.dates.key !== dates.key) {
        const lines = [...holdings.values()].flatMap((book) => linesOn(book.lines, dates.of(book.spec)))
        tallied = { dates, tally: tallyDay(lines) }
      }
      return tallied.tally
    },
    /**
     * Closed net since an anchor, Money. What was open at the anchor had paid its entry, which its closing counts again:
     * that is given back.
     */
    earnedSince: ({ at }: Anchor): Money => {
      if (earned?.anchorAt !== at) {
        earned = { anchorAt: at, net: earnedFrom(at) }
      }
      return earned.net
    },
    /**
     * A told balance as the anchor of the whole trade date it was told on: put to that date's first fill, less what was earned
     * between. A fill of its very millisecond was in it, unless what the platform told later says otherwise.
     */
    anchorOf: (told: Anchor, later?: Anchor): Anchor => {
      const from = tiesFollow(told, later) ? told.at : told.at + 1
      const before = allLines().filter(
        ({ fill, tradeDate }) => fill.at < from && tradeDate === dateOfBar(specOf(fill.instrument).group, told.at),
      )
      if (before.length === 0) return told
      const at = Math.min(...before.map(({ fill }) => fill.at))
      return { at, balance: told.balance - earnedFrom(at) + earnedFrom(from) }
    },
    /** What the platform last said of the account: what it holds and what works for it, counted. */
    truth: (): AccountTruth => {
      const told = wholeWord()
      const strangers = told?.snapshot.foreign ?? []
      // A resting order of a market the product does not know is told as a quantity of 0 there.
      const resting = strangers.filter(({ quantity }) => quantity === 0).length
      const held = told && told.snapshot.positions.length + strangers.length - resting
      return {
        heardAt: told?.wall ?? 0,
        busyAt,
        positions: held ?? [...holdings.values()].filter((book) => positionOf(book).quantity !== 0).length,
        working: (told?.snapshot.orders ?? orders.working()).length + resting,
      }
    },
    /** What an older bridge showed is shown no more. */
    forgetLegacy: (): void => {
      if (told?.legacy) told = undefined
      recompare()
    },
    /** What was closed since an anchor: by trade date before today's, today line by line, and since any instant. Money, fees taken off. */
    past: ({ at }: Anchor, today: (spec: ContractSpec) => string) => {
      const closings = [...holdings.values()].flatMap((book) =>
        book.lines
          .filter((line) => line.closing !== undefined && line.fill.at >= at)
          .map((line) => ({ line, isToday: line.tradeDate >= today(book.spec) })),
      )
      const days = new Map<string, Money>()
      for (const { line, isToday } of closings)
        if (!isToday) days.set(line.tradeDate, (days.get(line.tradeDate) ?? 0) + netOf(line))
      return {
        days: [...days]
          .map(([tradeDate, net]) => ({ tradeDate, net }))
          .sort((a, b) => (a.tradeDate < b.tradeDate ? -1 : 1)),
        today: closings
          .filter(({ isToday }) => isToday)
          .map(({ line }) => ({ at: line.fill.at, net: netOf(line) }))
          .sort((a, b) => a.at - b.at),
        since: (instant: number): Money => earnedIn(allLines(), Math.max(at, instant)),
      }
    },
    /** Closed trades of the trade date. */
    trades: (dates: TradeDates): readonly MeasuredTrade[] => {
      if (dayTrades?.dates.key !== dates.key) dayTrades = { dates, trades: tradesOn(dates, allLines()) }
      return dayTrades.trades.map(measured)
    },
  }
}

export type AccountBook = ReturnType<typeof createAccountBook>

/** Whether a quantity and a price can be reckoned with at all: what a wire lets through, no sum may stumble over. */
export const isSound = (quantity: number, price: number): boolean =>
  Number.isSafeInteger(quantity) && quantity !== 0 && Math.abs(quantity) < 1e6 && Math.abs(price) < 1e7

/** Whether a fill can be kept: its instant lies in the years the exchange's calendar knows. */
export const isSoundFill = ({ quantity, price, at }: Fill): boolean =>
  isSound(quantity, price) && quantity > 0 && at > 1_250_000_000_000 && at < 4_100_000_000_000
