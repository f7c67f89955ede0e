import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { rollsOf, saveRolls } from '#src/adapters/db/rolls.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { createFronts, decideRoll, type Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { previewRoll } from '#src/domain/instruments/roll-preview.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import type { RollReading } from '#src/domain/picture.ts'
import type { Clock, HistorySource, SessionVolume } from '#src/engine/ports.ts'
import { pause } from './pause.ts'
import { askShown, readVolumes, type Turn, turnAt, type Volumes } from './roll-volumes.ts'

/** Volumes decide until 04:00 New York of the date they are for: no contract changes under a trader's hands. */
const lastMinute = 4 * 60
const lookEveryMs = 10_000
const firstRetryMs = 30_000
const longestRetryMs = 300_000
/** How long a start waits for volumes that decide which contract the day is traded in. */
const startLimitMs = 15_000

type Options = {
  readonly db: Db
  readonly market: string
  readonly source: HistorySource
  readonly instruments: readonly InstrumentId[]
  readonly clock: Clock
  readonly schedule: Schedule
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Called once a change of contract was decided and kept; not for what was decided before the keeper was there. */
  readonly onRolls: (fronts: Fronts) => void
}

/**
 * Decides five minutes after every trade date's close which contract each market is traded in next, and keeps that for
 * ever. Resolves once what was missed while nobody ran is decided too, or 15 s later when the source does not answer.
 */
export const createRollKeeper = async (options: Options) => {
  const { db, market, source, instruments, clock, schedule, log, onRolls } = options
  const stopping = new AbortController()
  let fronts = createFronts(await rollsOf(db, market))
  /** The trade date each market was decided for last. */
  const decided = new Map<InstrumentId, string>()
  const known = new Map<InstrumentId, { readonly turn: Turn; readonly volumes: Volumes }>()

  const dueNow = (): readonly Turn[] =>
    instruments.map((id) => turnAt(id, clock.now(), fronts)).filter(({ id, next }) => decided.get(id) !== next)

  const keep = async ({ id, next: tradeDate, current }: Turn, volumes?: Volumes): Promise<boolean> => {
    const roll = decideRoll({ id, tradeDate, current, volumes })
    if (roll !== undefined) {
      await saveRolls(db, market, [roll], clock.wall())
      log.info({ roll }, 'A market changes its contract')
    }
    decided.set(id, tradeDate)
    return roll !== undefined
  }

  /** Answers whether the market changed its contract; undefined when the source does not answer what decides that. */
  const decideOne = async (turn: Turn, shown: readonly SessionVolume[], signal: AbortSignal) => {
    const volumes = await readVolumes(source, turn, shown, signal)
    if (volumes !== undefined && 'ok' in volumes) {
      if (!signal.aborted) log.warn({ market: contractCode(turn.current), reason: volumes.reason }, volumes.detail)
      return undefined
    }
    if (volumes !== undefined) known.set(turn.id, { turn, volumes })
    return keep(turn, volumes)
  }

  const decide = async (signal: AbortSignal, isTooLate: (turn: Turn) => boolean) => {
    const due = dueNow()
    if (due.length === 0) return { complete: true, changed: false }
    const shown = await askShown(
      source,
      due.filter((turn) => !isTooLate(turn)),
      clock.now(),
      signal,
    )
    const outcomes: (boolean | undefined)[] = []
    for (const turn of due)
      outcomes.push(isTooLate(turn) ? await keep(turn) : await decideOne(turn, 'ok' in shown ? [] : shown, signal))
    const changed = outcomes.includes(true)
    if (changed) fronts = createFronts(await rollsOf(db, market))
    return { complete: !outcomes.includes(undefined), changed }
  }

  /** Dates already begun may still be decided at the start: no contract of theirs was shown to anybody yet. */
  const decideMissed = async (): Promise<void> => {
    const limit = new AbortController()
    const cancel = schedule(() => limit.abort(), startLimitMs)
    await decide(AbortSignal.any([limit.signal, stopping.signal]), () => false)
    cancel()
  }

  const isTooLate = ({ next }: Turn): boolean => clock.now() >= easternMs(next, lastMinute)

  const decideForEver = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      const wait = failures === 0 ? lookEveryMs : Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1))
      await pause(wait, schedule, stopping.signal)
      if (stopping.signal.aborted) return
      const { complete, changed } = await decide(stopping.signal, isTooLate).catch((error: unknown) => {
        log.error({ err: error }, 'The contracts could not be decided')
        return { complete: false, changed: false }
      })
      failures = complete ? 0 : failures + 1
      if (changed) onRolls(fronts)
    }
  }

  await decideMissed()
  const deciding = decideForEver()

  return {
    fronts: (): Fronts => fronts,

    /** Each market's next change of contract, with what was traded on the last full trade date where that is known. */
    previews: (): readonly RollReading[] =>
      instruments.map((id) => {
        const date = tradeDateAt(specOf(id).group, clock.now())
        const last = known.get(id)
        const isCurrent = last !== undefined && contractCode(last.turn.current) === contractCode(fronts(id, date))
        return previewRoll(id, date, fronts, isCurrent ? last.volumes : undefined)
      }),

    stop: async (): Promise<void> => {
      stopping.abort()
      await deciding
    },
  }
}
