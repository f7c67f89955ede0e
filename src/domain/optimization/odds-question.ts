import { specOf } from '../instruments/contract-spec.ts'
import { toTicks, worthOf } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import type { Undrawn } from '../odds-reading.ts'
import type { AccountStanding } from '../picture.ts'
import type { FirmRules } from '../risk/firm-rules.ts'
import { nextPlan } from '../risk/firms/presets.ts'
import { stillMissing } from '../risk/payout.ts'
import { feePerSide } from '../risk/sizing.ts'
import { worstEdge } from '../signals/bracket.ts'
import { type Bucket, bucketOf } from '../signals/calibration.ts'
import { isFinished, isRunning } from '../signals/card-life.ts'
import type { FocusCard } from '../signals/focus-card.ts'
import type { Account } from '../trading/account.ts'
import type { Standpoint } from './firm-course.ts'
import { bracketEndings, type Ending, type OddsTerms } from './firm-odds.ts'

/** What fixes an account's odds beside the days they are drawn from. Plain JSON. */
export type AccountQuestion = Pick<OddsTerms, 'stage' | 'funded'> & {
  readonly rules: FirmRules
  readonly from: Standpoint
}

type Asked =
  | { readonly ok: true; readonly question: AccountQuestion }
  | { readonly ok: false; readonly reason: Exclude<Undrawn, 'no-days'> }

/**
 * What is to be asked of an account where it stands now, `bestPast` being its best day before today since its anchor. Today
 * counts as a day that is over: what it closed is in the balance, what is open is not.
 */
export const questionOf = (account: Account, { standing, ...shown }: AccountStanding, bestPast: Money): Asked => {
  const { rules, kind, firm } = account
  const { balance, peak, broken } = standing
  if (broken !== undefined) return { ok: false, reason: 'broken' }
  const today = shown.dayNet - shown.openNet
  const days = standing.days + (today === 0 ? 0 : 1)
  const stage = kind === 'FUNDED' || rules.profitTarget === undefined ? 'funded' : 'evaluation'
  const made = { before: balance - rules.startBalance - today, bestBefore: bestPast, today, days, balance }
  if (stage === 'evaluation' && stillMissing(rules, 'evaluation', made).length === 0)
    return { ok: false, reason: 'passed' }
  const funded = stage === 'evaluation' ? nextPlan(firm)?.rules : undefined
  const from = { balance, peak: Math.max(peak, balance), bestDay: Math.max(0, bestPast, today), days }
  return { ok: true, question: { rules, stage, from, ...(funded && { funded }) } }
}

/** A card as a firm sees it: how many contracts, and how it may end. Plain JSON. */
export type CardStake = {
  readonly contracts: number
  /** '3 MNQ' */
  readonly size: string
  readonly endings: readonly Ending[]
}

/**
 * What taking a card means: its size, but no more than the account may hold, entered at the dear edge of its zone and left at
 * its first target or its stop, fees and slippage counted as its risk counts them. The chance of the target is how often past
 * cards of its quality reached theirs; one that came to neither counts as stopped. Undefined where the card is not drawn,
 * under way or over, too small, or where too few cards like it are known.
 */
export const stakeOf = (card: FocusCard, buckets: readonly Bucket[], maxMicros: number): CardStake | undefined => {
  const { bracket, size, bias, state, instrument, quality } = card
  const bucket = bucketOf(buckets, quality.score)
  if (bracket === undefined || size === undefined || bias === 'neutral' || !bucket?.calibrated) return undefined
  const contracts = Math.min(size.contracts, maxMicros)
  if (contracts < 1 || isRunning(state) || isFinished(state)) return undefined
  const spec = specOf(instrument)
  const ticks = Math.abs(toTicks(spec, bracket.target1) - toTicks(spec, worstEdge(bracket, bias)))
  const reward = worthOf(spec, ticks, contracts) - 2 * feePerSide(spec) * contracts
  if (reward <= 0) return undefined
  const endings = bracketEndings(bucket.share, size.riskPerContract * contracts, reward)
  return { contracts, size: `${contracts} ${instrument}`, endings }
}
