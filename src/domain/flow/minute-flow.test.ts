import { describe, expect, test } from 'vitest'
import { recordedBars, recordedTrades } from '#src/testing/bars.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { minuteBars, tickBar } from '../market/aggregate.ts'
import type { Quote } from '../market/tick.ts'
import { type FlowTick, type MinuteFlow, minuteFlow, type TapeState } from './minute-flow.ts'

const noon = Date.parse('2022-01-24T17:00:00Z')
const trade = (seconds: number, price: number, size = 1, aggressor?: 'buy' | 'sell'): FlowTick => ({
  eventTime: noon + seconds * 1000,
  price,
  size,
  ...(aggressor !== undefined && { aggressor }),
})
const es = minuteFlow(specOf('ES'))
const fold = (trades: readonly FlowTick[]): TapeState =>
  trades.reduce((state, tick) => es.step(state, tick), es.initial)

test('a minute closes with the first trade of a later one', () => {
  const open = fold([trade(1, 100, 2, 'buy'), trade(59, 100.25, 3, 'sell')])
  expect(open.closed).toBeUndefined()
  expect(es.step(open, trade(60, 100, 1, 'buy')).closed).toEqual({
    time: noon,
    buy: 2,
    sell: 3,
    basis: 'quotes',
    levels: new Map([
      [400, 2],
      [401, 3],
    ]),
  })
})

test('a closed minute is told once', () => {
  const next = fold([trade(1, 100), trade(60, 100)])
  expect(next.closed?.time).toBe(noon)
  expect(es.step(next, trade(61, 100)).closed).toBeUndefined()
})

test('the clock closes a minute as well, and the trade before is still known', () => {
  const open = fold([trade(1, 100, 1, 'buy')])
  expect(es.closeAt(open, noon + 59_999).closed).toBeUndefined()
  const over = es.closeAt(open, noon + 60_000)
  expect(over.closed).toMatchObject({ time: noon, buy: 1 })
  expect(es.closeAt(over, noon + 120_000).closed).toBeUndefined()
  expect(es.step(over, trade(61, 99.75)).forming).toMatchObject({ time: noon + 60_000, buy: 0, sell: 1 })
})

test('a minute knows the one traded in before it, however long ago on the same tape', () => {
  const state = fold([trade(1, 100), trade(61, 100), trade(300, 100)])
  expect(state.closed).toMatchObject({ time: noon + 60_000, after: noon })
  expect(es.closeAt(state, noon + 360_000).closed?.after).toBe(noon + 60_000)
  expect(es.closeAt(fold([trade(1, 100)]), noon + 60_000).closed?.after).toBeUndefined()
})

test('a trade without a side counts in neither, only at its price', () => {
  const { forming } = fold([trade(1, 100, 5), trade(2, 100.25, 2), trade(3, 100, 1)])
  expect(forming).toMatchObject({ buy: 2, sell: 1, basis: 'estimated' })
  expect(forming?.levels?.get(400)).toBe(6)
})

test('one estimated trade makes the minute estimated', () => {
  expect(fold([trade(1, 100, 1, 'buy')]).forming?.basis).toBe('quotes')
  expect(fold([trade(1, 100, 1, 'buy'), trade(2, 100, 1)]).forming?.basis).toBe('estimated')
  expect(fold([trade(1, 100, 1), trade(2, 100, 1, 'buy')]).forming?.basis).toBe('estimated')
})

test('a trade of a minute already closed is refused loudly', () => {
  const state = fold([trade(60, 100)])
  expect(() => es.step(state, trade(59, 100))).toThrow(RangeError)
  expect(() => es.step(es.closeAt(state, noon + 120_000), trade(61, 100))).toThrow(RangeError)
})

describe.skipIf(!hasOracles)('the recorded minute of ES, every trade with the side the exchange told', () => {
  type Row = { readonly tick: FlowTick; readonly side: 'buy' | 'sell'; readonly quote: Quote }
  const rows: readonly Row[] = !hasOracles
    ? []
    : oracleRows(
        'data/orderflow-es-sierra/ES_ticks_2022-01-24_1330_1331.csv.gz',
        'ts_source',
        'price',
        'volume',
        'trade_type',
        'ask_price',
        'bid_price',
      ).map(({ ts_source, price, volume, trade_type, ask_price, bid_price }) => {
        const eventTime = Date.parse(`${ts_source}Z`)
        return {
          tick: { eventTime, price: Number(price), size: Number(volume) },
          side: trade_type === '2' ? 'buy' : 'sell',
          quote: {
            instrument: 'ES',
            eventTime,
            receivedTime: eventTime,
            bid: Number(bid_price),
            ask: Number(ask_price),
            bidSize: 1,
            askSize: 1,
          },
        }
      })
  const half = Date.parse('2022-01-24T13:30:00Z')
  const firstMinute = (step: (state: TapeState, row: Row) => TapeState): MinuteFlow | undefined => {
    const minute = rows.filter(({ tick }) => tick.eventTime < half + 60_000)
    return es.closeAt(minute.reduce(step, es.initial), half + 60_000).closed
  }

  test('makes the bar of the exchange', () => {
    let state = minuteBars.initial
    for (const { tick } of rows) {
      state = minuteBars.step(state, tickBar(tick))
      if (state.closed.length > 0) break
    }
    expect(state.closed).toEqual([
      { time: half, open: 4347.75, high: 4347.75, low: 4343.25, close: 4345.75, volume: 2819 },
    ])
  })

  test('has a delta of +7', () => {
    const flow = firstMinute((state, { tick, side }) => es.step(state, { ...tick, aggressor: side }))
    expect(flow).toMatchObject({ time: half, buy: 1413, sell: 1406, basis: 'quotes' })
    expect([...(flow?.levels?.values() ?? [])].reduce((sum, contracts) => sum + contracts, 0)).toBe(2819)
  })

  test('has the same by the quotes alone', () => {
    const flow = firstMinute((state, { tick, quote }) => es.step(state, tick, quote))
    expect(flow).toMatchObject({ buy: 1413, sell: 1406, basis: 'quotes' })
  })

  test('by prices alone is off by 182 contracts of 2,819, and says that it is an estimate', () => {
    const flow = firstMinute((state, { tick }) => es.step(state, tick))
    expect(flow).toMatchObject({ buy: 1315, sell: 1490, basis: 'estimated' })
  })
})

test.skipIf(!hasOracles)('three days of gold trades give the volume of the recorded bars', () => {
  const gold = minuteFlow(specOf('GC'))
  const volumes = new Map<number, number>()
  const keep = ({ closed }: TapeState): void => {
    if (closed !== undefined)
      volumes.set(
        closed.time,
        [...(closed.levels ?? [])].reduce((sum, [, contracts]) => sum + contracts, 0),
      )
  }
  let state = gold.initial
  for (const tick of recordedTrades()) {
    state = gold.step(state, tick)
    keep(state)
  }
  keep(gold.closeAt(state, Number.POSITIVE_INFINITY))
  const bars = recordedBars('GC')
  expect([volumes.size, bars.length]).toEqual([4040, 4040])
  // The vendor's own bars differ from its trades in three minutes.
  expect(bars.filter(({ time, volume }) => volumes.get(time) !== volume)).toHaveLength(3)
})
