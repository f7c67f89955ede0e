import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'
import { append, type Calm, type Finished, formedAt, isCalm, keptFinished, type Living } from './life.ts'
import { furthest, past, type Swing } from './swing.ts'

/** Equal highs (or lows): stops rest beyond `price`, the furthest of them. Known with the second of the swings. */
export type LiquidityPool = Living & {
  readonly kind: Swing['kind']
  readonly price: number
  /** Open time of the first swing's bar, and of the last one's. */
  readonly at: number
  readonly lastAt: number
  readonly count: number
  /** Bars since price first traded beyond, that one included; 0 while it has not. */
  readonly beyond: number
  /** The furthest price traded beyond, `price` while none. */
  readonly reach: number
}

/** A pool traded beyond and closed back inside of; `side` is the side it speaks for. Known with the bar that closed back. */
export type LiquiditySweep = {
  readonly kind: Swing['kind']
  readonly side: Side
  readonly price: number
  /** The furthest price traded beyond. */
  readonly reach: number
  readonly count: number
  /** Open time of the pool's first swing. */
  readonly poolAt: number
  /** Open time of the bar that first traded beyond. */
  readonly at: number
  readonly knownAt: number
}

export type PoolState = {
  /** Swings no other equals yet and beyond which price has not traded. */
  readonly lone: readonly Swing[]
  /** Oldest first. */
  readonly open: readonly LiquidityPool[]
  /** Of pools and lone swings together. */
  readonly calm: Calm
  readonly finished: readonly Finished<LiquidityPool>[]
  /** Newest last. */
  readonly sweeps: readonly LiquiditySweep[]
}

const kept = 40
const tolerance = 0.1
const sweepBars = 3

const isBeyond = ({ kind, price, beyond }: LiquidityPool, bar: Bar): boolean =>
  beyond > 0 || past(kind, furthest(kind, bar), price) > 0

const meetPool = (pool: LiquidityPool, bar: Bar): LiquidityPool | Finished<LiquidityPool> => {
  if (!isBeyond(pool, bar)) return pool
  const { kind, price, at, lastAt, count, knownAt, touchedAt = bar.time } = pool
  const extreme = furthest(kind, bar)
  const beyond = pool.beyond + 1
  const reach = past(kind, extreme, pool.reach) > 0 ? extreme : pool.reach
  const isBack = past(kind, bar.close, price) <= 0
  const met = { kind, price, at, lastAt, count, beyond, reach, knownAt }
  if (!isBack && beyond < sweepBars) return { ...met, life: 'touched', lifeAt: touchedAt, touchedAt }
  return { ...met, life: isBack ? 'swept' : 'broken', lifeAt: bar.time, touchedAt, until: bar.time }
}

const sweepOf = ({ kind, price, reach, count, at, touchedAt, until }: Finished<LiquidityPool>): LiquiditySweep => ({
  kind,
  side: kind === 'high' ? 'short' : 'long',
  price,
  reach,
  count,
  poolAt: at,
  at: touchedAt ?? until,
  knownAt: until,
})

const meet = (state: PoolState, bar: Bar): PoolState => {
  if (!state.open.some((pool) => isBeyond(pool, bar))) return state
  const met = state.open.map((pool) => meetPool(pool, bar))
  const ended = met.filter((pool) => 'until' in pool)
  const swept = ended.filter(({ life }) => life === 'swept').map(sweepOf)
  return {
    lone: state.lone,
    open: met.filter((pool) => !('until' in pool)),
    calm: state.calm,
    finished: append(state.finished, ended, keptFinished),
    sweeps: append(state.sweeps, swept, keptFinished),
  }
}

const join = (pool: LiquidityPool, { at }: Swing): LiquidityPool => ({ ...pool, lastAt: at, count: pool.count + 1 })

const poolOf = (price: number, first: Swing, more: readonly Swing[], newest: Swing): LiquidityPool => {
  const { kind, at: lastAt, knownAt } = newest
  return { kind, price, at: first.at, lastAt, count: more.length + 2, beyond: 0, reach: price, ...formedAt(knownAt) }
}

/** A new swing joins the pool at whose price it lies, makes one with the lone swings it equals, or waits for its equal. */
const gather = (state: PoolState, swing: Swing, reach: number): PoolState => {
  const { kind } = swing
  const lies = (each: Pick<Swing, 'kind' | 'price'>, at: number): boolean =>
    each.kind === kind && Math.abs(each.price - at) <= reach
  const standing = state.open.findLast((pool) => pool.beyond === 0 && lies(pool, swing.price))
  if (standing !== undefined)
    return { ...state, open: state.open.map((pool) => (pool === standing ? join(pool, swing) : pool)) }
  const equals = state.lone.filter((each) => lies(each, swing.price))
  const line = equals.reduce((far, { price }) => (past(kind, price, far) > 0 ? price : far), swing.price)
  const [first, ...more] = equals.filter((each) => lies(each, line))
  if (first === undefined) return { ...state, lone: append(state.lone, [swing], kept) }
  return {
    ...state,
    lone: state.lone.filter((each) => each !== first && !more.includes(each)),
    open: append(state.open, [poolOf(line, first, more, swing)], kept),
  }
}

/** Swings that price has traded beyond by more than the tolerance have nothing resting behind them. */
const forget = (state: PoolState, bar: Bar, reach: number): PoolState => {
  const lone = state.lone.filter(({ kind, price }) => past(kind, furthest(kind, bar), price) <= reach)
  return lone.length === state.lone.length ? state : { ...state, lone }
}

const never: Calm = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }

const calmOf = ({ lone, open }: Pick<PoolState, 'lone' | 'open'>): Calm => {
  let low = Number.NEGATIVE_INFINITY
  let high = Number.POSITIVE_INFINITY
  for (const list of [lone, open])
    for (const { kind, price } of list)
      if (kind === 'low') low = Math.max(low, price)
      else high = Math.min(high, price)
  // A pool that price is beyond counts its bars: there is no calm.
  return open.some(({ beyond }) => beyond > 0) ? never : { low, high }
}

/**
 * Liquidity: swing highs (lows) within 0.1 ATR of the furthest of them make a pool. Price that trades beyond it and closes back
 * inside within three bars, the first included, has swept it; three closes beyond break it. Before the ATR is known
 * nothing is equal.
 */
export const liquidityPools = {
  initial: { lone: [], open: [], calm: calmOf({ lone: [], open: [] }), finished: [], sweeps: [] } as PoolState,
  /** `confirmed` are the swings the bar made known, `atr` in points. */
  step: (state: PoolState, bar: Bar, confirmed: readonly Swing[], atr: number): PoolState => {
    const reach = tolerance * atr
    const left = isCalm(state.calm, bar) && reach >= 0 ? state : forget(meet(state, bar), bar, reach)
    const next = confirmed.reduce((each, swing) => gather(each, swing, reach), left)
    if (next.lone === state.lone && next.open === state.open) return next
    const { lone, open, finished, sweeps } = next
    return { lone, open, calm: calmOf(next), finished, sweeps }
  },
}
