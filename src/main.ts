import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { createMemoryBus } from '#src/adapters/bus/memory.ts'
import { createRedisBus } from '#src/adapters/bus/redis.ts'
import { untilShown } from '#src/adapters/bus/until-shown.ts'
import { machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { acknowledgeAlert, alertsAfter, latestAlerts } from '#src/adapters/db/alerts.ts'
import { databaseFolders } from '#src/adapters/db/blank-folder.ts'
import { connectDatabase, type Database } from '#src/adapters/db/connect.ts'
import { deltasSince, flowsSince } from '#src/adapters/db/flows.ts'
import { readTimeframe } from '#src/adapters/db/front-bars.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import { rollsOf } from '#src/adapters/db/rolls.ts'
import { createLatency } from '#src/adapters/latency.ts'
import { createLog } from '#src/adapters/log.ts'
import { bridgeArchive } from '#src/adapters/ninjatrader/archive.ts'
import { keepSecret } from '#src/adapters/secrets.ts'
import { createShownPicture } from '#src/adapters/shown-picture.ts'
import { createWatch } from '#src/adapters/watch.ts'
import { type Config, readConfig } from '#src/config.ts'
import { createFronts } from '#src/domain/instruments/fronts.ts'
import type { Picture } from '#src/domain/picture.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import type { Alert } from '#src/domain/signals/transition.ts'
import type { Bus } from '#src/engine/ports.ts'
import { createApp } from '#src/http/app.ts'
import { createHub } from '#src/http/live.ts'
import type { LabAnswer, LabWish } from '#src/http/routes/lab-deps.ts'
import { type Listening, serve } from '#src/http/serve.ts'
import { pageTopics, renderTopic, type Stream, urgentStamp } from '#views/fragments.tsx'
import { startDemo } from './demo-platform.ts'
import { createLabReader } from './lab-reader.ts'
import { openMarket } from './market-source.ts'
import { openPlatform, type Platform } from './platform.ts'
import { refusedStart } from './refused-start.ts'
import { type RunningEngine, shownAlerts, startEngine } from './start-engine.ts'

/** The project's folder, whether this runs from source (src/) or from the bundle (dist/). */
const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

type Log = ReturnType<typeof createLog>

/** A click is answered when the page can show it, or after this long. */
const shownWithinMs = 1_000

const openBus = async ({ redisUrl, role }: Config, log: Log): Promise<Bus> =>
  redisUrl === undefined
    ? createMemoryBus({ wall: machineTime })
    : createRedisBus({ url: redisUrl, prefix: 'copilot', wall: machineTime, log, role })

/** The keys programs and the bridge show; made at first start and kept beside the data, their place told once. */
const openKeys = ({ apiKey, bridgeToken, dataDir }: Config, log: Log) => {
  const keep = (name: string): string => {
    const kept = keepSecret(dataDir, name)
    if (kept.made) log.info({ path: kept.path }, `A new ${name} was made; it is kept in this file`)
    return kept.value
  }
  return { bridgeToken: bridgeToken ?? keep('bridge-token'), apiKey: apiKey ?? keep('api-key') }
}

/** What every part of the process leans on. */
type House = {
  readonly config: Config
  readonly log: Log
  readonly database: Database
  readonly bus: Bus
  readonly latency: ReturnType<typeof createLatency>
  readonly watch: ReturnType<typeof createWatch>
  readonly keys: ReturnType<typeof openKeys>
  readonly platform: Platform
  readonly version: string
  readonly running: () => RunningEngine | undefined
}

/** Asked where the engine runs the lab answers with the id of what it will do; from another process the wish is passed on. */
const askLab = async ({ config, bus, running }: House, wish: LabWish): Promise<LabAnswer> => {
  const { lab } = running() ?? {}
  if (lab !== undefined) return lab.ask(wish)
  if (config.role !== 'web') return { ok: false, field: 'engine', reason: 'engine-not-ready' }
  await bus.append('lab', wish)
  return { ok: true }
}

const openWeb = async (house: House): Promise<Listening & { readonly pages: () => number }> => {
  const { config, log, database, bus, latency, watch, keys, platform } = house
  const { db } = database
  const { instruments } = config
  const ledger = (): string => bus.picture().system?.ledger ?? ''
  const shown = createShownPicture({
    bus,
    dependencies: () => watch.health().dependencies,
    wall: machineTime,
    schedule: repeat,
  })
  const shownBus: Bus = { ...bus, picture: shown.picture, onChange: shown.onChange }
  /** Until the engine has said whose alerts these are, a page that comes back is refused its replay, and tries again. */
  const replayAlerts = async (id: number): Promise<readonly Alert[]> => {
    if (ledger() === '') throw new Error('the engine has not spoken yet')
    return alertsAfter(db, ledger(), id)
  }
  const hub = createHub<Stream>({
    bus: shownBus,
    pages: pageTopics(instruments),
    render: (topic, picture, page) => renderTopic(topic, picture, page, true, instruments),
    urgent: urgentStamp,
    alertsAfter: replayAlerts,
    schedule: repeat,
    wall: machineTime,
    record: latency.record,
    log,
  })
  const app = createApp({
    bus: shownBus,
    hub,
    instruments,
    log,
    clock: platform.clock,
    alerts: {
      latest: () => latestAlerts(db, ledger(), shownAlerts, platform.clock.now()),
      acknowledge: async (id) => {
        const known = await acknowledgeAlert(db, ledger(), id, machineTime())
        if (!known) return false
        await bus.append('alert-acknowledged', { id })
        const isShown = ({ alerts = [] }: Partial<Picture>): boolean =>
          alerts.every((alert) => alert.id !== id || alert.acknowledgedAt !== undefined)
        await untilShown(bus, isShown, { ms: shownWithinMs, schedule })
        return true
      },
    },
    ask: async (command) => {
      await bus.append('command', { command })
    },
    readBars: async (instrument, timeframe, from, to) => {
      const market = bus.picture().system?.market ?? 'real'
      const fronts = createFronts(await rollsOf(db, market))
      return readTimeframe(db, market, instrument, timeframe, { from, to }, { fronts })
    },
    bridge: {
      token: keys.bridgeToken,
      inbox: platform.inbox,
      outbox: platform.outbox,
      isEngineLost: platform.isEngineLost,
    },
    legacy: platform.legacy,
    lab: {
      ...createLabReader({ db, bus, now: platform.clock.now }),
      ask: (wish) => askLab(house, wish),
    },
    floor: {
      ...platform.floor,
      readFlows: (instrument, from, to) => flowsSince(db, { market: ledger(), instrument }, from, to),
      readDeltas: (instrument, from, to) => deltasSince(db, { market: ledger(), instrument }, from, to),
      readFills: async (from) => {
        const book = bus.picture().account?.book
        return book === undefined ? [] : fillsOf(db, book, from)
      },
      presets,
      bridgeUrl: `http://${config.host}:${config.port}`,
      archive: () => bridgeArchive(join(root, 'ninjatrader')),
    },
    security: { hosts: ['127.0.0.1', 'localhost', '[::1]'], apiKey: keys.apiKey },
    publicFolders: [join(root, 'dist/public'), join(root, 'public')].filter(existsSync),
    health: watch.health,
  })
  const listening = await serve({ app, hub }, config)
  log.info(`The terminal is at http://${config.host}:${listening.port}`)
  const close = (): Promise<void> => {
    shown.stop()
    return listening.close()
  }
  return { ...listening, close, pages: () => hub.size }
}

const runEngine = async (house: House): Promise<RunningEngine> => {
  const source = await openMarket(house.database, house.config, house.log)
  const running = await startEngine(house, source)
  house.log.info({ mode: source.mode, source: source.source }, 'The engine is current')
  return running
}

/** Puts the state of the machinery on the picture every second. */
const publishSystem = (house: House, running: RunningEngine, loop: IntervalHistogram, pagesOpen: () => number) => {
  const startedAt = machineTime()
  const publish = (): void => {
    const { rss, heapUsed } = process.memoryUsage()
    house.bus.put('system', {
      startedAt,
      hops: house.latency.read(),
      residentBytes: rss,
      heapBytes: heapUsed,
      eventLoopP99Ms: loop.percentile(99) / 1e6,
      pages: pagesOpen(),
      dependencies: house.watch.health().dependencies,
      version,
      market: running.market,
      ledger: running.ledger,
    })
  }
  publish()
  return repeat(publish, 1_000)
}

const start = async (): Promise<void> => {
  const given = readConfig()
  const log = createLog(given.log)
  const loop = monitorEventLoopDelay({ resolution: 10 })
  loop.enable()
  const database = await connectDatabase({ ...given, ...databaseFolders(root), log })
  const bus = await openBus(given, log)
  const latency = createLatency()
  let running: RunningEngine | undefined
  const keys = openKeys(given, log)
  const watch = createWatch({ database, bus, wall: machineTime, role: given.role, running: () => running })
  const platform = await openPlatform({
    config: given,
    db: database.db,
    bus,
    log,
    latency,
    token: keys.bridgeToken,
    running: () => running,
  })
  // What the trader has saved stands above what the environment says.
  const { phases: boundaries, instruments } = await platform.settings()
  const config: Config = { ...given, boundaries, instruments: [...instruments] }
  const house: House = { config, log, database, bus, latency, watch, keys, platform, version, running: () => running }
  const web = config.role === 'engine' ? undefined : await openWeb(house)
  running = config.role === 'web' ? undefined : await runEngine(house)
  const stopSimulator =
    running && web && startDemo({ config, running, bus, log, token: keys.bridgeToken, port: web.port })
  const stopSystem = running && publishSystem(house, running, loop, () => web?.pages() ?? 0)

  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Stopping')
    stopSimulator?.()
    platform.closing()
    await web?.close()
    stopSystem?.()
    await running?.stop()
    await platform.close()
    watch.stop()
    await bus.close()
    await database.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'The stop went wrong; nothing acknowledged is lost')
          process.exit(1)
        },
      )
    })
}

start().catch((error: unknown) => {
  process.stderr.write(`${refusedStart(error)}\n`)
  process.exit(1)
})
