import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks'
import { type Hop, hopBounds } from '#src/domain/picture.ts'

/** The running window and the one before it. */
type Pair = { readonly now: Counts; readonly before: Counts }
type Counts = { readonly histogram: RecordableHistogram; readonly buckets: Float64Array }

const windowMs = 60_000
/** Microseconds; whatever takes longer counts as this long. */
const longest = 60_000_000

const createCounts = (): Counts => ({
  histogram: createHistogram({ lowest: 1, highest: longest }),
  buckets: new Float64Array(hopBounds.length + 1),
})

const bucketOf = (duration: number): number => {
  const at = hopBounds.findIndex((bound) => duration <= bound)
  return at < 0 ? hopBounds.length : at
}

/** What a latency book can do. */
export type Latency = ReturnType<typeof createLatency>

/** Counts how long each hop takes, over the last one to two minutes; `elapsed` is a clock in ms that never goes back. */
export const createLatency = (elapsed: () => number = () => performance.now()) => {
  let hops = new Map<string, Pair>()
  let current = Math.floor(elapsed() / windowMs)
  const both = createCounts().histogram

  const turn = (): void => {
    const window = Math.floor(elapsed() / windowMs)
    if (window === current) return
    const follows = window === current + 1
    current = window
    hops = new Map(
      [...hops].map(([name, { now }]) => [name, { now: createCounts(), before: follows ? now : createCounts() }]),
    )
  }
  const readHop = (name: string, { now, before }: Pair): Hop => {
    both.reset()
    both.add(now.histogram)
    both.add(before.histogram)
    const buckets = Array.from(now.buckets, (count, i) => count + (before.buckets[i] as number))
    const at = (percentile: number): number => (both.count === 0 ? 0 : both.percentile(percentile) / 1000)
    return { name, p50: at(50), p95: at(95), p99: at(99), count: both.count, buckets }
  }
  return {
    /** Takes one duration in ms. */
    record: (name: string, duration: number): void => {
      turn()
      const pair = hops.get(name) ?? { now: createCounts(), before: createCounts() }
      hops.set(name, pair)
      pair.now.histogram.record(Math.min(longest, Math.max(1, Math.round(duration * 1000))))
      const bucket = bucketOf(duration)
      pair.now.buckets[bucket] = (pair.now.buckets[bucket] as number) + 1
    },
    /** The percentiles of every hop, in ms; all zero for one that was quiet. */
    read: (): readonly Hop[] => {
      turn()
      return [...hops].map(([name, pair]) => readHop(name, pair))
    },
  }
}
