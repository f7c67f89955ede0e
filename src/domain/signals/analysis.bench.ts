import { randomBars } from '#src/testing/bars.ts'
import type { Row } from '#src/testing/bench.ts'
import type { FlowBar } from '../flow/minute-flow.ts'
import { dateOfBar, isOpen } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { analysisOf, type Reading } from './analysis.ts'

export const name = 'All signals of one market'

const count = 345_000
const rounds = 3
const analysis = analysisOf(specOf('MES'))

/** A year of random minutes in which the market was open. */
const year = (): readonly FlowBar[] =>
  randomBars(5, count * 1.8, Date.UTC(2025, 0, 6))
    .filter(({ time }) => isOpen('equity', time))
    .slice(0, count)
    .map((bar) => ({ bar, tradeDate: dateOfBar('equity', bar.time) }))

/** Touches what a reading works out only when it is asked. */
const weigh = ({ percentile, cluster, frame, flow }: Reading): number =>
  (percentile || 0) + cluster.length + (frame.waves.waveRatio || 0) + (flow.profile?.poc ?? 0)

/** Seconds of processor time so far, the collector's included: other work on the machine does not count. */
const spent = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Seconds to fold the year, reading wherever `isRead` says so. */
const fold = (bars: readonly FlowBar[], isRead: (bar: FlowBar) => boolean): number => {
  const begun = spent()
  let state = analysis.start()
  let sum = 0
  for (const input of bars) {
    state = analysis.step(state, input)
    if (isRead(input)) sum += weigh(analysis.value(state))
  }
  if (Number.isNaN(sum)) throw new Error('the year must be readable')
  return spent() - begun
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

const closesFive = ({ bar }: FlowBar): boolean => bar.time % 300_000 === 240_000

const measureFold = (bars: readonly FlowBar[], what: string, isRead: (bar: FlowBar) => boolean): Row => {
  const seconds = median(Array.from({ length: rounds }, () => fold(bars, isRead)))
  return {
    what,
    ours: `${seconds.toFixed(2)} s, ${((seconds / count) * 1e6).toFixed(2)} µs a bar`,
    peer: 'limit 1.5 s',
    ratio: 1.5 / seconds,
  }
}

/** The last 50,000 minutes one at a time, as they come in live. */
const measureStream = (bars: readonly FlowBar[]): Row => {
  const from = count - 50_000
  const taken = new Float64Array(count - from)
  let state = analysis.start()
  let sum = 0
  bars.forEach((input, i) => {
    const begun = performance.now()
    state = analysis.step(state, input)
    if (i < from) return
    sum += weigh(analysis.value(state))
    taken[i - from] = performance.now() - begun
  })
  taken.sort()
  const at = (share: number): number => taken[Math.floor(share * (taken.length - 1))] as number
  return {
    what: `one minute, stepped and read: p50 / p99 / most${Number.isNaN(sum) ? ' (unreadable)' : ''}`,
    ours: `${[0.5, 0.99, 1].map((share) => at(share).toFixed(4)).join(' / ')} ms`,
    peer: 'limit 0.3 ms p99',
    ratio: 0.3 / at(0.99),
  }
}

export const run = async (): Promise<Row[]> => {
  const bars = year()
  return [
    measureFold(bars, '345,000 minutes stepped', () => false),
    measureFold(bars, 'stepped, and read at every 5m close', closesFive),
    measureFold(bars, 'stepped, and read at every minute', () => true),
    measureStream(bars),
  ]
}
