import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks, worthOf } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import type { PositionReading } from '../picture.ts'
import type { Size } from '../signals/focus-card.ts'
import { parameters } from '../signals/parameters.ts'

/** What one more contract depends on. Prices in points; `fees` are both sides' of one contract. */
export type Stacking = {
  readonly spec: ContractSpec
  /** Signed contracts. */
  readonly quantity: number
  readonly size: Size | undefined
  readonly r: number | undefined
  readonly ratio: number | null
  /** Loss of what is held at its stops, and the most a trade may lose. */
  readonly risk: Money | undefined
  readonly cap: Money
  readonly last: number | undefined
  readonly stop: number | undefined
  readonly fees: Money
}

const inR = (r: number): string => `${r < 0 ? '−' : '+'}${Math.abs(r).toFixed(1)}R`
const inDollars = (money: Money): string => `$${Math.ceil(money / 10_000)}`

/** Loss with one more bought or sold at the last price and stopped out with the others, two ticks beyond. */
const riskWithOneMore = ({ spec, quantity, risk, last, stop, fees }: Stacking): Money | undefined => {
  if (risk === undefined || last === undefined || stop === undefined) return undefined
  const away = Math.sign(quantity) * (toTicks(spec, last) - toTicks(spec, stop))
  return risk + Math.max(0, worthOf(spec, away + parameters.slippageTicks, 1) + fees)
}

/**
 * Whether one more contract is allowed, and the first thing that speaks against it: from +0.5R on, with the wave ratio above
 * 1.8, fewer contracts than the card's size, and the loss of all of them inside the cap.
 */
export const stackHint = (stacking: Stacking): NonNullable<PositionReading['stack']> => {
  const { quantity, size, r, ratio, cap } = stacking
  const no = (words: string) => ({ allowed: false, words })
  if (size !== undefined && Math.abs(quantity) >= size.contracts) return no(`full size: ${size.contracts} planned`)
  if (r === undefined) return no('no more: R is not known without a stop at the start')
  if (r < parameters.stackAtR) return no(`no more before ${inR(parameters.stackAtR)}`)
  if (ratio === null || ratio <= parameters.stackRatio)
    return no(`no more while the ratio is ${ratio === null ? 'not known' : ratio.toFixed(1)}`)
  const risk = riskWithOneMore(stacking)
  if (risk === undefined) return no('no more without a stop for all of it')
  if (risk > cap) return no(`no more: total risk would be ${inDollars(risk)} of $${Math.floor(cap / 10_000)}`)
  return {
    allowed: true,
    words: `${inR(r)} and ratio ${ratio.toFixed(1)}: one more allowed, total risk ${inDollars(risk)}`,
  }
}
