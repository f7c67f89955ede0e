import type { Money } from '../money.ts'
import type { FirmRules } from '../risk/firm-rules.ts'
import { inDollars } from '../risk/in-dollars.ts'
import { type Course, createCourse, dayPathsOf, type Standpoint, startOf, type TradedDay } from './firm-course.ts'

/** How many paths of an account to play, and what they are. */
export type OddsTerms = {
  readonly paths: number
  readonly horizonDays: number
  readonly random: () => number
  /** An evaluation plays to its target; a funded account takes money out whenever its plan allows. */
  readonly stage: 'evaluation' | 'funded'
  /** Where the account stands now; at its start when absent. */
  readonly from?: Standpoint
  /** The plan an evaluation becomes once it is passed; played for the rest of the horizon, from its own start. */
  readonly funded?: FirmRules
  /** What of a payout is the trader's, 0–1: plans do not say, so all of it when absent. */
  readonly traderShare?: number
}

/** What becomes of an account. Shares of all paths, 0–1; `pass` absent where nothing can be passed. */
export type FirmOdds = {
  readonly pass?: number
  readonly bust: number
  readonly running: number
  /** Trade dates of the median path among those that pass. */
  readonly medianDaysToPass?: number
  /** Money paid out within the horizon on average, and the share of paths with a payout; absent where no plan says when. */
  readonly payoutValue?: Money
  readonly paid?: number
  /** Days drawn from. */
  readonly days: number
  readonly words: string
}

/** Paths of one account as they are counted. */
type Tally = {
  passed: number
  broken: number
  paid: number
  payouts: Money
  readonly passedAfter: Int32Array
}

const paysOut = ({ payoutBuffer, consistency }: FirmRules): boolean =>
  payoutBuffer !== undefined || consistency?.scope === 'payout'

/** An account that goes one path after the other, always from where it stands. */
const createAccount = (rules: FirmRules, days: readonly TradedDay[], terms: OddsTerms) => {
  const { stage, horizonDays, funded, from = startOf(rules) } = terms
  const tally: Tally = { passed: 0, broken: 0, paid: 0, payouts: 0, passedAfter: new Int32Array(horizonDays + 1) }
  const course: Course = { outcome: 'running', rule: undefined, played: 0, balance: 0, paid: 0 }
  const play = createCourse(rules, dayPathsOf(rules, days), stage === 'evaluation' ? 'pass' : 'payout', from)
  const playOn = funded && createCourse(funded, dayPathsOf(funded, days), 'payout', startOf(funded))
  const live = (order: Int32Array): Course['outcome'] => {
    play(order, 0, horizonDays, course)
    const { outcome, played } = course
    if (outcome === 'passed') {
      tally.passed++
      tally.passedAfter[played] = (tally.passedAfter[played] as number) + 1
      playOn?.(order, played, horizonDays, course)
    } else if (outcome === 'broken') tally.broken++
    tally.payouts += course.paid
    if (course.paid > 0) tally.paid++
    return outcome
  }
  return { live, tally }
}

