import { fileURLToPath } from 'node:url'
import { machineTime, schedule } from '#src/adapters/clock.ts'
import { databaseFolders } from '#src/adapters/db/blank-folder.ts'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import { FolderInUse } from '#src/adapters/db/folder-lock.ts'
import { storedContracts } from '#src/adapters/db/outcomes.ts'
import { rollsOf } from '#src/adapters/db/rolls.ts'
import { readTraderSettings } from '#src/adapters/db/trader-settings.ts'
import { createTrialQueue, createTrialWorker } from '#src/adapters/queue/trial-queue.ts'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { createFronts, type Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { createBlockWork } from '#src/worker/study/block-work.ts'
import { type Hands, localHands, queueHands } from '#src/worker/study/hands.ts'
import { createStudyRoom, NothingStored, type StudyRoom } from '#src/worker/study/study-room.ts'
import { createPool, type Pool } from '#src/worker/threads/pool.ts'
import { startThread } from '#src/worker/threads/start-thread.ts'
import { codeVersion } from './code-version.ts'
import { type Config, readConfig } from './config.ts'
import type { Order, Read } from './lab-arguments.ts'

/** What a command has at hand; `signal` is aborted when it is to stop. */
export type LabRoom = {
  readonly db: Db
  readonly room: StudyRoom
  readonly signal: AbortSignal
  /** Calls back now and then while something changes. */
  readonly onProgress: (report: () => void) => void
}

/** A person at a terminal reads what goes wrong; the result alone goes to standard output. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`)
const tellIt = (of: unknown, words?: unknown): void => {
  const { err } = Object(of) as { err?: unknown }
  say(`${words ?? of}${err instanceof Error ? `: ${err.message}` : ''}`)
}
const log = { info: tellIt, warn: tellIt, error: tellIt }

/** A long study says how far it is this often, ms. */
const progressMs = 2_000

const nowAndThen = (report: () => void): (() => void) => {
  let last = machineTime()
  return () => {
    if (machineTime() - last < progressMs) return
    last = machineTime()
    report()
  }
}

const handsFor = async (
  { redisUrl }: Config,
  { db, pool, fronts }: { readonly db: Db; readonly pool: Pool; readonly fronts: Fronts },
): Promise<{ readonly hands: Hands; readonly close: () => Promise<void> }> => {
  if (redisUrl === undefined) return { hands: localHands(db, pool), close: async () => {} }
  const on = { url: redisUrl, prefix: 'copilot', codeVersion: codeVersion(), log }
  const queue = createTrialQueue(on)
  // This machine lends a hand: where no other is there the work is done all the same.
  const work = createBlockWork({ db, pool, frontsOf: async () => fronts })
  const worker = createTrialWorker({ ...on, name: `command-${process.pid}` }, work, pool.threads)
  const close = async (): Promise<void> => void (await Promise.all([worker.close(), queue.close()]))
  return { hands: queueHands(db, queue, schedule, log), close }
}

/** Which bars: those of the market the terminal runs on, unless the recorded ones are asked for. */
const marketOf = ({ feed, sim }: Config, recorded: boolean): string =>
  feed === 'sim' && !recorded ? `sim-${sim.seed}` : 'real'

/** A simulated market stands where its newest bar was made; a real one goes by the machine's clock. */
const timeOf = async (db: Db, market: string, instrument: InstrumentId): Promise<() => number> => {
  if (market === 'real') return machineTime
  const stored = await storedContracts(db, { market, instrument })
  const at = Math.max(0, ...stored.map(({ last }) => last + minuteMs))
  return () => at
}

/** Opens what studies and backtests need on the configured database, has the command done, and closes it again. */
const withRoom = async <T>(
  config: Config,
  { instrument, recorded }: { readonly instrument: InstrumentId; readonly recorded: boolean },
  command: (room: LabRoom) => Promise<T>,
): Promise<T | undefined> => {
  // One step up from src/ as from the bundle in dist/.
  const root = fileURLToPath(new URL('..', import.meta.url))
  const { databaseUrl, dataDir } = config
  const database = await connectDatabase({ databaseUrl, dataDir, ...databaseFolders(root) })
  const { db } = database
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
  const pool = createPool({ threads: config.workerThreads, start: () => startThread('shares') })
  const market = marketOf(config, recorded)
  const fronts = createFronts(await rollsOf(db, market))
  const now = await timeOf(db, market, instrument)
  const { hands, close } = await handsFor(config, { db, pool, fronts })
  const defaults = { accountSize: config.accountSize, phases: config.boundaries, instruments: config.instruments }
  const tradeDates = () => ({ tradeDate: tradeDateAt('equity', now()) })
  const settings = async () => {
    const { phases, limits, accountSize } = await readTraderSettings({ db, defaults, tradeDates })
    return { boundaries: phases, limits, accountSize }
  }
  let report = (): void => {}
  const room = createStudyRoom({
    ...{ db, market, pool, hands, settings, now, wall: machineTime, schedule, log },
    ...{ codeVersion: codeVersion(), fronts: () => fronts },
    onChange: () => report(),
  })
  try {
    const onProgress = (hear: () => void): void => {
      report = nowAndThen(hear)
    }
    return await command({ db, room, signal: stopping.signal, onProgress })
  } catch (error) {
    // What was stopped has not failed.
    if (stopping.signal.aborted) return undefined
    throw error
  } finally {
    await close()
    await pool.close()
    await database.close()
  }
}

type Command<Wanted> = {
  readonly usage: string
  readonly read: (given: readonly string[]) => Read<Wanted>
  /** Does it and returns what is printed; undefined when it was stopped. */
  readonly work: (order: Order<Wanted>, room: LabRoom) => Promise<string | undefined>
  /** Has the running terminal do it and returns what is printed. */
  readonly ask?: (wanted: Wanted, config: Config) => Promise<string>
}

const carryOut = async <Wanted extends { readonly instrument: InstrumentId }>(
  { work, ask }: Command<Wanted>,
  order: Order<Wanted>,
): Promise<number> => {
  const { wanted, recorded } = order
  try {
    const config = readConfig()
    const printed =
      order.ask && ask !== undefined
        ? await ask(wanted, config)
        : await withRoom(config, { ...wanted, recorded }, (room) => work(order, room))
    if (printed === undefined) {
      say('Stopped. What was tried is kept: the same command goes on from there.')
      return 1
    }
    await new Promise((resolve) => process.stdout.write(printed, resolve))
    return 0
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    if (error instanceof NothingStored && !recorded)
      say('With FEED=sim these are the bars of the simulated market; those imported are meant with --recorded.')
    if (error instanceof FolderInUse && ask !== undefined) say('With --ask the terminal that runs on it does the work.')
    return 1
  }
}

/**
 * Runs a command line. Its result goes to standard output, all else to standard error; the exit code is 0 when it was done,
 * 2 when it was asked wrongly, 1 when it failed or was stopped.
 */
export const runCommand = async <Wanted extends { readonly instrument: InstrumentId }>(
  command: Command<Wanted>,
): Promise<void> => {
  const given = process.argv.slice(2)
  if (given.includes('--help')) {
    process.stdout.write(`${command.usage}\n`)
    return
  }
  const read = command.read(given)
  if (!read.ok) say(`${read.argument}: ${read.sentence} (--help tells more)`)
  // A Redis that is away would keep the process waiting for it.
  process.exit(read.ok ? await carryOut(command, read.order) : 2)
}
