import type { Bar } from '../market/bar.ts'
import { furthest, past, type Swing } from './swing.ts'

/** The swings of one kind, newest last; `edge` is the price, points, beyond which the next of them is taken. */
export type KnownSwings = { readonly all: readonly Swing[]; readonly edge: number }

const newest = 40
const noneBeyond = { high: Number.POSITIVE_INFINITY, low: Number.NEGATIVE_INFINITY }

const take = (swing: Swing, bar: Bar): Swing => {
  const { kind, price, at, knownAt, takenAt } = swing
  const isTaken = takenAt === undefined && past(kind, furthest(kind, bar), price) > 0
  return isTaken ? { kind, price, at, knownAt, takenAt: bar.time } : swing
}

/** Forgets of the swings before the newest forty those that a later one lies as far as. */
const forget = (all: readonly Swing[]): readonly Swing[] => {
  const kept: Swing[] = []
  let standing: Swing | undefined
  for (let i = all.length - 1; i >= 0; i--) {
    const swing = all[i] as Swing
    const stands = standing === undefined || past(swing.kind, swing.price, standing.price) > 0
    if (stands || all.length - i <= newest) kept.push(swing)
    if (stands) standing = swing
  }
  return kept.reverse()
}

/**
 * The fold of one kind's swings: the newest forty, and of those before them every one that can still be the last beyond
 * some price, because no later one lies as far. Each is stamped with the bar that first traded beyond it.
 */
export const knownSwings = (kind: Swing['kind']) => ({
  initial: { all: [], edge: noneBeyond[kind] } as KnownSwings,
  /** `confirmed` are the swings of both kinds the bar made known. */
  step: (state: KnownSwings, bar: Bar, confirmed: readonly Swing[]): KnownSwings => {
    const isTaking = past(kind, furthest(kind, bar), state.edge) > 0
    if (!isTaking && confirmed.length === 0) return state
    const own = confirmed.filter((swing) => swing.kind === kind)
    if (!isTaking && own.length === 0) return state
    const all = forget([...(isTaking ? state.all.map((swing) => take(swing, bar)) : state.all), ...own])
    // Of those not taken none lies nearer than a later one: price comes to the newest first.
    return { all, edge: all.findLast(({ takenAt }) => takenAt === undefined)?.price ?? noneBeyond[kind] }
  },
})
