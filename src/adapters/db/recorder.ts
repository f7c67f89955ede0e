import type { Logger } from 'pino'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import type { Alert, CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'
import { raiseAlerts } from './alerts.ts'
import { saveBars } from './bars.ts'
import type { Db } from './connect.ts'
import { savePlanVersion } from './plans.ts'
import { saveTransitions } from './transitions.ts'

type Entry =
  | { readonly kind: 'bar'; readonly instrument: InstrumentId; readonly contract: number; readonly bar: RecordedBar }
  | { readonly kind: 'transition'; readonly transition: CardTransition }
  | { readonly kind: 'plan'; readonly version: PlanVersion }
  | { readonly kind: 'alert'; readonly alert: NewAlert }

/** Writes down what the engine says, in its order, trying again until the database has it. */
export type Recorder = {
  readonly add: (entry: Entry) => void
  /** Entries not yet stored. */
  readonly waiting: () => number
  readonly state: () => { readonly failing: boolean; readonly since: number }
  /** Resolves when all that was added is stored, or after a last failed try. */
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
  let queue: Entry[] = []
  let writing: Promise<void> | undefined
  let cancel: (() => void) | undefined
  let health = { failing: false, since: wall() }

  const report = (failing: boolean): void => {
    if (failing !== health.failing) health = { failing, since: wall() }
  }

  const write = (batch: readonly Entry[]): Promise<readonly Alert[]> =>
    db.transaction(async (tx) => {
      for (const { version } of pick(batch, 'plan')) await savePlanVersion(tx, market, version)
      await saveTransitions(
        tx,
        market,
        pick(batch, 'transition').map(({ transition }) => transition),
      )
      for (const group of barGroups(batch)) await saveBars(tx, { market, ...group })
      return raiseAlerts(
        tx,
        market,
        pick(batch, 'alert').map(({ alert }) => alert),
      )
    })

  const writeNext = async (): Promise<boolean> => {
    const batch = queue
    queue = []
    try {
      const raised = await write(batch)
      report(false)
      if (raised.length > 0) onRaised(raised)
      return true
    } catch (error) {
      queue = [...batch, ...queue]
      report(true)
      log.error({ err: error, waiting: queue.length }, 'The database did not take a batch; it will be tried again')
      return false
    }
  }

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      if (await writeNext()) continue
      cancel = schedule(start, retryMs)
      return
    }
  }

  const start = (): void => {
    cancel?.()
    cancel = undefined
    writing ??= run().finally(() => {
      writing = undefined
      if (queue.length > 0 && cancel === undefined) start()
    })
  }

  return {
    add: (entry) => {
      queue.push(entry)
      // While a failed batch waits for its next try, new entries wait behind it.
      if (cancel === undefined) start()
    },
    waiting: () => queue.length,
    state: () => health,
    close: async () => {
      cancel?.()
      cancel = undefined
      await writing
      if (queue.length > 0) await writeNext()
    },
  }
}
