import type { Money } from '../money.ts'

/** A time of day: '17:00' in a zone of the tz database. */
export type ZonedTime = { readonly zone: string; readonly time: string }

/** What a firm asks of an account. Money; minis count as the firm counts them. */
export type FirmRules = {
  readonly startBalance: Money
  readonly profitTarget?: Money
  readonly drawdown: {
    readonly kind: 'static' | 'trailing-eod' | 'trailing-intraday'
    readonly amount: Money
    /** Where a trailing floor stops for good: at the start balance, at that plus `lockOffset`, or never. */
    readonly lockAt: 'start' | 'start-plus' | 'never'
    readonly lockOffset?: Money
    /** Whether open profit raises the peak. */
    readonly includesOpen: boolean
    /** Whether touching the floor within the day breaks the account, or only the day's close below it. */
    readonly checkedIntraday: boolean
  }
  readonly dailyLoss?: {
    readonly amount: Money
    /** The loss is counted on closed trades, or with the open ones. */
    readonly basis: 'balance' | 'equity'
    readonly mode: 'soft-lock' | 'breach'
    readonly resetAt: ZonedTime
  }
  readonly maxContracts: {
    readonly mini: number
    readonly microsPerMini: number
    readonly scaling?: readonly { readonly minProfit: Money; readonly mini: number }[]
  }
  readonly flatBy?: ZonedTime
  readonly minDays?: number
  readonly consistency?: { readonly bestDayMaxShare: number; readonly scope: 'evaluation' | 'payout' }
  readonly news?: {
    readonly events: readonly string[]
    readonly minutesBefore: number
    readonly minutesAfter: number
  }
  readonly payoutBuffer?: Money
  readonly maxExecutionsPerDay?: number
  readonly automationAllowed: boolean
  readonly overnightAllowed: boolean
}

/** A firm's plan as shipped: to be checked with the firm, never the truth. Dates are yyyy-mm-dd. */
export type FirmPreset = {
  readonly id: string
  readonly firm: string
  readonly plan: string
  readonly source: string
  readonly effectiveFrom: string
  readonly verifiedOn: string
  /** What is not sure about it, in words. */
  readonly doubts?: readonly string[]
  readonly rules: FirmRules
}
