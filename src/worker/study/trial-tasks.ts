import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { packDays } from '#src/adapters/packed-days.ts'
import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { Played } from '#src/domain/backtest/broker.ts'
import { dayColumnsOf } from '#src/domain/backtest/day-columns.ts'
import { doubled } from '#src/domain/backtest/fill-model.ts'
import { type History, sharedColumn } from '#src/domain/backtest/history.ts'
import { type Report, reportOf } from '#src/domain/backtest/report.ts'
import { roundTripsOf } from '#src/domain/backtest/round-trip.ts'
import { simulate } from '#src/domain/backtest/simulate.ts'
import { strategies, strategyOf } from '#src/domain/backtest/strategies/all.ts'
import type { Memo, Prepared, Stage } from '#src/domain/backtest/strategy.ts'
import type { Discipline, Terms } from '#src/domain/backtest/terms.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Money } from '#src/domain/money.ts'
import { concludeStudy, minimumTrades } from '#src/domain/optimization/conclude.ts'
import { defaultsOf, type Parameters } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec, Trial } from '#src/domain/optimization/trial.ts'
import { searchForward, walkForward } from '#src/domain/optimization/walk-forward.ts'
import type { Walked } from '#src/domain/optimization/walk-forward-result.ts'
import { chanceOf, searchPlanOf } from './search-plan.ts'
import { openBundle, type TrialBundle } from './trial-bundle.ts'

/** What a thread needs to try parameters: the columns lie in shared memory, so handing them over copies nothing. */
export type TrialSeed = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly history: History
  readonly prepared: Prepared
  /** Of the bars. */
  readonly dataHash: string
  readonly terms: Terms
  readonly discipline: Discipline
  readonly accountSize: Money
}

/** Columns a thread remembers of one history: a year of minutes takes under three megabytes each. */
const rememberedColumns = 64

const createMemo = (): Memo => {
  const known = new Map<string, unknown>()
  return <T>(name: string, make: () => T): T => {
    const held = known.get(name)
    const value = held === undefined ? make() : (held as T)
    // The one asked for last is forgotten last.
    known.delete(name)
    known.set(name, value)
    const [oldest] = known.keys()
    if (known.size > rememberedColumns && oldest !== undefined) known.delete(oldest)
    return value
  }
}

/** A thread works on one history at a time. */
let remembered: { readonly key: string; readonly memo: Memo } | undefined

const stageOf = (seed: TrialSeed): Stage => {
  const { instrument, history, prepared, dataHash, accountSize, discipline, terms } = seed
  const { entriesFrom, entriesUntil } = discipline
  const key = `${instrument} ${dataHash} ${entriesFrom} ${entriesUntil}`
  if (remembered?.key !== key) remembered = { key, memo: createMemo() }
  const { memo } = remembered
  const fee = terms.feePerSide
  return { spec: specOf(instrument), history, prepared, memo, accountSize, fee, hours: discipline }
}

/** Runs a strategy with one set of parameters over the whole history. */
const play = (seed: TrialSeed, parameters: Parameters, terms: Terms = seed.terms): Played => {
  const { history, discipline, strategy } = seed
  return simulate(history, strategyOf(strategy).play(stageOf(seed), parameters), { terms, discipline })
}

/** What a search of the study was answered, told again: the walk it ends with. */
const walkOf = (spec: StudySpec, dates: readonly string[], trials: readonly Trial[]): Walked => {
  const { windows, objective } = spec
  const { space } = strategyOf(spec.strategy)
  const walk = { space, dates, windows, objective, minimumTrades }
  if (spec.method !== 'model') return walkForward(walk, trials)
  const rounds = searchForward(walk, searchPlanOf(spec))
  let at = 0
  let answer = rounds.next()
  while (answer.done !== true) {
    const told = trials.slice(at, at + answer.value.length)
    at += told.length
    answer = rounds.next(told.map(({ days }) => days))
  }
  return answer.value
}

/** The naive strategies at their own parameters, on the same bars by the same rules. */
const baselinesOf = (seed: TrialSeed) =>
  strategies
    .filter(({ baseline, name }) => baseline && name !== seed.strategy)
    .map((strategy) => {
      const prepared = strategy.prepare(specOf(seed.instrument), seed.history, sharedColumn)
      const tape = play({ ...seed, strategy: strategy.name, prepared }, defaultsOf(strategy.space))
      return { name: strategy.title, days: dayColumnsOf(tape, seed.history) }
    })

/** What a thread does for backtests and optimisations; each is a pure function of its input. */
export const trialTasks = {
  prepare: ({ instrument, strategy, history }: Pick<TrialSeed, 'instrument' | 'strategy' | 'history'>): Prepared =>
    strategyOf(strategy).prepare(specOf(instrument), history, sharedColumn),

  trials: ({ seed, sets }: { readonly seed: TrialSeed; readonly sets: readonly Parameters[] }): readonly Uint8Array[] =>
    sets.map((parameters) => packDays(dayColumnsOf(play(seed, parameters), seed.history))),

  backtest: ({ seed, spec }: { readonly seed: TrialSeed; readonly spec: BacktestSpec }): Report => {
    const { history, instrument, accountSize } = seed
    const market = specOf(instrument)
    const base = { history, spec: market, accountSize }
    const stressed = reportOf({ ...base, tape: play(seed, spec.parameters, doubled(seed.terms)) })
    const { uniform } = createStream(spec.seed)
    return reportOf({
      ...base,
      tape: play(seed, spec.parameters),
      random: uniform,
      costsDoubled: { net: stressed.net, expectancyR: stressed.expectancy.r },
    })
  },

  conclude: ({
    seed,
    spec,
    bundle,
  }: {
    readonly seed: TrialSeed
    readonly spec: StudySpec
    readonly bundle: TrialBundle
  }): StudyResult => {
    const { history, instrument } = seed
    const trials = openBundle(bundle)
    return concludeStudy({
      spec,
      space: strategyOf(spec.strategy).space,
      group: specOf(instrument).group,
      history,
      trials,
      walked: walkOf(spec, history.dates, trials),
      play: (parameters, terms) => roundTripsOf(play(seed, parameters, terms)),
      baselines: baselinesOf(seed),
      doubledTerms: doubled(spec.terms),
      chance: chanceOf(spec),
    })
  },
}
