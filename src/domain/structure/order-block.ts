import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'
import { append, type Calm, type Finished, isCalm, keptFinished, type Living } from './life.ts'
import type { StructureShift } from './structure-shift.ts'
import type { SwingState } from './swing.ts'

/**
 * The last bar against the move that shifted structure, or, once traded through, a breaker of the other side. `low` and
 * `high` are that bar's, `at` its open time; known with the shift, a breaker with the bar that traded through.
 */
export type OrderBlock = Living & {
  readonly side: Side
  readonly breaker: boolean
  readonly low: number
  readonly high: number
  readonly at: number
  /** Open time of the bar where the move began: the last furthest one between the broken swing and the shift. */
  readonly originAt: number
}

/** The move away from the newest swing: the bar it went back to furthest, and the bars that closed against its side. */
type Leg = {
  readonly origin: Bar | undefined
  /** The last opposite bar at or before the origin, and the last of all. */
  readonly block: Bar | undefined
  readonly opposite: Bar | undefined
}

export type BlockState = {
  readonly long: Leg
  readonly short: Leg
  /** Oldest first. */
  readonly open: readonly OrderBlock[]
  readonly calm: Calm
  /** What was traded through, newest last. */
  readonly finished: readonly Finished<OrderBlock>[]
}

const keptOpen = 50

const isOpposite = (side: Side, { open, close }: Bar): boolean => (side === 'long' ? close < open : close > open)

const isFurthest = (side: Side, bar: Bar, origin: Bar | undefined): boolean =>
  origin === undefined || (side === 'long' ? bar.low <= origin.low : bar.high >= origin.high)

const stepLeg = (leg: Leg, side: Side, bar: Bar): Leg => {
  const opposite = isOpposite(side, bar) ? bar : leg.opposite
  if (isFurthest(side, bar, leg.origin)) return { origin: bar, block: opposite, opposite }
  return opposite === leg.opposite ? leg : { origin: leg.origin, block: leg.block, opposite }
}

const unstarted: Leg = { origin: undefined, block: undefined, opposite: undefined }

/** The leg of the swing in the middle of a window: it may itself be the opposite bar, the move began after it. */
const legFrom = (window: readonly Bar[], side: Side): Leg => {
  const [swing, ...after] = window.slice((window.length - 1) / 2)
  const opposite = swing !== undefined && isOpposite(side, swing) ? swing : undefined
  return after.reduce((leg, bar) => stepLeg(leg, side, bar), { ...unstarted, opposite })
}

const goOn = (leg: Leg, side: Side, bar: Bar, { window, confirmed }: SwingState): Leg =>
  confirmed.length > 0 && confirmed.some(({ kind }) => kind === (side === 'long' ? 'high' : 'low'))
    ? legFrom(window, side)
    : stepLeg(leg, side, bar)

const opposite = (side: Side): Side => (side === 'long' ? 'short' : 'long')

const isReached = ({ side, low, high }: OrderBlock, bar: Bar): boolean =>
  side === 'long' ? bar.low <= high : bar.high >= low
const isThrough = ({ side, low, high }: OrderBlock, bar: Bar): boolean =>
  side === 'long' ? bar.low < low : bar.high > high

/** A block as it is formed. Blocks are written out by name, all in one order: to spread one costs more than all else. */
const blockOf = (
  { low, high, at, originAt }: Pick<OrderBlock, 'low' | 'high' | 'at' | 'originAt'>,
  side: Side,
  breaker: boolean,
  knownAt: number,
): OrderBlock => ({
  side,
  breaker,
  low,
  high,
  at,
  originAt,
  knownAt,
  life: 'formed',
  lifeAt: knownAt,
  touchedAt: undefined,
})

/** The edge at which a block changes next: met for the first time, or traded through. */
const nextEdge = ({ side, low, high, life }: OrderBlock): number =>
  (side === 'long') === (life === 'formed') ? high : low

const calmOf = (open: readonly OrderBlock[]): Calm => {
  let low = Number.NEGATIVE_INFINITY
  let high = Number.POSITIVE_INFINITY
  for (const block of open) {
    const edge = nextEdge(block)
    if (block.side === 'long') low = Math.max(low, edge)
    else high = Math.min(high, edge)
  }
  return { low, high }
}

/** A block after a bar reached it; only the first time counts. */
const mitigate = (block: OrderBlock, time: number): OrderBlock => {
  if (block.life !== 'formed') return block
  const { side, breaker, low, high, at, originAt, knownAt } = block
  return { side, breaker, low, high, at, originAt, knownAt, life: 'mitigated', lifeAt: time, touchedAt: time }
}

const breakThrough = (block: OrderBlock, time: number): Finished<OrderBlock> => {
  const { side, breaker, low, high, at, originAt, knownAt, touchedAt = time } = block
  return { side, breaker, low, high, at, originAt, knownAt, life: 'broken', lifeAt: time, touchedAt, until: time }
}

const meet = (state: BlockState, bar: Bar): Pick<BlockState, 'open' | 'calm' | 'finished'> => {
  if (isCalm(state.calm, bar)) return state
  const open: OrderBlock[] = []
  const broken: Finished<OrderBlock>[] = []
  for (const block of state.open) {
    if (!isReached(block, bar)) open.push(block)
    else if (!isThrough(block, bar)) open.push(mitigate(block, bar.time))
    else {
      broken.push(breakThrough(block, bar.time))
      if (!block.breaker) open.push(blockOf(block, opposite(block.side), true, bar.time))
    }
  }
  return { open, calm: calmOf(open), finished: append(state.finished, broken, keptFinished) }
}

/** The block a shift made, unless the move had no opposite bar before it or the bar is a block already. */
const made = (state: BlockState, { side, at: knownAt }: StructureShift): readonly OrderBlock[] => {
  const { origin, block } = state[side]
  if (origin === undefined || block === undefined) return []
  if (state.open.some(({ at, breaker }) => !breaker && at === block.time)) return []
  const { low, high, time: at } = block
  return [blockOf({ low, high, at, originAt: origin.time }, side, false, knownAt)]
}

/**
 * Order blocks: at a structure shift, the last bar that closed against it at or before the furthest bar between the
 * broken swing and the break. Mitigated when price returns to it; traded beyond its far edge it is broken and stands as
 * a breaker of the other side, until that is traded through as well.
 */
export const orderBlocks = {
  initial: {
    long: unstarted,
    short: unstarted,
    open: [],
    calm: calmOf([]),
    finished: [],
  } as BlockState,
  /** `turned` is what the bar made known of the swings, `shift` the shift the bar made, if any. */
  step: (state: BlockState, bar: Bar, turned: SwingState, shift: StructureShift | undefined): BlockState => {
    const met = meet(state, bar)
    const open = shift === undefined ? met.open : append(met.open, made(state, shift), keptOpen)
    return {
      long: goOn(state.long, 'long', bar, turned),
      short: goOn(state.short, 'short', bar, turned),
      open,
      calm: open === met.open ? met.calm : calmOf(open),
      finished: met.finished,
    }
  },
}
