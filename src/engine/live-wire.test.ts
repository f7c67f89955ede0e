import { describe, expect, test } from 'vitest'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { createEngineRoom } from '#src/testing/engine-room.ts'
import { eastern } from '#src/testing/recorded-day.ts'

/** Gold of December 2013, a Wednesday morning at 08:00 New York. */
const start = eastern(8)
const contract = 201312

const openRoom = () => {
  const room = createEngineRoom({ instruments: ['MGC'], grain: 'tick', live: true })
  room.start(start)
  const { engine } = room
  const tick = (at: number, price: number, size = 1, of = contract): void => {
    room.setClock(at)
    engine.sink.onTick({ instrument: 'MGC', contract: of, eventTime: at, receivedTime: at, price, size })
  }
  /** A trade every `every` ms from `from` up to `to`, the price going up and down a tick. */
  const trade = (from: number, to: number, every = 1_000): void => {
    for (let at = from; at < to; at += every) {
      tick(at, 1300 + ((at / every) % 2) / 10)
      if (at % 1_000 !== 0) continue
      engine.sink.onTime(at)
      engine.glance()
    }
    room.setClock(to)
    engine.sink.onTime(to)
    engine.glance()
  }
  const lose = (at: number): void => {
    room.setClock(at)
    engine.sink.onFeedState('down', 'test')
  }
  const regain = (at: number): void => {
    room.setClock(at)
    engine.sink.onTime(at)
    engine.sink.onFeedState('live', 'test')
  }
  /** The newest bar told of each minute, as the store would hold it: minute, finality and volume. */
  const stored = () =>
    [...new Map(room.told.bars.map((bar) => [bar.time, bar])).values()].map((bar) => [
      (bar.time - start) / minuteMs,
      bar.finality,
      bar.volume,
    ])
  return { ...room, tick, trade, lose, regain, stored, sink: engine.sink }
}

const barAt = (minute: number, volume = 60): Bar => ({
  time: start + minute * minuteMs,
  open: 1300,
  high: 1300.5,
  low: 1299.5,
  close: 1300,
  volume,
})
const historyAt = (minute: number): RecordedBar => ({
  ...barAt(minute),
  finality: 'history',
  asOf: start + 10 * minuteMs,
  source: 'vendor',
})

describe('a lost connection', () => {
  test('leaves the minutes it touched known in part, asks for them once it is back, and takes what comes', () => {
    const room = openRoom()
    room.trade(start, start + 3 * minuteMs + 20_000)
    room.lose(start + 3 * minuteMs + 20_000)
    room.regain(start + 5 * minuteMs + 10_000)
    room.trade(start + 5 * minuteMs + 10_000, start + 7 * minuteMs)
    expect(room.stored()).toEqual([
      [0, 'live', 60],
      [1, 'live', 60],
      [2, 'live', 60],
      [3, 'partial', 20],
      [5, 'partial', 50],
      [6, 'live', 60],
    ])
    const asked = room.told.doubts.map(({ from, to }) => [(from - start) / minuteMs, (to - start) / minuteMs])
    expect(asked).toContainEqual([3, 6])
    room.sink.onHistory('MGC', [0, 3, 4, 5].map(historyAt))
    expect(room.read('feed').markets[0]?.bars).toBe(7)
    expect(room.told.bars.slice(6).map(({ time }) => (time - start) / minuteMs)).toEqual([])
  })

  test('is told on the screen at once, and NO is the answer', () => {
    const room = openRoom()
    room.trade(start, start + minuteMs)
    expect(room.read('feed').state).toBe('live')
    room.lose(start + minuteMs + 100)
    expect(room.read('feed').state).toBe('down')
    expect(room.read('gate').facts.find(({ id }) => id === 'feed')).toMatchObject({ ok: false, reason: 'feed-down' })
  })

  test('nothing is asked for while the market is shut', () => {
    const room = openRoom()
    room.trade(start, start + minuteMs)
    const before = room.told.doubts.length
    const evening = eastern(17, 30)
    room.setClock(evening)
    room.engine.sink.onFeedState('asleep', 'test')
    room.engine.glance()
    expect([room.read('feed').state, room.told.doubts.length]).toEqual(['closed', before])
  })
})

test('silence with the line open is stale within three seconds, and lost like a lost line', () => {
  const room = openRoom()
  room.trade(start, start + 10 * minuteMs, 50)
  const last = start + 10 * minuteMs - 50
  const seen: [number, string][] = []
  for (let at = last + 250; at <= last + 8_000; at += 250) {
    room.setClock(at)
    room.engine.glance()
    const { state } = room.read('feed')
    if (seen.at(-1)?.[1] !== state) seen.push([at - last, state])
  }
  expect(seen.map(([, state]) => state)).toEqual(['live', 'stale'])
  expect(seen[1]?.[0]).toBeGreaterThan(2_000)
  const resumed = last + 30_000
  room.trade(resumed, resumed + 1_000)
  room.trade(resumed + 1_000, resumed + 90_000)
  const asked = { instrument: 'MGC', from: start + 9 * minuteMs, to: start + 11 * minuteMs }
  expect(room.told.doubts).toContainEqual(asked)
})

