import type { ContractSpec } from '../instruments/instrument.ts'
import { worthOf } from '../instruments/ticks.ts'
import { dollars, type Money } from '../money.ts'
import type { Size } from '../signals/focus-card.ts'
import { parameters } from '../signals/parameters.ts'

/** Commission and exchange fees per side and contract: an estimate until the account's own are set. */
export const feePerSide = (spec: ContractSpec): Money => dollars(spec.group === 'equity' ? 0.62 : 0.72)

/** Loss of one contract stopped out, in Money: the stop's ticks, two ticks of slippage, and the fees of both sides. */
export const riskPerContract = (spec: ContractSpec, stopTicks: number): Money =>
  worthOf(spec, stopTicks + parameters.slippageTicks, 1) + 2 * feePerSide(spec)

/** What a trade may lose at most, in Money: 0.75 % of the account. */
export const riskCap = (accountSize: Money): Money => Math.floor(accountSize * parameters.riskShare)

/**
 * Contracts such that the loss at the stop stays inside the budget min(cap, cap/1.2 · multiplier); halved (rounded down)
 * while the waves are neutral. Zero means the stop is too wide for the risk.
 */
export const sizeTrade = (
  spec: ContractSpec,
  stopTicks: number,
  cap: Money,
  multiplier: number,
  halved: boolean,
): Size => {
  const budget = Math.floor(Math.min(cap, (cap / 1.2) * multiplier))
  const perContract = riskPerContract(spec, stopTicks)
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
