import { expect, test } from 'vitest'
import type { PackedTrial } from '#src/adapters/db/studies.ts'
import { unpackDays } from '#src/adapters/packed-days.ts'
import { historyOf } from '#src/domain/backtest/history.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { crowningsOf } from '#src/domain/night/crowning.ts'
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
  const discipline = { ...disciplineOf(defaultBoundaries, defaultLimits, plantedMarket.id), entriesUntil: 660 }
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

const planted = study(1, 0.4, poor)
const noise = Array.from({ length: 20 }, (_, i) => study(i + 1, 0, poor))

test('an edge that was planted is found on dates the search had not seen, and takes over', () => {
  expect(planted.honesty.failed).toEqual([])
  expect(planted.decision.verdict).toBe('takes-over')
})

test('where nothing was planted nothing is promoted, in twenty markets', () => {
  expect(noise.filter(({ decision }) => decision.verdict === 'takes-over')).toEqual([])
})

test('the edge stands against chance among all sets that were tried in one night, and no other does', () => {
  const night = [...noise, planted].map((result, i) => ({ id: String(i), result }))
  // Whatever else a verdict hangs on: here all would have won.
  const won = night.map(({ id, result }) => ({
    id,
    result: { ...result, decision: { ...result.decision, effective: '2026-11-23' } },
  }))
  expect(crowningsOf(won, 'the night').filter(({ crowned }) => crowned)).toEqual([{ id: '20', crowned: true }])
})

test('the deflated ratio as published refuses the edge, as the search also tried bad sets', () => {
  const { deflatedSharpe } = planted.tests
  expect(deflatedSharpe?.published?.probability).toBeLessThan(0.95)
  expect(deflatedSharpe?.probability).toBeGreaterThan(0.95)
})
