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

/** Two markets on one wire; ES speaks twice a second, `gold` says when gold does, `by` ms late. */
const openTwo = (from: number, by = 0) => {
  const room = createEngineRoom({ instruments: ['MES', 'MGC'], grain: 'tick', live: true })
  room.start(from)
  const { engine } = room
  let clock = from
  const live = (until: number, gold: boolean, others = true): void => {
    for (let at = clock + 500; at <= until; at += 500) {
      clock = at
      room.setClock(at)
      const eventTime = at - by
      const trade = { eventTime, receivedTime: at, size: 1 }
      if (others) engine.sink.onTick({ ...trade, instrument: 'MES', price: 1650 })
      if (gold) engine.sink.onTick({ ...trade, instrument: 'MGC', price: 1300 })
      engine.sink.onTime(eventTime - 1_500)
      engine.glance()
    }
  }
  const ofGold = () => ({
    bars: room.told.bars.filter(({ instrument }) => instrument === 'MGC'),
    doubts: room.told.doubts.filter(({ instrument }) => instrument === 'MGC'),
    state: room.read('feed').markets[1]?.state,
  })
  return { ...room, live, ofGold, sink: engine.sink }
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
    room.trade(start + 5 * minuteMs + 10_000, start + 7 * minuteMs + 1_000)
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
    room.trade(start, start + 2 * minuteMs + 1_000)
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

describe('one market that falls silent while another speaks', () => {
  const minutesOf = (from: number) => (bar: { readonly time: number }) => (bar.time - from) / minuteMs

  test('is known in part from its last trade on, though its minute was closed before the silence was noticed', () => {
    const room = openTwo(start)
    room.live(start + 3 * minuteMs + 58_000, true)
    room.live(start + 5 * minuteMs, false)
    expect(room.ofGold().state).toBe('stalled')
    room.live(start + 7 * minuteMs, true)
    const { bars, doubts } = room.ofGold()
    expect(bars.filter(({ time }) => time >= start + 3 * minuteMs).map(({ finality }) => finality)).toEqual([
      'partial',
      'partial',
      'live',
    ])
    expect(bars.map(minutesOf(start))).toEqual([0, 1, 2, 3, 5, 6])
    expect(doubts.at(-2)).toMatchObject({ from: start + 3 * minuteMs, to: start + 6 * minuteMs })
  })

  test('and is then lost with the others is asked for from its own last trade', () => {
    const room = openTwo(start)
    room.live(start + 2 * minuteMs + 30_000, true)
    room.live(start + 5 * minuteMs, false)
    room.sink.onFeedState('down', 'test')
    room.setClock(start + 6 * minuteMs + 10_000)
    room.sink.onFeedState('live', 'test')
    expect(room.ofGold().doubts.at(-1)).toMatchObject({ from: start + 2 * minuteMs, to: start + 7 * minuteMs })
  })

  test('on a delayed wire is stalled once, and asked for by the market’s time', () => {
    const late = 604_000
    const room = openTwo(start + late, late)
    room.live(start + late + 2 * minuteMs + 30_000, true)
    room.live(start + late + 5 * minuteMs, false)
    expect(room.told.alerts.filter(({ text }) => text.includes('MGC'))).toHaveLength(1)
    room.live(start + late + 5 * minuteMs + 30_000, true)
    expect(room.ofGold().doubts.at(-1)).toMatchObject({ from: start + 2 * minuteMs, to: start + 6 * minuteMs })
  })
})

describe('the hours', () => {
  test('the first second of a session is not the silence of the hour before', () => {
    const room = openTwo(eastern(17, 5))
    room.live(eastern(17, 15), true)
    room.live(eastern(18), false, false)
    expect(room.read('feed').state).toBe('live')
    expect(room.told.alerts).toEqual([])
    room.live(eastern(18, 2) + 2_000, true)
    const opening = room.ofGold().bars.filter(({ time }) => time === eastern(18))
    expect(opening.at(-1)).toMatchObject({ finality: 'live' })
  })
})

test('a delayed plan of minute bars only is live while they come', () => {
  const late = 604_000
  const room = createEngineRoom({ instruments: ['MGC'], grain: 'bar', live: true })
  room.start(start + late)
  const states = new Set<string>()
  for (let minute = 0; minute < 10; minute++) {
    for (let ms = 2_000; ms < 2_000 + minuteMs; ms += 1_000) {
      const at = start + late + (minute + 1) * minuteMs + ms
      room.setClock(at)
      if (ms === 2_000) room.engine.sink.onBar('MGC', barAt(minute), at)
      room.engine.sink.onTime(at - late)
      room.engine.glance()
      states.add(room.read('feed').state)
    }
  }
  expect([...states]).toEqual(['live'])
})

test('a rehearsal at sixty times the speed is not late for a pause of the machine’s of some milliseconds', () => {
  const room = createEngineRoom({ instruments: ['MGC'], grain: 'tick', live: true, speed: 60 })
  room.start(start)
  for (let ms = 0; ms < 10_000; ms += 500) {
    const at = start + 2_000 + ms
    room.setClock(at)
    const eventTime = at - (ms % 1_000 === 0 ? 0 : 1_200)
    room.engine.sink.onTick({ instrument: 'MGC', eventTime, receivedTime: at, price: 1300, size: 1 })
    room.engine.glance()
  }
  expect(room.read('gate').facts.find(({ id }) => id === 'feed')).toMatchObject({ reason: 'feed-live' })
  expect(room.read('feed').lagMs).toBe(20)
})

describe('a print held back', () => {
  test('at the end of its minute and confirmed in the next is in its own minute', () => {
    const room = openRoom()
    room.trade(start, start + 2 * minuteMs - 100)
    room.tick(start + 2 * minuteMs - 100, 1310, 3)
    room.sink.onTime(start + 2 * minuteMs)
    room.tick(start + 2 * minuteMs + 300, 1310.1)
    room.sink.onTime(start + 2 * minuteMs + 400)
    expect(room.read('price:MGC').last).toBe(1310.1)
    expect(room.stored()[1]).toEqual([1, 'partial', 63])
  })

  test('and given up leaves its minute known in part, also when it was the first of it', () => {
    const room = openRoom()
    room.trade(start, start + 2 * minuteMs)
    room.tick(start + 2 * minuteMs + 10, 1310)
    room.trade(start + 2 * minuteMs + 1_000, start + 3 * minuteMs + 1_000)
    expect(room.stored()[2]?.slice(0, 2)).toEqual([2, 'partial'])
  })
})

describe('what comes out of order', () => {
  test('the only trade of a minute that comes when the next has begun is kept, and the minute is asked for', () => {
    const room = openRoom()
    room.trade(start, start + 2 * minuteMs)
    room.tick(start + 3 * minuteMs + 100, 1300)
    room.tick(start + 2 * minuteMs + 59_900, 1300.1, 7)
    room.sink.onTime(start + 3 * minuteMs + 200)
    expect(room.stored()).toContainEqual([2, 'partial', 7])
    expect(room.told.doubts.at(-1)).toMatchObject({ from: start + 2 * minuteMs, to: start + 3 * minuteMs })
  })

  test('so is the vendor’s bar of a minute without a trade here', () => {
    const room = openRoom()
    room.trade(start, start + 2 * minuteMs)
    room.tick(start + 3 * minuteMs + 100, 1300)
    room.sink.onBar('MGC', barAt(2, 7), start + 3 * minuteMs + 500)
    expect(room.stored()).toContainEqual([2, 'settled', 7])
    expect(room.read('price:MGC').last).toBe(1300)
  })

  test('of two accounts of the vendor’s the later counts, whatever they say', () => {
    for (const [first, second] of [
      [70, 80],
      [80, 70],
    ] as const) {
      const room = openRoom()
      room.trade(start, start + 2 * minuteMs)
      room.sink.onBar('MGC', barAt(1, first), start + 2 * minuteMs + 300)
      room.sink.onBar('MGC', barAt(1, second), start + 2 * minuteMs + 900)
      expect(room.stored()[1]).toEqual([1, 'settled', second])
    }
  })

  test('a trade that others overtook is counted, and the price stays where it is', () => {
    const room = openRoom()
    room.trade(start, start + minuteMs + 30_000)
    const { last } = room.read('price:MGC')
    room.tick(start + minuteMs + 20_000, 1300.4, 5)
    room.trade(start + minuteMs + 59_000, start + 2 * minuteMs)
    expect(room.told.bars.at(-1)).toMatchObject({ high: 1300.4, volume: 36 })
    room.tick(start + 2 * minuteMs + 1_000, 1300)
    room.tick(start + 2 * minuteMs + 500, 1300.2)
    expect([last, room.read('price:MGC').last]).toEqual([1300.1, 1300])
  })
})

const fail = (): never => {
  throw new Error('there should be one')
}
