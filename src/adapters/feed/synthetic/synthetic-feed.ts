import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Clock, Feed, FeedSink } from '#src/engine/ports.ts'
import { pumpMs, type Schedule, turnMs } from '../schedule.ts'
import type { MarketEvent } from './market-event.ts'
import type { SyntheticMarket } from './synthetic-market.ts'

const deliver = (sink: FeedSink, event: MarketEvent, receivedTime: number): void => {
  if ('price' in event) sink.onTick({ ...event, receivedTime })
  else sink.onQuote({ ...event, receivedTime })
}

/**
 * Creates the feed that plays the synthetic market behind the clock, in one order over all instruments. It begins with
 * the whole minute of `startAt` (epoch ms), so that no bar is partial. How often it is called changes nothing but the
 * `onTime` calls between whole minutes; when it falls behind it catches up in short turns.
 */
export const createSyntheticFeed = ({
  market,
  instruments,
  clock,
  startAt,
  schedule,
}: {
  readonly market: SyntheticMarket
  readonly instruments: readonly InstrumentId[]
  readonly clock: Clock
  readonly startAt: number
  readonly schedule: Schedule
}): Feed => {
  const source = `synthetic market, seed ${market.seed}`
  let minute = minuteOf(startAt)
  let events: readonly MarketEvent[] = []
  let next = 0
  let reached = minute
  let cancel = (): void => {}

  /** All instruments' events of the minute; at the same instant they come in the order of `instruments`. */
  const open = (start: number): void => {
    minute = start
    next = 0
    events = instruments
      .flatMap((id) => [...market.events(id, tradeDateAt(specOf(id).group, start), start, start + minuteMs)])
      .sort((a, b) => a.eventTime - b.eventTime)
  }

  /** Delivers what happened before `now`; false when the turn was over first. */
  const catchUp = (sink: FeedSink, now: number): boolean => {
    const turnEnds = clock.wall() + turnMs
    for (;;) {
      for (let event = events[next]; event !== undefined && event.eventTime < now; event = events[++next]) {
        const wall = clock.wall()
        if (wall > turnEnds) return false
        deliver(sink, event, wall)
      }
      if (now < minute + minuteMs) return true
      reached = minute + minuteMs
      sink.onTime(reached)
      open(reached)
      if (clock.wall() > turnEnds) return false
    }
  }

  const pump = (sink: FeedSink): void => {
    const now = clock.now()
    const done = catchUp(sink, now)
    if (done && now > reached) {
      reached = now
      sink.onTime(now)
    }
    cancel = schedule(() => pump(sink), done ? pumpMs : 0)
  }

  return {
    mode: 'SIM MARKET',
    source,
    start: (sink) => {
      open(minute)
      sink.onFeedState('live', source)
      sink.onTime(reached)
      cancel = schedule(() => pump(sink), 0)
    },
    stop: async () => cancel(),
  }
}
