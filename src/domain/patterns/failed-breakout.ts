import type { ContractSpec } from '../instruments/instrument.ts'
import type { Bar } from '../market/bar.ts'
import { type Crossing, sideBack } from './crossing.ts'
import { type Finding, findingOf } from './finding.ts'
import { clockWords, priceWords, ticksApart } from './wording.ts'

/** Bars after the close beyond within which the close back inside must come. */
const failsWithin = 3

/** Failed breakout: a close beyond a level, then within three bars a close back inside; speaks for the way back. */
export const failedBreakout = (spec: ContractSpec, crossing: Crossing, bar: Bar): Finding | undefined => {
  const { level, broke, back, reach } = crossing
  if (broke === undefined || back?.bars !== 0 || broke.bars > failsWithin) return undefined
  return findingOf({
    pattern: 'failed-breakout',
    side: sideBack(crossing),
    at: back.at,
    level: level.price,
    reasons: [
      `closed ${ticksApart(spec, broke.price, level.price)} beyond the ${level.name} ${priceWords(spec, level.price)} at ${clockWords(broke.at)}`,
      `reached no further than ${priceWords(spec, reach)}, closed back inside at ${priceWords(spec, bar.close)} at ${clockWords(back.at)}`,
    ],
  })
}
