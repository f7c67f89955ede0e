import { contractSpecs } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { dollars, type Money } from '../money.ts'
import { parameters } from '../signals/parameters.ts'
import type { Fees } from '../trading/account.ts'
import { feePerSide } from './sizing.ts'

/** The trader's own rules, over all accounts; stored as settings. Shares are of the account size, times minutes. */
export type Limits = {
  readonly riskShare: number
  readonly maxOpenTrades: number
  readonly maxLossesInRow: number
  readonly maxTradesPerDay: number
  /** After a losing trade. */
  readonly cooldownMinutes: number
  /** Coming back to the same market sooner asks why. */
  readonly reentryMinutes: number
  readonly dailyLoss: Money
  readonly dailyGoal: Money
  readonly flatBufferMinutes: number
  readonly news: { readonly minutesBefore: number; readonly minutesAfter: number }
  readonly fees: Fees
}

/** What bounds the trader's risk: his own limits, and the account size their shares are of. */
export type TraderLimits = { readonly accountSize: Money; readonly limits: Limits }

/** The limits of a trader who changed nothing. */
export const defaultLimits: Limits = {
  riskShare: parameters.riskShare,
  maxOpenTrades: 2,
  maxLossesInRow: 2,
  maxTradesPerDay: 6,
  cooldownMinutes: 15,
  reentryMinutes: 5,
  dailyLoss: dollars(500),
  dailyGoal: dollars(500),
  flatBufferMinutes: 5,
  news: { minutesBefore: 5, minutesAfter: 5 },
  fees: Object.fromEntries(Object.values(contractSpecs).map((spec) => [spec.id, feePerSide(spec)])) as Record<
    InstrumentId,
    Money
  >,
}
