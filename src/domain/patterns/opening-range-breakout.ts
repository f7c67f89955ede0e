import type { ContractSpec } from '../instruments/instrument.ts'
import type { OpeningRange } from '../session/opening-range.ts'
import { type Finding, findingOf } from './finding.ts'
import { clockWords, priceWords, ticksApart } from './wording.ts'

/** Opening range breakout: a range that triggered after `since` (epoch ms); speaks for the side of the trigger. */
export const openingRangeBreakout = (spec: ContractSpec, range: OpeningRange, since: number): Finding | undefined => {
  const { name, minutes, trigger, high, low } = range
  if (trigger === undefined || !(trigger.at > since)) return undefined
  const { side, at, price, relativeVolume } = trigger
  const [edge, word] = side === 'long' ? [high, 'high'] : [low, 'low']
  return findingOf({
    pattern: 'opening-range-breakout',
    side,
    at,
    level: edge,
    reasons: [
      `closed ${ticksApart(spec, price, edge)} beyond the ${word} ${priceWords(spec, edge)} of the first ${minutes} minutes of ${name} at ${clockWords(at)}, on ${relativeVolume.toFixed(1)} times the usual volume`,
    ],
  })
}
