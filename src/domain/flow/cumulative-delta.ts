import type { Indicator } from '../indicators/indicator.ts'
import { mean, slide } from '../indicators/window.ts'
import { minuteMs } from '../market/bar.ts'
import type { FlowBasis } from './classify.ts'
import type { DeltaReading } from './flow-reading.ts'
import type { FlowBar, MinuteFlow } from './minute-flow.ts'

/** The minutes known without a hole, up to the newest one. */
type Run = {
  readonly tradeDate: string
  readonly newest: MinuteFlow
  readonly since: number
  readonly session: number
  readonly basis: FlowBasis
  /** Cumulative delta at the end of each of the last 15 minutes, and the contracts each traded. */
  readonly sums: readonly number[]
  readonly volumes: readonly number[]
}

/** Undefined while the flow of the newest minute is not known. */
export type DeltaState = Run | undefined

const slopeMinutes = 15
/** Of the mean volume of a minute. */
const leanBeyond = 0.15

/** The rise per step of equally spaced values by ordinary least squares. */
const slopeOf = (values: readonly number[]): number => {
  const middle = (values.length - 1) / 2
  let rise = 0
  let run = 0
  values.forEach((value, i) => {
    rise += (i - middle) * value
    run += (i - middle) ** 2
  })
  return rise / run
}

const leanOf = (slope: number): DeltaReading['lean'] =>
  slope > leanBeyond ? 'bullish' : slope < -leanBeyond ? 'bearish' : 'neutral'

const start = (tradeDate: string, flow: MinuteFlow): Run => ({
  tradeDate,
  newest: flow,
  since: flow.time,
  session: 0,
  basis: flow.basis,
  sums: [],
  volumes: [],
})

/** Minutes without a trade, known to be so: they add nothing to the sum, and count. */
const rest = (run: Run, minutes: number): Run => {
  let { sums, volumes } = run
  for (let i = 0; i < Math.min(minutes, slopeMinutes); i++) {
    sums = slide(sums, slopeMinutes, run.session)
    volumes = slide(volumes, slopeMinutes, 0)
  }
  return { ...run, sums, volumes }
}

const add = (run: Run, flow: MinuteFlow, volume: number): Run => {
  const session = run.session + flow.buy - flow.sell
  return {
    tradeDate: run.tradeDate,
    newest: flow,
    since: run.since,
    session,
    basis: flow.basis === 'estimated' ? flow.basis : run.basis,
    sums: slide(run.sums, slopeMinutes, session),
    volumes: slide(run.volumes, slopeMinutes, volume),
  }
}

/** The run this minute goes on with: over untraded minutes too, but over no unknown one and into no other trade date. */
const runBefore = (state: DeltaState, tradeDate: string, flow: MinuteFlow): Run => {
  if (state === undefined || state.tradeDate !== tradeDate) return start(tradeDate, flow)
  const { time } = state.newest
  if (flow.time === time + minuteMs) return state
  return flow.after === time ? rest(state, (flow.time - time) / minuteMs - 1) : start(tradeDate, flow)
}

/**
 * Cumulative delta of a trade date: aggressive buying minus aggressive selling, contracts, over an unbroken run of minutes
 * whose trades are known; undefined as soon as the newest is not. The slope is that of the least-squares line through
 * the last 15 cumulative values over the mean volume of those minutes; beyond ±0.15 it leans.
 */
export const cumulativeDelta: Indicator<DeltaState, FlowBar, DeltaReading | undefined> = {
  warmup: 1,
  initial: undefined,
  step: (state, { bar, tradeDate, flow }) =>
    flow === undefined ? undefined : add(runBefore(state, tradeDate, flow), flow, bar.volume),
  value: (state) => {
    if (state === undefined) return undefined
    const { newest, session, since, sums, volumes, basis } = state
    const slope = sums.length < slopeMinutes ? Number.NaN : slopeOf(sums) / mean(volumes)
    return { minute: newest.buy - newest.sell, session, since, slope, lean: leanOf(slope), basis }
  },
}
