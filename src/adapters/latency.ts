import { createHistogram, performance } from 'node:perf_hooks'
import type { Hop } from '#src/domain/picture.ts'

type Pair = { now: ReturnType<typeof createHistogram>; before: ReturnType<typeof createHistogram> }

const windowMs = 60_000
const ms = (microseconds: number): number => microseconds / 1000

/** Counts how long each hop takes, over the last one to two minutes. */
/** What a latency book can do. */
export type Latency = ReturnType<typeof createLatency>

export const createLatency = () => {
  const hops = new Map<string, Pair>()
  let turnsAt = performance.now() + windowMs
  const turn = (): void => {
    if (performance.now() < turnsAt) return
    turnsAt = performance.now() + windowMs
    for (const pair of hops.values()) {
      pair.before = pair.now
      pair.now = createHistogram()
    }
  }
  return {
    /** Takes one duration in ms. */
    record: (name: string, duration: number): void => {
      const pair = hops.get(name) ?? { now: createHistogram(), before: createHistogram() }
      hops.set(name, pair)
      pair.now.record(Math.max(1, Math.round(duration * 1000)))
    },
    read: (): readonly Hop[] => {
      turn()
      return [...hops].map(([name, { now, before }]) => {
        const both = createHistogram()
        both.add(now)
        both.add(before)
        const at = (percentile: number): number => (both.count === 0 ? 0 : ms(both.percentile(percentile)))
        return { name, p50: at(50), p95: at(95), p99: at(99), count: Number(both.count) }
      })
    },
  }
}
