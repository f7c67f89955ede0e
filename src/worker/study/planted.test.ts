import { expect, test } from 'vitest'
import type { PackedTrial } from '#src/adapters/db/studies.ts'
import { unpackDays } from '#src/adapters/packed-days.ts'
import { historyOf } from '#src/domain/backtest/history.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultsOf, type Parameters } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec } from '#src/domain/optimization/trial.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { plantedBars, plantedMarket } from '#src/testing/planted-market.ts'
import { disciplineOf, termsOf } from './house-rules.ts'
import { roundsOf } from './run-study.ts'
import { bundleTrials } from './trial-bundle.ts'
import { type TrialSeed, trialTasks } from './trial-tasks.ts'

const strategy = 'opening-range'

/** The whole pipeline on a market: search, walk-forward, every honesty check, the decision about the champion. */
const study = (seed: number, edge: number, champion: Parameters): StudyResult => {
  const history = historyOf(plantedMarket, plantedBars(seed, edge, 290))
  const terms = termsOf(plantedMarket, defaultLimits)
  const discipline = { ...disciplineOf(defaultBoundaries, defaultLimits), entriesUntil: 660 }
  const base = { instrument: plantedMarket.id, strategy, terms, discipline, accountSize: dollars(50_000) }
  const prepared = trialTasks.prepare({ instrument: plantedMarket.id, strategy, history })
  const stage: TrialSeed = { ...base, history, prepared, dataHash: `${seed} ${edge}` }
  const spec: StudySpec = {
    ...base,
    ...{ method: 'random', objective: 'expectancy', seed, budget: 60, round: 30 },
    ...{ windows: { train: 6, test: 1, step: 1 }, dataHash: stage.dataHash, codeVersion: 'test', champion },
    from: history.dates[0] ?? '',
    to: history.dates.at(-1) ?? '',
  }
  const trials: PackedTrial[] = []
  const rounds = roundsOf(spec, history.dates)
  for (let asked = rounds.next(); asked.done !== true; ) {
    const sets = asked.value
    const made = trialTasks.trials({ seed: stage, sets })
    made.forEach((packed, i) => void trials.push({ number: trials.length, parameters: sets[i] ?? {}, packed }))
    asked = rounds.next(made.map(unpackDays))
  }
  return trialTasks.conclude({ seed: stage, spec, bundle: bundleTrials(trials) })
}

const defaults = defaultsOf(strategyOf(strategy).space)
/** A champion nobody would choose: the widest stop for the nearest target. */
const poor = { ...defaults, stop: 3, target: 1, window: 60 }

test('an edge that was planted is found on dates the search had not seen, and takes over', () => {
  const { honesty, decision } = study(1, 0.4, poor)
  expect(honesty.failed).toEqual([])
  expect(decision.verdict).toBe('takes-over')
})

test('where nothing was planted nothing is promoted, in twenty markets', () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1)
  const promoted = seeds.filter((seed) => study(seed, 0, poor).decision.verdict === 'takes-over')
  expect(promoted).toEqual([])
})
