import type { ContractSpec } from '../instruments/instrument.ts'
import type { Bar } from '../market/bar.ts'
import { type Crossing, sideBack } from './crossing.ts'
import { type Finding, findingOf } from './finding.ts'
import { closeOf } from './pattern-input.ts'
import { clockWords, priceWords, ticksApart } from './wording.ts'

/**
 * Swept gap reversal: a level swept, then, once price has closed back inside, a fair value gap the other way; speaks for
 * the way back, with its entry where the gap is first met. A close through the whole gap ends it.
 */
export const sweptGapReversal = (spec: ContractSpec, crossing: Crossing, bar: Bar): Finding | undefined => {
  const { level, back, gap, reach, reachAt } = crossing
  if (back === undefined || gap === undefined) return undefined
  const at = closeOf(bar)
  const side = sideBack(crossing)
  const [entry, far] = side === 'long' ? [gap.high, gap.low] : [gap.low, gap.high]
  return findingOf(
    {
      pattern: 'swept-gap-reversal',
      side,
      at,
      level: entry,
      reasons: [
        `traded ${ticksApart(spec, reach, level.price)} beyond the ${level.name} ${priceWords(spec, level.price)} at ${clockWords(reachAt)}, closed back inside at ${clockWords(back.at)}`,
        `left a gap of ${ticksApart(spec, gap.high, gap.low)} behind, ${priceWords(spec, gap.low)} to ${priceWords(spec, gap.high)}, at ${clockWords(at)}`,
      ],
    },
    far,
  )
}
