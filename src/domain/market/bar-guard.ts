import type { ContractSpec } from '../instruments/instrument.ts'
import { isOnGrid, roundToGrid } from '../instruments/ticks.ts'
import { type Bar, minuteMs } from './bar.ts'

/**
 * What can be wrong with a bar, by the rule that deals with it. Refused: not-a-number, off-minute, crossed, negative-volume,
 * time-back. Repaired: off-grid (each price to its nearest tick), outside-range (high and low are widened to hold open and
 * close). Told only: hole (an hour or more of a trade date without a bar).
 */
const barFaults = [
  'not-a-number',
  'off-minute',
  'crossed',
  'negative-volume',
  'time-back',
  'off-grid',
  'outside-range',
  'hole',
] as const
export type BarFault = (typeof barFaults)[number]

const prices = ['open', 'high', 'low', 'close'] as const
const holeMs = 60 * minuteMs

const refusalOf = (bar: Bar): BarFault | undefined => {
  const { time, open, high, low, close, volume } = bar
  // One sum is not a number where any of its parts is not one, or is without end.
  if (!Number.isFinite(time + open + high + low + close + volume)) return 'not-a-number'
  if (time % minuteMs !== 0) return 'off-minute'
  if (high < low) return 'crossed'
  return volume < 0 ? 'negative-volume' : undefined
}

const isOffGrid = (spec: ContractSpec, bar: Bar): boolean => prices.some((name) => !isOnGrid(spec, bar[name]))

const onGrid = <B extends Bar>(spec: ContractSpec, bar: B): B => ({
  ...bar,
  ...Object.fromEntries(prices.map((name) => [name, roundToGrid(spec, bar[name], 'nearest')])),
})

const isOutside = ({ open, high, low, close }: Bar): boolean => open > high || close > high || open < low || close < low

const widened = <B extends Bar>(bar: B): B => ({
  ...bar,
  high: Math.max(bar.high, bar.open, bar.close),
  low: Math.min(bar.low, bar.open, bar.close),
})

/** The bar as signals may see it: the very one where it is sound, repaired, or undefined where it is refused. `note` hears each fault. */
export const guardBar = <B extends Bar>(spec: ContractSpec, bar: B, note: (fault: BarFault) => void): B | undefined => {
  const refusal = refusalOf(bar)
  if (refusal !== undefined) {
    note(refusal)
    return undefined
  }
  let sound = bar
  if (isOffGrid(spec, sound)) {
    note('off-grid')
    sound = onGrid(spec, sound)
  }
  if (isOutside(sound)) {
    note('outside-range')
    sound = widened(sound)
  }
  return sound
}

/** Whether an hour or more of one trade date is missing between two bars that follow each other. */
export const isHole = (before: Bar | undefined, bar: Bar, tradeDateOf: (time: number) => string): boolean =>
  before !== undefined && bar.time - before.time > holeMs && tradeDateOf(before.time) === tradeDateOf(bar.time)