describe('the vendor’s own bar', () => {
  test('changes nothing where it says the same', () => {
    const room = openRoom()
    room.trade(start, start + 2 * minuteMs)
    const told = room.told.bars.length
    const { finality: _, asOf: __, source: ___, instrument, ...bar } = room.told.bars[1] ?? fail()
    room.sink.onBar(instrument, bar, start + 2 * minuteMs + 300)
    expect(room.told.bars.length).toBe(told)
  })

  test('replaces the one built here, and closes the minute that is still open', () => {
    const room = openRoom()
    room.trade(start, start + 2 * minuteMs)
    room.sink.onBar('MGC', barAt(1, 75), start + 2 * minuteMs + 300)
    for (let at = start + 2 * minuteMs; at < start + 3 * minuteMs; at += 1_000) room.tick(at, 1300)
    room.sink.onBar('MGC', barAt(2, 80), start + 3 * minuteMs + 200)
    expect(room.stored().slice(1)).toEqual([
      [1, 'settled', 75],
      [2, 'settled', 80],
    ])
  })
})

test('a late trade moves no price and finds its way into its bar', () => {
  const room = openRoom()
  room.trade(start, start + 2 * minuteMs + 5_000)
  const { last } = room.read('price:MGC')
  room.sink.onTick({
    instrument: 'MGC',
    contract,
    eventTime: start + 2 * minuteMs - 500,
    receivedTime: start + 2 * minuteMs + 5_000,
    price: 1300.3,
    size: 4,
  })
  room.sink.onTime(start + 2 * minuteMs + 5_100)
  expect(room.read('price:MGC').last).toBe(last)
  expect(room.told.bars.at(-1)).toMatchObject({ high: 1300.3, volume: 64, finality: 'live' })
})

test('a trade of another contract month is refused, whatever its price', () => {
  const room = openRoom()
  room.trade(start, start + minuteMs)
  const { last } = room.read('price:MGC')
  room.tick(start + minuteMs + 100, 1300.2, 1, 201402)
  expect(room.read('price:MGC').last).toBe(last)
  expect(room.read('feed').markets[0]).toMatchObject({ contract: 'MGC Z3', refused: 1 })
})

test('a print far from all others that nothing confirms moves no price, is shown as suspect, and its minute is asked for', () => {
  const room = openRoom()
  room.trade(start, start + 2 * minuteMs)
  room.tick(start + 2 * minuteMs, 1300)
  room.tick(start + 2 * minuteMs + 300, 1310)
  expect(room.read('price:MGC').last).toBe(1300)
  room.tick(start + 2 * minuteMs + 600, 1300.1)
  expect(room.read('price:MGC')).toMatchObject({
    last: 1300.1,
    suspect: { price: 1310, at: start + 2 * minuteMs + 300 },
  })
  room.trade(start + 2 * minuteMs + 1_000, start + 3 * minuteMs)
  expect(room.told.bars.at(-1)).toMatchObject({ high: 1300.1, finality: 'partial' })
  expect(room.told.doubts.at(-1)).toMatchObject({ from: start + 2 * minuteMs, to: start + 3 * minuteMs })
})

describe('a second source', () => {
  const gold = (price: number, of: number) => ({
    source: 'Tradovate',
    instrument: 'MGC' as const,
    contract: of,
    price,
    eventTime: start + minuteMs,
    receivedTime: start + minuteMs,
  })

  test('of another contract month a hundred dollars away closes the gate, and both contracts are named', () => {
    const room = openRoom()
    room.trade(start, start + minuteMs)
    room.sink.onSecondPrice(gold(1401.3, 201402))
    room.engine.glance()
    const detail = 'recorded bars MGC Z3 1300.1, Tradovate MGC G4 1401.3: not the same contract'
    expect(room.read('gate').facts.find(({ id }) => id === 'agreement')).toMatchObject({
      watched: true,
      ok: false,
      reason: 'prices-disagree',
      detail,
    })
    expect(room.told.alerts.map(({ text }) => text)).toContain(detail)
    expect(room.read('feed').markets[0]?.second).toMatchObject({ contract: 'MGC G4', disagrees: true })
  })

  test('that says the same is watched and holds', () => {
    const room = openRoom()
    room.trade(start, start + minuteMs)
    room.sink.onSecondPrice(gold(1300.2, contract))
    room.engine.glance()
    expect(room.read('gate').facts.find(({ id }) => id === 'agreement')).toMatchObject({ ok: true })
  })
})

const fail = (): never => {
  throw new Error('there should be one')
}
