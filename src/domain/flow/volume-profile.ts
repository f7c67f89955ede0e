import type { Indicator } from '../indicators/indicator.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice, toTicks } from '../instruments/ticks.ts'
import type { VolumeProfile } from './flow-reading.ts'
import type { FlowBar } from './minute-flow.ts'

/** Contracts by price of one trade date; prices in ticks. Grown in place: each state may be stepped once. */
export type ProfileState = {
  readonly tradeDate: string
  /** Contracts at `base`, `base` + 1 and so on. */
  levels: Float64Array
  base: number
  /** The session's range. */
  low: number
  high: number
  volume: number
  /** Contracts at the busiest level. */
  most: number
  basis: VolumeProfile['basis']
}

const valueShare = 0.7
/** Room for price to go on before the column is made anew, ticks on each side. */
const slack = 128

const begin = (tradeDate: string): ProfileState => ({
  tradeDate,
  levels: new Float64Array(0),
  base: 0,
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  volume: 0,
  most: 0,
  basis: 'trades',
})

/** Widens the session's range, with room for its prices and two empty levels on each side. */
const widen = (state: ProfileState, from: number, to: number): void => {
  const low = Math.min(state.low, from)
  const high = Math.max(state.high, to)
  state.low = low
  state.high = high
  if (low - 2 >= state.base && high + 2 < state.base + state.levels.length) return
  const base = low - slack
  const levels = new Float64Array(high + slack + 1 - base)
  if (state.levels.length > 0) levels.set(state.levels, state.base - base)
  state.levels = levels
  state.base = base
}

const addTrades = (state: ProfileState, traded: ReadonlyMap<number, number>): void => {
  for (const [ticks, contracts] of traded) {
    widen(state, ticks, ticks)
    const { levels, base } = state
    const held = (levels[ticks - base] as number) + contracts
    levels[ticks - base] = held
    state.volume += contracts
    if (held > state.most) state.most = held
  }
}

const spreadBar = (state: ProfileState, from: number, to: number, contracts: number): void => {
  widen(state, from, to)
  const { levels, base } = state
  const share = contracts / (to - from + 1)
  let { most } = state
  for (let i = from - base; i <= to - base; i++) {
    const held = (levels[i] as number) + share
    levels[i] = held
    if (held > most) most = held
  }
  state.most = most
  state.volume += contracts
  state.basis = 'estimated'
}

/** The level with the most contracts, from `base` on; of several the nearest to the middle of the range, then the lower. */
const busiest = ({ levels, base, low, high, most }: ProfileState): number => {
  let below = (low + high - 2 * base) >> 1
  let above = (low + high - 2 * base + 1) >> 1
  for (; below >= low - base; below--, above++) {
    if (levels[below] === most) return below
    if (levels[above] === most) return above
  }
  throw new Error('the most contracts lie on no level')
}

/** Contracts at two levels, by index; beyond the range lie two empty ones. */
const pair = (levels: Float64Array, near: number, far: number): number =>
  (levels[near] as number) + (levels[far] as number)

/** The levels of the value area around the busiest one, all from `base` on. */
const valueArea = ({ levels, base, low, high, volume }: ProfileState, poc: number) => {
  // Whole numbers for the engine too: the range began as an infinite one, and that makes its bounds broken numbers.
  const first = (low - base) | 0
  const last = (high - base) | 0
  let from = poc
  let to = poc
  let held = levels[from] as number
  let above = pair(levels, to + 1, to + 2)
  let below = pair(levels, from - 1, from - 2)
  while (held / volume < valueShare && (from > first || to < last)) {
    const lead = above - below
    held += lead === 0 ? above + below : Math.max(above, below)
    if (lead >= 0) {
      to = Math.min(to + 2, last)
      above = pair(levels, to + 1, to + 2)
    }
    if (lead <= 0) {
      from = Math.max(from - 2, first)
      below = pair(levels, from - 1, from - 2)
    }
  }
  return { from, to }
}

/**
 * Volume profile of a trade date: contracts at each tick, from trades where every minute's levels are known, else with
 * the volume of a bar spread evenly over its ticks. Point of control: the busiest level. Value area: from there the
 * two levels above or the two below, whichever hold more (both where equal), until 70 % of the volume is inside (Chicago
 * Board of Trade, "Market Profile", 1984). Undefined before anything traded.
 */
export const volumeProfile = (spec: ContractSpec): Indicator<ProfileState, FlowBar, VolumeProfile | undefined> => ({
  warmup: 1,
  initial: begin(''),
  step: (before, { bar, tradeDate, flow }) => {
    const state = before.tradeDate === tradeDate ? before : begin(tradeDate)
    if (flow?.levels !== undefined) addTrades(state, flow.levels)
    else spreadBar(state, toTicks(spec, bar.low), toTicks(spec, bar.high), bar.volume)
    return state
  },
  value: (state) => {
    if (state.volume === 0) return undefined
    const { base } = state
    const poc = busiest(state)
    const { from, to } = valueArea(state, poc)
    return {
      poc: toPrice(spec, base + poc),
      valueLow: toPrice(spec, base + from),
      valueHigh: toPrice(spec, base + to),
      volume: state.volume,
      basis: state.basis,
    }
  },
})

/** The state as it stands, apart from the one that goes on. */
export const keepProfile = (state: ProfileState): ProfileState => ({ ...state, levels: state.levels.slice() })
