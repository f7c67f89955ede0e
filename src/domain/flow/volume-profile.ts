import type { Indicator } from '../indicators/indicator.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice, toTicks } from '../instruments/ticks.ts'
import type { VolumeProfile } from './flow-reading.ts'
import type { FlowBar } from './minute-flow.ts'

/** Contracts by price of one trade date; prices in ticks. */
export type ProfileState = {
  readonly tradeDate: string
  /** Contracts at `base`, `base` + 1 and so on; grown in place, so each state may be stepped once. */
  readonly levels: Float64Array
  readonly base: number
  /** The session's range. */
  readonly low: number
  readonly high: number
  readonly volume: number
  /** Contracts at the busiest level. */
  readonly most: number
  readonly basis: VolumeProfile['basis']
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

/** Room for the prices from `low` to `high` and two empty levels on each side, with what is held so far in its place. */
const makeRoom = (state: ProfileState, low: number, high: number): Pick<ProfileState, 'levels' | 'base'> => {
  if (low - 2 >= state.base && high + 2 < state.base + state.levels.length) return state
  const base = low - slack
  const levels = new Float64Array(high + slack + 1 - base)
  if (state.levels.length > 0) levels.set(state.levels, state.base - base)
  return { levels, base }
}

const addTrades = (state: ProfileState, traded: ReadonlyMap<number, number>): ProfileState => {
  let { low, high, volume } = state
  for (const [ticks, contracts] of traded) {
    if (ticks < low) low = ticks
    if (ticks > high) high = ticks
    volume += contracts
  }
  const { levels, base } = makeRoom(state, low, high)
  let { most } = state
  for (const [ticks, contracts] of traded) {
    const held = (levels[ticks - base] as number) + contracts
    levels[ticks - base] = held
    if (held > most) most = held
  }
  return { tradeDate: state.tradeDate, levels, base, low, high, volume, most, basis: state.basis }
}

const spreadBar = (state: ProfileState, from: number, to: number, contracts: number): ProfileState => {
  const low = Math.min(state.low, from)
  const high = Math.max(state.high, to)
  const { levels, base } = makeRoom(state, low, high)
  const share = contracts / (to - from + 1)
  let { most } = state
  for (let i = from - base; i <= to - base; i++) {
    const held = (levels[i] as number) + share
    levels[i] = held
    if (held > most) most = held
  }
  const volume = state.volume + contracts
  return { tradeDate: state.tradeDate, levels, base, low, high, volume, most, basis: 'estimated' }
}

/** The level with the most contracts; of several the nearest to the middle of the range, then the lower. */
const busiest = ({ levels, base, low, high, most }: ProfileState): number => {
  let below = (low + high) >> 1
  let above = (low + high + 1) >> 1
  for (; below >= low; below--, above++) {
    if (levels[below - base] === most) return below
    if (levels[above - base] === most) return above
  }
  throw new Error('the most contracts lie on no level')
}

/** Contracts at two levels, by index; beyond the range lie two empty ones. */
const pair = (levels: Float64Array, near: number, far: number): number =>
  (levels[near] as number) + (levels[far] as number)

const valueArea = ({ levels, base, low, high, volume }: ProfileState, poc: number) => {
  const [first, last] = [low - base, high - base]
  let from = poc - base
  let to = from
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
  return { from: from + base, to: to + base }
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
    return flow?.levels === undefined
      ? spreadBar(state, toTicks(spec, bar.low), toTicks(spec, bar.high), bar.volume)
      : addTrades(state, flow.levels)
  },
  value: (state) => {
    if (state.volume === 0) return undefined
    const poc = busiest(state)
    const { from, to } = valueArea(state, poc)
    return {
      poc: toPrice(spec, poc),
      valueLow: toPrice(spec, from),
      valueHigh: toPrice(spec, to),
      volume: state.volume,
      basis: state.basis,
    }
  },
})

/** The state as it stands, apart from the one that goes on. */
export const keepProfile = (state: ProfileState): ProfileState => ({ ...state, levels: state.levels.slice() })
