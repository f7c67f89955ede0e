import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import type { Gap } from '#src/adapters/db/coverage.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import type { HistoryReading } from '#src/domain/picture.ts'
import type { Clock, Refused } from '#src/engine/ports.ts'
import { holdRun } from './held-run.ts'
import type { createHistoryAsker } from './history-asker.ts'
import { type DatePart, openQuestions, type Question } from './history-plan.ts'
import { pause } from './pause.ts'

/** Questions asked side by side; the source has its own limit. More would only fill the memory with answers. */
const lanes = 3
const firstWaitMs = 5_000
const longestWaitMs = 300_000
/** A question answered with garbage this often is left for the next night: the others must not wait for it for ever. */
const mostGarbage = 3
/** A source that had nothing for so many trade dates in a row has nothing older either. */
const mostEmptyDates = 40

type Task = {
  readonly question: Question
  readonly reason: Gap['reason']
  /** Trade dates of it that are not there yet. */
  left: number
  garbage: number
  readonly settle: () => void
}

type Options = {
  readonly db: Db
  readonly market: string
  readonly instruments: readonly InstrumentId[]
  readonly asker: ReturnType<typeof createHistoryAsker>
  readonly clock: Clock
  readonly schedule: Schedule
  readonly log: Pick<Logger, 'warn' | 'error'>
  readonly stopping: AbortSignal
  readonly onChange: () => void
}

const lastDate = ({ parts }: Question): string => parts.at(-1)?.tradeDate ?? ''

/**
 * Works off questions to a source, newest first, under the lock of the job 'history'. It waits while the source does not
 * answer, and asks no more once the source says that key or plan are not good enough, until something new is added.
 */
