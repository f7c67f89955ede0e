import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import type { SearchPlan } from '#src/domain/optimization/search.ts'
import type { StudySpec } from '#src/domain/optimization/trial.ts'

/** The chance of a study: streams fixed by its seed and a key. */
export const chanceOf =
  ({ seed }: Pick<StudySpec, 'seed'>) =>
  (key: number): (() => number) =>
    createStream(seed, key).uniform

/** How a study searches. */
export const searchPlanOf = (spec: StudySpec): Omit<SearchPlan, 'space'> => {
  const { method, budget, round } = spec
  return { method, budget, round, chance: chanceOf(spec) }
}
