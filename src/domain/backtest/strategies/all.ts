import type { SearchSpace } from '../../optimization/search-space.ts'
import type { Strategy } from '../strategy.ts'
import { asmbtr } from './asmbtr.ts'
import { focusPlan } from './focus-plan.ts'
import { openingRange } from './opening-range.ts'
import { randomEntry } from './random-entry.ts'
import { rsi } from './rsi.ts'
import { smaCross } from './sma-cross.ts'
import { sweptGap } from './swept-gap.ts'
import { timeBlock } from './time-block.ts'

/** Asked for by name a strategy takes parameters by name: they must be of its space. */
const named = <S extends SearchSpace>(strategy: Strategy<S>): Strategy => strategy as unknown as Strategy

/** Every way of trading there is; those that only serve to be beaten come last. */
export const strategies: readonly Strategy[] = [
  named(focusPlan),
  named(openingRange),
  named(timeBlock),
  named(sweptGap),
  named(asmbtr),
  named(smaCross),
  named(rsi),
  named(randomEntry),
]

/** The strategy of a name; throws RangeError when there is none. */
export const strategyOf = (name: string): Strategy => {
  const found = strategies.find((strategy) => strategy.name === name)
  if (found === undefined) throw new RangeError(`no strategy ${name}`)
  return found
}
