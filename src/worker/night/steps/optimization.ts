import { openStudies, overruleStudy, type Study, studiesOfNight } from '#src/adapters/db/studies.ts'
import { strategies, strategyOf } from '#src/domain/backtest/strategies/all.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { dayOf } from '#src/domain/instruments/zone.ts'
import { crowningsOf } from '#src/domain/night/crowning.ts'
import { counted } from '#src/domain/night/step-words.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import { pause } from '../../pause.ts'
import { NothingStored } from '../../study/study-room.ts'
import type { StepCall, StepWork } from '../night.ts'
import type { NightDeps } from '../night-deps.ts'

/** How a night searches: seeded alike every night, so that no night draws lots again. */
const search = { method: 'model', budget: 200 } as const
const daily = 'focus-plan'
const tellEveryMs = 1_000

/** A market and one of its strategies. */
type Pair = { readonly instrument: InstrumentId; readonly strategy: string }

const isOf = ({ instrument, strategy }: Pair, { spec }: Study): boolean =>
  spec.instrument === instrument && spec.strategy === strategy

const titleOf = ({ instrument, strategy }: Pair): string => `${instrument} ${strategyOf(strategy).title}`

/** The plan itself every night, of the other strategies one a night in turn. */
const pairsOf = (instruments: readonly InstrumentId[], tradeDate: string): readonly Pair[] => {
  const others = strategies.filter(({ baseline, name }) => !baseline && name !== daily)
  const turn = others[dayOf(tradeDate) % others.length]?.name ?? daily
  return [daily, turn].flatMap((strategy) => instruments.map((instrument) => ({ instrument, strategy })))
}

/** What is to be studied: a pair with the study that was begun for it, if one was. */
type Task = { readonly pair: Pair; readonly begun?: Study }

/** The night's pairs, and what earlier nights left unfinished: that goes on instead of being begun anew. */
const tasksOf = async ({ db, market, instruments }: NightDeps, tradeDate: string): Promise<readonly Task[]> => {
  const pairs = pairsOf(instruments, tradeDate)
  const left = (await openStudies(db, market)).filter(({ night }) => night !== undefined)
  const own = (await studiesOfNight(db, market, tradeDate)).filter(({ state }) => state === 'done')
  const known = [...left, ...own]
  const others = left.filter((study) => pairs.every((pair) => !isOf(pair, study)))
  return [
    ...pairs.map((pair): Task => {
      const begun = known.find((study) => isOf(pair, study))
      return begun === undefined ? { pair } : { pair, begun }
    }),
    ...others.map((begun): Task => {
      const { instrument, strategy } = begun.spec
      return { pair: { instrument, strategy }, begun }
    }),
  ]
}

/** Tells how far a study is as long as it runs. */
const watch = async (
  { room, schedule }: NightDeps,
  id: string,
  over: AbortSignal,
  tell: (tried: number) => void,
): Promise<void> => {
  while (!over.aborted) {
    tell(room.triedOf(id) ?? 0)
    await pause(tellEveryMs, schedule, over)
  }
}

type Done = { readonly id: string; readonly pair: Pair; readonly result?: StudyResult }

/** Carries every task out. What fails counts as tried in vain; undefined when it was stopped. */
const studyAll = async (deps: NightDeps, { night, signal, tell }: StepCall) => {
  const { room } = deps
  const tasks = await tasksOf(deps, night.tradeDate)
  const done: Done[] = []
  const failed: string[] = []
  const empty = new Set<InstrumentId>()

  const ask = (pair: Pair): Promise<string> => room.ask({ ...pair, ...search, night: night.tradeDate })
  const run = async (id: string, pair: Pair): Promise<StudyResult | undefined> => {
    const over = new AbortController()
    const watching = watch(deps, id, over.signal, (tried) =>
      tell(
        // A model has its budget in each training window: how many sets that makes is not known before.
        (done.length + tried / (tried + search.budget)) / tasks.length,
        `${titleOf(pair)}: ${tried} sets tried (${done.length + 1} of ${tasks.length})`,
      ),
    )
    try {
      return await room.run(id, signal)
    } finally {
      over.abort()
      await watching
    }
  }

  /** What was begun on bars that have changed since cannot go on. */
  const study = async ({ pair, begun }: Task): Promise<Done> => {
    const went = begun && (await run(begun.id, pair).catch(() => undefined))
    if (begun !== undefined && (went !== undefined || signal.aborted)) return { id: begun.id, pair, ...result(went) }
    const id = await ask(pair)
    return { id, pair, ...result(await run(id, pair)) }
  }
  const result = (value: StudyResult | undefined) => value && { result: value }

  for (const task of tasks) {
    if (signal.aborted) return undefined
    try {
      done.push(await study(task))
    } catch (error) {
      if (signal.aborted) return undefined
      if (error instanceof NothingStored) empty.add(task.pair.instrument)
      else {
        done.push({ id: titleOf(task.pair), pair: task.pair })
        failed.push(`${titleOf(task.pair)}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  return signal.aborted ? undefined : { done, failed, empty }
}

/**
 * Searches for better parameters and puts those in force, from the next trade date on, that won their study and stand against
 * chance among all sets tried and all studies of the night.
 */
export const optimization =
  (deps: NightDeps): StepWork =>
  async (call) => {
    const { db, room } = deps
    const all = await studyAll(deps, call)
    if (all === undefined) return ''
    const { done, failed, empty } = all
    const crownings = crowningsOf(done, 'the night')
    const changed: string[] = []
    const overruled: string[] = []
    for (const [i, { id, crowned, overruled: why }] of crownings.entries()) {
      const { pair, result } = done[i] as Done
      if (why !== undefined) {
        await overruleStudy(db, id, why)
        overruled.push(`${titleOf(pair)} ${why}`)
      }
      if (!crowned || result === undefined) continue
      await room.decide(id, result)
      changed.push(`${titleOf(pair)}: ${result.decision.words}`)
    }
    if (failed.length > 0) throw new Error(`${counted(failed.length, 'study', 'studies')} failed: ${failed.join('; ')}`)
    const nothing = empty.size > 0 ? [`nothing stored of ${[...empty].join(', ')}`] : []
    const short = done.flatMap(({ result }) => result?.needs ?? [])
    const needs = short.length > 0 ? [`${short.length} had too few dates, ${Math.max(...short)} are asked for`] : []
    const news = changed.length > 0 ? changed : ['nothing changes']
    return [counted(done.length, 'study', 'studies'), ...news, ...overruled, ...needs, ...nothing].join('; ')
  }
