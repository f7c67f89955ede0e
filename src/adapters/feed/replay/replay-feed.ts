import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import type { Clock, Feed, FeedSink } from '#src/engine/ports.ts'
import { pumpMs, type Schedule, turnMs } from '../schedule.ts'

/** Bars are loaded a day at a time. */
const chunkMs = 24 * 3_600_000
const retryMs = 1_000

type Recorded = { readonly instrument: InstrumentId; readonly bar: Bar }

/**
 * Creates the feed that plays recorded one-minute bars behind the clock, each at the end of its minute, in one order
 * over all instruments, from `from` to `to` (epoch ms). A failed load is reported as `down` and tried again; at the end
 * the feed is `finished`. Minutes without a bar pass too.
 */
export const createReplayFeed = ({
  instruments,
  load,
  from,
  to,
  clock,
  schedule,
}: {
  readonly instruments: readonly InstrumentId[]
  /** The bars with `from` ≤ time < `to`, oldest first. */
  readonly load: (instrument: InstrumentId, from: number, to: number) => Promise<BarColumns> | BarColumns
  readonly from: number
  readonly to: number
  readonly clock: Clock
  readonly schedule: Schedule
}): Feed => {
  const end = minuteOf(to)
  const source = `recorded bars, ${easternAt(from).date} to ${easternAt(to - 1).date}`
  let minute = minuteOf(from)
  let loadedTo = minute
  let reached = minute
  let bars: readonly Recorded[] = []
  let next = 0
  let state: 'live' | 'down' | undefined
  let cancel: (() => void) | undefined
  let stopped = false

  const loadOne = async (instrument: InstrumentId, until: number): Promise<readonly Recorded[]> => {
    const columns = await load(instrument, loadedTo, until)
    return Array.from(columns.time, (_, i) => ({ instrument, bar: barAt(columns, i) }))
  }

  /** Loads the next day; at the same minute bars stand in the order of `instruments`. */
  const loadDay = async (): Promise<void> => {
    const until = Math.min(loadedTo + chunkMs, end)
    const loaded = await Promise.all(instruments.map((instrument) => loadOne(instrument, until)))
    bars = loaded.flat().sort((a, b) => a.bar.time - b.bar.time)
    next = 0
    loadedTo = until
  }

  const tell = (sink: FeedSink, now: 'live' | 'down', detail: string): void => {
    if (state !== now) sink.onFeedState(now, detail)
    state = now
  }

  /** Whether the running minute's bars are at hand. */
  const isLoaded = async (sink: FeedSink): Promise<boolean> => {
    if (minute < loadedTo) return true
    try {
      await loadDay()
    } catch (error) {
      tell(sink, 'down', error instanceof Error ? error.message : String(error))
      return false
    }
    tell(sink, 'live', source)
    return true
  }

  const closeMinute = (sink: FeedSink): void => {
    for (let at = bars[next]; at !== undefined && at.bar.time <= minute; at = bars[++next])
      sink.onBar(at.instrument, at.bar, clock.wall())
    minute += minuteMs
    reached = minute
    sink.onTime(minute)
  }

  /** Plays up to the clock; answers after how many ms to go on, undefined when the recording is over. */
  const play = async (sink: FeedSink): Promise<number | undefined> => {
    const turnEnds = clock.wall() + turnMs
    const now = Math.min(clock.now(), end)
    while (minute + minuteMs <= now) {
      if (clock.wall() > turnEnds) return 0
      if (!(await isLoaded(sink))) return retryMs
      if (stopped) return undefined
      closeMinute(sink)
    }
    if (now > reached) {
      reached = now
      sink.onTime(now)
    }
    if (minute < end) return pumpMs
    sink.onFeedState('finished', source)
    return undefined
  }

  const pump = async (sink: FeedSink): Promise<void> => {
    const wait = await play(sink)
    if (wait !== undefined && !stopped) cancel = schedule(() => void pump(sink), wait)
  }

  return {
    mode: 'REPLAY',
    source,
    start: (sink) => {
      tell(sink, 'live', source)
      sink.onTime(reached)
      cancel = schedule(() => void pump(sink), 0)
    },
    stop: async () => {
      stopped = true
      cancel?.()
    },
  }
}
