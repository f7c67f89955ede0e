import type { Logger } from 'pino'
import { z } from 'zod'
import { machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { accountsOf } from '#src/adapters/db/accounts.ts'
import { latestCommands } from '#src/adapters/db/commands.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { type EquityPeak, peaksOf, raisePeaks } from '#src/adapters/db/equity-peaks.ts'
import type { LockKeeper } from '#src/adapters/db/lock-keeper.ts'
import { fillsOf, foreignTradesOf, keepFill, ordersOf } from '#src/adapters/db/platform.ts'
import { readSetting, writeSetting } from '#src/adapters/db/settings.ts'
import type { Outbox } from '#src/adapters/ninjatrader/outbox.ts'
import type { Money } from '#src/domain/money.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import type { Account } from '#src/domain/trading/account.ts'
import type { PlatformEvent, Snapshot, Speaker } from '#src/domain/trading/platform-event.ts'
import { toldBalance } from '#src/domain/trading/told-balance.ts'
import type { Engine } from '#src/engine/engine.ts'
import type { FloorOutbox } from '#src/engine/floor.ts'
import type { KeptStanding } from '#src/engine/standings.ts'
import { readClosing, writeClosing } from './closing.ts'

/** Orders older than this are history; what works is told anew by every bridge. */
const orderDays = 3
const dayMs = 86_400_000
/** An account is taken on with the balance the platform tells; should it tell none, after this. */
const balanceWaitMs = 2_000
const shownCommands = 10

/** Written and read here alone. */
const standingsSchema = z.record(
  z.string(),
  z.custom<KeptStanding>((value) => typeof value === 'object'),
)
const standingsKey = (book: string): string => `standings:${book}`

/** What is kept of the accounts for the engine, and what the engine wants kept. */
type Options = {
  readonly db: Db
  readonly log: Pick<Logger, 'error' | 'warn' | 'info'>
  readonly accountSize: Money
  readonly outbox: Pick<Outbox, 'issue' | 'lapse'>
  /** Opens the locks of a book, or reads them again. */
  readonly locks: (book: string) => Promise<LockKeeper>
  readonly audit: (kind: string, who: string, body: unknown) => void
  /** Keeps an account with its line in the audit log. */
  readonly keepAccount: (book: string, account: Account, by: string) => Promise<unknown>
}

/** A balance and the platform's instant of it: fills from then on change it. */
type Anchor = Account['anchor']

/** The first balance the platform told of an account, the next it told at another instant, and the anchor made of them. */
type Told = { readonly first: Anchor; later?: Anchor; anchor?: Anchor }

const isSame = (a: Anchor, b: Anchor | undefined): boolean => a.at === b?.at && a.balance === b.balance

const isSimulated = (name: string): boolean => /^(sim|playback|demo)/i.test(name)

/** An account as it is taken on, until the trader says more: simulated where its name says so, by the mildest rules. */
const newAccount = (
  name: string,
  others: readonly string[],
  anchor: Anchor,
  simulator: boolean,
): Account | undefined => {
  const preset = presets.find(({ id }) => id === 'personal-sim-50k')
  if (preset === undefined) return undefined
  const hasReal = !simulator && others.some((other) => !isSimulated(other))
  const isToy = simulator ? !/^sim/i.test(name) : isSimulated(name) && hasReal
  return {
    name,
    alias: name,
    kind: simulator || isSimulated(name) ? 'SIM' : 'EVAL',
    firm: preset.id,
    rules: { ...preset.rules, startBalance: anchor.balance },
    commission: 'settings',
    anchor,
    // Beside a real account a simulated one is a toy; a recording is never traded.
    watched: !/^playback/i.test(name) && !isToy,
  }
}

/** Stands between the engine's floor and the database: opens books, takes accounts on, keeps what the floor makes. */
export const createFloorKeeper = ({ db, log, accountSize, outbox, locks, audit, keepAccount }: Options) => {
  let engine: Engine | undefined
  let book = 'real'
  let peaksDue = new Map<string, EquityPeak>()
  let standings: Record<string, KeptStanding> = {}
  let standingsDue = false
  const keepers = new Map<string, LockKeeper>()
  let queue: Promise<unknown> = Promise.resolve()
  let commands: Promise<unknown> = Promise.resolve()
  const early: { readonly events: readonly PlatformEvent[]; readonly speaker: Speaker }[] = []
  /** The accounts each book was told of, with their balances where the platform said them. */
  const told = new Map<string, Map<string, Told | undefined>>()
  /** Those that were last shown to hold nothing. */
  const flat = new Set<string>()
  let known = new Set<string>()
  let cancelTaking: (() => void) | undefined

  /** One after the other, so that what was asked first is on disk first. */
  const inTurn = (work: () => Promise<void>, what: string): void => {
    queue = queue.then(work).catch((error: unknown) => log.error({ err: error }, what))
  }

  /** The highest peak of each account since its anchor: what was before a reset is another account's. */
  const peaksSince = (peaks: readonly EquityPeak[], accounts: readonly Account[]): ReadonlyMap<string, EquityPeak> => {
    const anchors = new Map(accounts.map(({ name, anchor }) => [name, anchor.at]))
    const highest = new Map<string, EquityPeak>()
    for (const peak of peaks)
      if (peak.at >= (anchors.get(peak.account) ?? 0) && peak.peak > (highest.get(peak.account)?.peak ?? 0))
        highest.set(peak.account, peak)
    return highest
  }

  const open = async (next: string, of = engine): Promise<void> => {
    const now = machineTime()
    const [accounts, fills, orders, foreign, peaks, closing, kept, keeper] = await Promise.all([
      accountsOf(db, next),
      fillsOf(db, next),
      ordersOf(db, next, now - orderDays * dayMs),
      foreignTradesOf(db, next),
      peaksOf(db, next),
      readClosing(db, next),
      readSetting(db, standingsKey(next), standingsSchema),
      locks(next),
    ])
    savePeaks()
    saveStandings()
    book = next
    standings = kept ?? {}
    keepers.set(next, keeper)
    known = new Set(accounts.map((account) => account.name))
    of?.openBook({
      book,
      accounts,
      fills,
      orders,
      foreign,
      peaks: peaksSince(peaks, accounts),
      standings: new Map(Object.entries(standings)),
      closing,
    })
    of?.floor.setCommands(await latestCommands(db, book, shownCommands))
  }

  const refreshAccounts = async (): Promise<void> => {
    const accounts = await accountsOf(db, book)
    known = new Set(accounts.map(({ name }) => name))
    engine?.floor.setAccounts(accounts)
  }

  const toldOf = (of: string): Map<string, Told | undefined> => {
    const names = told.get(of) ?? new Map<string, Told | undefined>()
    told.set(of, names)
    return names
  }
  const unknown = (): readonly [string, Told | undefined][] => [...toldOf(book)].filter(([name]) => !known.has(name))

  const anchorOf = (name: string, { first, later }: Told): Anchor => engine?.floor.anchorOf(name, first, later) ?? first

  /** An account taken on here, by what is known of its first day by now; undefined where the trader has anchored it himself. */
  const anchoredAnew = (account: Account): Account | undefined => {
    const one = toldOf(book).get(account.name)
    if (one?.anchor === undefined || !isSame(account.anchor, one.anchor)) return undefined
    one.anchor = anchorOf(account.name, one)
    if (isSame(account.anchor, one.anchor)) return undefined
    const { startBalance } = account.rules
    const begunWith = startBalance === account.anchor.balance ? one.anchor.balance : startBalance
    return { ...account, anchor: one.anchor, rules: { ...account.rules, startBalance: begunWith } }
  }

  const anchorAnew = async (names: readonly string[]): Promise<void> => {
    for (const account of await accountsOf(db, book)) {
      const anew = names.includes(account.name) ? anchoredAnew(account) : undefined
      if (anew !== undefined) await keepAccount(book, anew, 'the program')
    }
    await refreshAccounts()
  }

  /** Takes on the accounts nobody has described yet; `at`, for those without a balance, is the platform's clock. */
  const takeOn = async (at: number): Promise<void> => {
    const due = unknown()
    for (const [name, one] of due) {
      if (one !== undefined) one.anchor = anchorOf(name, one)
      const anchor = one?.anchor ?? { balance: accountSize, at }
      const account = newAccount(name, [...toldOf(book).keys()], anchor, book !== 'real')
      if (account !== undefined) await keepAccount(book, account, 'the program')
    }
    if (due.length > 0) await refreshAccounts()
  }

  const noteFlat = ({ account, positions, foreign }: Snapshot, { book: of }: Speaker): void => {
    const isFlat = positions.length === 0 && foreign.every(({ quantity }) => quantity === 0)
    if (isFlat) flat.add(`${of} ${account}`)
    else flat.delete(`${of} ${account}`)
  }

  const noteBalance = (names: Map<string, Told | undefined>, name: string, balance: Anchor): void => {
    const one = names.get(name)
    if (one === undefined) names.set(name, { first: balance })
    else if (balance.at > one.first.at) one.later ??= balance
  }

  /** Whose first balance an event tells more of what was before: a fill that comes late, or the next balance. */
  const tellsOfBefore = (event: PlatformEvent): readonly string[] => {
    if (event.kind !== 'account' && event.kind !== 'execution') return []
    const name = event.kind === 'account' ? event.account : event.fill.account
    const one = toldOf(book).get(name)
    if (one?.anchor === undefined) return []
    const { first, later } = one
    const tells =
      event.kind === 'execution'
        ? event.fill.at <= first.at
        : later?.at === event.at && !isSame(anchorOf(name, one), anchorOf(name, { first }))
    return tells ? [name] : []
  }

  const noteAccounts = (events: readonly PlatformEvent[], speaker: Speaker): void => {
    const names = toldOf(speaker.book)
    for (const event of events) if (event.kind === 'positions') noteFlat(event, speaker)
    for (const event of events) {
      if (event.kind === 'hello') for (const { name } of event.accounts) names.set(name, names.get(name))
      if (event.kind !== 'account') continue
      const balance = toldBalance(event, flat.has(`${speaker.book} ${event.account}`))
      if (balance !== undefined) noteBalance(names, event.account, { balance, at: event.at })
    }
    if (speaker.book !== book) return
    greet(events.at(-1)?.at ?? machineTime())
    const due = events.flatMap(tellsOfBefore)
    if (due.length > 0) inTurn(() => anchorAnew(due), 'An account could not be anchored anew')
  }

  const greet = (at: number): void => {
    const due = unknown()
    if (due.length === 0) return
    const take = (): void => {
      cancelTaking = undefined
      inTurn(() => takeOn(at), 'An account could not be taken on')
    }
    if (due.every(([, one]) => one !== undefined)) {
      cancelTaking?.()
      take()
    } else cancelTaking ??= schedule(take, balanceWaitMs)
  }

  const hear = (events: readonly PlatformEvent[], speaker: Speaker): void => {
    if (engine === undefined) return void early.push({ events, speaker })
    engine.hear(events, speaker)
    noteAccounts(events, speaker)
  }

  const saveStandings = (): void => {
    if (!standingsDue) return
    standingsDue = false
    const [of, due] = [book, { ...standings }]
    inTurn(
      () => writeSetting(db, standingsKey(of), standingsSchema, due, machineTime()),
      'A standing could not be kept',
    )
  }

  const savePeaks = (): void => {
    const due = [...peaksDue.values()]
    if (due.length === 0) return
    peaksDue = new Map()
    const of = book
    inTurn(() => raisePeaks(db, of, due), 'A peak could not be kept')
  }

  const floor: FloorOutbox = {
    lockOf: (of, account) => keepers.get(of)?.lockOf(account),
    onCommand: (command, { by, ...to }) => {
      audit('command', by, { ...command, ...to })
      // One after the other: a bridge that was given a number never asks for a lower one.
      commands = commands
        .then(() => outbox.issue(command, { ...to, by }))
        .catch((error: unknown) => log.error({ err: error, command: command.kind }, 'A command could not be given'))
    },
    onMade: (fill, of) => inTurn(() => keepFill(db, of, fill, machineTime()), 'A fill made here could not be kept'),
    onPeak: (account, tradeDate, peak, _, at) => void peaksDue.set(account, { account, tradeDate, peak, at }),
    onStanding: (account, kept, of) => {
      if (of !== book) return
      standings[account] = kept
      standingsDue = true
    },
    onClosing: (accounts, of) => inTurn(() => writeClosing(db, of, accounts, machineTime()), 'Not kept'),
    onBook: (next) => inTurn(() => open(next), 'A book could not be opened'),
  }

  const stops = [
    repeat(savePeaks, 1_000),
    repeat(saveStandings, 1_000),
    repeat(() => void outbox.lapse().catch((error: unknown) => log.error({ err: error }, 'Commands')), 1_000),
  ]

  return {
    floor,
    /** Once its first book is open the engine hears what bridges say; what they said until then is told first. */
    attach: async (running: Engine): Promise<void> => {
      const opened = queue.then(async () => {
        await open('real', running)
        engine = running
        for (const { events, speaker } of early.splice(0)) hear(events, speaker)
      })
      queue = opened.catch(() => {})
      await opened
    },
    hear,
    /** Commands of a book moved, its accounts were edited, or its locks. */
    refresh: (what: 'commands' | 'accounts' | 'locks', of: string): void => {
      if (of !== book) return
      inTurn(async () => {
        if (what === 'accounts') await refreshAccounts()
        else if (what === 'locks') {
          await locks(book)
          engine?.floor.locked()
        } else engine?.floor.setCommands(await latestCommands(db, book, shownCommands))
      }, 'The floor could not be refreshed')
    },
    stop: async (): Promise<void> => {
      for (const stop of stops) stop()
      cancelTaking?.()
      savePeaks()
      saveStandings()
      await queue
    },
  }
}
