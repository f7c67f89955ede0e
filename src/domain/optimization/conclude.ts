import { dayColumnsOfTrips } from '../backtest/day-columns.ts'
import type { History } from '../backtest/history.ts'
import type { RoundTrip } from '../backtest/round-trip.ts'
import type { Terms } from '../backtest/terms.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import { challenge } from './champion.ts'
import { deflatedSharpe } from './deflated-sharpe.ts'
import { honestyOf } from './honesty.ts'
import { type DateSpan, pickDays, scoreOf, tallyOf } from './objective.ts'
import { overfittingOf } from './overfitting.ts'
import { realityCheck, signFlipTest } from './permutation.ts'
import { randomControl } from './random-control.ts'
import { keyOf, type Parameters, type SearchSpace, sizeOf } from './search-space.ts'
import type { StudyResult, StudyTests } from './study-result.ts'
import type { DayColumns, StudySpec, Trial } from './trial.ts'
import type { OutOfSample, Walked } from './walk-forward-result.ts'

/** Trades a set must have made in a training window before it can be chosen there. */
export const minimumTrades = 30

/** Runs of each test against chance. */
const chanceRuns = 1_000
/** Runs of the test of each set: so many that one alone can stand among a thousand at 10 %. */
const trialRuns = 9_999
/** Keys of chance that no search uses: those are counts of results. */
const permutationKey = -1
const controlKey = -2
const trialsKey = -3
/** What can be split into 16 blocks of two days. */
const leastDates = 32

/** Everything a study is judged by. */
export type Conclusion = {
  readonly spec: StudySpec
  readonly space: SearchSpace
  readonly group: MarketGroup
  readonly history: History
  readonly trials: readonly Trial[]
  readonly walked: Walked
  /** Plays the strategy over the whole history; `terms` are the study's unless said. */
  readonly play: (parameters: Parameters, terms?: Terms) => readonly RoundTrip[]
  /** The naive strategies over the same history. */
  readonly baselines: readonly { readonly name: string; readonly days: DayColumns }[]
  /** Every cost twice. */
  readonly doubledTerms: Terms
  readonly chance: (key: number) => () => number
}

/** A stretch of dates and what was played on it. */
type Played = { readonly parameters: Parameters; readonly span: DateSpan }

const indexOf = (dates: readonly string[]): ReadonlyMap<string, number> =>
  new Map(dates.map((date, index) => [date, index]))

/** Which parameters were played on which of the dates tried on; a newer fold takes the dates it shares with an older one. */
const playedOn = ({ walked, history }: Conclusion): readonly Played[] => {
  if (!walked.ok) return []
  const index = indexOf(history.dates)
  const { folds } = walked.walkForward
  return folds.flatMap(({ test, parameters }, i) => {
    if (parameters === null) return []
    const next = folds[i + 1]
    const end = (index.get(test.to) as number) + 1
    const to = next === undefined ? end : Math.min(end, index.get(next.test.from) as number)
    return [{ parameters, span: { from: index.get(test.from) as number, to } }]
  })
}

/** The trades of the dates tried on, each with the parameters that had been chosen before it. */
const tripsOf = ({ history, play }: Conclusion, played: readonly Played[], terms?: Terms): readonly RoundTrip[] => {
  const known = new Map<string, readonly RoundTrip[]>()
  const tripsWith = (parameters: Parameters): readonly RoundTrip[] => {
    const key = keyOf(parameters)
    const trips = known.get(key) ?? play(parameters, terms)
    known.set(key, trips)
    return trips
  }
  return played.flatMap(({ parameters, span: { from, to } }) =>
    tripsWith(parameters).filter(({ leftAt }) => {
      const date = history.date[leftAt] as number
      return date >= from && date < to
    }),
  )
}

const netOf = (trips: readonly RoundTrip[]): Money => trips.reduce((sum, { net }) => sum + net, 0)

const bestOf = ({ trials, history, spec }: Conclusion): StudyResult['best'] => {
  const all = { from: 0, to: history.dates.length }
  const scored = trials.map(({ number, parameters, days }) => ({
    number,
    parameters,
    score: scoreOf(days, all, spec.objective, minimumTrades),
  }))
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (top, each) => (each.score > (top?.score ?? Number.NEGATIVE_INFINITY) ? each : top),
    undefined,
  )
  // Where nothing could be tried, what is in force is the best that is known.
  const { number, parameters } = best ?? trials[0] ?? { number: 0, parameters: spec.champion }
  return { number, parameters, score: best?.score ?? null }
}

