import type { Logger } from 'pino'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import type { Alert, CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'
import { raiseAlerts } from './alerts.ts'
import { saveBars } from './bars.ts'
import type { Db } from './connect.ts'
import { saveFlows } from './flows.ts'
import { savePlanVersion } from './plans.ts'
import { saveTransitions } from './transitions.ts'

type Entry =
  | { readonly kind: 'bar'; readonly instrument: InstrumentId; readonly contract: number; readonly bar: RecordedBar }
  | { readonly kind: 'flow'; readonly instrument: InstrumentId; readonly contract: number; readonly flow: MinuteFlow }
  | { readonly kind: 'transition'; readonly transition: CardTransition }
  | { readonly kind: 'plan'; readonly version: PlanVersion }
  | { readonly kind: 'alert'; readonly alert: NewAlert }

/** Writes down what the engine says, in its order, trying again until the database has it. */
export type Recorder = {
  readonly add: (entry: Entry) => void
  /** Entries not yet stored. */
  readonly waiting: () => number
  readonly state: () => { readonly failing: boolean; readonly since: number }
  /** Resolves when all that was added is stored, or after a last failed try; call it once nothing more is added. */
  readonly close: () => Promise<void>
}

const retryMs = 1_000

const pick = <K extends Entry['kind']>(entries: readonly Entry[], kind: K) =>
  entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind)

type Bars = { readonly instrument: InstrumentId; readonly contract: number; readonly bars: RecordedBar[] }

const barGroups = (entries: readonly Entry[]): readonly Bars[] => {
  const groups = new Map<string, Bars>()
  for (const { instrument, contract, bar } of pick(entries, 'bar')) {
    const key = `${instrument} ${contract}`
    const group = groups.get(key) ?? { instrument, contract, bars: [] }
    group.bars.push(bar)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/**
 * Creates the recorder. Each batch is one transaction, written whole or not at all; every write may be repeated.
 * `onRaised` hears the alerts a batch stored for the first time, once they are safe.
 */
export const createRecorder = ({
  db,
  market,
  wall,
  schedule,
  onRaised,
  log,
}: {
  readonly db: Db
  readonly market: string
  readonly wall: () => number
  readonly schedule: (run: () => void, ms: number) => () => void
  readonly onRaised: (alerts: readonly Alert[]) => void
  readonly log: Pick<Logger, 'error'>
}): Recorder => {
  const queue: Entry[] = []
  let writing: Promise<void> | undefined
  let cancelRetry: (() => void) | undefined
  let closing = false
  let health = { failing: false, since: wall() }

  const report = (failing: boolean): void => {
    if (failing !== health.failing) health = { failing, since: wall() }
  }

  /** A version that cannot be stored now never can: were it tried again, nothing behind it would ever be stored. */
  const writePlan = async (tx: Db, version: PlanVersion): Promise<void> => {
    if ((await savePlanVersion(tx, market, version)) !== undefined) return
    const { tradeDate, version: number, hash } = version
    log.error({ market, tradeDate, version: number, hash }, 'The plan has another version of this number; not stored')
  }

  const write = (batch: readonly Entry[]): Promise<readonly Alert[]> =>
    db.transaction(async (tx) => {
      for (const { version } of pick(batch, 'plan')) await writePlan(tx, version)
      await saveTransitions(
        tx,
        market,
        pick(batch, 'transition').map(({ transition }) => transition),
      )
      for (const group of barGroups(batch)) await saveBars(tx, { market, ...group })
      for (const { instrument, contract, flow } of pick(batch, 'flow'))
        await saveFlows(tx, { market, instrument, contract }, [flow])
      return raiseAlerts(
        tx,
        market,
        pick(batch, 'alert').map(({ alert }) => alert),
      )
    })

  /** A listener that breaks must not look like a database that does. */
  const tell = (raised: readonly Alert[]): void => {
    try {
      if (raised.length > 0) onRaised(raised)
    } catch (error) {
      log.error({ err: error }, 'Stored alerts could not be told')
    }
  }

  /** Stores what waits now; entries leave the queue only once they are safe. False when the database did not take them. */
  const writeNext = async (): Promise<boolean> => {
    const batch = queue.slice()
    try {
      const raised = await write(batch)
      queue.splice(0, batch.length)
      report(false)
      tell(raised)
      return true
    } catch (error) {
      report(true)
      log.error({ err: error, waiting: queue.length }, 'The database did not take a batch')
      return false
    }
  }

  const run = async (): Promise<void> => {
    let stored = true
    while (stored && queue.length > 0) stored = await writeNext()
    // Nothing is awaited since the last look at the queue, so an entry added later finds no writer and starts one.
    writing = undefined
    if (!stored && !closing) cancelRetry = schedule(start, retryMs)
  }

  const start = (): void => {
    cancelRetry?.()
    cancelRetry = undefined
    if (queue.length > 0) writing ??= run()
  }

  return {
    add: (entry) => {
      queue.push(entry)
      // While a failed batch waits for its next try, new entries wait behind it.
      if (cancelRetry === undefined) start()
    },
    waiting: () => queue.length,
    state: () => health,
    close: async () => {
      closing = true
      await writing
      start()
      await writing
      if (queue.length > 0) log.error({ waiting: queue.length }, 'Closed before everything was stored')
    },
  }
}
