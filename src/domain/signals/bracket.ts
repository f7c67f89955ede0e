import type { ContractSpec } from '../instruments/instrument.ts'
import { roundToGrid, toTicks } from '../instruments/ticks.ts'
import type { Reading } from './analysis.ts'
import type { Bracket, Side } from './focus-card.ts'
import { entryLevel, opposingLevels } from './levels.ts'
import { parameters as p } from './parameters.ts'

type Drawing = { readonly reading: Reading; readonly side: Side; readonly spec: ContractSpec }

/** Toward lower prices for a long's stop side, toward higher for a short's. */
const outward = (side: Side): 'down' | 'up' => (side === 'long' ? 'down' : 'up')
const sign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1)

/** Points from the worst edge of the zone to the last confirmed swing beyond the zone; 0 where there is none. */
const swingDistance = ({ reading: { frame }, side }: Drawing, zone: Bracket['zone']): number => {
  const swing =
    side === 'long'
      ? frame.swingLows.findLast(({ price }) => price < zone.low)
      : frame.swingHighs.findLast(({ price }) => price > zone.high)
  if (swing === undefined) return 0
  return side === 'long' ? zone.high - swing.price : swing.price - zone.low
}

const stopDistance = (drawing: Drawing, zone: Bracket['zone'], widened: boolean): number => {
  const { frame } = drawing.reading
  const farther = Math.max(swingDistance(drawing, zone), p.stopAtr * frame.atr)
  const bounded = Math.min(p.stopMaximum * frame.atr, Math.max(p.stopMinimum * frame.atr, farther))
  const tick = 1 / drawing.spec.ticksPerPoint
  return (bounded + p.stopExtraTicks * tick) * (widened ? p.widenBy : 1)
}

type TargetRule = { readonly minimum: number; readonly reach: number; readonly plain: number; readonly beyond: number }

/** The nearest opposing level within the rule's multiples of R, else the plain multiple; on the grid, toward the entry. */
const target = (drawing: Drawing, worst: number, riskTicks: number, rule: TargetRule): number => {
  const { reading, side, spec } = drawing
  const inR = (price: number): number => (sign(side) * (toTicks(spec, price) - toTicks(spec, worst))) / riskTicks
  const toGrid = (price: number): number => roundToGrid(spec, price, outward(side))
  const hit = opposingLevels(reading, side, worst)
    .map(({ price }) => toGrid(price))
    .find((price) => inR(price) >= rule.minimum && inR(price) <= rule.reach && inR(price) > rule.beyond)
  if (hit !== undefined) return hit
  const plain = Math.max(rule.plain, rule.beyond + 1)
  return toGrid(worst + (sign(side) * plain * riskTicks) / spec.ticksPerPoint)
}

/**
 * Draws entry zone, stop and targets for one side from what is known now; prices in points on the tick grid.
 * R is measured from the worst edge of the zone. The rules stand in `parameters`.
 */
export const drawBracket = (reading: Reading, side: Side, spec: ContractSpec): Bracket => {
  const drawing = { reading, side, spec }
  const { atr } = reading.frame
  const level = entryLevel(reading, side, p.zoneReach * atr)
  const zone = {
    low: roundToGrid(spec, level.price - p.zoneHalf * atr, 'down'),
    high: roundToGrid(spec, level.price + p.zoneHalf * atr, 'up'),
  }
  const worst = side === 'long' ? zone.high : zone.low
  const stopWidened = reading.percentile > p.widenAbove
  const distance = stopDistance(drawing, zone, stopWidened)
  const stop = roundToGrid(spec, worst - sign(side) * distance, outward(side))
  const stopTicks = Math.abs(toTicks(spec, worst) - toTicks(spec, stop))
  const first = { minimum: p.target1Minimum, reach: p.target1Reach, plain: p.target1Plain, beyond: 0 }
  const target1 = target(drawing, worst, stopTicks, first)
  const reached = Math.abs(toTicks(spec, target1) - toTicks(spec, worst)) / stopTicks
  const second = { minimum: p.target2Minimum, reach: p.target2Reach, plain: p.target2Plain, beyond: reached }
  const target2 = target(drawing, worst, stopTicks, second)
  return { level, zone, stop, target1, target2, stopTicks, stopWidened, atr }
}

/** The edge of the zone that makes the trade dearest: the top for a long, the bottom for a short. */
export const worstEdge = ({ zone }: Pick<Bracket, 'zone'>, side: Side): number =>
  side === 'long' ? zone.high : zone.low

/** Half a tick of any market has fewer decimals. */
const decimals = 1e6

/**
 * The middle of the zone in points; a price beyond it has triggered the card. Rounded to decimals: the sum of two prices can
 * lie a bit beside the price it means, and a trade at just that price would be missed.
 */
export const zoneMiddle = ({ zone }: Pick<Bracket, 'zone'>): number =>
  Math.round(((zone.low + zone.high) / 2) * decimals) / decimals
