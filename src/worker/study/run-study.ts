import type { Db } from '#src/adapters/db/connect.ts'
import { moveStudy, type PackedTrial, type Proposal, packedTrialsOf, type Study } from '#src/adapters/db/studies.ts'
import { unpackDays } from '#src/adapters/packed-days.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import { minimumTrades } from '#src/domain/optimization/conclude.ts'
import { createSearch, type Search } from '#src/domain/optimization/search.ts'
import { keyOf, type Parameters } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { DayColumns, StudySpec } from '#src/domain/optimization/trial.ts'
import { searchForward } from '#src/domain/optimization/walk-forward.ts'
import type { Pool } from '../threads/pool.ts'
import type { Hands } from './hands.ts'
import { searchPlanOf } from './search-plan.ts'
import { bundleTrials } from './trial-bundle.ts'
import type { TrialSeed } from './trial-tasks.ts'

type Options = {
  readonly db: Db
  readonly pool: Pool
  readonly hands: Hands
  readonly study: Study
  /** Opens the bars when they are needed: a study whose trials are all kept needs them only to be concluded. */
  readonly openSeed: () => Promise<TrialSeed>
  /** The trade dates the study is about. */
  readonly dates: readonly string[]
  readonly signal: AbortSignal
  /** Sets tried so far. */
  readonly tell: (tried: number) => void
  readonly wall: () => number
}

/** What a search asks for, round after round, and what it is given. */
type Rounds = Generator<readonly Parameters[], unknown, readonly DayColumns[]>

/** A search that learns nothing of what it finds asks for its sets in rounds all the same: that is how far a crash throws it back. */
function* blindRounds(search: Search): Rounds {
  const scored: { readonly parameters: Parameters; readonly score: number }[] = []
  for (let round = search.propose(scored); round.length > 0; round = search.propose(scored)) {
    yield round
    for (const parameters of round) scored.push({ parameters, score: Number.NaN })
  }
  return undefined
}

/** The rounds of a study: what is asked for depends on the study alone, and in a model's search on what came of it. */
export const roundsOf = (spec: StudySpec, dates: readonly string[]): Rounds => {
  const { space } = strategyOf(spec.strategy)
  const { method, windows, objective } = spec
  const plan = searchPlanOf(spec)
  return method === 'model'
    ? searchForward({ space, dates, windows, objective, minimumTrades }, plan)
    : blindRounds(createSearch({ ...plan, space }))
}

const isSame = (kept: PackedTrial, { parameters }: Proposal): boolean => keyOf(kept.parameters) === keyOf(parameters)

/** Tries everything the study asks for; what is kept is not tried again. Undefined when it was stopped. */
const tryAll = async (options: Options): Promise<readonly PackedTrial[] | undefined> => {
  const { db, hands, study, openSeed, dates, signal, tell } = options
  const rounds = roundsOf(study.spec, dates)
  const tried: PackedTrial[] = []
  const known = new Map((await packedTrialsOf(db, study.id)).map((trial) => [trial.number, trial]))
  const learns = study.spec.method === 'model'
  let answer = rounds.next()
  while (answer.done !== true) {
    const proposals = answer.value.map((parameters, i): Proposal => ({ number: tried.length + i, parameters }))
    const missing = proposals.filter(({ number }) => !known.has(number))
    if (missing.length > 0)
      for (const trial of await hands.compute(study.id, openSeed, missing, signal)) known.set(trial.number, trial)
    const round = proposals.flatMap((proposal) => {
      const kept = known.get(proposal.number)
      if (kept !== undefined && !isSame(kept, proposal))
        throw new Error(`trial ${proposal.number} was made with other parameters: ${keyOf(kept.parameters)}`)
      return kept ?? []
    })
    if (signal.aborted || round.length < proposals.length) return undefined
    tried.push(...round)
    tell(tried.length)
    answer = rounds.next(learns ? round.map(({ packed }) => unpackDays(packed)) : [])
  }
  return tried
}

/**
 * Carries a study out and keeps what it comes to. It may be stopped, or die, at any moment: what was tried stays, and the next
 * time goes on from there to the same result, byte for byte. Undefined when it was stopped.
 */
export const runStudy = async (options: Options): Promise<StudyResult | undefined> => {
  const { db, pool, study, openSeed, signal, wall } = options
  await moveStudy(db, study.id, { state: 'running', at: wall() })
  const trials = await tryAll(options)
  if (trials === undefined) return undefined
  const result = (await pool.ask(
    'conclude',
    { seed: await openSeed(), spec: study.spec, bundle: bundleTrials(trials) },
    signal,
  )) as StudyResult
  if (signal.aborted) return undefined
  await moveStudy(db, study.id, { state: 'done', at: wall(), result })
  return result
}
