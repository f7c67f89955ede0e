import { existsSync, readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Logger } from 'pino'
import { createClock, machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { latestAudit } from '#src/adapters/db/audit.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import type { Latency } from '#src/adapters/latency.ts'
import { createInbox } from '#src/adapters/ninjatrader/inbox.ts'
import { createOutbox } from '#src/adapters/ninjatrader/outbox.ts'
import { journalOf } from '#src/adapters/watchdog/journal.ts'
import type { Config } from '#src/config.ts'
import type { Gate } from '#src/domain/picture.ts'
import type { NewsEvent } from '#src/domain/risk/news.ts'
import { parseNewsFile } from '#src/domain/risk/news-file.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import type { Engine } from '#src/engine/engine.ts'
import type { Bus, Clock } from '#src/engine/ports.ts'
import type { FloorDeps } from '#src/http/app.ts'
import { previewOf } from './account-preview.ts'
import { auditWords } from './audit-words.ts'
import { createFloorKeeper } from './floor-keeper.ts'
import { type FloorAsk, floorAsk, floorChange, floorEvents, type LegacyTold, type PlatformTold } from './floor-words.ts'
import { createGettingOut } from './getting-out.ts'
import { createOutcomeLog } from './outcome-log.ts'
import type { RunningEngine } from './start-engine.ts'
import { openTradingHouse } from './trading-house.ts'

type Options = {
  readonly config: Config
  readonly db: Db
  readonly bus: Bus
  readonly log: Logger
  readonly latency: Latency
  readonly token: string
  readonly running: () => RunningEngine | undefined
}

/** NinjaTrader's side of the house: bridges call in here, the engine's floor is fed and heard here. */
export type Platform = Awaited<ReturnType<typeof openPlatform>>

const newsEveryMs = 60_000
const shownAudit = 20

export const openPlatform = async ({ config, db, bus, log, latency, token, running }: Options) => {
  const hasEngine = config.role !== 'web'
  const current = (): Clock => running()?.clock ?? createClock(bus.picture().clock?.at ?? machineTime(), 0)
  const clock: Clock = {
    now: () => current().now(),
    wall: machineTime,
    get speed() {
      return current().speed
    },
  }
  const complain =
    (what: string) =>
    (error: unknown): void =>
      log.error({ err: error }, what)

  const house = await openTradingHouse({ config, db, bus, clock, log })
  let isAttached = false
  const out = createGettingOut({
    ...{ db, bus, hasEngine, bookNow: house.bookNow, ask: house.ask },
    isAttached: () => isAttached,
    onError: complain('What is to be closed could not be kept'),
  })
  const outcomes = createOutcomeLog({
    ...{ audit: house.audit, dataDir: config.dataDir, wall: machineTime, schedule },
    onError: complain('What became of a command was not written into the audit log'),
  })
  const tellCommands = async (book: string): Promise<void> => {
    outcomes.look()
    await house.tell({ what: 'commands', book })
  }
  const outbox = createOutbox({
    db,
    bus,
    token,
    wall: machineTime,
    schedule,
    changed: (book) => void tellCommands(book).catch(complain('A command was not announced')),
    log,
  })
  const audit = (kind: string, who: string, body: unknown): void =>
    void house.audit.append({ at: machineTime(), kind, who, body }).catch(complain('The audit log was not written'))
  const keeper = createFloorKeeper({
    db,
    log,
    accountSize: config.accountSize,
    outbox,
    locks: async (book) => {
      const locks = await house.keeperOf(book)
      if (config.role === 'engine') await locks.reload()
      return locks
    },
    audit,
    keepAccount: house.keepAccount,
  })

  /** In one process a fill takes the short way; between two it takes the bus. */
  const tell = (events: readonly PlatformEvent[], speaker: Speaker): void => {
    const began = performance.now()
    if (hasEngine) {
      keeper.hear(events, speaker)
      running()?.publish()
    } else
      bus
        .append(floorEvents.told, { events, speaker } satisfies PlatformTold)
        .catch(complain('What a bridge said is stored, and the engine did not hear it'))
    latency.record('bridge → engine', performance.now() - began)
  }
  const inbox = createInbox({
    db,
    wall: machineTime,
    tell,
    stored: (news, { book }) => {
      if (news.some(({ kind }) => kind === 'commandResult'))
        tellCommands(book).catch(complain('An answer was not announced'))
    },
    log,
  })

  const watchdogWords = journalOf(config.dataDir)
  watchFile(watchdogWords, { interval: 5_000 }, outcomes.look)
  outcomes.look()

  let preferences = await house.settings.preferences()
  const stopHearing = bus.onEvent(({ kind, body }) => {
    if (kind !== floorEvents.changed || floorChange.parse(body).what !== 'preferences') return
    house.settings
      .preferences()
      .then((kept) => {
        preferences = kept
      })
      .catch(complain('The preferences could not be read'))
  })

  /** The trader's own news: what he wrote in his file and in the settings; what cannot be read changes nothing. */
  const readNews = async (engine: Engine): Promise<void> => {
    const texts = [
      (await house.settings.read()).news,
      existsSync(config.newsFile) ? readFileSync(config.newsFile, 'utf8') : '',
    ]
    const events: NewsEvent[] = []
    for (const text of texts) {
      const read = parseNewsFile(text)
      if (read.ok) events.push(...read.value)
      else log.warn({ line: read.line, reason: read.reason }, 'The news could not be read')
    }
    engine.setNews(events)
  }

  const obey = async (engine: Engine, wish: FloorAsk): Promise<void> => {
    const { floor } = engine
    if (wish.do === 'kill') return floor.flatten('', wish.by)
    if (wish.do === 'flatten') return floor.flatten(wish.account, wish.by)
    if (wish.do === 'adopt') return void floor.adopt(wish.account)
    if (wish.do === 'ping') return void floor.ask({ kind: 'ping', account: '' }, wish.by)
    if (wish.do === 'cancel') return void floor.ask({ kind: 'cancelAll', account: wish.account }, wish.by)
    if (wish.do !== 'lock') return
    // The AddOn's clock is the machine's, and so is that of real locks; a simulated market runs at its own pace.
    const until =
      house.bookNow() === 'real' ? wish.until : machineTime() + (wish.until - clock.now()) / (clock.speed || 1)
    const names = wish.account === '' ? floor.accountNames() : [wish.account]
    for (const account of names) floor.ask({ kind: 'lockout', account, until: Math.round(until) }, wish.by)
  }

  const reachable = (): boolean =>
    !out.isAway() && ['in-sync', 'settling', 'differs'].includes(bus.picture().account?.bridge.state ?? '')
  const isKnown = (name: string): boolean =>
    bus.picture().account?.accounts.some((account) => account.name === name) ?? false
  const notReady = { ok: false, reason: 'engine-not-ready' } as const
  const act = (wish: (account: string, by: string) => FloorAsk) => async (account: string, by: string) => {
    if (!isKnown(account)) return { ok: false, reason: 'unknown-account' } as const
    const asked = wish(account, by)
    if (asked.do !== 'flatten' && out.isAway()) return notReady
    audit('asked', by, asked)
    await house.ask(asked)
    return asked.do !== 'flatten' || (await out.secure(account, by)) ? ({ ok: true } as const) : notReady
  }

  const floor: Omit<FloorDeps, 'presets' | 'bridgeUrl' | 'archive' | 'readFills' | 'readFlows' | 'readDeltas'> = {
    lock: house.lock,
    kill: async (by) => {
      audit('kill', by, { reachable: reachable() })
      const [{ locked }, isSecured] = await Promise.all([house.kill(by), out.secure('', by)])
      if (!isSecured) return notReady
      return locked ? { ok: true } : { ok: false, reason: 'not-locked' }
    },
    flatten: act((account, by) => ({ do: 'flatten', account, by })),
    cancelAll: act((account, by) => ({ do: 'cancel', account, by })),
    adopt: act((account, by) => ({ do: 'adopt', account, by })),
    ping: async (by: string) => {
      if (out.isAway()) return notReady
      if (!reachable()) return { ok: false, reason: 'not-reachable' }
      await house.ask({ do: 'ping', by })
      return { ok: true }
    },
    saveAccount: house.saveAccount,
    saveLimits: async (change, by) => {
      const saved = await house.settings.saveLimits(change, by)
      if (saved.ok) await house.tell({ what: 'limits', book: house.bookNow() })
      return saved
    },
    savePhases: house.settings.savePhases,
    saveInstruments: house.settings.saveInstruments,
    saveNews: async (text, by) => {
      const saved = await house.settings.saveNews(text, by)
      if (saved.ok) await house.tell({ what: 'news', book: house.bookNow() })
      return saved
    },
    preferences: () => preferences,
    savePreferences: async (wanted, by) => {
      await house.settings.savePreferences(wanted, by)
      await house.tell({ what: 'preferences', book: house.bookNow() })
    },
    settings: house.settings.read,
    audit: async () => (await latestAudit(db, shownAudit)).map((line) => ({ ...line, words: auditWords(line) })),
    accounts: async () => {
      const { limits } = await house.settings.read()
      const fills = await fillsOf(db, house.bookNow())
      return (await house.accounts()).map((account) => ({ account, preview: previewOf(account, fills, limits) }))
    },
  }

  return {
    clock,
    inbox,
    outbox,
    floor,
    outboxOfFloor: keeper.floor,
    settings: house.settings.read,
    isEngineLost: out.isLost,
    legacy: {
      hear: async (snapshot: NonNullable<LegacyTold['snapshot']>): Promise<void> =>
        void (await bus.append(floorEvents.legacy, { snapshot } satisfies LegacyTold)),
      forget: async (): Promise<void> => void (await bus.append(floorEvents.legacy, {} satisfies LegacyTold)),
    },
    onGate: (gate: Gate, at: number): void => {
      const why = gate.facts.filter(({ watched, ok }) => watched && !ok).map(({ id, reason }) => `${id}: ${reason}`)
      audit('gate', 'the gate', { open: gate.open, at, why })
    },
    /** Feeds the engine from here on; returns how to stop. */
    attach: async (engine: Engine): Promise<() => void> => {
      const news = (): void => void readNews(engine).catch(complain('The news could not be read'))
      const limits = async (): Promise<void> => engine.floor.setLimits(await house.settings.read())
      const stops = [
        repeat(news, newsEveryMs),
        // Looser limits begin with their trade date.
        repeat(() => void limits().catch(complain('The limits could not be read')), newsEveryMs),
        bus.onEvent(({ kind, body }) => {
          if (kind === floorEvents.told) {
            const { events, speaker } = body as PlatformTold
            keeper.hear(events, speaker)
          } else if (kind === floorEvents.legacy) {
            const { snapshot } = body as LegacyTold
            if (snapshot === undefined) engine.floor.forgetLegacy()
            else engine.floor.hearLegacy(snapshot)
          } else if (kind === floorEvents.ask) {
            obey(engine, floorAsk.parse(body)).catch(complain('What was asked could not be done'))
          } else if (kind === floorEvents.changed) {
            const { what, book } = floorChange.parse(body)
            if (what === 'news') news()
            else if (what === 'limits') limits().catch(complain('The limits could not be read'))
            else if (what !== 'preferences') keeper.refresh(what, book)
          }
        }),
        () => unwatchFile(config.newsFile),
      ]
      isAttached = true
      // What comes over the bus while the first book is being read must find somebody who listens.
      await keeper.attach(engine)
      news()
      watchFile(config.newsFile, { interval: 5_000 }, news)
      return () => {
        for (const stop of stops) stop()
      }
    },
    /** Ends what bridges wait for, so that the server can close. */
    closing: (): void => outbox.close(),
    close: async (): Promise<void> => {
      stopHearing()
      out.close()
      await keeper.stop()
      unwatchFile(watchdogWords, outcomes.look)
      await outcomes.close()
      await house.close()
    },
  }
}
