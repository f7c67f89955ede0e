import { expect, test } from 'vitest'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { minuteBars, rollAll, tickBar } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { barAt } from '#src/domain/market/series.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { FeedSink } from '#src/engine/ports.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createSyntheticFeed } from './synthetic-feed.ts'
import { createSyntheticMarket } from './synthetic-market.ts'

const market = createSyntheticMarket({ seed: 7 })
const open = easternMs('2026-11-16', 9 * 60 + 30)

type Call = { readonly at: number; readonly tick?: Tick; readonly quote?: Quote; readonly state?: string }

const stage = (startAt: number, speed: number) => {
  const calls: Call[] = []
  const hand = createHandClock(startAt, speed)
  const feed = createSyntheticFeed({ market, instruments: focusInstruments, startAt, ...hand })
  const sink: FeedSink = {
    onTick: (tick) => calls.push({ at: tick.eventTime, tick }),
    onQuote: (quote) => calls.push({ at: quote.eventTime, quote }),
    onBar: () => expect.unreachable(),
    onTime: (at) => calls.push({ at }),
    onHistory: () => {},
    onSecondPrice: () => {},
    onFeedState: (state) => calls.push({ at: Number.NaN, state }),
  }
  return { feed, sink, hand, calls }
}

/** What does not depend on when the feed was called: everything but the wall clock and the time between whole minutes. */
const steady = (calls: readonly Call[]) =>
  calls
    .filter(({ at, tick, quote }) => tick !== undefined || quote !== undefined || at % minuteMs === 0)
    .map(({ at, tick, quote }) => [at, tick?.instrument, tick?.price, tick?.size, quote?.instrument, quote?.bidSize])

const play = async (speed: number, rhythm: readonly number[], marketMs: number): Promise<readonly Call[]> => {
  const { feed, sink, hand, calls } = stage(open, speed)
  feed.start(sink)
  await hand.pass(0)
  for (let i = 0; (calls.at(-1)?.at ?? 0) < open + marketMs; i++) await hand.pass(rhythm[i % rhythm.length] ?? 100)
  await feed.stop()
  return calls.slice(0, 1 + calls.findIndex(({ at }) => at === open + marketMs))
}

test('the calls are the same at any speed and any rhythm', async () => {
  const slow = steady(await play(1, [100], 3 * minuteMs))
  expect(slow.length).toBeGreaterThan(1_000)
  expect(steady(await play(1, [37, 811, 5_000], 3 * minuteMs))).toEqual(slow)
  expect(steady(await play(60, [100], 3 * minuteMs))).toEqual(slow)
  expect(steady(await play(600, [250], 3 * minuteMs))).toEqual(slow)
})

test('events come in one order over all markets, and time is told after everything before it', async () => {
  const calls = (await play(60, [100], 5 * minuteMs)).filter(({ state }) => state === undefined)
  const late = calls.filter(({ at }, i) => at < (calls[i - 1]?.at ?? 0))
  expect(late).toEqual([])
  const boundaries = calls.filter(({ at, tick, quote }) => !tick && !quote && at % minuteMs === 0).map(({ at }) => at)
  expect(boundaries).toEqual([0, 1, 2, 3, 4, 5].map((n) => open + n * minuteMs))
  expect(new Set(calls.map(({ tick }) => tick?.instrument)).size).toBe(7)
})

test('the ticks delivered fold to the bars of the market', async () => {
  const calls = await play(60, [100], 5 * minuteMs)
  for (const id of focusInstruments) {
    const ticks = calls.flatMap(({ tick }) => (tick?.instrument === id ? [tick] : []))
    const columns = market.minutes(id, '2026-11-16')
    const expected = Array.from(columns.time, (_, i) => barAt(columns, i)).filter(
      ({ time }) => time >= open && time < open + 5 * minuteMs,
    )
    expect(rollAll(minuteBars, ticks.map(tickBar))).toEqual(expected)
  }
})

test('an event carries the wall clock of its delivery', async () => {
  const { feed, sink, hand, calls } = stage(open, 1)
  feed.start(sink)
  await hand.pass(2_000)
  const received = calls.flatMap(({ tick, quote }) => tick?.receivedTime ?? quote?.receivedTime ?? [])
  expect(new Set(received)).toEqual(new Set([1_002_000]))
  expect(received.length).toBeGreaterThan(10)
})

test('a start within a minute delivers that minute from its beginning', async () => {
  const { feed, sink, hand, calls } = stage(open + 30_000, 1)
  feed.start(sink)
  await hand.pass(0)
  expect(calls[0]).toEqual({ at: Number.NaN, state: 'live' })
  expect(calls[1]).toEqual({ at: open })
  expect((calls[2]?.at ?? 0) - open).toBeLessThan(1_000)
  expect(calls.at(-1)).toEqual({ at: open + 30_000 })
})

test('at speed 0 the market stands still', async () => {
  const { feed, sink, hand, calls } = stage(open + 30_000, 0)
  feed.start(sink)
  await hand.pass(0)
  const told = calls.length
  await hand.pass(3_600_000)
  await hand.pass(3_600_000)
  expect(calls.length).toBe(told)
})

test('closed hours pass minute by minute without an event', async () => {
  const { feed, sink, hand, calls } = stage(easternMs('2026-11-20', 16 * 60 + 59), 600)
  feed.start(sink)
  await hand.pass(0)
  await hand.pass(6_000)
  const quiet = calls.filter(({ at }) => at > easternMs('2026-11-20', 17 * 60))
  expect(quiet.map(({ at }) => (at - easternMs('2026-11-20', 17 * 60)) / minuteMs)).toEqual(
    Array.from({ length: 59 }, (_, i) => i + 1),
  )
  expect(calls.some(({ tick }) => tick !== undefined)).toBe(true)
})

test('after a long sleep it catches up in short turns and misses nothing', async () => {
  const { feed, sink, hand, calls } = stage(open, 1)
  let work = 0
  const longest: number[] = []
  const busy: FeedSink = {
    ...sink,
    onTick: (tick) => {
      sink.onTick(tick)
      work += 1
    },
  }
  // Every tick costs a millisecond of the machine.
  const clock = { ...hand.clock, wall: () => hand.clock.wall() + work }
  const slow = createSyntheticFeed({
    market,
    instruments: focusInstruments,
    startAt: open,
    clock,
    schedule: (run, ms) =>
      hand.schedule(() => {
        const before = work
        run()
        longest.push(work - before)
      }, ms),
  })
  slow.start(busy)
  await hand.pass(3 * minuteMs)
  expect(Math.max(...longest)).toBeLessThan(50)
  expect(longest.length).toBeGreaterThan(20)
  await slow.stop()
  await feed.stop()
  expect(calls.length).toBeGreaterThan(5_000)
  expect(steady(calls.slice(0, 1 + calls.findIndex(({ at }) => at === open + 3 * minuteMs)))).toEqual(
    steady(await play(1, [100], 3 * minuteMs)),
  )
})

test('nothing is delivered after it was stopped', async () => {
  const { feed, sink, hand, calls } = stage(open, 1)
  feed.start(sink)
  await hand.pass(1_000)
  const told = calls.length
  await feed.stop()
  await hand.pass(5_000)
  expect(calls.length).toBe(told)
  expect(hand.pending()).toBe(0)
})

test('it says what it is', () => {
  const { feed } = stage(open, 1)
  expect([feed.mode, feed.source]).toEqual(['SIM MARKET', 'synthetic market, seed 7'])
})
