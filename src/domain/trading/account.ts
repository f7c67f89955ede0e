import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { FirmRules } from '../risk/firm-rules.ts'

export type AccountKind = 'SIM' | 'EVAL' | 'FUNDED' | 'PAPER'

/** An account as the trader keeps it; `name` is the platform's. */
export type Account = {
  readonly name: string
  readonly alias: string
  readonly kind: AccountKind
  /** The preset its rules came from, and the rules themselves: the trader may change them. */
  readonly firm: string
  readonly rules: FirmRules
  /** Whose commissions make the net: our own fees per side and contract, or what the platform charged. */
  readonly commission: 'settings' | 'platform'
  /** The balance at an instant (epoch ms) from which on our own net counts. */
  readonly anchor: { readonly balance: Money; readonly at: number }
  /** The highest equity the firm has seen, entered by hand when the history is not known. */
  readonly peak?: Money
  /** Whether it counts in the day's sum and in the gate; an account that is merely looked at does not. */
  readonly watched: boolean
  /** Set while it leaves the watch: the trade date (yyyy-mm-dd) from which on it counts no more. */
  readonly unwatchedFrom?: string
}

/** Fees per side and contract, Money. */
export type Fees = Readonly<Record<InstrumentId, Money>>
