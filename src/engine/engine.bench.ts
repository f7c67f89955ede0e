import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebSocket, WebSocketServer } from 'ws'
import { historyOf } from '#src/adapters/feed/synthetic/history-of.ts'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { barAt } from '#src/domain/market/series.ts'
import type { Tick } from '#src/domain/market/tick.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Row } from '#src/testing/bench.ts'
import { createEngine } from './engine.ts'
import { deafOutbox } from './floor.ts'

/** Six markets of the synthetic day 2026-11-20, warmed with 30 trade dates. */
export const name = 'Engine: six markets'

const market = createSyntheticMarket({ seed: 7 })
const tradeDate = '2026-11-20'
const dayStart = Date.parse('2026-11-18T05:00:00Z')
const opens = Date.parse('2026-11-20T10:00:00Z')
const flatBy = Date.parse('2026-11-20T17:00:00Z')
const tickCount = 1_000_000

const quiet = {
  onBar: () => {},
  onTransition: () => {},
  onPlan: () => {},
  onAlert: () => {},
  onDoubt: () => {},
  onReload: () => {},
  onGate: () => {},
  onDirty: () => {},
}

const warmEngine = (mode: 'REPLAY' | 'SIM MARKET') => {
  let now = dayStart
  const engine = createEngine({
    instruments: focusInstruments,
    clock: { now: () => now, wall: () => now, speed: 1 },
    source: 'bench',
    live: false,
    status: () => ({ mode, grain: mode === 'REPLAY' ? 'bar' : 'tick', refused: {}, connections: 1 }),
    boundaries: defaultBoundaries,
    accountSize: dollars(50_000),
    limits: defaultLimits,
    floor: deafOutbox,
    hash: (text) => String(text.length),
    method: { code: 'bench', parameters: '' },
    outbox: quiet,
  })
  for (const id of focusInstruments) {
    const history = historyOf(market, id, dayStart, 30)
    engine.load(
      id,
      Array.from(history.time, (_, i) => barAt(history, i)),
    )
  }
  engine.start(now)
  return { engine, moveTo: (at: number) => (now = at) }
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0

type Due = { readonly minute: number; readonly bars: readonly { readonly id: InstrumentId; readonly bar: Bar }[] }

const minutesOf = (date: string): Due[] => {
  const columns = focusInstruments.map((id) => ({ id, day: market.minutes(id, date) }))
  return Array.from({ length: 720 }, (_, i) => {
    const minute = easternMs(date, i)
    const bars = columns.flatMap(({ id, day }) => {
      const index = day.time.indexOf(minute)
      return index < 0 ? [] : [{ id, bar: barAt(day, index) }]
    })
    return { minute, bars }
  })
}

/** One closed minute of all six markets: bars, every signal, the cards judged, and the picture drained. */
const measureMinutes = (): Row[] => {
  const { engine, moveTo } = warmEngine('REPLAY')
  const play = ({ minute, bars }: Due): number => {
    const end = minute + minuteMs
    moveTo(end)
    const began = performance.now()
    for (const { id, bar } of bars) engine.sink.onBar(id, bar, end)
    engine.sink.onTime(end)
    engine.drain(() => {})
    return performance.now() - began
  }
  // The first day warms the machine, as the morning's recovery does.
  minutesOf('2026-11-18').forEach(play)
  const active = ['2026-11-19', '2026-11-20'].flatMap((date) => minutesOf(date).map(play).slice(300))
  active.sort((a, b) => a - b)
  const ms = (q: number): string => `${quantile(active, q).toFixed(2)} ms`
  return [
    { what: 'one closed minute, all signals: p50 / p99', ours: `${ms(0.5)} / ${ms(0.99)}`, peer: 'limit 2 ms p99' },
  ]
}

const dayTicks = (): Tick[] => {
  const ticks: Tick[] = []
  for (let minute = opens; ticks.length < tickCount; minute += minuteMs)
    for (const id of focusInstruments as readonly InstrumentId[])
      for (const event of market.events(id, tradeDate, minute, minute + minuteMs))
        if ('price' in event) ticks.push({ ...event, receivedTime: event.eventTime })
        else if (minute >= flatBy + 4 * 3_600_000) return ticks
  return ticks.sort((a, b) => a.eventTime - b.eventTime)
}

const measureTicks = (ticks: readonly Tick[]): number => {
  const { engine, moveTo } = warmEngine('SIM MARKET')
  const began = performance.now()
  let boundary = opens
  for (const tick of ticks) {
    while (tick.eventTime >= boundary + minuteMs) {
      boundary += minuteMs
      moveTo(boundary)
      engine.sink.onTime(boundary)
    }
    engine.sink.onTick(tick)
  }
  engine.drain(() => {})
  return ticks.length / ((performance.now() - began) / 1000)
}

/** Runs in the other process: sends trades as JSON, one a frame as vendors of single trades do. */
const sendFrames = (): void => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('listening', () => process.send?.((server.address() as AddressInfo).port))
  server.on('connection', (socket) => {
    const frames = dayTicks()
      .slice(0, 200_000)
      .map((tick) => JSON.stringify(tick))
    const pump = (from: number): void => {
      for (const frame of frames.slice(from, from + 2_000)) socket.send(frame)
      if (from < frames.length) setImmediate(() => pump(from + 2_000))
    }
    pump(0)
  })
}

/** What the peer costs: a frame received by `ws` and parsed by JSON.parse, and nothing done with it. */
const measurePeer = async (): Promise<number> => {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['frames'])
  const [port] = (await once(child, 'message')) as [number]
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  let seen = 0
  let sum = 0
  let began = 0
  await new Promise<void>((resolve) => {
    socket.on('message', (frame: Buffer) => {
      if (seen === 0) began = performance.now()
      sum += (JSON.parse(frame.toString()) as Tick).price
      if (++seen === 200_000) resolve()
    })
  })
  const rate = sum > 0 ? seen / ((performance.now() - began) / 1000) : 0
  socket.terminate()
  child.kill()
  return rate
}

export const run = async (): Promise<Row[]> => {
  const minutes = measureMinutes()
  const ticks = dayTicks()
  const ours = measureTicks(ticks)
  const peer = await measurePeer()
  const perSecond = (rate: number): string => `${Math.round(rate / 1000).toLocaleString('en')}k/s`
  return [
    ...minutes,
    {
      what: `trades into the engine (${ticks.length.toLocaleString('en')}) against ws + JSON.parse alone`,
      ours: perSecond(ours),
      peer: perSecond(peer),
      ratio: ours / peer,
    },
  ]
}

if (process.argv[2] === 'frames') sendFrames()
