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

/** The crossing one bar older, before what that bar did to it is known; whole objects of one shape are quick to make. */
const age = ({ level, at, bars, reach, reachAt, broke, back, held, gap }: Crossing, bar: Bar): Crossing => {
  const extreme = level.kind === 'high' ? bar.high : bar.low
  const isFarther = level.kind === 'high' ? extreme > reach : extreme < reach
  return {
    level,
    at,
    bars: bars + 1,
    reach: isFarther ? extreme : reach,
    reachAt: isFarther ? bar.time : reachAt,
    broke: broke && { at: broke.at, price: broke.price, bars: broke.bars + 1 },
    back: back && { at: back.at, bars: back.bars + 1, isSweep: back.isSweep },
    held,
    gap,
  }
}

/** Follows price across the levels known before each bar, one crossing per level at a time; prices compare in ticks. */
export const crossings = (spec: ContractSpec) => {
  const beyond = ({ kind, price }: Crossing['level'], at: number): number =>
    (kind === 'high' ? 1 : -1) * (toTicks(spec, at) - toTicks(spec, price))

  const followBreak = (crossing: Crossing, bar: Bar): Crossing => {
    const { level, broke, bars } = crossing
    if (beyond(level, bar.close) <= 0)
      return { ...crossing, back: { at: closeOf(bar), bars: 0, isSweep: bars <= sweepBars } }
    if (broke === undefined) return { ...crossing, broke: { at: closeOf(bar), price: bar.close, bars: 0 } }
    return beyond(level, level.kind === 'high' ? bar.low : bar.high) <= 0 ? { ...crossing, held: true } : crossing
  }

  const followSweep = (crossing: Crossing, { bar, gaps }: PatternInput): Crossing | undefined => {
    // Beyond again: the sweep came to nothing, and this very bar crosses anew.
    if (beyond(crossing.level, bar.close) > 0) return undefined
    const gap = gapOf(crossing, bar, gaps)
    return gap === undefined ? crossing : { ...crossing, gap }
  }

  const gapOf = (crossing: Crossing, bar: Bar, gaps: PatternInput['gaps']): PatternGap | undefined =>
    crossing.reachAt < bar.time && crossing.back?.isSweep === true
      ? gaps.find(({ at, side }) => at === bar.time && side === sideBack(crossing))
      : undefined

  const follow = (crossing: Crossing, input: PatternInput): Crossing | undefined => {
    const older = age(crossing, input.bar)
    const moved = older.back === undefined ? followBreak(older, input.bar) : older
    return moved.back === undefined ? moved : followSweep(moved, input)
  }

  /** The way a bar crosses a level from the inside, if it does. */
  const crossedBy = (level: PatternLevel, before: number, bar: Bar): Crossing['level']['kind'] | undefined => {
    const ticks = toTicks(spec, level.price)
    if (level.kind === 'high' ? before <= ticks : level.kind === undefined && before < ticks)
      return toTicks(spec, bar.high) > ticks ? 'high' : undefined
    if (level.kind === 'low' ? before >= ticks : level.kind === undefined && before > ticks)
      return toTicks(spec, bar.low) < ticks ? 'low' : undefined
    return undefined
  }

  const isFollowed = (followed: readonly Crossing[], { name, price }: PatternLevel): boolean =>
    followed.some(({ level }) => level.name === name && toTicks(spec, level.price) === toTicks(spec, price))

  const begin = (level: Crossing['level'], input: PatternInput): Crossing | undefined => {
    const { time } = input.bar
    const fresh = { level, at: time, bars: 0, reach: level.price, reachAt: time, held: false }
    return follow({ ...fresh, broke: undefined, back: undefined, gap: undefined }, input)
  }

  return {
    initial: { levels: [], close: Number.NaN, crossings: none } as CrossingState,
    step: (state: CrossingState, input: PatternInput): CrossingState => {
      const { bar, levels } = input
      const followed = state.crossings.filter((crossing) => !isOver(crossing))
      const next: Crossing[] = []
      const keep = (crossing: Crossing | undefined): void => {
        if (crossing !== undefined) next.push(crossing)
      }
      for (const crossing of followed) keep(follow(crossing, input))
      for (const level of state.levels) {
        const kind = crossedBy(level, state.close, bar)
        if (kind === undefined || isFollowed(next, level)) continue
        keep(begin({ name: level.name, price: level.price, kind }, input))
      }
      return { levels, close: toTicks(spec, bar.close), crossings: next.length === 0 ? none : next }
    },
  }
}