export const createHistoryQueue = (options: Options) => {
  const { db, market, instruments, asker, clock, schedule, log, stopping, onChange } = options
  let tasks: readonly Task[] = []
  /** One question a market at a time: what it has newest tells how far back asking makes sense. */
  const busy = new Map<InstrumentId, Task>()
  /** The oldest instant a plan reaches, where the source said so. */
  const limits = new Map<InstrumentId, number>()
  let total = 0
  let barred: Refused | undefined
  let waiting: { readonly until: number; readonly detail: string } | undefined
  let failures = 0
  let draining: Promise<void> | undefined

  const remaining = (): number => [...tasks, ...busy.values()].reduce((sum, { left }) => sum + left, 0)
  const progress = (): number => (total === 0 ? 1 : 1 - remaining() / total)

  const settleAll = (done: (task: Task) => boolean): void => {
    for (const task of tasks.filter(done)) task.settle()
    tasks = tasks.filter((task) => !done(task))
  }

  /** Whether the source has already shown that it has nothing as old as this. */
  const isBeyond = (question: Question): boolean => {
    const { id } = question.contract
    if (question.to <= (limits.get(id) ?? 0)) return true
    const oldest = asker
      .known(id)
      .filter(({ tradeDate }) => tradeDate > lastDate(question))
      .slice(0, mostEmptyDates)
    return oldest.length === mostEmptyDates && oldest.every(({ present }) => present === 0)
  }

  const take = (): Task | undefined => {
    const task = tasks.find(({ question }) => !busy.has(question.contract.id))
    tasks = tasks.filter((other) => other !== task)
    if (task === undefined || !isBeyond(task.question)) return task
    task.settle()
    return take()
  }

  /** The source's plan ends there when it gave newer dates of this market; else it gives none at all. */
  const isLimit = (question: Question): boolean =>
    asker.known(question.contract.id).some(({ tradeDate, present }) => present > 0 && tradeDate > lastDate(question))

  const bar = (refused: Refused): void => {
    barred = refused
    log.error({ reason: refused.reason }, refused.detail)
    settleAll(() => true)
  }

  const waitFor = ({ detail }: Refused): void => {
    const ms = Math.min(longestWaitMs, firstWaitMs * 2 ** failures++)
    waiting = { until: clock.wall() + ms, detail }
  }

  /** Answers whether the task is over. */
  const refuse = (task: Task, refused: Refused): boolean => {
    const { contract, to } = task.question
    if (refused.reason === 'stopped') return false
    if (refused.reason === 'not-entitled' && isLimit(task.question)) {
      limits.set(contract.id, to)
      return true
    }
    if (refused.reason === 'bad-key' || refused.reason === 'not-entitled') {
      bar(refused)
      return true
    }
    log.warn({ contract: contractCode(contract), reason: refused.reason }, refused.detail)
    if (refused.reason === 'garbage' && ++task.garbage >= mostGarbage) return true
    waitFor(refused)
    return false
  }

  const work = async (task: Task, held: AbortSignal): Promise<boolean> => {
    const { question, reason } = task
    for (const open of openQuestions(question.parts, asker.askedTo, question.to)) {
      const answer = await asker.ask(open, held, reason).catch((error: unknown): Refused => {
        log.error({ err: error }, 'The history could not be kept')
        return { ok: false, reason: 'unavailable', detail: 'what came could not be kept' }
      })
      if (!answer.ok) return refuse(task, answer)
      failures = 0
    }
    return true
  }

  const waitTurn = async (held: AbortSignal): Promise<void> => {
    while (waiting !== undefined && !held.aborted) {
      const ms = waiting.until - clock.wall()
      if (ms <= 0) waiting = undefined
      else await pause(ms, schedule, held)
    }
  }

  const lane = async (held: AbortSignal): Promise<void> => {
    for (;;) {
      await waitTurn(held)
      const task = held.aborted ? undefined : take()
      if (task === undefined) return
      const { id } = task.question.contract
      busy.set(id, task)
      onChange()
      const over = await work(task, held)
      busy.delete(id)
      if (over || barred !== undefined) task.settle()
      else tasks = [task, ...tasks]
      onChange()
    }
  }

  const drain = async (): Promise<void> => {
    const onWaiting = (): void => {
      waiting = { until: Number.POSITIVE_INFINITY, detail: 'another process is fetching the history' }
      onChange()
    }
    while (tasks.length > 0 && !stopping.aborted) {
      await waitTurn(stopping)
      await holdRun(
        { db, market, job: 'history', wall: clock.wall, schedule, progress, log, onWaiting },
        stopping,
        async (held) => {
          waiting = undefined
          await Promise.all(Array.from({ length: lanes }, () => lane(held)))
          return { dates: total - remaining() }
        },
      ).catch((error: unknown) => {
        log.error({ err: error }, 'The history cannot be fetched while the database does not answer')
        waitFor({ ok: false, reason: 'unavailable', detail: 'the database does not answer' })
      })
    }
    if (tasks.length === 0) total = 0
  }

  const wake = (): void => {
    draining ??= drain().finally(() => {
      draining = undefined
      if (stopping.aborted) settleAll(() => true)
      else if (tasks.length > 0) wake()
      onChange()
    })
  }

  /** The trade date from which on something is held of every market. */
  const heldFrom = (): string => {
    const oldest = instruments.flatMap((id) => asker.known(id).find(({ present }) => present > 0)?.tradeDate ?? [])
    return oldest.sort().at(-1) ?? ''
  }

  const detail = (): string => {
    const [task] = busy.values()
    if (barred !== undefined) return barred.detail
    if (waiting !== undefined) return waiting.detail
    if (task !== undefined) return `${contractCode(task.question.contract)} from ${easternAt(task.question.from).date}`
    const held = heldFrom()
    return held === '' ? 'nothing is held' : `held from ${held} on`
  }

  return {
    /** Adds what the source was not asked for of these parts up to `now`; resolves when it was, or cannot be. */
    add: async (parts: readonly DatePart[], now: number, reason: Gap['reason']): Promise<void> => {
      if (stopping.aborted) return
      barred = undefined
      const over = openQuestions(parts, asker.askedTo, now).map(
        (question) =>
          new Promise<void>((settle) => {
            const task = { question, reason, left: question.parts.length, garbage: 0, settle }
            total += task.left
            tasks = [...tasks, task].sort((a, b) => b.question.to - a.question.to)
          }),
      )
      if (over.length > 0) wake()
      await Promise.all(over)
    },
    /** A trade date came in. */
    onPart: ({ contract: { id } }: DatePart): void => {
      const task = busy.get(id)
      if (task !== undefined && task.left > 0) task.left--
    },
    isBusy: (id: InstrumentId): boolean => busy.has(id),
    /** Whether the source said that key or plan are not good enough. */
    isBarred: (): boolean => barred !== undefined,
    reading: (): Pick<HistoryReading, 'state' | 'detail' | 'progress'> => {
      const state = (barred ?? waiting) ? 'waiting' : tasks.length + busy.size === 0 ? 'idle' : 'working'
      return { state, detail: detail(), progress: progress() }
    },
    stopped: async (): Promise<void> => {
      await draining
    },
  }
}
