import type { ContractSpec } from '../instruments/instrument.ts'
import { worthOf } from '../instruments/ticks.ts'
import { dollars, type Money } from '../money.ts'
import type { Size } from '../signals/focus-card.ts'
import { parameters } from '../signals/parameters.ts'
import type { Allowance } from './allowance.ts'

/** Commission and exchange fees per side and contract: an estimate until the account's own are set. */
export const feePerSide = (spec: ContractSpec): Money => dollars(spec.group === 'equity' ? 0.62 : 0.72)

/** What a size is reckoned by, Money: the most a trade may lose, and the fees of one side and contract. */
export type SizeTerms = { readonly cap: Money; readonly fee: Money }

/** Loss of one contract stopped out, in Money: the stop's ticks, two ticks of slippage, and the fees of both sides. */
export const riskPerContract = (spec: ContractSpec, stopTicks: number, fee: Money): Money =>
  worthOf(spec, stopTicks + parameters.slippageTicks, 1) + 2 * fee

/** What a trade may lose at most, in Money: the trader's share of the account, 0.75 % unless he set another. */
export const riskCap = (accountSize: Money, riskShare: number): Money => Math.floor(accountSize * riskShare)

/**
 * Contracts such that the loss at the stop stays inside the budget min(cap, cap/1.2 · multiplier); halved (rounded down)
 * while the waves are neutral. Zero means the stop is too wide for the risk.
 */
export const sizeTrade = (
  spec: ContractSpec,
  stopTicks: number,
  { cap, fee }: SizeTerms,
  multiplier: number,
  halved: boolean,
): Size => {
  const budget = Math.floor(Math.min(cap, (cap / 1.2) * multiplier))
  const perContract = riskPerContract(spec, stopTicks, fee)
  const full = Math.max(0, Math.floor(budget / perContract))
  const contracts = halved ? Math.floor(full / 2) : full
  return {
    contracts,
    startWith: Math.min(parameters.startContracts, contracts),
    risk: contracts * perContract,
    riskPerContract: perContract,
    budget,
    multiplier,
    halved,
  }
}

/** A size as it was drawn, and what it was reckoned by then. */
export type DrawnSize = { readonly size: Size; readonly sizedBy: SizeTerms; readonly stopTicks: number }

/**
 * A size as it stands now: where less may be lost than when it was drawn, or fees are others, it is reckoned anew and never
 * larger than it was drawn. What holds it smaller is named.
 */
export const fitSize = (spec: ContractSpec, drawn: DrawnSize, { money, by }: Allowance, fee: Money): Size => {
  const { size, sizedBy, stopTicks } = drawn
  if (money >= sizedBy.cap && fee === sizedBy.fee) return size
  const now = sizeTrade(spec, stopTicks, { cap: money, fee }, size.multiplier, size.halved)
  const contracts = Math.min(size.contracts, now.contracts)
  return {
    ...now,
    contracts,
    risk: contracts * now.riskPerContract,
    startWith: Math.min(now.startWith, contracts),
    ...(contracts < size.contracts && { heldBack: { from: size.contracts, by } }),
  }
}