const medianOf = (counts: Int32Array, n: number): number | undefined => {
  let seen = 0
  const middle = counts.findIndex((count) => {
    seen += count
    return 2 * seen >= n
  })
  return n === 0 ? undefined : middle
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

const wordsOf = (odds: Omit<FirmOdds, 'words'>, horizonDays: number): string => {
  const { pass, bust, running, medianDaysToPass, payoutValue, days } = odds
  const half = medianDaysToPass === undefined ? '' : `, half of them within ${medianDaysToPass} days`
  return [
    ...(pass === undefined ? [] : [`${percent(pass)} pass${half}`]),
    `${percent(bust)} break`,
    `${percent(running)} still run after ${horizonDays} days`,
    ...(payoutValue === undefined ? [] : [`${inDollars(payoutValue)} paid out on average`]),
    `drawn from ${days} past ${days === 1 ? 'day' : 'days'}`,
  ].join('; ')
}

const oddsOf = (tally: Tally, rules: FirmRules, days: number, terms: OddsTerms): FirmOdds => {
  const { paths, stage, funded, traderShare = 1, horizonDays } = terms
  const { passed, broken, passedAfter } = tally
  const median = medianOf(passedAfter, passed)
  const payer = stage === 'funded' ? rules : funded
  const odds = {
    ...(stage === 'evaluation' && rules.profitTarget !== undefined && { pass: passed / paths }),
    bust: broken / paths,
    running: (paths - passed - broken) / paths,
    ...(median !== undefined && { medianDaysToPass: median }),
    ...(payer &&
      paysOut(payer) && {
        payoutValue: Math.round((tally.payouts / paths) * traderShare),
        paid: tally.paid / paths,
      }),
    days,
  }
  return { ...odds, words: wordsOf(odds, horizonDays) }
}

const drawDays = (order: Int32Array, days: number, random: () => number): void => {
  for (let i = 0; i < order.length; i++) order[i] = Math.floor(random() * days)
}

/**
 * The chances of an account under its firm's rules: its future days are drawn with replacement from days that were traded,
 * own or of a backtest, each taken whole (Efron 1979). Days without a trade belong among them where the horizon counts trade
 * dates. What hangs on days following each other is not in it. Undefined of no days.
 */
export const firmOdds = (rules: FirmRules, days: readonly TradedDay[], terms: OddsTerms): FirmOdds | undefined => {
  if (days.length === 0) return undefined
  const { live, tally } = createAccount(rules, days, terms)
  const order = new Int32Array(terms.horizonDays)
  for (let path = 0; path < terms.paths; path++) {
    drawDays(order, days.length, terms.random)
    live(order)
  }
  return oddsOf(tally, rules, days.length, terms)
}

/** One way a trade may end, and its chance; the chances of all ways sum to 1. Money of all its contracts, fees taken off. */
export type Ending = TradedDay & { readonly chance: number }

/** A card that ends at its stop or its target: `chance` of the target, calibrated; `risk` and `reward` > 0, Money. */
export const bracketEndings = (chance: number, risk: Money, reward: Money): readonly Ending[] => [
  { chance, net: reward },
  { chance: 1 - chance, net: -risk },
]

/** A card that ends as cards like it did: their results in R, each as likely as the other. */
export const pastEndings = (results: readonly number[], risk: Money): readonly Ending[] =>
  results.map((r) => ({ chance: 1 / results.length, net: Math.round(r * risk) }))

/** What taking a card does to an account. */
export type CardOdds = {
  readonly without: FirmOdds
  readonly taken: FirmOdds
  /** What is compared: the chance to pass, or to break where nothing can be passed; taken − without, and its standard error. */
  readonly of: 'pass' | 'bust'
  readonly change: number
  readonly error: number
  /** 'taking this card with 3 MNQ moves pass 62 % → 58 %'; absent where the change could be chance. */
  readonly words?: string
}

const low = ({ net, worst = 0 }: TradedDay): Money => Math.min(0, net, worst)
const high = ({ net, best = 0 }: TradedDay): Money => Math.max(0, net, best)

/** A trade and then the day: what the trade made is lost or won before the day begins. */
const followedBy = (trade: TradedDay, day: TradedDay): TradedDay => ({
  net: trade.net + day.net,
  worst: Math.min(low(trade), trade.net + low(day)),
  best: Math.max(high(trade), trade.net + high(day)),
})

const pick = (endings: readonly Ending[], at: number): number => {
  let sum = 0
  const found = endings.findIndex(({ chance }) => {
    sum += chance
    return at < sum
  })
  return found < 0 ? endings.length - 1 : found
}

const shown = (before: number, after: number): readonly [string, string] =>
  percent(before) === percent(after)
    ? [`${(before * 100).toFixed(1)} %`, `${(after * 100).toFixed(1)} %`]
    : [percent(before), percent(after)]

/**
 * The chances of an account with and without a card as the first trade of its next day. Both go the very same paths
 * (common random numbers), so that what differs is the card; the standard error is that of the paired difference. A change
 * within two of them, or too small for the two to be written differently, is not spoken of. `size` as the trader says it:
 * '3 MNQ'. Undefined of no days or no endings.
 */
export const oddsWithCard = (
  rules: FirmRules,
  days: readonly TradedDay[],
  { endings, size }: { readonly endings: readonly Ending[]; readonly size: string },
  terms: OddsTerms,
): CardOdds | undefined => {
  const n = days.length
  if (n === 0 || endings.length === 0) return undefined
  const of = terms.stage === 'evaluation' && rules.profitTarget !== undefined ? 'pass' : 'bust'
  const counted = of === 'pass' ? 'passed' : 'broken'
  const without = createAccount(rules, days, terms)
  const taken = createAccount(rules, [...days, ...endings.flatMap((e) => days.map((day) => followedBy(e, day)))], terms)
  const order = new Int32Array(terms.horizonDays)
  let [sum, squares] = [0, 0]
  for (let path = 0; path < terms.paths; path++) {
    const ending = pick(endings, terms.random())
    drawDays(order, n, terms.random)
    const before = without.live(order)
    // The days with the card lie behind the plain ones, a whole set for each ending.
    order[0] = (1 + ending) * n + (order[0] as number)
    const after = taken.live(order)
    const difference = (after === counted ? 1 : 0) - (before === counted ? 1 : 0)
    sum += difference
    squares += difference * difference
  }
  const change = sum / terms.paths
  const error = Math.sqrt((squares / terms.paths - change * change) / terms.paths)
  const odds = { without: oddsOf(without.tally, rules, n, terms), taken: oddsOf(taken.tally, rules, n, terms) }
  const [from, to] = shown(odds.without[of] ?? 0, odds.taken[of] ?? 0)
  const words = `taking this card with ${size} moves ${of === 'pass' ? 'pass' : 'the chance to break'} ${from} → ${to}`
  return { ...odds, of, change, error, ...(Math.abs(change) > 2 * error && from !== to && { words }) }
}
