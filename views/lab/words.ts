import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { AccountCourse } from '#src/domain/backtest/firm-account.ts'
import { regimes } from '#src/domain/backtest/focus/known-scores.ts'
import type { Realism } from '#src/domain/backtest/realism.ts'
import { strategies } from '#src/domain/backtest/strategies/all.ts'
import { focusPlan } from '#src/domain/backtest/strategies/focus-plan.ts'
import type { Terms } from '#src/domain/backtest/terms.ts'
import type { ExitReason } from '#src/domain/backtest/trade-tape.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { NightStep, StepState, StudyReading } from '#src/domain/lab-reading.ts'
import { type HonestyCheck, honestyNames } from '#src/domain/optimization/honesty.ts'
import type { Dimension, Parameters } from '#src/domain/optimization/search-space.ts'
import type { Objective, SearchMethod } from '#src/domain/optimization/trial.ts'
import { planName } from '#src/domain/risk/firms/presets.ts'
import { formatAmount, formatFixed, formatMoment, formatMoney, formatNumber, formatSigned, unknown } from '../format.ts'
import { limitWords } from '../words.ts'

/** A state as its sign and its word. */
type State = { readonly icon: string; readonly word: string }

export const stepStates: Readonly<Record<StepState, State>> = {
  waiting: { icon: '○', word: 'waiting' },
  running: { icon: '▶', word: 'RUNNING' },
  paused: { icon: '‖', word: 'PAUSED' },
  done: { icon: '✓', word: 'done' },
  failed: { icon: '✕', word: 'FAILED' },
  missed: { icon: '–', word: 'missed' },
}

export const studyStates: Readonly<Record<StudyReading['state'], State>> = {
  waiting: { icon: '○', word: 'waiting' },
  running: { icon: '▶', word: 'RUNNING' },
  done: { icon: '✓', word: 'done' },
  cancelled: { icon: '–', word: 'cancelled' },
  failed: { icon: '✕', word: 'FAILED' },
}

export const stepWords: Readonly<Record<NightStep, string>> = {
  backfill: 'Backfill',
  quality: 'Data quality',
  shadow: 'Outcomes of the day’s cards',
  calibration: 'Calibration',
  parity: 'Parity with live',
  backtests: 'Backtests',
  optimization: 'Optimization',
  focus: 'Tomorrow’s first draft',
  refresh: 'Refreshed after midnight',
  summary: 'Nightly summary',
}

export const methodWords: Readonly<Record<SearchMethod, string>> = {
  grid: 'every combination',
  random: 'random draws',
  model: 'a model that learns',
}

export const objectiveWords: Readonly<Record<Objective, string>> = {
  expectancy: 't of R a trade',
  net: 'net',
  sharpe: 'Sharpe ratio',
}

export const exitWords: Readonly<Record<ExitReason, string>> = {
  target: 'target',
  stop: 'stop',
  signal: 'signal',
  'flat-by': 'flat-by',
  end: 'end of data',
  limit: 'daily limit',
  firm: 'the firm’s limit',
}

export const pathWords: Readonly<Record<Terms['path'], string>> = {
  'stop-first': 'the stop before the target',
  'nearest-extreme': 'the nearer extreme first',
}

const counted = (count: number, one: string): string => `${formatNumber(count)} ${one}${count === 1 ? '' : 's'}`

/** Fills other than usual, in words. */
export const realismWords = ({ path, ...realism }: Realism): string => {
  const { limitThrough, slippageTicks, spreadTicks, latencyMs, volumeShare } = realism
  return [
    limitThrough !== undefined && `limits filled ${counted(limitThrough, 'tick')} through`,
    slippageTicks !== undefined && `${counted(slippageTicks, 'tick')} slip`,
    spreadTicks !== undefined && `${counted(spreadTicks, 'tick')} spread`,
    latencyMs !== undefined && `orders ${formatNumber(latencyMs)} ms late`,
    volumeShare !== undefined &&
      `at most ${formatNumber(Number((100 * volumeShare).toPrecision(12)))} % of a bar’s volume`,
    path !== undefined && pathWords[path],
  ]
    .filter((each) => each !== false)
    .join(', ')
}

/** What a run was played with other than usual, its parameters aside: ', costs doubled, on Topstep 50K'. */
export const otherwise = ({ costsDoubled, realism, discipline: { account } }: BacktestSpec): string =>
  [
    costsDoubled ? ', every cost doubled' : '',
    realism ? `, ${realismWords(realism)}` : '',
    account ? `, on ${planName(account.plan)}` : '',
  ].join('')

/** How the account went, a sentence each. */
export const accountSentences = ({
  broken,
  lockedDates,
  lowestHeadroom,
  balance,
}: AccountCourse): readonly string[] => [
  broken
    ? `The account was broken on ${formatMoment(broken.at)} by its ${limitWords[broken.rule]} rule: everything was closed there, and nothing was traded after.`
    : 'The account was not broken.',
  ...(lockedDates > 0 ? [`The firm’s daily limit was touched on ${counted(lockedDates, 'date')}.`] : []),
  `It ended at ${formatAmount(balance)}; the least headroom was ${formatMoney(lowestHeadroom)}.`,
]

