import { type DateSpan, scoreOf } from './objective.ts'
import { createSearch, type Scored, type SearchPlan } from './search.ts'
import { keyOf, type Parameters } from './search-space.ts'
import type { DayColumns, Trial } from './trial.ts'
import { type Walk, type Walked, walkedOf } from './walk-forward-result.ts'
import { datesNeeded, foldsOf, newestTraining, type WalkFold } from './walk-forward-windows.ts'

/** A trial and its score over one training window. */
type Judged = { readonly trial: Trial; readonly score: number }

const scoredOf = ({ trial: { parameters }, score }: Judged): Scored => ({ parameters, score })

/** The best by score, the first of equals; undefined when none could be judged. */
const bestOf = (judged: readonly Judged[]): Trial | undefined =>
  judged.reduce<Judged | undefined>(
    (best, each) => (each.score > (best?.score ?? Number.NEGATIVE_INFINITY) ? each : best),
    undefined,
  )?.trial

const trainingsOf = ({ dates, windows }: Walk, folds: readonly WalkFold[]): readonly DateSpan[] => [
  ...folds.map(({ train }) => train),
  newestTraining(dates, windows),
]

const tooShort = ({ dates, windows }: Walk): Walked => ({
  ok: false,
  reason: 'too-short',
  needs: datesNeeded(dates, windows),
})

/**
 * Walk-forward analysis (Pardo 2008, "The Evaluation and Optimization of Trading Strategies"): on each training window the
 * best of `trials` is chosen and then tried on the dates right behind it. A choice sees nothing but its own training dates.
 * The trials must not have been found by their results on later dates: a model's search goes through `searchForward`.
 */
export const walkForward = (walk: Walk, trials: readonly Trial[]): Walked => {
  const folds = foldsOf(walk.dates, walk.windows)
  if (folds.length === 0) return tooShort(walk)
  const judge = (train: DateSpan): readonly Judged[] =>
    trials.map((trial) => ({ trial, score: scoreOf(trial.days, train, walk.objective, walk.minimumTrades) }))
  return walkedOf(
    walk,
    folds,
    trainingsOf(walk, folds).map((train) => bestOf(judge(train))),
  )
}

/**
 * Walk-forward with a search of its own on each training window. It hands out the sets it wants tried over the whole
 * history, is given their days in the same order, and ends with the walk; a set once tried serves every window. Sets are
 * numbered from 0 in the order they are handed out. Who tries them, and how many at once, changes nothing.
 */
export function* searchForward(
  walk: Walk,
  plan: Omit<SearchPlan, 'space'>,
): Generator<readonly Parameters[], Walked, readonly DayColumns[]> {
  const folds = foldsOf(walk.dates, walk.windows)
  if (folds.length === 0) return tooShort(walk)
  // One search serves all windows: it keeps nothing, and its chance hangs on how many results it is given.
  const search = createSearch({ ...plan, space: walk.space })
  const known = new Map<string, Trial>()
  const windows = trainingsOf(walk, folds).map((train) => ({ train, judged: [] as Judged[] }))
  for (;;) {
    const rounds = windows.map(({ judged }) => search.propose(judged.map(scoredOf)))
    if (rounds.every((round) => round.length === 0)) break
    const wanted = new Map(rounds.flat().map((parameters) => [keyOf(parameters), parameters]))
    const unknown = [...wanted].filter(([key]) => !known.has(key))
    const days = unknown.length === 0 ? [] : yield unknown.map(([, parameters]) => parameters)
    for (const [i, [key, parameters]] of unknown.entries()) {
      known.set(key, { number: known.size, parameters, days: days[i] as DayColumns })
    }
    for (const [i, { train, judged }] of windows.entries()) {
      for (const parameters of rounds[i] ?? []) {
        const trial = known.get(keyOf(parameters)) as Trial
        judged.push({ trial, score: scoreOf(trial.days, train, walk.objective, walk.minimumTrades) })
      }
    }
  }
  return walkedOf(
    walk,
    folds,
    windows.map(({ judged }) => bestOf(judged)),
  )
}
