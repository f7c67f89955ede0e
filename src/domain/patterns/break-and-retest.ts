import type { ContractSpec } from '../instruments/instrument.ts'
import type { Bar } from '../market/bar.ts'
import { type Crossing, sideThrough } from './crossing.ts'
import { type Finding, findingOf } from './finding.ts'
import { closeOf } from './pattern-input.ts'
import { clockWords, priceWords, ticksApart } from './wording.ts'

/** Break and retest: a close beyond a level, then a bar that comes back to it and closes beyond it; speaks for the break. */
export const breakAndRetest = (spec: ContractSpec, crossing: Crossing, bar: Bar): Finding | undefined => {
  const { level, broke, held } = crossing
  if (broke === undefined || !held) return undefined
  const at = closeOf(bar)
  const side = sideThrough(crossing)
  const touch = side === 'long' ? bar.low : bar.high
  return findingOf({
    pattern: 'break-and-retest',
    side,
    at,
    level: level.price,
    reasons: [
      `closed ${ticksApart(spec, broke.price, level.price)} beyond the ${level.name} ${priceWords(spec, level.price)} at ${clockWords(broke.at)}`,
      `came back to ${priceWords(spec, touch)} and held, closed at ${priceWords(spec, bar.close)} at ${clockWords(at)}`,
    ],
  })
}
