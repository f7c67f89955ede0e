import type { Money } from '../money.ts'
import type { ContractSpec } from './instrument.ts'

/** A price within a millionth of a tick of the grid is on it: what arithmetic on doubles leaves behind. */
const tolerance = 1e-6

/** The integer number of ticks nearest to a price in points. */
export const toTicks = (spec: ContractSpec, price: number): number => Math.round(price * spec.ticksPerPoint)

/** The price in points of an integer number of ticks, as the double nearest to its decimal. */
export const toPrice = (spec: ContractSpec, ticks: number): number => ticks / spec.ticksPerPoint

/** Whether a price in points is a whole number of ticks. */
export const isOnGrid = (spec: ContractSpec, price: number): boolean =>
  Math.abs(price * spec.ticksPerPoint - toTicks(spec, price)) < tolerance

/** Moves a price in points to the tick grid; a price already on it stays. */
export const roundToGrid = (spec: ContractSpec, price: number, direction: 'down' | 'up' | 'nearest'): number => {
  const ticks = price * spec.ticksPerPoint
  if (direction === 'down') return toPrice(spec, Math.floor(ticks + tolerance))
  if (direction === 'up') return toPrice(spec, Math.ceil(ticks - tolerance))
  return toPrice(spec, Math.round(ticks))
}

/** What a move of `ticks` is worth on `contracts` contracts. */
export const worthOf = (spec: ContractSpec, ticks: number, contracts: number): Money =>
  ticks * contracts * spec.tickValue