/** Weekdays, 0 is Sunday. */
export const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const

/** What each check of honesty is called, and what it asks. */
export const checkWords: Readonly<Record<HonestyCheck, { readonly name: string; readonly asks: string }>> = {
  trades: { name: honestyNames.trades, asks: 'Were there trades enough on unseen dates to say anything?' },
  retention: { name: honestyNames.retention, asks: 'How much of the edge was left on dates it had not learned on?' },
  'overfit-luck': {
    name: honestyNames['overfit-luck'],
    asks: 'Is it better than the best of as many sets by luck alone?',
  },
  'overfit-choice': {
    name: honestyNames['overfit-choice'],
    asks: 'How often was the best of the past below the middle after?',
  },
  permutation: { name: honestyNames.permutation, asks: 'Would days that win or lose at random do as well?' },
  'random-entry': {
    name: honestyNames['random-entry'],
    asks: 'Would the same trades, entered at random moments, do as well?',
  },
  baselines: { name: honestyNames.baselines, asks: 'Is it better than the best of the naive ones on the same dates?' },
  'double-costs': {
    name: honestyNames['double-costs'],
    asks: 'Does it still make money at twice the fees and slippage?',
  },
}

/** Which side of its line a check must be on. */
export const lineSigns: Readonly<Record<HonestyCheck, string>> = {
  trades: '≥',
  retention: '≥',
  'overfit-luck': '≥',
  'overfit-choice': '≤',
  permutation: '≤',
  'random-entry': '≤',
  baselines: '>',
  'double-costs': '>',
}

/** A share as whole percent: 0.583 is '58 %'. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? unknown : `${formatFixed(share * 100, 0)} %`

/** R a trade: '+0.31R'. */
export const inR = (r: number | null | undefined, decimals = 2): string =>
  r === null || r === undefined ? unknown : `${formatSigned(r, decimals)}R`

/** A check's number in its own unit. */
export const checkNumber = (name: HonestyCheck, value: number | null): string => {
  if (value === null) return unknown
  switch (name) {
    case 'trades':
      return formatNumber(value)
    case 'retention':
    case 'overfit-luck':
    case 'overfit-choice':
      return percent(value)
    case 'permutation':
    case 'random-entry':
      return formatFixed(value, 3)
    case 'baselines':
      return inR(value)
    case 'double-costs':
      return formatMoney(value)
  }
}

/** A strategy by its title; one that is no more by its name. */
export const titleOf = (name: string): string => strategies.find((each) => each.name === name)?.title ?? name

const spaceOf = (name: string): Readonly<Record<string, Dimension>> =>
  strategies.find((each) => each.name === name)?.space ?? {}

/** What the trader calls a parameter. */
export const parameterWords = (strategy: string, name: string): string => spaceOf(strategy)[name]?.words ?? name

const two = (value: number): string => String(value).padStart(2, '0')

/** A parameter's value as it is read: '05:00', '0.75 %', '1.5'. */
export const formatValue = (value: number, unit?: Dimension['unit']): string => {
  if (unit === 'clock') return `${two(Math.floor(value / 60))}:${two(value % 60)}`
  return unit === 'percent' ? `${formatNumber(Number((100 * value).toPrecision(12)))} %` : formatNumber(value)
}

/** A value of a strategy's parameter as it is read. */
export const parameterValue = (strategy: string, name: string, value: number): string =>
  formatValue(value, spaceOf(strategy)[name]?.unit)

/** A regime by its name where the strategy's are known, else by the strategy's own number. */
export const regimeName = (strategy: string, regime: number): string =>
  (strategy === focusPlan.name && regimes[regime]) || `number ${regime}`

/** A set of parameters in one line: 'Stop in ATR 4 · Target in R 2'. */
export const setWords = (strategy: string, parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${parameterWords(strategy, name)} ${parameterValue(strategy, name, value)}`)
    .join(' · ')

/** What stands out in a set: the parameters that are not the strategy's own. */
export const changedWords = (strategy: string, parameters: Parameters): string => {
  const space = spaceOf(strategy)
  const changed = Object.entries(parameters).filter(([name, value]) => space[name]?.default !== value)
  return changed.length === 0 ? 'its defaults' : setWords(strategy, Object.fromEntries(changed))
}

export const marketName = (instrument: InstrumentId): string => specOf(instrument).name

/** What a result of money or R is: 'up', 'down', or neither. */
export const toneOf = (value: number | null | undefined): 'up' | 'down' | undefined =>
  value === null || value === undefined || value === 0 ? undefined : value > 0 ? 'up' : 'down'

/** Money on a scale, cents left out where there are none: '+$2,000'. */
export const scaleMoney = (money: number): string => formatMoney(money).replace(/\.00$/, '')

/** What was decided about a champion, without the word that stands before it anyway. */
export const decisionWords = ({ words }: { readonly words: string }): string => words.replace(/^kept: /, '')

/** Two dates as a stretch. */
export const stretch = ({ from, to }: { readonly from: string; readonly to: string }): string => `${from} to ${to}`
