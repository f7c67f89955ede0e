import type { ContractSpec } from '../instruments/instrument.ts'
import { roundToGrid, toTicks } from '../instruments/ticks.ts'
import type { Reading } from './analysis.ts'
import type { Basis, Bracket, Side, TargetBasis } from './focus-card.ts'
import { entryLevel, opposingLevels } from './levels.ts'
import { parameters as p } from './parameters.ts'

type Drawing = { readonly reading: Reading; readonly side: Side; readonly spec: ContractSpec }

/** Toward lower prices for a long's stop side, toward higher for a short's. */
const outward = (side: Side): 'down' | 'up' => (side === 'long' ? 'down' : 'up')
const sign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1)

/** The last confirmed swing beyond the zone. */
const swingBeyond = ({ reading: { frame }, side }: Drawing, zone: Bracket['zone']): Basis['swing'] => {
  const swing =
    side === 'long'
      ? frame.swingLows.findLast(({ price }) => price < zone.low)
      : frame.swingHighs.findLast(({ price }) => price > zone.high)
  return swing && { price: swing.price, at: swing.at }
}

/** Points from the worst edge of the zone to the stop, and what decided them. */
const stopFrom = (
  drawing: Drawing,
  zone: Bracket['zone'],
  widened: boolean,
): Pick<Basis, 'swing' | 'stopBy'> & { readonly distance: number } => {
  const { atr } = drawing.reading.frame
  const swing = swingBeyond(drawing, zone)
  const behind = swing === undefined ? 0 : Math.abs(worstEdge({ zone }, drawing.side) - swing.price)
  const farther = Math.max(behind, p.stopAtr * atr)
  const bounded = Math.min(p.stopMaximum * atr, Math.max(p.stopMinimum * atr, farther))
  const tick = 1 / drawing.spec.ticksPerPoint
  return {
    swing,
    stopBy: bounded !== farther ? 'bound' : behind > p.stopAtr * atr ? 'swing' : 'atr',
    distance: (bounded + p.stopExtraTicks * tick) * (widened ? p.widenBy : 1),
  }
}

type TargetRule = { readonly minimum: number; readonly reach: number; readonly plain: number; readonly beyond: number }

/** The nearest opposing level within the rule's multiples of R, else the plain multiple; on the grid, toward the entry. */
const target = (
  drawing: Drawing,
  worst: number,
  riskTicks: number,
  rule: TargetRule,
): { readonly price: number; readonly basis: TargetBasis } => {
  const { reading, side, spec } = drawing
  const inR = (price: number): number => (sign(side) * (toTicks(spec, price) - toTicks(spec, worst))) / riskTicks
  const toGrid = (price: number): number => roundToGrid(spec, price, outward(side))
  const hit = opposingLevels(reading, side, worst)
    .map((level) => ({ price: toGrid(level.price), basis: { level } }))
    .find(({ price }) => inR(price) >= rule.minimum && inR(price) <= rule.reach && inR(price) > rule.beyond)
  if (hit !== undefined) return hit
  const plain = Math.max(rule.plain, rule.beyond + 1)
  return { price: toGrid(worst + (sign(side) * plain * riskTicks) / spec.ticksPerPoint), basis: { plain } }
}

/**
 * Draws entry zone, stop and targets for one side from what is known now, and says what decided them; prices in points on
 * the tick grid. R is measured from the worst edge of the zone. The rules stand in `parameters`.
 */
export const drawBracket = (
  reading: Reading,
  side: Side,
  spec: ContractSpec,
): { readonly bracket: Bracket; readonly basis: Basis } => {
  const drawing = { reading, side, spec }
  const { atr } = reading.frame
  const level = entryLevel(reading, side, p.zoneReach * atr)
  const zone = {
    low: roundToGrid(spec, level.price - p.zoneHalf * atr, 'down'),
    high: roundToGrid(spec, level.price + p.zoneHalf * atr, 'up'),
  }
  const worst = worstEdge({ zone }, side)
  const stopWidened = reading.percentile > p.widenAbove
  const { distance, swing, stopBy } = stopFrom(drawing, zone, stopWidened)
  const stop = roundToGrid(spec, worst - sign(side) * distance, outward(side))
  const stopTicks = Math.abs(toTicks(spec, worst) - toTicks(spec, stop))
  const first = { minimum: p.target1Minimum, reach: p.target1Reach, plain: p.target1Plain, beyond: 0 }
  const near = target(drawing, worst, stopTicks, first)
  const reached = Math.abs(toTicks(spec, near.price) - toTicks(spec, worst)) / stopTicks
  const second = { minimum: p.target2Minimum, reach: p.target2Reach, plain: p.target2Plain, beyond: reached }
  const far = target(drawing, worst, stopTicks, second)
  return {
    bracket: { level, zone, stop, target1: near.price, target2: far.price, stopTicks, stopWidened, atr },
    basis: { swing, stopBy, target1: near.basis, target2: far.basis },
  }
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
