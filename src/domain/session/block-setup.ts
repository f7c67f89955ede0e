import { type Bar, minuteMs } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'

/**
 * WAIT until a close lies inside the line or on it, then WATCHING. BEYOND: traded beyond the line (a sweep), closed beyond it (a
 * break). TRIGGERED: closed back inside (a sweep), came back to the line and held (a break). REACHED: a sweep's target
 * was traded. FAILED ends it: a sweep not reversed in time or traded beyond its extreme, a break closed back inside.
 */
type SetupState = 'WAIT' | 'WATCHING' | 'BEYOND' | 'TRIGGERED' | 'REACHED' | 'FAILED'

/** A state and the close of the bar that brought it, epoch ms. */
type SetupStep = { readonly state: SetupState; readonly at: number }

/** One way to trade one line of a block; prices in points. */
export type BlockSetup = {
  readonly way: 'sweep-and-reverse' | 'break-and-retest'
  readonly line: 'high' | 'low'
  /** The side of the trade it leads to. */
  readonly side: Side
  readonly price: number
  /** The opposite line, which a reversal makes for; a break has none. */
  readonly target: number | undefined
  readonly state: SetupState
  /** How it came there, oldest first. */
  readonly steps: readonly SetupStep[]
  /** The furthest price a sweep has traded beyond the line; the line's own while none, and for a break. */
  readonly reach: number
}

/** A sweep that has not closed back inside by then is a break: three 5m bars, as a sweep of liquidity. */
const sweepMs = 15 * minuteMs

/** How far a price lies beyond the line, points; negative inside. */
const beyond = ({ line, price }: BlockSetup, at: number): number => (line === 'high' ? at - price : price - at)

const furthest = ({ line }: BlockSetup, { high, low }: Bar): number => (line === 'high' ? high : low)
const nearest = ({ line }: BlockSetup, { high, low }: Bar): number => (line === 'high' ? low : high)

/** A setup is written out where it changes: whole objects of one shape are quick to make, and this runs every minute. */
const move = (
  { way, line, side, price, target, steps, reach }: BlockSetup,
  state: SetupState,
  at: number,
): BlockSetup => ({
  way,
  line,
  side,
  price,
  target,
  state,
  steps: [...steps, { state, at }],
  reach,
})

const stretch = (setup: BlockSetup, bar: Bar): BlockSetup => {
  const { way, line, side, price, target, state, steps } = setup
  const reach = furthest(setup, bar)
  if (beyond(setup, reach) <= beyond(setup, setup.reach)) return setup
  return { way, line, side, price, target, state, steps, reach }
}

const enterSweep = (setup: BlockSetup, bar: Bar, at: number): BlockSetup => {
  const swept = stretch(setup, bar)
  if (swept === setup) return setup
  const over = move(swept, 'BEYOND', at)
  return beyond(over, bar.close) <= 0 ? move(over, 'TRIGGERED', at) : over
}

const reverse = (setup: BlockSetup, bar: Bar, at: number): BlockSetup => {
  const swept = stretch(setup, bar)
  if (beyond(swept, bar.close) <= 0) return move(swept, 'TRIGGERED', at)
  const since = setup.steps.at(-1)?.at ?? at
  return at - since >= sweepMs ? move(swept, 'FAILED', at) : swept
}

/** A bar that trades both the extreme and the target counts as failed: which came first is not known. */
const followReversal = (setup: BlockSetup, bar: Bar, at: number): BlockSetup => {
  const swept = stretch(setup, bar)
  if (swept !== setup) return move(swept, 'FAILED', at)
  const target = setup.target ?? Number.NaN
  return beyond(setup, nearest(setup, bar)) <= beyond(setup, target) ? move(setup, 'REACHED', at) : setup
}

const sweep = (setup: BlockSetup, bar: Bar, at: number): BlockSetup => {
  if (setup.state === 'WATCHING') return enterSweep(setup, bar, at)
  if (setup.state === 'BEYOND') return reverse(setup, bar, at)
  return followReversal(setup, bar, at)
}

const breakThrough = (setup: BlockSetup, bar: Bar, at: number): BlockSetup => {
  const isBeyond = beyond(setup, bar.close) > 0
  if (setup.state === 'WATCHING') return isBeyond ? move(setup, 'BEYOND', at) : setup
  if (!isBeyond) return move(setup, 'FAILED', at)
  const touched = beyond(setup, nearest(setup, bar)) <= 0
  return setup.state === 'BEYOND' && touched ? move(setup, 'TRIGGERED', at) : setup
}

/** The setup after a closed 1m bar; the same object when nothing changed. */
export const stepSetup = (setup: BlockSetup, bar: Bar): BlockSetup => {
  const at = bar.time + minuteMs
  switch (setup.state) {
    case 'REACHED':
    case 'FAILED':
      return setup
    case 'WAIT':
      return beyond(setup, bar.close) <= 0 ? move(setup, 'WATCHING', at) : setup
    default:
      return setup.way === 'sweep-and-reverse' ? sweep(setup, bar, at) : breakThrough(setup, bar, at)
  }
}

const opposite = { high: 'low', low: 'high' } as const

const setupOf = (
  way: BlockSetup['way'],
  line: BlockSetup['line'],
  lines: Readonly<Record<BlockSetup['line'], number>>,
  close: number,
  at: number,
): BlockSetup => {
  const isSweep = way === 'sweep-and-reverse'
  const price = lines[line]
  const inside = line === 'high' ? close <= price : close >= price
  const state = inside ? 'WATCHING' : 'WAIT'
  return {
    way,
    line,
    side: (line === 'high') === isSweep ? 'short' : 'long',
    price,
    target: isSweep ? lines[opposite[line]] : undefined,
    state,
    steps: [{ state, at }],
    reach: price,
  }
}

/** Both ways to trade both lines of a block, taken up at a marker (epoch ms) after a close, points. */
export const beginSetups = (
  lines: Readonly<Record<BlockSetup['line'], number>>,
  close: number,
  marker: number,
): readonly BlockSetup[] => [
  setupOf('sweep-and-reverse', 'high', lines, close, marker),
  setupOf('sweep-and-reverse', 'low', lines, close, marker),
  setupOf('break-and-retest', 'high', lines, close, marker),
  setupOf('break-and-retest', 'low', lines, close, marker),
]
