import type { Money } from '../money.ts'

/** How much of a limit is used: safe below 50 %, warning below 70 %, danger below 90 %, locked from there on. */
export type Stage = 'safe' | 'warning' | 'danger' | 'locked'

/** An account against its firm's rules at one instant. Money throughout; `at` market time. */
export type Standing = {
  readonly at: number
  readonly balance: Money
  /** Balance and what is open, the fees of leaving included. */
  readonly equity: Money
  /** The highest the rule counts: of closes or of every instant. */
  readonly peak: Money
  readonly floor: Money
  /** The floor has stopped for good. */
  readonly floorLocked: boolean
  /** Equity above the floor; at or below 0 the account is broken. */
  readonly headroom: Money
  /** Used share of the distance the drawdown leaves, as a stage. */
  readonly stage: Stage
  /** Broken at an instant, by which rule. */
  readonly broken?: { readonly at: number; readonly rule: 'drawdown' | 'daily-loss' }
  readonly daily?: {
    readonly limit: Money
    readonly used: Money
    readonly left: Money
    readonly stage: Stage
    readonly resetsAt: number
    /** A soft lock was touched: no more entries until the reset. */
    readonly lockedUntil?: number
  }
  /** What may still be made today before the best day weighs too much; absent where no rule says so or no profit exists. */
  readonly consistency?: {
    readonly left: Money
    readonly bestDay: Money
    /** What the best day weighs of all profit, and what the rule lets it. */
    readonly share: number
    readonly maxShare: number
  }
  /** How much the floor has risen for good, were the open profit given back. */
  readonly giveBack: Money
  readonly target?: { readonly left: Money; readonly reached: boolean }
  /** Whether money could be taken out, and what is still missing, in words. */
  readonly payout?: { readonly ready: boolean; readonly missing: readonly string[] }
  readonly days: number
  readonly flatByAt?: number
  /** What the firm allows at this profit, in micros. */
  readonly maxMicros: number
}
