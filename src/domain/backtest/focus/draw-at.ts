import type { ContractSpec } from '../../instruments/instrument.ts'
import { roundToGrid, toTicks } from '../../instruments/ticks.ts'
import type { Money } from '../../money.ts'
import { riskCap, sizeTrade } from '../../risk/sizing.ts'
import type { Bracket, Side, Size } from '../../signals/focus-card.ts'
import { parameters as p } from '../../signals/parameters.ts'
import { sizeMultiplier } from '../../signals/volatility.ts'
import { directionalRatio, readWaves } from '../../waves/wave-dominance.ts'
import type { History } from '../history.ts'
import { clusterOf, type FocusColumns, isWidened, kindOf } from './focus-columns.ts'
import { targetTicks } from './known-levels.ts'
import type { PlanRules } from './plan-rules.ts'

/** What cards are drawn from. */
export type Ground = {
  readonly spec: ContractSpec
  readonly history: History
  readonly columns: FocusColumns
  readonly accountSize: Money
  /** Fees of one side and contract, as sizes reckon with them. */
  readonly fee: Money
  /** The minute of New York's day at which everything must be flat, where it is not the usual one. */
  readonly flatBy?: number
}

type Trade = { readonly side: Side; readonly bar: number; readonly worst: number; readonly risk: number }
type TargetRule = { readonly minimum: number; readonly reach: number; readonly beyond: number }

const sign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1)

/** The nearest level within the rule's multiples of R, else the plain multiple; ticks, as `drawBracket` finds it. */
const target = ({ spec, columns }: Ground, { side, bar, worst, risk }: Trade, rule: TargetRule): number => {
  const { targets, from } = columns[side]
  const serves = (ticks: number): boolean => {
    const r = (sign(side) * (ticks - worst)) / risk
    return r >= rule.minimum && r <= rule.reach && r > rule.beyond
  }
  const list = columns.list[bar] as number
  let best = targetTicks(spec, columns.vwap[bar] as number, side)
  if (!serves(best)) best = Number.NaN
  for (let k = from[list] as number; k < (from[list + 1] as number); k++) {
    const ticks = targets[k] as number
    if (!serves(ticks)) continue
    if (!(sign(side) * (ticks - best) >= 0)) best = ticks
    break
  }
  if (!Number.isNaN(best)) return best
  const plain = Math.max(1.5 * rule.minimum, rule.beyond + 1)
  return targetTicks(spec, worst / spec.ticksPerPoint + (sign(side) * plain * risk) / spec.ticksPerPoint, side)
}

const stopDistance = (ground: Ground, side: Side, bar: number, factor: number): number => {
  const { columns, spec } = ground
  const atr = columns.atr[bar] as number
  const farther = Math.max(columns[side].swing[bar] as number, p.stopAtr * atr)
  const bounded = Math.min(p.stopMaximum * atr, Math.max(p.stopMinimum * atr, farther))
  return (
    (bounded * factor + p.stopExtraTicks / spec.ticksPerPoint) *
    (isWidened(columns.flags[bar] as number) ? p.widenBy : 1)
  )
}

/** Draws the bracket that `drawBracket` of the signals draws at the close of `bar`, by rules that may differ from the live ones. */
export const bracketAt = (ground: Ground, side: Side, bar: number, rules: PlanRules): Bracket => {
  const { spec, columns, history } = ground
  const atr = columns.atr[bar] as number
  const price = columns[side].level[bar] as number
  const zone = {
    low: roundToGrid(spec, price - p.zoneHalf * atr, 'down'),
    high: roundToGrid(spec, price + p.zoneHalf * atr, 'up'),
  }
  const edge = side === 'long' ? zone.high : zone.low
  const stopWidened = isWidened(columns.flags[bar] as number)
  const away = sign(side) * stopDistance(ground, side, bar, rules.stopFactor)
  const stop = roundToGrid(spec, edge - away, side === 'long' ? 'down' : 'up')
  const worst = toTicks(spec, edge)
  const stopTicks = Math.abs(worst - toTicks(spec, stop))
  const trade = { side, bar, worst, risk: stopTicks }
  const first = target(ground, trade, { minimum: rules.target1, reach: p.target1Reach, beyond: 0 })
  const beyond = Math.abs(first - worst) / stopTicks
  const second = target(ground, trade, { minimum: rules.target2, reach: p.target2Reach, beyond })
  const kind = kindOf(columns[side].flags[bar] as number)
  return {
    // The columns keep a level's kind and price; its name is for readers.
    level: { kind, name: kind, price, at: history.columns.time[bar] as number },
    zone,
    stop,
    target1: first / spec.ticksPerPoint,
    target2: second / spec.ticksPerPoint,
    stopTicks,
    stopWidened,
    atr,
  }
}

/** The size that goes with it. */
export const sizeAt = (ground: Ground, side: Side, bar: number, stopTicks: number, rules: PlanRules): Size => {
  const { spec, columns, accountSize, fee } = ground
  const neutral = readWaves(directionalRatio(columns.ratio[bar] as number, side)) === 'neutral'
  const multiplier = sizeMultiplier[clusterOf(columns.flags[bar] as number)]
  return sizeTrade(spec, stopTicks, { cap: riskCap(accountSize, rules.riskShare), fee }, multiplier, neutral)
}
