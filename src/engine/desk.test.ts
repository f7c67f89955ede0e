import { beforeEach, describe, expect, test } from 'vitest'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import { drawCard } from '#src/domain/signals/card.ts'
import { judgementOf, longReading } from '#src/testing/readings.ts'
import { createDesk } from './desk.ts'

const spec = specOf('MES')
const start = Date.UTC(2013, 9, 9, 13, 30)
const place = { spec, contract: 'MES Z3', tradeDate: '2013-10-09', sizedBy: { cap: dollars(375), fee: dollars(0.62) } }
/** Long, zone 4997.25–4998.75, stop 4994.25, in plan version 1. */
const card = { ...drawCard(judgementOf(longReading({ vwap: 4998 })), 'long', place, 1), version: 1 }

describe('a desk', () => {
  let closed: RecordedBar[]
  let lives: string[]
  let doubts: [number, number][]
  let flows: MinuteFlow[]
  let desk: ReturnType<typeof createDesk>
  const tick = (ms: number, price: number, size = 1): boolean =>
    desk.onTick({ instrument: 'MES', eventTime: start + ms, receivedTime: start + ms + 5, price, size })

  beforeEach(() => {
    closed = []
    lives = []
    doubts = []
    flows = []
    desk = createDesk({
      spec,
      source: 'test',
      tradeDateOf: (time) => (time < Date.UTC(2013, 9, 8, 22) ? '2013-10-08' : '2013-10-09'),
      contractOn: () => ({ id: 'MES', year: 2013, month: 12 }),
      rollOn: () => ({ instrument: 'MES', contract: 'MES Z3', next: 'MES H4', rollsOn: '2013-12-16', tradeDates: 47 }),
      entriesAllowedAt: () => true,
      events: {
        onClosed: (_, bar) => closed.push(bar),
        onFlow: (_, flow) => flows.push(flow),
        onDoubt: (_, from, to) => doubts.push([from - start, to - start]),
        onLife: (_, each, from, steps, at) =>
          lives.push(`${each.id} ${from} → ${steps.map(({ to }) => to).join(' → ')} at ${at - start}`),
      },
    })
  })

  test('closes a minute with the first trade of a later one', () => {
    desk.watchFrom(start)
    tick(0, 5000, 2)
    tick(59_999, 5001)
    expect(closed).toEqual([])
    tick(60_000, 5002)
    expect(closed).toEqual([
      {
        time: start,
        open: 5000,
        high: 5001,
        low: 5000,
        close: 5001,
        volume: 3,
        finality: 'live',
        asOf: start + minuteMs,
        source: 'test',
      },
    ])
  })

  test('closes a minute by the clock when no trade follows, once', () => {
    desk.watchFrom(start)
    tick(10, 5000)
    desk.onTime(start + 59_999)
    expect(closed).toHaveLength(0)
    desk.onTime(start + 60_000)
    desk.onTime(start + 60_000)
    expect(closed).toHaveLength(1)
    expect(desk.bars).toBe(1)
  })

  test('calls a minute partial when it was watched only in part', () => {
    desk.watchFrom(start + 20_000)
    tick(20_001, 5000)
    desk.onTime(start + 60_000)
    tick(61_000, 5000)
    desk.onTime(start + 120_000)
    expect(closed.map(({ finality }) => finality)).toEqual(['partial', 'live'])
  })

  test('refuses and counts a trade of a minute closed by a trade or by the clock, and keeps its price', () => {
    tick(0, 5000)
    tick(60_000, 5001)
    expect(tick(59_999, 1)).toBe(false)
    desk.onTime(start + 120_000)
    expect(tick(119_999, 1)).toBe(false)
    expect(desk.refused).toBe(2)
    expect(desk.last?.price).toBe(5001)
    expect(tick(120_000, 5002)).toBe(true)
  })

  test('refuses a bar of a minute it has', () => {
    const bar = { time: start, open: 1, high: 1, low: 1, close: 1, volume: 1 }
    desk.onBar(bar, 'history')
    desk.onBar(bar, 'history')
    desk.onBar({ ...bar, time: start - minuteMs }, 'history')
    expect([desk.bars, desk.faults.get('time-back') ?? 0]).toEqual([1, 2])
  })

  test('lets no bad bar near what it reads, and counts each by the rule that dealt with it', () => {
    const bar = (minute: number): RecordedBar => ({
      time: start + minute * minuteMs,
      open: 5000 + minute,
      high: 5001 + minute,
      low: 4999 + minute,
      close: 5000.5 + minute,
      volume: 10,
      finality: 'history',
      asOf: start + (minute + 1) * minuteMs,
      source: 'test',
    })
    const bad = [
      { ...bar(3), close: Number.NaN },
      { ...bar(3), high: 4000 },
      { ...bar(3), volume: -5 },
      { ...bar(3), time: bar(3).time + 1 },
      bar(1),
      bar(2),
    ]
    for (const each of [bar(0), bar(1), bar(2), ...bad]) desk.onBar(each, 'history')
    desk.onBar({ ...bar(3), close: 5003.4 }, 'history')
    desk.onBar({ ...bar(4), close: 5006 }, 'history')
    expect(closed.map(({ close, high }) => [close, high])).toEqual([
      [5000.5, 5001],
      [5001.5, 5002],
      [5002.5, 5003],
      [5003.5, 5004],
      [5006, 5006],
    ])
    expect(Object.fromEntries(desk.faults)).toEqual({
      'not-a-number': 1,
      crossed: 1,
      'negative-volume': 1,
      'off-minute': 1,
      'time-back': 2,
      'off-grid': 1,
      'outside-range': 1,
    })
    desk.onBar({ ...bar(4), time: bar(604).time }, 'history')
    expect(desk.faults.get('hole')).toBe(1)
  })

  test('a trade moves the card it holds, at the trade’s time', () => {
    desk.place(card)
    tick(1_000, 4999)
    tick(2_000, 4998.5)
    tick(3_000, 4998)
    tick(4_000, 4994.25)
    expect(lives).toEqual([
      '2013-10-09-MES-1 near → in-zone at 2000',
      '2013-10-09-MES-1 in-zone → triggered at 3000',
      '2013-10-09-MES-1 triggered → stopped at 4000',
    ])
    expect(desk.card?.life).toMatchObject({ state: 'stopped', since: start + 4_000, last: 4994.25 })
  })

  test('lived again, a minute seen trade by trade is told from the record, one from history is read from its bar', () => {
    const asked: number[] = []
    const told = (_: string, until: number) => {
      asked.push(until - start)
      return [{ to: 'triggered' as const, price: 4998, at: start + 7 }]
    }
    const bar = (minute: number, low: number) => ({
      time: start + minute * minuteMs,
      open: 5000,
      high: 5000,
      low,
      close: 5000,
      volume: 1,
    })
    desk.place(card)
    desk.onBar(bar(0, 4999.5), 'history', undefined, told)
    expect(lives).toEqual([])
    desk.onBar(bar(1, 4990), 'live', undefined, told)
    expect(lives).toEqual(['2013-10-09-MES-1 near → triggered at 120000'])
    expect(desk.card?.life).toMatchObject({ state: 'triggered', since: start + 7 })
    // A trade in the very instant a minute ends belongs to the next; a bar's own changes carry that instant.
    expect(asked).toEqual([60_000, 119_999])
  })

  describe('what a minute that was missed did to the card', () => {
    const bar = (minute: number, high: number, low: number) => ({
      ...{ time: start + minute * minuteMs, open: 5000, high, low, close: 5000, volume: 9 },
      ...{ finality: 'history' as const, asOf: start + 10 * minuteMs, source: 'vendor' },
    })
    const { target1 } = card.life.bracket

    test('is lived though a card that waits came near since, and is told no earlier than that', () => {
      desk.place({ ...card, life: { ...card.life, state: 'watching' } })
      desk.watchFrom(start)
      tick(0, 5010)
      tick(3 * minuteMs, 5000)
      desk.onHistory([bar(1, 5005, 4990)])
      expect(lives).toEqual([
        '2013-10-09-MES-1 watching → near at 180000',
        '2013-10-09-MES-1 near → triggered → stopped at 180000',
      ])
    })

    test('is not lived again where nothing was missed: a late trade of a minute known in part', () => {
      desk.place(card)
      desk.watchFrom(start + 1)
      tick(1_000, target1 + 1)
      tick(2_000, 4998)
      tick(minuteMs, 4998)
      tick(59_000, 4998)
      desk.sweep(start + minuteMs)
      expect(lives.slice(1)).toEqual(['2013-10-09-MES-1 watching → triggered at 2000'])
    })

    test('a target touched before the entry was is none', () => {
      desk.place(card)
      desk.watchFrom(start + 1)
      tick(1_000, target1 + 1)
      tick(2_000, 4998)
      tick(minuteMs, 4998)
      desk.onHistory([bar(0, target1 + 2, 4997)])
      expect(lives.slice(1)).toEqual(['2013-10-09-MES-1 watching → triggered at 2000'])
    })

    test('is lived from the vendor’s bar that closes a minute seen in part', () => {
      desk.place(card)
      desk.watchFrom(start + 1)
      tick(1_000, 5000)
      desk.onVendorBar(bar(0, 5001, 4990), start + minuteMs, start + minuteMs)
      expect(lives).toEqual(['2013-10-09-MES-1 near → triggered → stopped at 60000'])
    })
  })

  test('a draft is only looked at', () => {
    desk.place({ ...card, version: 0 })
    tick(1_000, 4998)
    expect(lives).toEqual([])
    expect([desk.card?.life.state, desk.cardsToday]).toEqual(['near', 0])
  })

  test('counts the cards of the day until the next begins', () => {
    desk.place(card)
    desk.place({ ...card, id: '2013-10-09-MES-2' })
    expect(desk.cardsToday).toBe(2)
    desk.newDay()
    expect([desk.cardsToday, desk.card]).toEqual([0, undefined])
  })

  test('a card can end by the clock or by judgement, at the last price', () => {
    desk.place(card)
    tick(1_000, 4999)
    desk.endCard('invalid', 'bias-lost', start + 60_000)
    expect(lives).toEqual(['2013-10-09-MES-1 near → invalid at 60000'])
    expect(desk.card?.life.last).toBe(4999)
  })

  test('without a bar there is no judgement, and without a price no reading', () => {
    expect([desk.judgement(), desk.price(start)]).toEqual([undefined, undefined])
  })

  test('reads the price with its age, its change since the day before, its quote and its way to the zone', () => {
    const bar = (time: number, close: number) => ({ time, open: close, high: close, low: close, close, volume: 1 })
    desk.onBar(bar(Date.UTC(2013, 9, 8, 20, 59), 4990), 'history')
    desk.onBar(bar(start - minuteMs, 4995), 'history')
    desk.place(card)
    desk.onQuote({
      instrument: 'MES',
      eventTime: start,
      receivedTime: start + 9,
      bid: 4999.75,
      ask: 5000,
      bidSize: 1,
      askSize: 1,
    })
    tick(1, 5000)
    expect(desk.price(start + 1)).toEqual({
      instrument: 'MES',
      contract: 'MES Z3',
      last: 5000,
      asOf: start + 1,
      receivedAt: start + 9,
      change: 10,
      bid: 4999.75,
      ask: 5000,
      toZone: 1.25,
    })
  })

  test('the first trade of a day is measured against the close before it, while its minute still grows', () => {
    const bar = (time: number, close: number) => ({ time, open: close, high: close, low: close, close, volume: 1 })
    const evening = Date.UTC(2013, 9, 8, 22)
    desk.onBar(bar(evening - 25 * 60 * minuteMs, 4980), 'history')
    desk.onBar(bar(evening - 61 * minuteMs, 4990), 'history')
    const change = () => desk.price(evening)?.change
    expect(change()).toBeUndefined()
    desk.onTick({ instrument: 'MES', eventTime: evening + 10, receivedTime: evening + 15, price: 4993, size: 1 })
    expect(change()).toBe(3)
    desk.onTime(evening + minuteMs)
    expect([desk.bars, change()]).toEqual([3, 3])
  })

  test('a price from history tells of no receipt, and one of a closed market that it is closed', () => {
    desk.onBar({ time: start, open: 5000, high: 5000, low: 5000, close: 5000, volume: 1 }, 'history')
    expect(desk.price(start + minuteMs)).toEqual({
      instrument: 'MES',
      contract: 'MES Z3',
      last: 5000,
      asOf: start + minuteMs,
    })
    expect(desk.price(Date.UTC(2013, 9, 12))?.closed).toBe(true)
    tick(minuteMs, 5001)
    expect(desk.price(start + minuteMs)?.receivedAt).toBe(start + minuteMs + 5)
  })

  test('its rate is events per second over the ten seconds before', () => {
    for (let i = 0; i < 40; i++) tick(i * 500, 5000)
    // From 9,505 to 19,505 ms after the start: the trades received then.
    expect(desk.rate(start + 19_505)).toBe(2)
    expect(desk.rate(start + 60_000)).toBe(0)
    expect(desk.receivedAt).toBe(start + 19_505)
  })

  test('tells who crossed the spread in a minute it watched whole, and nothing of one it saw in part', () => {
    desk.watchFrom(start)
    const bought = (ms: number, size: number) =>
      desk.onTick({
        instrument: 'MES',
        eventTime: start + ms,
        receivedTime: start,
        price: 5000,
        size,
        aggressor: 'buy',
      })
    bought(10_000, 3)
    desk.onTick({
      instrument: 'MES',
      eventTime: start + 20_000,
      receivedTime: start,
      price: 5000,
      size: 1,
      aggressor: 'sell',
    })
    bought(60_000, 2)
    desk.onTime(start + 120_000)
    expect(flows.map(({ time, buy, sell, basis }) => [time - start, buy, sell, basis])).toEqual([
      [0, 3, 1, 'quotes'],
      [60_000, 2, 0, 'quotes'],
    ])
    expect(desk.judgement()?.reading.flow.delta).toMatchObject({ minute: 2, session: 4, basis: 'quotes' })
    desk.interrupt(start + 120_000)
    desk.resume(start + 150_000)
    bought(151_000, 5)
    bought(181_000, 7)
    bought(241_000, 1)
    expect(flows.map(({ time }) => time - start)).toEqual([0, 60_000, 180_000])
  })

  test('a minute whose trades nobody saw has no delta', () => {
    desk.onBar({ time: start, open: 5000, high: 5001, low: 4999, close: 5000, volume: 40 }, 'history')
    expect(desk.judgement()?.reading.flow.delta).toBeUndefined()
  })
})
