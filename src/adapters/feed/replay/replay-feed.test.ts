import { expect, test } from 'vitest'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { type BarColumns, toColumns } from '#src/domain/market/series.ts'
import type { FeedSink } from '#src/engine/ports.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createReplayFeed } from './replay-feed.ts'

const start = Date.UTC(2013, 9, 7, 13, 30)
const dayMs = 86_400_000

const bar = (minute: number, close: number): Bar => ({
  time: start + minute * minuteMs,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
})

const recorded: Partial<Record<InstrumentId, readonly Bar[]>> = {
  MGC: [bar(0, 1313.7), bar(1, 1313.9), bar(3, 1314), bar(1_440, 1320)],
  MES: [bar(0, 1676.75), bar(3, 1677), bar(1_441, 1680)],
}
const read = (id: InstrumentId, from: number, to: number): BarColumns =>
  toColumns((recorded[id] ?? []).filter(({ time }) => time >= from && time < to))

const stage = (
  minutes: number,
  { speed = 60, load = read }: { speed?: number; load?: Parameters<typeof createReplayFeed>[0]['load'] } = {},
) => {
  const calls: string[] = []
  const hand = createHandClock(start, speed)
  const feed = createReplayFeed({
    instruments: ['MGC', 'MES'],
    load,
    from: start,
    to: start + minutes * minuteMs,
    ...hand,
  })
  const minuteAt = (at: number): number => (at - start) / minuteMs
  const sink: FeedSink = {
    onTick: () => expect.unreachable(),
    onQuote: () => expect.unreachable(),
    onBar: (id, { time, close }) => calls.push(`${id} ${minuteAt(time)} ${close}`),
    onTime: (at) => calls.push(`time ${minuteAt(at)}`),
    onHistory: () => {},
    onSecondPrice: () => {},
    onFeedState: (state, detail) => calls.push(`${state}: ${detail}`),
  }
  return { feed, sink, hand, calls }
}
const source = 'recorded bars, 2013-10-07 to 2013-10-07'

test('each bar comes at the end of its minute, markets in their order, and empty minutes pass too', async () => {
  const { feed, sink, hand, calls } = stage(4)
  feed.start(sink)
  await hand.pass(5_000)
  expect(calls).toEqual([
    `live: ${source}`,
    'time 0',
    'MGC 0 1313.7',
    'MES 0 1676.75',
    'time 1',
    'MGC 1 1313.9',
    'time 2',
    'time 3',
    'MGC 3 1314',
    'MES 3 1677',
    'time 4',
    `finished: ${source}`,
  ])
  expect(hand.pending()).toBe(0)
})

test('no bar comes before its minute is over', async () => {
  const { feed, sink, hand, calls } = stage(4, { speed: 1 })
  feed.start(sink)
  await hand.pass(59_000)
  expect(calls.slice(2)).toEqual([`time ${59 / 60}`])
  await hand.pass(1_000)
  expect(calls.slice(3)).toEqual(['MGC 0 1313.7', 'MES 0 1676.75', 'time 1'])
})

test('the order of calls is the same at any speed and rhythm', async () => {
  const play = async (speed: number, rhythm: number): Promise<readonly string[]> => {
    const { feed, sink, hand, calls } = stage(1_500, { speed })
    feed.start(sink)
    while (!calls.some((call) => call.startsWith('finished'))) await hand.pass(rhythm)
    return calls.filter((call) => !call.includes('.') || !call.startsWith('time'))
  }
  const slow = await play(600, 100)
  expect(slow.filter((call) => /^M/.test(call))).toHaveLength(7)
  expect(slow.filter((call) => /^time/.test(call))).toHaveLength(1_501)
  expect(await play(60, 3_001)).toEqual(slow)
  expect(await play(100_000, 1_000)).toEqual(slow)
})

test('bars are loaded a day at a time, none twice', async () => {
  const asked: string[] = []
  const { feed, sink, hand } = stage(2_000, {
    load: (id, from, to) => {
      asked.push(`${id} ${from - start} ${to - from}`)
      return read(id, from, to)
    },
  })
  feed.start(sink)
  await hand.pass(1_000)
  expect(asked).toEqual([`MGC 0 ${dayMs}`, `MES 0 ${dayMs}`])
  await hand.pass(2_000_000)
  expect(asked.slice(2)).toEqual([`MGC ${dayMs} ${560 * minuteMs}`, `MES ${dayMs} ${560 * minuteMs}`])
})

test('a failed load is down, tried again, and live when it succeeds', async () => {
  let broken = true
  const { feed, sink, hand, calls } = stage(1, {
    load: async (id, from, to) => {
      if (broken) throw new Error('the database does not answer')
      return read(id, from, to)
    },
  })
  feed.start(sink)
  await hand.pass(2_000)
  await hand.pass(1_000)
  expect(calls).toEqual([`live: ${source}`, 'time 0', 'down: the database does not answer'])
  broken = false
  await hand.pass(1_000)
  expect(calls.slice(3)).toEqual([`live: ${source}`, 'MGC 0 1313.7', 'MES 0 1676.75', 'time 1', `finished: ${source}`])
})

test('nothing is delivered after it was stopped, not even what was loading', async () => {
  const arrivals: (() => void)[] = []
  const { feed, sink, hand, calls } = stage(4, {
    load: (...asked) => new Promise((resolve) => arrivals.push(() => resolve(read(...asked)))),
  })
  feed.start(sink)
  await hand.pass(2_000)
  await feed.stop()
  expect(arrivals).toHaveLength(2)
  for (const arrive of arrivals) arrive()
  await new Promise(setImmediate)
  expect(calls).toEqual([`live: ${source}`, 'time 0'])
  expect(feed.mode).toBe('REPLAY')
})
