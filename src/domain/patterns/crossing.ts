import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'
import { closeOf, type PatternGap, type PatternInput, type PatternLevel } from './pattern-input.ts'

/** Price on the far side of a level and what became of it. Instants are closes of bars, epoch ms; counts are 5m bars. */
export type Crossing = {
  readonly level: PatternLevel & { readonly kind: 'high' | 'low' }
  /** Open time of the bar that first traded beyond, and bars since, that one included. */
  readonly at: number
  readonly bars: number
  /** The furthest price beyond, points, and the open time of its bar. */
  readonly reach: number
  readonly reachAt: number
  /** The first close beyond, its price, and bars after it; absent while every close lay inside. */
  readonly broke: { readonly at: number; readonly price: number; readonly bars: number } | undefined
  /** The first close back inside or on the level, bars after it, and whether that was soon enough for a sweep. */
  readonly back: { readonly at: number; readonly bars: number; readonly isSweep: boolean } | undefined
  /** The newest bar came back to a broken level and closed beyond it. */
  readonly held: boolean
  /** The gap against the sweep that the newest bar made known. */
  readonly gap: PatternGap | undefined
}

export type CrossingState = {
  readonly levels: readonly PatternLevel[]
  /** Ticks of the newest close. */
  readonly close: number
  readonly crossings: readonly Crossing[]
}

/** A close back inside within so many bars, the first beyond included, makes a sweep. */
const sweepBars = 3
/** Bars a sweep may take to leave a gap, and a break to come back to its level. */
const gapBars = 6
const retestBars = 12

/** The side of a trade through the level, and of one back from it. */
export const sideThrough = ({ level }: Crossing): Side => (level.kind === 'high' ? 'long' : 'short')
export const sideBack = ({ level }: Crossing): Side => (level.kind === 'high' ? 'short' : 'long')

const none: readonly Crossing[] = []

/** Whether nothing more can come of it after the newest bar. */
const isOver = ({ broke, back, held, gap }: Crossing): boolean => {
  if (held || gap !== undefined) return true
  if (back !== undefined) return !back.isSweep || back.bars >= gapBars
  return broke !== undefined && broke.bars >= retestBars
}

/** The first close beyond, after one bar more. */
const stepBroke = ({ broke }: Crossing, bar: Bar, isInside: boolean): Crossing['broke'] => {
  if (broke !== undefined) return { at: broke.at, price: broke.price, bars: broke.bars + 1 }
  return isInside ? undefined : { at: closeOf(bar), price: bar.close, bars: 0 }
}

/** The first close back inside, after one bar more that closed inside. */
const stepBack = ({ back, bars }: Crossing, bar: Bar): NonNullable<Crossing['back']> =>
  back === undefined
    ? { at: closeOf(bar), bars: 0, isSweep: bars < sweepBars }
    : { at: back.at, bars: back.bars + 1, isSweep: back.isSweep }

/** Follows price across the levels known before each bar, one crossing per level at a time; prices compare in ticks. */
export const crossings = (spec: ContractSpec) => {
  const beyond = ({ kind, price }: Crossing['level'], at: number): number =>
    (kind === 'high' ? 1 : -1) * (toTicks(spec, at) - toTicks(spec, price))

  /** The crossing after one bar more, written out whole: this runs for every level crossed. */
  const follow = (crossing: Crossing, input: PatternInput): Crossing | undefined => {
    const { level, at, bars, reach, reachAt, broke } = crossing
    const { bar, gaps } = input
    const isInside = beyond(level, bar.close) <= 0
    // Beyond again: the sweep came to nothing, and this very bar crosses anew.
    if (crossing.back !== undefined && !isInside) return undefined
    const isHigh = level.kind === 'high'
    const isFarther = isHigh ? bar.high > reach : bar.low < reach
    const back = isInside ? stepBack(crossing, bar) : undefined
    const leavesGap = back?.isSweep === true && !isFarther && reachAt < bar.time
    return {
      level,
      at,
      bars: bars + 1,
      reach: isFarther ? (isHigh ? bar.high : bar.low) : reach,
      reachAt: isFarther ? bar.time : reachAt,
      broke: stepBroke(crossing, bar, isInside),
      back,
      held: broke !== undefined && !isInside && beyond(level, isHigh ? bar.low : bar.high) <= 0,
      gap: leavesGap ? gaps.find((gap) => gap.at === bar.time && gap.side === sideBack(crossing)) : undefined,
    }
  }

  /** The way a bar crosses a level from the inside, if it does; the close before and the bar's high and low in ticks. */
  const crossedBy = (
    { kind, price }: PatternLevel,
    before: number,
    high: number,
    low: number,
  ): Crossing['level']['kind'] | undefined => {
    const ticks = toTicks(spec, price)
    if (kind === 'high' ? before <= ticks : kind === undefined && before < ticks)
      return high > ticks ? 'high' : undefined
    if (kind === 'low' ? before >= ticks : kind === undefined && before > ticks) return low < ticks ? 'low' : undefined
    return undefined
  }

  const isFollowed = (followed: readonly Crossing[], { name, price }: PatternLevel): boolean =>
    followed.some(({ level }) => level.name === name && toTicks(spec, level.price) === toTicks(spec, price))

  const begin = (level: Crossing['level'], { time }: Bar): Crossing => ({
    level,
    at: time,
    bars: 0,
    reach: level.price,
    reachAt: time,
    broke: undefined,
    back: undefined,
    held: false,
    gap: undefined,
  })

  return {
    initial: { levels: [], close: Number.NaN, crossings: none } as CrossingState,
    step: (state: CrossingState, input: PatternInput): CrossingState => {
      const { bar, levels } = input
      const next: Crossing[] = []
      for (const crossing of state.crossings) {
        const followed = isOver(crossing) ? undefined : follow(crossing, input)
        if (followed !== undefined) next.push(followed)
      }
      const [high, low] = [toTicks(spec, bar.high), toTicks(spec, bar.low)]
      for (const level of state.levels) {
        const kind = crossedBy(level, state.close, high, low)
        if (kind === undefined || isFollowed(next, level)) continue
        const begun = follow(begin({ name: level.name, price: level.price, kind }, bar), input)
        if (begun !== undefined) next.push(begun)
      }
      return { levels, close: toTicks(spec, bar.close), crossings: next.length === 0 ? none : next }
    },
  }
}
