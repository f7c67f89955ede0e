import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Money } from '#src/domain/money.ts'
import type { AccountReading, AccountStanding, KillReading, PositionReading } from '#src/domain/picture.ts'
import { type Allowance, allowanceOf, leftToday } from '#src/domain/risk/allowance.ts'
import { planName } from '#src/domain/risk/firms/presets.ts'
import { type FlatBy, flatBysOf, nextFlatBy } from '#src/domain/risk/flat-by.ts'
import { stageOf } from '#src/domain/risk/floor.ts'
import type { GateInputs } from '#src/domain/risk/gate.ts'
import { courseOf, lapsesOf } from '#src/domain/risk/guards.ts'
import type { Limits, TraderLimits } from '#src/domain/risk/limits.ts'
import type { Lock } from '#src/domain/risk/lockout.ts'
import type { NewsRule } from '#src/domain/risk/news.ts'
import { riskCap, type SizeTerms } from '#src/domain/risk/sizing.ts'
import { type StageWatch, watchStage } from '#src/domain/risk/stages.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { type Decision, isCopyOf } from '#src/domain/trading/decision.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import type {
  CommandRecord,
  PlatformCommand,
  PlatformEvent,
  Snapshot,
  Speaker,
} from '#src/domain/trading/platform-event.ts'
import { accountOn } from '#src/domain/trading/watched.ts'
import {
  agreesAlert,
  bridgeAlert,
  commandAlert,
  differsAlert,
  fillAlert,
  flatByAlert,
  killAlert,
  lapseAlert,
  lockAlert,
  nakedAlert,
  rejectedAlert,
  stageAlert,
} from './account-wording.ts'
import { type BooksOptions, createBooks, type Stored } from './books.ts'
import { createKill } from './kill.ts'
import type { Clock, SecondSourcePrice } from './ports.ts'
import { createStandings, type KeptStanding } from './standings.ts'

/** What the floor asks of the world, synchronously; what it tells must only be taken note of. */
export type FloorOutbox = {
  /** The lock an account is under, or all with ''; asked at least once a second. */
  readonly lockOf: (book: string, account: string) => Lock | undefined
  readonly onCommand: (
    command: PlatformCommand,
    to: { readonly bridge: string; readonly book: string; readonly by: string },
  ) => void
  /** A fill made here: carried in, or an adjustment. */
  readonly onMade: (fill: Fill, book: string) => void
  /** `at` is the platform's clock: an account that is reset later leaves its peak behind. */
  readonly onPeak: (account: string, tradeDate: string, peak: Money, book: string, at: number) => void
  readonly onStanding: (account: string, kept: KeptStanding, book: string) => void
  /** Which accounts are being closed ('' is all), for a start that finds the work unfinished. */
  readonly onClosing: (accounts: readonly string[], book: string) => void
  /** Another book speaks: what is stored of it is wanted. */
  readonly onBook: (book: string) => void
}

/** A floor whose wishes nobody hears. */
export const deafOutbox: FloorOutbox = {
  lockOf: () => undefined,
  onCommand: () => {},
  onMade: () => {},
  onPeak: () => {},
  onStanding: () => {},
  onClosing: () => {},
  onBook: () => {},
}

type Peak = { readonly peak: Money; readonly at: number }

/** A book as stored. */
export type StoredBook = Stored & {
  readonly book: string
  readonly accounts: readonly Account[]
  /** The highest equity of each account since its anchor, and when it was reached by the platform's clock. */
  readonly peaks: ReadonlyMap<string, Peak>
  readonly standings: ReadonlyMap<string, KeptStanding>
  readonly closing: readonly string[]
}

type Options = {
  readonly clock: Clock
  readonly accountSize: Money
  readonly limits: Limits
  /** The trader's own flat-by, minutes after midnight New York. */
  readonly flatBy: number
  /** Whether the feed shows the market a platform trades: a simulator's is the synthetic one, a real one's the live. */
  readonly sharesMarket: (simulator: boolean) => boolean
  readonly feedPrice: BooksOptions['feedPrice']
  readonly cardOf: (instrument: InstrumentId, contract: string) => FocusCard | undefined
  readonly raise: (alert: NewAlert) => void
  readonly hearSecond: (price: SecondSourcePrice) => void
  /** Something of the accounts changed. */
  readonly changed: () => void
  readonly outbox: FloorOutbox
}

