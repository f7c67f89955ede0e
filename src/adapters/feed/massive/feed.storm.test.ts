import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createClock, schedule } from '#src/adapters/clock.ts'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { minuteBars, rollAll, tickBar } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Tick } from '#src/domain/market/tick.ts'
import type { FeedSink } from '#src/engine/ports.ts'
import { createMassiveStandIn } from '#src/testing/massive/stand-in.ts'
import { createSyntheticTape } from '#src/testing/massive/synthetic-tape.ts'
import { eventually } from '#src/testing/processes/eventually.ts'
import { createMassiveFeed } from './feed.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const key = 'rehearsal-key-0001'
const tradeDate = '2026-11-20'
const opensAt = Date.UTC(2026, 10, 20, 14, 30)
const contracts = focusInstruments.map((id) => frontContract(id, tradeDate))

/** Waits a two-hundredth of what was asked, so that a storm's back-off is over in a test's time. */
const hastily = (run: () => void, ms: number) => schedule(run, Math.max(5, ms / 200))

/** The feed against the stand-in of the vendor, with what the sink was told and what the socket had brought. */
const stage = async (speed: number, plan: 'starter' | 'developer' | 'advanced') => {
  const tape = createSyntheticTape({ seed: 7, from: opensAt })
  const clock = createClock(opensAt, speed)
  const vendor = await createMassiveStandIn({ tape, clock, key, plan, random: Math.random })
  cleanUps.push(vendor.close)
  const arrived = { AM: 0, T: 0, sockets: 0 }
  const sockets = new Set<WebSocket>()
  const emit = WebSocket.prototype.emit
  vi.spyOn(WebSocket.prototype, 'emit').mockImplementation(function (this: WebSocket, event, ...values: unknown[]) {
    const text = event === 'message' ? String(values[0]) : ''
    arrived.AM += text.split('"ev":"AM"').length - 1
    arrived.T += text.split('"ev":"T"').length - 1
    // The vendor's end of a socket has no address.
    if (event === 'open' && this.url) sockets.add(this)
    if (event === 'close') sockets.delete(this)
    arrived.sockets = Math.max(arrived.sockets, sockets.size)
    return emit.call(this, event, ...values)
  })
  const bars: { readonly id: InstrumentId; readonly bar: Bar }[] = []
  const ticks: Tick[] = []
  const words: string[] = []
  const times: number[] = []
  const sink: FeedSink = {
    onTick: (tick) => ticks.push(tick),
    onQuote: () => {},
    onBar: (id, bar) => bars.push({ id, bar }),
    onTime: (now) => times.push(now),
    onFeedState: (word) => words.push(word),
    onHistory: () => {},
    onSecondPrice: () => {},
  }
  const feed = createMassiveFeed({
    wsUrl: vendor.wsUrl,
    delayedUrl: vendor.delayedUrl,
    apiKey: key,
    contracts,
    clock,
    schedule: hastily,
    random: Math.random,
    vendor: false,
  })
  cleanUps.push(feed.stop)
  feed.start(sink)
  const minutesOf = (id: InstrumentId, from: number, to: number): readonly Bar[] => {
    const trades = [...tape.events(frontContract(id, tradeDate), from, to)].flatMap((event) =>
      event.kind === 'trade' ? [tickBar({ eventTime: event.time, price: event.price, size: event.size })] : [],
    )
    return rollAll(minuteBars, trades)
  }
  return { vendor, feed, arrived, bars, ticks, words, times, minutesOf }
}

/** Of the bars delivered, those that are not the fold of the trades the tape holds for their minute. */
const wrongBars = ({ bars, minutesOf }: Pick<Awaited<ReturnType<typeof stage>>, 'bars' | 'minutesOf'>) =>
  bars.filter(({ id, bar }) => {
    const [truth] = minutesOf(id, bar.time, bar.time + minuteMs)
    return JSON.stringify(truth) !== JSON.stringify(bar)
  })

test('sixty random disconnects lose no bar that arrived, and each time it subscribes anew on one socket', async () => {
  const told = await stage(120, 'advanced')
  const { vendor, feed, arrived, bars, ticks, words, times } = told
  await eventually('the first bar', () => bars[0])
  vendor.inject({ kind: 'storm', perSecond: 20 })
  await eventually('sixty losses', () => (words.filter((word) => word === 'down').length >= 60 ? true : undefined))
  vendor.clear('storm')
  const before = bars.length
  await eventually('bars after the storm', () => (bars.length > before + 12 ? true : undefined))
  await feed.stop()
  const { refused, connections } = feed.status()
  expect(refused).toEqual({})
  expect([bars.length, ticks.length]).toEqual([arrived.AM, arrived.T])
  expect(wrongBars(told)).toEqual([])
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(arrived.sockets).toBe(1)
  const { authenticated, kicked, tooEarly } = vendor.counts()
  expect([kicked, tooEarly]).toEqual([0, 0])
  expect(authenticated).toBeGreaterThan(30)
  expect(connections).toBeGreaterThanOrEqual(authenticated)
}, 60_000)

test('the smallest plan ends on the delayed host with minute bars alone', async () => {
  const told = await stage(600, 'starter')
  const { feed, bars, ticks, words } = told
  await eventually('bars of every market', () => (new Set(bars.map(({ id }) => id)).size === 6 ? true : undefined))
  await eventually('the word on trades', () => (feed.status().grain === 'bar' ? true : undefined))
  expect(words).toEqual(['connecting', 'down', 'live'])
  expect(feed.status()).toMatchObject({
    mode: 'REPLAY',
    grain: 'bar',
    note: 'the plan has delayed data only; the plan has no trades: minute bars only',
    connections: 2,
  })
  expect([ticks, wrongBars(told)]).toEqual([[], []])
}, 60_000)

test('prices as text, bars twice, trades out of order and garbage change no bar', async () => {
  const told = await stage(120, 'advanced')
  const { vendor, feed, bars } = told
  vendor.inject({ kind: 'strings' })
  vendor.inject({ kind: 'duplicate-bars' })
  vendor.inject({ kind: 'reordered-trades', withinMs: 2_000 })
  vendor.inject({ kind: 'garbage', perSecond: 20 })
  await eventually('bars and garbage', () => (bars.length > 48 && vendor.counts().garbage > 40 ? true : undefined))
  expect(wrongBars(told)).toEqual([])
  expect(Object.keys(feed.status().refused)).toEqual(expect.arrayContaining(['not-json', 'unknown-event']))
}, 60_000)

test('pushed off again and again it comes back at the pace of the cool-down, not of the back-off', async () => {
  const { vendor, feed, words } = await stage(60, 'advanced')
  await eventually('the feed', () => (words.includes('live') ? true : undefined))
  vendor.kick()
  await eventually('the kick', () => (words.at(-1) === 'down' ? true : undefined))
  const { nextTryAt = 0 } = feed.status()
  expect(nextTryAt - Date.now()).toBeGreaterThan(55_000)
  await eventually('the return', () => (words.at(-1) === 'live' ? true : undefined))
  expect(vendor.counts()).toMatchObject({ connections: 2, kicked: 1 })
}, 60_000)
