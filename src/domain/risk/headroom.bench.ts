import type { Row } from '#src/testing/bench.ts'
import { firstDifference, randomHistory, ruleSets, seeded } from '#src/testing/standing-reference.ts'
import { standingOf, startStanding, stepStanding } from './headroom.ts'

/** Twenty accounts of eight plans, stepped and read at every tick; and the plans against their reference at length. */
export const name = 'Headroom'

const accounts = 20
const ticks = 100_000
const at = Date.UTC(2026, 10, 20, 14)

const perTick = (): Row => {
  const rules = Array.from({ length: accounts }, (_, i) => ruleSets[i % ruleSets.length]?.[1]).filter(
    (one) => one !== undefined,
  )
  const states = rules.map((one) => startStanding(one, { at, balance: one.startBalance }))
  const took = new Float64Array(ticks)
  let read = 0
  for (let tick = 0; tick < ticks; tick++) {
    const begin = performance.now()
    for (const [i, one] of rules.entries()) {
      const state = states[i]
      if (state === undefined) continue
      const openNet = ((tick * 7_919) % 20_001) * 100 - 1_000_000
      const next = stepStanding(state, one, { at: at + tick * 250, balance: one.startBalance, openNet })
      states[i] = next
      read += standingOf(next, one).headroom
    }
    took[tick] = performance.now() - begin
  }
  took.sort()
  const [p50 = 0, p99 = 0, worst = 0] = [took[ticks / 2], took[ticks * 0.99], took[ticks - 1]]
  const ms = (value: number): string => `${value.toFixed(3)} ms`
  return {
    what: `${accounts} accounts at a tick${read === 0 ? ' (nothing read)' : ''}`,
    ours: `p50 ${ms(p50)}, p99 ${ms(p99)}, worst ${ms(worst)} (at most 1 ms)`,
  }
}

const length = 100
/** EVENTS=1000000 recomputes a million a plan, which takes minutes. */
const episodes = Number(process.env['EVENTS'] ?? 50_000) / length

/** Random events of each plan, every verdict against the whole history recomputed. */
const against = (): Row => {
  let different = 0
  for (const [, rules] of ruleSets) {
    const random = seeded(2_026)
    for (let episode = 0; episode < episodes; episode++) {
      const difference = firstDifference(rules, randomHistory(random, rules, length), { restartEvery: 97 })
      if (difference !== undefined) different++
    }
  }
  return {
    what: `${(episodes * length).toLocaleString('en-US')} events × ${ruleSets.length} plans recomputed`,
    ours: `${different} histories differ`,
  }
}

export const run = async (): Promise<Row[]> => [perTick(), against()]