const waitingAtMost = 5_000
/** A process that itself stood still for this long heard nobody: first it listens to what waits, then it calls silence. */
const deafMs = 1_000
/** Minutes before a flat-by at which what is open is told of, the nearest first. */
const flatByWarnings = [0, 5, 15]

const byHeadroom = (a: AccountStanding, b: AccountStanding): number => leftOf(a).money - leftOf(b).money

/** The open decision a position belongs to. */
const decisionOf = (decisions: readonly Decision[], { instrument, quantity, since }: PositionReading) => {
  const trade = { instrument, side: quantity > 0 ? 'long' : 'short', openedAt: since } as const
  return decisions.findLast((one) => one.isOpen && one.openedAt <= since && isCopyOf(one, trade))
}

const openOf = (decisions: readonly Decision[]): number => decisions.filter(({ isOpen }) => isOpen).length

/** The nearest of an account's limits; of one that was touched nothing is left before its reset. */
const leftOf = ({ standing: { daily, headroom, stage } }: AccountStanding) => {
  const left = leftToday(daily)
  return daily !== undefined && left !== undefined && left < headroom
    ? ({ what: 'daily-loss', money: left, stage: daily.stage } as const)
    : ({ what: 'drawdown', money: headroom, stage } as const)
}

export type Floor = ReturnType<typeof createFloor>

