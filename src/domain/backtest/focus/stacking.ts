import { toTicks, worthOf } from '../../instruments/ticks.ts'
import { minuteMs } from '../../market/bar.ts'
import { riskCap, riskPerContract } from '../../risk/sizing.ts'
import { parameters as p } from '../../signals/parameters.ts'
import type { Ground } from './draw-at.ts'
import type { PlanRules } from './plan-rules.ts'
import type { PlanCard } from './walk-cards.ts'

/** What is held of a card: contracts, and their average price in ticks. */
export type Held = { readonly card: PlanCard; readonly quantity: number; readonly entry: number }

/**
 * The first close from `bar` on at which `stackHint` of the ledger allows one more contract: +0.5R after fees, the wave
 * ratio above the rule's, fewer than the card's size, the loss of all at the stop inside the cap; only while a new
 * position may still be opened. −1 when there is none.
 */
export const findStack = (ground: Ground, rules: PlanRules, { card, quantity, entry }: Held, bar: number): number => {
  const { spec, columns, history, accountSize, fee } = ground
  const { side, bracket, size, closes } = card
  if (quantity >= size.contracts) return -1
  const sign = side === 'long' ? 1 : -1
  const stop = toTicks(spec, bracket.stop)
  const own = riskPerContract(spec, sign * (entry - stop), fee)
  const fees = 2 * fee
  const cap = riskCap(accountSize, rules.riskShare)
  const { time } = history.columns
  const close = history.ticks.close
  for (let i = bar; i < time.length && (time[i] as number) + minuteMs < closes; i++) {
    const price = close[i] as number
    if (worthOf(spec, sign * (price - entry), 1) - fees < p.stackAtR * own) continue
    const ratio = columns.ratio[i] as number
    if (!((side === 'long' ? ratio : 1 / ratio) > rules.stackRatio)) continue
    if (quantity * own + Math.max(0, riskPerContract(spec, sign * (price - stop), fee)) <= cap) return i
  }
  return -1
}
