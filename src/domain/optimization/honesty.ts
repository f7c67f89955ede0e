import type { Money } from '../money.ts'
import { inDollars } from '../risk/in-dollars.ts'

/** What a strategy is asked before it may be believed, in the order it is told. */
export const honestyChecks = [
  'trades',
  'retention',
  'overfit-luck',
  'overfit-choice',
  'permutation',
  'random-entry',
  'baselines',
  'double-costs',
] as const
export type HonestyCheck = (typeof honestyChecks)[number]

/** What the trader calls each check. */
export const honestyNames: Readonly<Record<HonestyCheck, string>> = {
  trades: 'Enough trades',
  retention: 'Retention',
  'overfit-luck': 'Luck of the best',
  'overfit-choice': 'Worth of choosing',
  permutation: 'Against a coin',
  'random-entry': 'Random entries',
  baselines: 'Naive strategies',
  'double-costs': 'Costs doubled',
}

/** What is known of a strategy; null where a test could not be made, and then it is not passed. R a trade, shares 0–1. */
export type HonestyInput = {
  /** Trades out of sample. */
  readonly trades: number
  /** Out-of-sample ÷ in-sample expectancy of the walk-forward. */
  readonly retention: number | null
  /** Probability of the deflated Sharpe ratio. */
  readonly deflatedSharpe: number | null
  /** Probability of backtest overfitting. */
  readonly overfitting: number | null
  /** p of its permutation test; that many were tested in one night is counted when the night crowns. */
  readonly permutation: number | null
  /** p of the random-entry control. */
  readonly randomEntry: number | null
  /** Its expectancy, and that of each naive strategy on the same dates. */
  readonly expectancy: number | null
  readonly baselines: readonly { readonly name: string; readonly expectancy: number }[]
  /** Net with all costs as they are, and with twice of them. */
  readonly net: Money
  readonly doubledNet: Money | null
}

/** Where each line is drawn. */
export type HonestyLines = {
  readonly trades: number
  readonly retention: number
  readonly deflatedSharpe: number
  /**
   * A choice among trials that are all luck ranks anywhere out of sample: a half. Above it the best of the past is worse
   * than one picked blindly. It is no lower, as trials that share one true edge leave nothing to choose and stand near a
   * half too; against luck itself stand the deflated Sharpe ratio and the permutation test.
   */
  readonly overfitting: number
  readonly chance: number
}

export const honestyLines: HonestyLines = {
  trades: 100,
  retention: 0.7,
  deflatedSharpe: 0.95,
  overfitting: 0.5,
  chance: 0.05,
}

type HonestyResult = {
  readonly name: HonestyCheck
  /** null where it is not known. */
  readonly value: number | null
  readonly threshold: number
  readonly passed: boolean
  readonly words: string
}

/** Whether a strategy may be believed: `failed` names each check it did not pass. Plain JSON. */
export type Honesty = {
  readonly passed: boolean
  readonly checks: readonly HonestyResult[]
  readonly failed: readonly HonestyCheck[]
  readonly words: string
}

type Question = Pick<HonestyResult, 'name' | 'threshold'> & {
  readonly value: number | null
  readonly isEnough: (value: number, threshold: number) => boolean
  /** What is told of it once it is known, and what when it is not. */
  readonly told: (value: number) => string
  readonly unknown: string
}

const atLeast = (value: number, threshold: number): boolean => value >= threshold
const atMost = (value: number, threshold: number): boolean => value <= threshold
const above = (value: number, threshold: number): boolean => value > threshold

const percent = (share: number): string => `${share <= -0.005 ? '−' : ''}${Math.round(Math.abs(share) * 100)} %`
/** R in words: '0.12 R', '−0.03 R'. */
export const inR = (r: number, decimals = 2): string => `${r < 0 ? '−' : ''}${Math.abs(r).toFixed(decimals)} R`
const chanceOf = (p: number): string => p.toFixed(3)

const answer = ({ name, threshold, value, isEnough, told, unknown }: Question): HonestyResult => {
  const known = value !== null && Number.isFinite(value) ? value : null
  const passed = known !== null && isEnough(known, threshold)
  return { name, value: known, threshold, passed, words: known === null ? unknown : told(known) }
}

/** The best of the naive strategies; the first of equals. */
const bestOf = (baselines: HonestyInput['baselines']) =>
  baselines.reduce<HonestyInput['baselines'][number] | undefined>(
    (best, one) => (best === undefined || one.expectancy > best.expectancy ? one : best),
    undefined,
  )

const questionsOf = (
  input: HonestyInput,
  lines: HonestyLines,
): Readonly<Record<HonestyCheck, Omit<Question, 'name'>>> => {
  const rival = bestOf(input.baselines)
  const lead = rival === undefined || input.expectancy === null ? null : input.expectancy - rival.expectancy
  return {
    trades: {
      ...{ value: input.trades, threshold: lines.trades, isEnough: atLeast },
      told: (n) => `${n} trades out of sample, ${lines.trades} are asked for`,
      unknown: 'no trades are known',
    },
    retention: {
      ...{ value: input.retention, threshold: lines.retention, isEnough: atLeast },
      told: (share) => `keeps ${percent(share)} of its edge out of sample, ${percent(lines.retention)} is asked for`,
      unknown: 'no edge in sample that could be kept',
    },
    'overfit-luck': {
      ...{ value: input.deflatedSharpe, threshold: lines.deflatedSharpe, isEnough: atLeast },
      told: (share) =>
        `better than the luck of the best of all that was tried with ${percent(share)}, ${percent(lines.deflatedSharpe)} is asked for`,
      unknown: 'too few days to count out the luck of the best',
    },
    'overfit-choice': {
      ...{ value: input.overfitting, threshold: lines.overfitting, isEnough: atMost },
      told: (share) =>
        `the best of the past is below the middle afterwards in ${percent(share)} of splits, at most ${percent(lines.overfitting)} may be`,
      unknown: 'too few days or sets to split',
    },
    permutation: {
      ...{ value: input.permutation, threshold: lines.chance, isEnough: atMost },
      told: (p) => `chance does as well with ${chanceOf(p)}, at most ${lines.chance} may be`,
      unknown: 'not tested against chance',
    },
    'random-entry': {
      ...{ value: input.randomEntry, threshold: lines.chance, isEnough: atMost },
      told: (p) => `random entries do as well with ${chanceOf(p)}, at most ${lines.chance} may be`,
      unknown: 'not tested against random entries',
    },
    baselines: {
      ...{ value: lead, threshold: 0, isEnough: above },
      told: () => `${inR(input.expectancy ?? 0)} a trade against ${inR(rival?.expectancy ?? 0)} of ${rival?.name}`,
      unknown: 'not compared with a naive strategy',
    },
    'double-costs': {
      ...{ value: input.doubledNet, threshold: 0, isEnough: above },
      told: (net) => `${inDollars(net)} at twice the costs, ${inDollars(input.net)} as they are`,
      unknown: 'not run at twice the costs',
    },
  }
}

/**
 * Whether a strategy may be believed: every check by its name, with its value, its line and words. What is not known is not
 * passed. Sources stand with each test.
 */
export const honestyOf = (input: HonestyInput, lines: HonestyLines = honestyLines): Honesty => {
  const questions = questionsOf(input, lines)
  const checks = honestyChecks.map((name) => answer({ name, ...questions[name] }))
  const refused = checks.filter(({ passed }) => !passed)
  return {
    passed: refused.length === 0,
    checks,
    failed: refused.map(({ name }) => name),
    words: refused.length === 0 ? 'passed every check' : `refused: ${refused.map(({ words }) => words).join('; ')}`,
  }
}