/** The trading floor: what the platform holds, what each account may still lose, and getting flat. */
export const createFloor = (options: Options) => {
  const { clock, raise, hearSecond, changed, outbox } = options
  let { accountSize, limits } = options
  let speaker: Speaker | undefined
  let book = 'real'
  /** Until the first book is open, what is said waits. */
  let isOpen = false
  let wanted: string | undefined
  const waiting: { readonly events: readonly PlatformEvent[]; readonly speaker: Speaker }[] = []
  let peaks = new Map<string, Peak>()
  let kept = new Map<string, KeptStanding>()
  let commands: readonly CommandRecord[] = []
  let accounts: readonly AccountStanding[] = []
  /** The accounts as kept: one that leaves the watch says when. */
  let described: readonly Account[] = []
  let tradeDate = ''
  let ownWatch: StageWatch | undefined
  /** Prices moved what is open: shown with the next look, reckoned at once. */
  let priced = false
  /** Something was bought or sold since the guards were last asked. */
  let filled = false
  /** Counts what is worth showing at once and is not in the books: locks, getting flat. */
  let turns = 0
  const locksTold = new Map<string, number>()
  /** Keys of what was told of lapses and flat-bys. */
  let told = new Set<string>()
  let lookedAt = clock.wall()
  let deafUntil = 0

  const at = (): number => clock.now()
  /** The platform's clock: a simulator lives in the market shown, a real one by the machine whatever market that is. */
  const platformNow = (): number => (book === 'real' ? clock.wall() : clock.now())
  const lockOf = (account: string): Lock | undefined => outbox.lockOf(book, account)
  const isReachable = (): boolean => ['in-sync', 'settling', 'differs'].includes(books.bridgeState)

  const books = createBooks({
    now: platformNow,
    wall: clock.wall,
    accountSize,
    limits,
    useFeed: () => options.sharesMarket(speaker?.simulator ?? false),
    feedPrice: options.feedPrice,
    cardOf: options.cardOf,
    stackCap: () => allowance().money,
    events: {
      onFill: (fill) => {
        date(fill)
        raise(fillAlert(fill, at()))
        filled = true
      },
      onMade: (fill) => {
        date(fill)
        outbox.onMade(fill, book)
      },
      onTradeClosed: () => {},
      onOrderRejected: (order) => raise(rejectedAlert(order, at())),
      onNaked: (naked) => raise(nakedAlert(naked.account, naked.contract, at())),
      onBridge: (state, before, differences) => {
        if (state === 'silent') raise(bridgeAlert(false, at()))
        else if (before === 'silent') raise(bridgeAlert(true, at()))
        if (state === 'differs') raise(differsAlert(differences, at()))
        else if (before === 'differs' && state === 'in-sync') raise(agreesAlert(at()))
      },
    },
  })

  const standings = createStandings({
    past: ({ name, anchor }) => {
      const dayStart = books.dayStart()
      const known = peaks.get(name)
      const peak = known && known.at >= anchor.at ? known.peak : undefined
      const stored = kept.get(name)
      return {
        ...books.past(name, anchor),
        dayStart,
        ...(peak !== undefined && { peak }),
        ...(stored && { kept: stored }),
      }
    },
    onPeak: (account, peak) => {
      const reached = platformNow()
      peaks.set(account, { peak, at: reached })
      outbox.onPeak(account, tradeDate, peak, book, reached)
    },
    onStanding: (account, standing) => {
      kept.set(account, standing)
      outbox.onStanding(account, standing, book)
    },
    onStage: ({ alias }, what, stage, left) => raise(stageAlert(alias, what, stage, left, tradeDate, at())),
  })

  const tellOnce = (alert: NewAlert): void => {
    if (told.has(alert.key)) return
    told.add(alert.key)
    raise(alert)
  }

  /** What the open decisions are to be asked. */
  const lapseAlerts = (): readonly NewAlert[] => {
    const decisions = books.decisions()
    return decisions
      .filter((one) => one.isOpen)
      .flatMap((one) => lapsesOf(decisions, one, limits).map((lapse) => lapseAlert(one, lapse, at())))
  }

  const date = ({ account, instrument, at: filledAt }: Fill): void =>
    standings.hear(account, { at: filledAt, tradeDate: dateOfBar(specOf(instrument).group, filledAt) })

  const tellKill = (reading: KillReading): void => {
    turns++
    if (reading.state !== 'off') raise(killAlert(reading, at()))
    changed()
  }
  const kill = createKill({
    wall: clock.wall,
    truth: () => books.truth(),
    reachable: isReachable,
    issue: (command, by) => {
      if (speaker !== undefined) outbox.onCommand(command, { bridge: speaker.bridge, book, by })
    },
    onAims: (accounts) => {
      outbox.onClosing(accounts, book)
    },
    onChange: tellKill,
  })

  const toStanding = (figure: ReturnType<typeof books.figures>[number]): readonly AccountStanding[] => {
    const { account, balance, openNet, exitFees, name } = figure
    if (account === undefined || balance === undefined) return []
    const lock = lockOf(name)
    const limit = account.rules.maxExecutionsPerDay
    return [
      {
        name,
        alias: account.alias,
        kind: account.kind,
        firm: planName(account.firm),
        watched: account.watched,
        ...(account.unwatchedFrom !== undefined && { unwatchedFrom: account.unwatchedFrom }),
        standing: standings.step({ account, balance, openNet, exitFees }, platformNow(), tradeDate),
        dayNet: figure.dayNet,
        openNet,
        fees: figure.fees,
        entryFees: figure.entryFees,
        trades: figure.trades,
        contracts: figure.contracts,
        ...(limit !== undefined && { executions: { made: figure.executions, due: figure.openTrades, limit } }),
        ...(figure.platformCash !== undefined && { platformCash: figure.platformCash }),
        ...(lock && { lockedUntil: lock.until }),
        unvalued: figure.unvalued,
        naked: figure.naked,
      },
    ]
  }

  const dayNet = (): Money => accounts.reduce((sum, each) => (each.watched ? sum + each.dayNet : sum), 0)

  /** The trader's own limit over all accounts. */
  const ownLoss = (): NonNullable<AccountReading['ownLoss']> => {
    const lost = -dayNet()
    const { dailyLoss: limit } = limits
    return { limit, left: limit - lost, stage: stageOf(Math.max(0, lost), limit) }
  }

  /** It goes through the same stages as a firm's. */
  const watchOwnLimit = (): void => {
    const { left, stage } = ownLoss()
    const { watch, crossing } = watchStage(ownWatch, stage, tradeDate)
    ownWatch = watch
    if (crossing) raise(stageAlert('All accounts', 'own daily loss limit', crossing.to, left, tradeDate, at()))
  }

  /** What one more trade may lose now, whichever account it is made in. */
  const allowance = (): Allowance =>
    allowanceOf(
      { accountSize, limits },
      accounts.flatMap(({ watched, standing }) => (watched ? [standing] : [])),
      limits.dailyLoss + Math.min(0, dayNet()),
    )

  /** Reckons every account at the last prices; cheap enough for every tick. */
  const value = (): void => {
    accounts = books.figures().flatMap(toStanding).sort(byHeadroom)
    if (accounts.length > 0) watchOwnLimit()
  }
  const reckon = (): void => {
    value()
    changed()
  }

  /**
   * A trade date ends at 18:00 New York, a holiday's with the next, as it does in the books: what rules count at its end is
   * counted then.
   */
  const turnDay = (): void => {
    const today = dateOfBar('equity', platformNow())
    if (tradeDate !== '' && today > tradeDate)
      for (const { account, balance, openNet } of books.figures())
        if (account && balance !== undefined) standings.close({ account, balance, openNet }, tradeDate)
    if (tradeDate === today) return
    tradeDate = today
    watchAccounts()
  }

  /** What counts is what is watched on this trade date. */
  const watchAccounts = (): void => books.setAccounts(described.map((account) => accountOn(account, tradeDate)))

  const take = (event: PlatformEvent): void => {
    if (event.kind !== 'price') return
    const { instrument, contract, last, at: eventTime, receivedAt } = event
    if (!speaker?.simulator)
      hearSecond({ source: 'NinjaTrader', instrument, contract, price: last, eventTime, receivedTime: receivedAt })
  }

  const hear = (events: readonly PlatformEvent[], from: Speaker): void => {
    if (!isOpen || from.book !== book) return void wantBook(events, from)
    speaker = from
    // Whatever waited while this machine slept: the day before ends with what was known of it.
    turnDay()
    for (const event of events) {
      books.hear(event, from)
      take(event)
    }
    kill.look()
    if (filled) lapseAlerts().forEach(tellOnce)
    filled = false
    reckon()
  }

  /** A real platform outranks a simulator; of two of a kind the newer one speaks. */
  const wantBook = (events: readonly PlatformEvent[], from: Speaker): void => {
    if (from.simulator && speaker !== undefined && !speaker.simulator && isReachable()) return
    waiting.push({ events, speaker: from })
    if (waiting.length > waitingAtMost) waiting.shift()
    if (wanted === from.book) return
    wanted = from.book
    outbox.onBook(from.book)
  }

  /** A lock is told once; one that ends later is another. */
  const tellLocks = (): void => {
    for (const account of ['', ...accounts.map(({ name }) => name)]) {
      const lock = lockOf(account)
      if (lock === undefined || lock.account !== account || lock.until <= (locksTold.get(account) ?? 0)) continue
      locksTold.set(account, lock.until)
      raise(lockAlert(account, lock.until, lock.reason, at()))
    }
  }

  /** What came of a command is told where it came to nothing; of the past nothing is. */
  const tellCommand = ({ command, state, reason }: CommandRecord): void => {
    const before = commands.find((one) => one.command.id === command.id)
    if (before === undefined || before.state === state) return
    if (state === 'failed')
      raise(commandAlert(command, `failed: ${(reason ?? 'no reason').replaceAll('-', ' ')}`, at()))
    if (state === 'unknown') raise(commandAlert(command, 'was not answered: look at NinjaTrader', at()))
  }

  const flatBys = (): readonly FlatBy[] =>
    tradeDate === '' ? [] : flatBysOf(easternMs(tradeDate, options.flatBy), accounts)

  /** What must be flat by then: all that counts where the trader wants it, else what the firms' accounts hold. */
  const concerned = ({ at: by, account }: FlatBy, positions: readonly PositionReading[]): readonly PositionReading[] =>
    positions.filter((held) => {
      const of = accounts.find(({ name }) => name === held.account)
      return of?.watched !== false && (account === undefined || of?.standing.flatByAt === by)
    })

  const tellFlatBy = (): void => {
    const now = platformNow()
    for (const flatBy of flatBys()) {
      const left = flatBy.at - now
      const minutes = flatByWarnings.find((each) => left <= each * minuteMs)
      const held = minutes === undefined ? [] : concerned(flatBy, books.reading().positions)
      if (minutes !== undefined && held.length > 0) tellOnce(flatByAlert(flatBy, minutes, left, held, at()))
    }
  }

  const readFlatBy = (positions: readonly PositionReading[]): AccountReading['flatBy'] => {
    const now = platformNow()
    const all = flatBys()
    const next = nextFlatBy(all, now)
    const passed = all.findLast((flatBy) => flatBy.at <= now && concerned(flatBy, positions).length > 0)
    return next && { ...next, left: next.at - now, ...(passed && { passed }) }
  }

  /** What is held, with what the decision behind it is to be asked. */
  const askWhy = (position: PositionReading): PositionReading => {
    const decisions = books.decisions()
    const decision = decisionOf(decisions, position)
    const lapses = decision ? lapsesOf(decisions, decision, limits) : []
    return lapses.length === 0 ? position : { ...position, lapses: lapses.map(({ words }) => words) }
  }

  /** The nearest limit of all: an account's by its firm, or the trader's own. */
  const nearest = (): Pick<AccountReading, 'nearest' | 'ownLoss'> => {
    const one = accounts.find(({ watched }) => watched)
    if (one === undefined) return {}
    const own = ownLoss()
    const firm = { account: one.alias, ...leftOf(one) }
    const { left: money, stage } = own
    return {
      ownLoss: own,
      nearest: money < firm.money ? { account: 'all accounts', what: 'own-daily-loss', money, stage } : firm,
    }
  }

  const lockOfAll = (): Lock | undefined => {
    const watched = accounts.filter((each) => each.watched)
    const each = watched.map(({ name }) => lockOf(name))
    return lockOf('') ?? (each.length > 0 && each.every((lock) => lock !== undefined) ? each[0] : undefined)
  }

  return {
    hear,
    /** What is stored of a book: from here on it is the one that counts. */
    open: (stored: StoredBook): void => {
      // What was asked for before any book was open was meant for this one.
      const asked = isOpen ? [] : kill.aims()
      isOpen = true
      book = stored.book
      if (speaker?.book !== book) speaker = undefined
      tradeDate = ''
      if (wanted === book) wanted = undefined
      books.open(book)
      standings.clear()
      peaks = new Map(stored.peaks)
      kept = new Map(stored.standings)
      described = stored.accounts
      books.setAccounts(described)
      books.restore(stored)
      turnDay()
      // What stands from before was told before.
      told = new Set(lapseAlerts().map(({ key }) => key))
      kill.resume([...new Set([...stored.closing, ...asked])], clock.wall())
      const due = waiting.splice(0)
      for (const { events, speaker: from } of due) hear(events, from)
      reckon()
    },
    hearLegacy: (snapshot: Pick<Snapshot, 'account' | 'positions' | 'foreign'>): void => {
      books.hearLegacy(snapshot, at())
      reckon()
    },
    forgetLegacy: (): void => {
      books.forgetLegacy()
      reckon()
    },
    /** A price of the feed; what is not held costs nothing. */
    onPrice: (instrument: InstrumentId, contract: number, price: number, eventTime: number): void => {
      if (!books.onPrice(instrument, contract, price, eventTime)) return
      value()
      priced = true
    },
    setAccounts: (next: readonly Account[]): void => {
      described = next
      watchAccounts()
      standings.revalue()
      reckon()
    },
    setLimits: (next: TraderLimits): void => {
      accountSize = next.accountSize
      limits = next.limits
      books.setLimits(next)
      standings.revalue()
      reckon()
    },
    /** The trader locked himself: shown at once. */
    locked: (): void => {
      turns++
      tellLocks()
      reckon()
    },
    setCommands: (next: readonly CommandRecord[]): void => {
      for (const record of next) tellCommand(record)
      commands = next
      changed()
    },
    flatten: kill.flatten,
    /** Asks the platform for something; false while none speaks. */
    ask: (command: PlatformCommand, by: string): boolean => {
      if (speaker === undefined) return false
      outbox.onCommand(command, { bridge: speaker.bridge, book, by })
      return true
    },
    /** Every account the platform named. */
    accountNames: (): readonly string[] => books.figures().map(({ name }) => name),
    anchorOf: books.anchorOf,
    adopt: (account: string) => {
      const adopted = books.adopt(account)
      reckon()
      return adopted
    },
    /** Looks at what ripens by time alone; four times a second. */
    look: (): void => {
      const now = clock.wall()
      if (now - lookedAt > deafMs) deafUntil = now + deafMs
      lookedAt = now
      const before = books.moved
      turnDay()
      if (now >= deafUntil) books.look(now)
      kill.look()
      if (books.moved !== before) reckon()
      else if (priced) changed()
      priced = false
    },
    /** Once a second: locks end, cooldowns end, ages grow. */
    onSecond: (): void => {
      reckon()
      tellFlatBy()
    },
    allowance,
    /** Whether any account is known. */
    isHeard: (): boolean => accounts.length > 0,
    /** What sizes in a market are reckoned by, as the trader's settings stand. */
    sizedBy: (instrument: InstrumentId): SizeTerms => ({
      cap: riskCap(accountSize, limits.riskShare),
      fee: limits.fees[instrument],
    }),
    get limits() {
      return limits
    },
    /** What the firms of the watched accounts ask around news. */
    newsRules: (): readonly NewsRule[] =>
      books.accounts().flatMap(({ watched, rules }) => (watched && rules.news ? [rules.news] : [])),
    gateInputs: (): Pick<
      GateInputs,
      'bridge' | 'hasAccounts' | 'accounts' | 'dayNet' | 'openTrades' | 'course' | 'limits' | 'lock' | 'kill'
    > => {
      const { state, differences, simulator } = books.bridgeReading()
      const decisions = books.decisions()
      const words = state === 'differs' ? differences.join('; ') : undefined
      return {
        bridge: { state, detail: words, simulator, sharesMarket: options.sharesMarket(simulator) },
        hasAccounts: accounts.length > 0,
        accounts: accounts.filter(({ watched }) => watched),
        dayNet: dayNet(),
        openTrades: openOf(decisions),
        course: courseOf(decisions, limits),
        limits,
        lock: lockOfAll(),
        // Once flat, what keeps the trader out is his lock; a single account that was closed keeps nobody out.
        kill: kill.reading.state === 'flat' ? 'off' : kill.reading.state,
      }
    },
    reading: (): AccountReading => {
      const { bridge, positions, orders, day, openRisk, moved } = books.reading()
      const lock = lockOf('')
      const flatBy = readFlatBy(positions)
      const decisions = books.decisions()
      const { cooldownUntil, trades, lossesInRow } = courseOf(decisions, limits)
      return {
        book,
        bridge: { ...bridge, commands },
        accountSize,
        limits,
        positions: positions.map(askWhy),
        orders,
        accounts,
        ...(day && { day }),
        ...nearest(),
        ...(openRisk && { openRisk }),
        kill: kill.reading,
        ...(lock && { lockedUntil: lock.until }),
        course: { open: openOf(decisions), trades, lossesInRow },
        ...(cooldownUntil !== undefined && cooldownUntil > at() && { cooldownUntil }),
        ...(flatBy && { flatBy }),
        moved: moved + turns,
      }
    },
  }
}
