import type { Logger } from 'pino'
import { createUptime, machineTime } from '#src/adapters/clock.ts'
import { accountsOf, saveAccount } from '#src/adapters/db/accounts.ts'
import { createAudit } from '#src/adapters/db/audit.ts'
import { openSeal } from '#src/adapters/db/audit-seal.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { type AskedLock, type LockKeeper, openLockKeeper } from '#src/adapters/db/lock-keeper.ts'
import { createTraderSettings } from '#src/adapters/db/trader-settings.ts'
import type { Config } from '#src/config.ts'
import { dateOfBar, nextTradeDate, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import type { AccountStanding } from '#src/domain/picture.ts'
import { loosened } from '#src/domain/risk/loosened.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { accountOn, leaveWatch } from '#src/domain/trading/watched.ts'
import type { Bus, Clock } from '#src/engine/ports.ts'
import { type FloorAsk, type FloorChange, floorEvents } from './floor-words.ts'

type Options = {
  readonly config: Config
  readonly db: Db
  readonly bus: Bus
  /** The market's clock, for a simulator's accounts; real ones go by the machine's. */
  readonly clock: Clock
  readonly log: Logger
}

/** `from` is the trade date from which on the account is watched no more. */
type Saved =
  | { readonly ok: true; readonly from?: string }
  | { readonly ok: false; readonly field: string; readonly reason: 'locked' }

const hasTraded = ({ trades, contracts, fees }: AccountStanding): boolean => trades > 0 || contracts > 0 || fees > 0

/** Whether today's trading has reached a limit; rules that lock an account before it traded are a slip of the pen. */
const isTradedOut = (account: AccountStanding): boolean => {
  const { stage, daily } = account.standing
  const isOut = stage === 'locked' || daily?.stage === 'locked' || daily?.lockedUntil !== undefined
  return isOut && hasTraded(account)
}

/** What the trader decides about himself and his accounts: settings, locks, the log of all of it. */
export const openTradingHouse = async ({ config, db, bus, clock, log }: Options) => {
  const seal = openSeal(config.dataDir)
  const audit = createAudit({ db, seal })
  const wallClock: Clock = { now: machineTime, wall: machineTime, speed: 1 }
  const onError = (error: unknown): void => log.error({ err: error }, 'What the trader decided could not be kept')
  const settings = createTraderSettings({
    db,
    audit,
    wall: machineTime,
    tradeDates: () => {
      const tradeDate = tradeDateAt('equity', clock.now())
      return { tradeDate, following: nextTradeDate('equity', tradeDate) }
    },
    defaults: { accountSize: config.accountSize, phases: config.boundaries, instruments: config.instruments },
  })

  const uptime = createUptime()
  const keepers = new Map<string, Promise<LockKeeper>>()
  /** A simulator begins a book with every start, and a lock outlives a start: all of them are locked as one. */
  const keeperOf = (of: string): Promise<LockKeeper> => {
    const book = of === 'real' ? of : 'sim'
    const known = keepers.get(book)
    if (known !== undefined) return known
    const opened = openLockKeeper({
      db,
      seal,
      audit,
      book,
      clock: book === 'real' ? wallClock : clock,
      uptime,
      onError,
    })
    keepers.set(book, opened)
    opened
      .then((keeper) => {
        for (const finding of keeper.findings())
          log.warn({ book, finding }, 'What is stored was changed by hand: locked')
      })
      .catch((error: unknown) => {
        // A database that was away once is asked again.
        keepers.delete(book)
        onError(error)
      })
    return opened
  }

  const bookNow = (): string => bus.picture().account?.book ?? 'real'
  const tell = async (change: FloorChange): Promise<void> => void (await bus.append(floorEvents.changed, change))
  const ask = async (wish: FloorAsk): Promise<void> => void (await bus.append(floorEvents.ask, wish))

  const lock = async (asked: AskedLock, by: string) => {
    const book = bookNow()
    const taken = await (await keeperOf(book)).lock(asked, by)
    if (!taken.ok) return taken
    await tell({ what: 'locks', book })
    await ask({ do: 'lock', account: asked.account, until: taken.lock.until, by })
    return taken
  }

  const standingOf = (name: string): AccountStanding | undefined =>
    bus.picture().account?.accounts.find((one) => one.name === name)

  const tradeDateOf = (book: string): string => dateOfBar('equity', (book === 'real' ? wallClock : clock).now())

  /** What is kept of an account, as it is on the trade date that runs. */
  const keptOf = async (of: Db, book: string, name: string): Promise<Account | undefined> => {
    const kept = (await accountsOf(of, book)).find((one) => one.name === name)
    return kept && accountOn(kept, tradeDateOf(book))
  }

  /** Where nobody tells what an account holds, it is not idle. */
  const isIdle = (name: string): boolean => {
    const shown = standingOf(name)
    return shown !== undefined && !hasTraded(shown)
  }

  /** The field by which a save would loosen what keeps the trader out; undefined where it may be saved. */
  const looserField = async (book: string, account: Account): Promise<string | undefined> => {
    const before = await keptOf(db, book, account.name)
    const shown = standingOf(account.name)
    const loose = before && loosened(before, account, shown?.standing.broken !== undefined)
    if (loose === undefined || (shown !== undefined && isTradedOut(shown))) return loose
    const locks = await keeperOf(book)
    // Another process may have taken the lock.
    if (config.role === 'web') await locks.reload()
    return locks.lockOf(account.name) && loose
  }

  /** Keeps an account, as `wanted` makes it of what was kept, beside its line in the log. */
  const keepAs = async (
    book: string,
    name: string,
    by: string,
    wanted: (before: Account | undefined) => Account,
  ): Promise<Account> => {
    let after: Account | undefined
    await audit.along(async (tx) => {
      const before = await keptOf(tx, book, name)
      after = wanted(before)
      await saveAccount(tx, book, after, machineTime())
      return { at: machineTime(), kind: 'account', who: by, body: { book, before: before ?? null, after } }
    })
    // The work was done, or `along` has thrown.
    return after as Account
  }

  return {
    audit,
    settings,
    keeperOf,
    bookNow,
    tell,
    ask,
    lock,
    /**
     * Closes everything, and locks every account until the session ends. Getting flat waits for nothing, neither the disk nor
     * the log: the lock is taken beside it, and whether it could be stored is told.
     */
    kill: async (by: string): Promise<{ readonly locked: boolean }> => {
      const locking = lock({ account: '', reason: 'kill switch' }, by).catch((error: unknown) => {
        log.error({ err: error }, 'Everything is being closed, and the lock could not be stored')
        return { ok: false }
      })
      const [locked] = await Promise.all([locking, ask({ do: 'kill', by })])
      return { locked: locked.ok }
    },
    /** Keeps an account of a book beside its line in the log. */
    keepAccount: (book: string, account: Account, by: string): Promise<Account> =>
      keepAs(book, account.name, by, () => account),
    accounts: (): Promise<readonly Account[]> => accountsOf(db, bookNow()),
    /**
     * Keeps an account as the trader wants it; while it is locked, or traded to the end of a limit, only what tightens it.
     * Once it holds or has traded, it leaves the watch with the next trade date.
     */
    saveAccount: async (wanted: Account, by: string): Promise<Saved> => {
      const book = bookNow()
      const loose = await looserField(book, wanted)
      if (loose !== undefined) return { ok: false, field: loose, reason: 'locked' }
      const following = nextTradeDate('equity', tradeDateOf(book))
      const account = await keepAs(book, wanted.name, by, (before) =>
        leaveWatch(before, wanted, following, isIdle(wanted.name)),
      )
      await tell({ what: 'accounts', book })
      return { ok: true, ...(account.unwatchedFrom !== undefined && { from: account.unwatchedFrom }) }
    },
    close: async (): Promise<void> => {
      for (const keeper of keepers.values()) await (await keeper).close().catch(onError)
    },
  }
}
