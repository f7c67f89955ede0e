import { type Chart, mostBars } from '#src/domain/chart/chart.ts'
import { type ChartState, readChart, startChart, stepChart } from '#src/domain/chart/chart-of.ts'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import { dateOfBar, previousTradeDate, sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { dayOf } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs, type Timeframe } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import type { Picture } from '#src/domain/picture.ts'
import { weekOf } from '#src/domain/structure/prior-levels.ts'
import type { Bus, Clock } from '#src/engine/ports.ts'

type ReadFlows = (instrument: InstrumentId, from: number, to: number) => Promise<readonly MinuteFlow[]>

export type ChartBookDeps = {
  readonly bus: Pick<Bus, 'picture'>
  readonly clock: Pick<Clock, 'now'>
  /** Stored bars of `[from, to)`, epoch ms, oldest first. */
  readonly readBars: (instrument: InstrumentId, timeframe: Timeframe, from: number, to: number) => Promise<BarColumns>
  /** Who crossed the spread in the minutes of `[from, to)` whose trades are known, and how much of it at each price. */
  readonly readFlows: ReadFlows
  /** The same without the prices, of which the months of a coarse chart have too many. */
  readonly readDeltas: ReadFlows
}

/** Bars of a timeframe in an ordinary trade date of 23 hours. */
const barsADate: Readonly<Record<Timeframe, number>> = { '1m': 1380, '5m': 276, '15m': 92, '60m': 23, '1d': 1 }
const mostDates = 750
/** Read and folded in one go; between two of these everybody else gets his turn. */
const datesAtOnce = 10
const mostKept = 24

/**
 * How charts reach back: far enough for 2,000 bars and one more trade date, from which on the session's lines are whole,
 * and over the whole week before, whose high and low are lines of every chart.
 */
const startOf = ({ group }: ContractSpec, timeframe: Timeframe, now: number): number => {
  let date = tradeDateAt(group, now)
  const weekBefore = weekOf(dayOf(date)) - 1
  let left = Math.min(mostDates, Math.ceil(mostBars / barsADate[timeframe]) + 1)
  for (; left > 0 || weekOf(dayOf(previousTradeDate(group, date))) >= weekBefore; left--)
    date = previousTradeDate(group, date)
  return sessionOf(group, date)?.open ?? now
}

/** When the session before the running one opened, epoch ms: over a weekend it is the newest, whose profile is drawn. */
const pricesFrom = ({ group }: ContractSpec, now: number): number =>
  sessionOf(group, previousTradeDate(group, tradeDateAt(group, now)))?.open ?? now

/** With another stamp closed bars may have changed: another engine, another market, a correction, history that came. */
const stampOf = (picture: Partial<Picture>, instrument: InstrumentId): string =>
  [
    picture.system?.startedAt,
    picture.system?.market,
    picture[`minute:${instrument}`]?.revision,
    picture.history?.gaps.filled,
  ].join()

type Kept = {
  readonly stamp: string
  /** Where it was to begin, and the minute with which it does. */
  readonly from: number
  first: number | undefined
  state: ChartState
  ready: Promise<void>
}

const dateMs = 24 * 60 * minuteMs

/**
 * Keeps the charts that are looked at, so that a closed minute costs one step. The stored minutes are the truth; the newest
 * one, which may not be stored yet, is taken from the picture where nothing is missing before it.
 */
export const createChartBook = ({ bus, clock, readBars, readFlows, readDeltas }: ChartBookDeps) => {
  const kept = new Map<string, Kept>()

  const take = (of: Kept, bar: Bar, flow: MinuteFlow | undefined): void => {
    stepChart(of.state, { bar, tradeDate: dateOfBar(of.state.spec.group, bar.time), flow })
    of.first ??= bar.time
  }

  /** History that was stored since, before all that was taken, belongs in front: everything is taken anew. */
  const beginAgain = async (of: Kept, instrument: InstrumentId): Promise<void> => {
    if (of.first === undefined) return
    const earlier = await readBars(instrument, '1m', of.from, of.first)
    if (earlier.time.length === 0) return
    of.state = startChart(of.state.spec, of.state.timeframe)
    of.first = undefined
  }

  const flowsOf = async ({ state }: Kept, instrument: InstrumentId, from: number, to: number) => {
    // A chart of days reaches over years, and sums no trades.
    if (state.timeframe === '1d') return []
    const read = from < pricesFrom(state.spec, clock.now()) ? readDeltas : readFlows
    return read(instrument, from, to)
  }

  const takeStored = async (of: Kept, instrument: InstrumentId, from: number, to: number): Promise<void> => {
    const [columns, flows] = await Promise.all([
      readBars(instrument, '1m', from, to),
      flowsOf(of, instrument, from, to),
    ])
    const flowAt = new Map(flows.map((flow) => [flow.time, flow]))
    for (let i = 0; i < columns.time.length; i++) {
      const bar = barAt(columns, i)
      take(of, bar, flowAt.get(bar.time))
    }
  }

  const follow = async (of: Kept, instrument: InstrumentId): Promise<void> => {
    await beginAgain(of, instrument)
    const end = minuteOf(clock.now())
    const prices = pricesFrom(of.state.spec, clock.now())
    let from = of.state.minute === undefined ? of.from : of.state.minute.time + minuteMs
    for (let to = from; from < end; from = to) {
      to = Math.min(end, from < prices ? prices : end, from + datesAtOnce * dateMs)
      await takeStored(of, instrument, from, to)
    }
    const closed = bus.picture()[`minute:${instrument}`]?.closed
    if (closed !== undefined && closed.after === of.state.minute?.time) take(of, closed, closed.flow)
  }

  const open = (key: string, instrument: InstrumentId, timeframe: Timeframe): Kept => {
    const stamp = stampOf(bus.picture(), instrument)
    const known = kept.get(key)
    kept.delete(key)
    const spec = specOf(instrument)
    const of =
      known?.stamp === stamp
        ? known
        : {
            stamp,
            from: startOf(spec, timeframe, clock.now()),
            first: undefined,
            state: startChart(spec, timeframe),
            ready: Promise.resolve(),
          }
    kept.set(key, of)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return of
  }

  return {
    /** Whether a chart reaches back to an instant, epoch ms, if all of it is stored; its oldest dates may be cut to 2,000 bars. */
    mayReach: (instrument: InstrumentId, timeframe: Timeframe, at: number): boolean =>
      startOf(specOf(instrument), timeframe, clock.now()) <= at,
    /** A market's chart of all minutes closed by now. */
    read: async (instrument: InstrumentId, timeframe: Timeframe): Promise<Chart> => {
      const key = `${instrument} ${timeframe}`
      const of = open(key, instrument, timeframe)
      of.ready = of.ready.then(() => follow(of, instrument))
      await of.ready.catch((error: unknown) => {
        if (kept.get(key) === of) kept.delete(key)
        throw error
      })
      return readChart(of.state)
    },
  }
}