const trialTestsOf = ({ trials, chance }: Conclusion, chosen: number | null): NonNullable<StudyTests['trials']> => {
  const rows = trials.map(({ days }) => days.r)
  const { each, runs } = realityCheck(rows, { runs: trialRuns, random: chance(trialsKey) })
  return { p: each, runs, chosen }
}

const testsOf = (conclusion: Conclusion, chosen: number | null, tried: OutOfSample | undefined): StudyTests => {
  const { trials, history, chance, spec } = conclusion
  const rows = trials.map(({ days }) => days.net)
  const canSplit = rows.length > 1 && history.dates.length >= leastDates
  const trips = tripsOf(conclusion, playedOn(conclusion))
  return {
    ...(canSplit && chosen !== null && { deflatedSharpe: deflatedSharpe(rows, chosen) }),
    ...(canSplit && { overfitting: overfittingOf(rows) }),
    ...(tried && { permutation: signFlipTest(tried.days.net, chanceRuns, chance(permutationKey)) }),
    ...(trips.length > 0 && {
      randomEntry: randomControl(trips, history, {
        terms: spec.terms,
        discipline: spec.discipline,
        runs: chanceRuns,
        random: chance(controlKey),
      }),
    }),
    ...(trials.length > 0 && { trials: trialTestsOf(conclusion, chosen) }),
  }
}

/** What columns made on some dates. */
const onDates = (days: DayColumns, history: History, dates: readonly string[]): DayColumns => {
  const index = indexOf(history.dates)
  return pickDays(dates.map((date) => ({ date: index.get(date) as number, days })))
}

const expectancyOf = (days: DayColumns): number | null => {
  const { r, trades } = tallyOf(days, { from: 0, to: days.net.length })
  return trades > 0 ? r / trades : null
}

const none: OutOfSample = { dates: [], days: pickDays([]) }

const honestyInput = (conclusion: Conclusion, tests: StudyTests, tried: OutOfSample) => {
  const { walked, history, baselines, doubledTerms } = conclusion
  const played = playedOn(conclusion)
  const trips = tripsOf(conclusion, played)
  return {
    trades: trips.length,
    retention: walked.ok ? walked.walkForward.retention : null,
    deflatedSharpe: tests.deflatedSharpe?.probability ?? null,
    overfitting: tests.overfitting?.probability ?? null,
    permutation: tests.permutation?.p ?? null,
    randomEntry: tests.randomEntry?.p ?? null,
    expectancy: expectancyOf(tried.days),
    baselines: baselines.flatMap(({ name, days }) => {
      const expectancy = expectancyOf(onDates(days, history, tried.dates))
      return expectancy === null ? [] : [{ name, expectancy }]
    }),
    net: netOf(trips),
    doubledNet: trips.length > 0 ? netOf(tripsOf(conclusion, played, doubledTerms)) : null,
  }
}

/**
 * Judges a study: what its way of choosing made on dates it had not seen, every test of whether that may be believed, and
 * whether the challenger takes over. A pure function of the study and its trials.
 */
export const concludeStudy = (conclusion: Conclusion): StudyResult => {
  const { spec, space, group, history, trials, walked, play } = conclusion
  const tried = walked.ok ? walked.outOfSample : none
  const next = walked.ok ? walked.walkForward.next : { number: null, parameters: null }
  const tests = testsOf(conclusion, next.number, walked.ok ? tried : undefined)
  const honesty = honestyOf(honestyInput(conclusion, tests, tried))
  const champion = dayColumnsOfTrips(play(spec.champion), history)
  const decision = challenge({
    champion: { parameters: spec.champion, dates: history.dates, days: champion },
    challenger: { parameters: next.parameters, outOfSample: tried },
    failed: honesty.failed,
    group,
    date: spec.to,
  })
  return {
    tried: trials.length,
    of: sizeOf(space),
    dates: { from: history.dates[0] ?? spec.from, to: history.dates.at(-1) ?? spec.to, count: history.dates.length },
    best: bestOf(conclusion),
    challenger: next.parameters,
    walkForward: walked.ok ? walked.walkForward : null,
    needs: walked.ok ? null : walked.needs,
    outOfSample: { dates: tried.dates, net: [...tried.days.net] },
    championNet: [...onDates(champion, history, tried.dates).net],
    tests,
    honesty,
    decision,
  }
}
