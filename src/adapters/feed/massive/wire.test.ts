import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { hasOracles } from '#src/testing/oracles.ts'
import {
  aggregateWire,
  contractWire,
  exchangeWire,
  marketStatusWire,
  pageWire,
  productWire,
  quoteWire,
  scheduleWire,
  snapshotWire,
  toEpochMs,
  toNumber,
  tradeWire,
  wireNumber,
} from './wire.ts'

test('a number may be written plain or in quotes, and nothing else is one', () => {
  expect(['2849.8', '-37.63', '0', 6052.25, -1].map(toNumber)).toEqual([2849.8, -37.63, 0, 6052.25, -1])
  const unsound = ['', ' ', ' 1', '1 ', '0x10', '1e3', 'NaN', 'Infinity', '9'.repeat(400), '1,000', '.5', '5.']
  for (const wire of [...unsound, Number.NaN, Infinity, null, undefined, true, {}, [], [1]]) {
    expect(toNumber(wire)).toBeUndefined()
    expect(wireNumber.safeParse(wire).success).toBe(false)
  }
  expect(wireNumber.parse('2849.8')).toBe(2849.8)
})

test('an instant is epoch ms whether it comes in nanoseconds, microseconds, milliseconds or as text', () => {
  expect(toEpochMs(1738627200000000000)).toBe(1738627200000)
  expect(toEpochMs('1734472799000509200')).toBe(1734472799000)
  expect(toEpochMs(1746045300000000)).toBe(1746045300000)
  expect(toEpochMs(1746045300000)).toBe(1746045300000)
  expect(toEpochMs('2025-12-04T23:00:00+00:00')).toBe(1764889200000)
  expect(toEpochMs('2025-12-04T17:00:00.250-06:00')).toBe(1764889200250)
  for (const wire of [0, -1738627200000000000, 1738627200, '', '2025-12-04', '2025-12-04T23:00:00', 'yesterday', null])
    expect(toEpochMs(wire)).toBeUndefined()
})

test('a millisecond survives the rounding of its nanoseconds beyond 2^53', () => {
  const milliseconds = fc.integer({ min: 1_230_768_000_000, max: 1_861_920_000_000 })
  fc.assert(fc.property(milliseconds, (ms) => toEpochMs(JSON.parse(`${BigInt(ms) * 1_000_000n}`)) === ms))
  fc.assert(
    fc.property(milliseconds, fc.integer({ min: 0, max: 999_500 }), (ms, ns) => toEpochMs(ms * 1e6 + ns) === ms),
  )
})

test('what the documents show is read', () => {
  const aggregate = JSON.parse(
    '{"ticker":"GCJ5","window_start":1738627200000000000,"session_end_date":"2025-02-04","open":2849.8,"high":2877.1,"low":2837.4,"close":2874.2,"volume":133072,"transactions":74223,"dollar_volume":380560636.01,"settlement_price":2875.8}',
  )
  expect(aggregateWire.parse(aggregate)).toMatchObject({
    ticker: 'GCJ5',
    window_start: 1738627200000,
    session_end_date: '2025-02-04',
    open: 2849.8,
    high: 2877.1,
    low: 2837.4,
    close: 2874.2,
    volume: 133072,
  })
  const trade = JSON.parse(
    '{"ticker":"ESZ4","timestamp":1734472799000509200,"price":6052,"size":3,"session_end_date":"2024-12-17","sequence_number":27317882,"report_sequence":12033289}',
  )
  expect(tradeWire.parse(trade)).toMatchObject({ ticker: 'ESZ4', timestamp: 1734472799000, price: 6052, size: 3 })
  const status = JSON.parse(
    '{"market_event":"open","name":"...","product_code":"ERL","session_end_date":"2025-12-05","timestamp":"2025-12-04T23:00:00+00:00","trading_venue":"XNYM"}',
  )
  expect(marketStatusWire.parse(status)).toMatchObject({ market_event: 'open', timestamp: 1764889200000 })
  const quote = JSON.parse(
    '{"ticker":"GCJ5","timestamp":1734472770000588000,"ask_price":2686,"ask_size":1,"bid_size":0,"channel":360,"report_sequence":2249866,"sequence_number":15355476,"session_end_date":"2024-12-17"}',
  )
  expect(quoteWire.parse(quote).bid_price).toBeUndefined()
})

test('a snapshot names its contract at the top or under its details', () => {
  const newest = { last_trade: { price: 240, size: 5, last_updated: 1746045242858242600, timeframe: 'DELAYED' } }
  const wanted = { ticker: 'CBN5', last_trade: { price: 240, last_updated: 1746045242858, timeframe: 'DELAYED' } }
  expect(snapshotWire.parse({ ...newest, ticker: 'CBN5', details: { open_interest: 112 } })).toMatchObject(wanted)
  expect(snapshotWire.parse({ ...newest, details: { ticker: 'CBN5' } })).toMatchObject(wanted)
  expect(snapshotWire.safeParse(newest).success).toBe(false)
})

const documented: Readonly<Record<string, z.ZodType>> = {
  'aggs/{ticker}': aggregateWire,
  contracts: contractWire,
  exchanges: exchangeWire,
  'market-status': marketStatusWire,
  products: productWire,
  'quotes/{ticker}': quoteWire,
  schedules: scheduleWire,
  snapshot: snapshotWire,
  'trades/{ticker}': tradeWire,
}

type Description = Record<
  string,
  { get: { responses: { 200: { content: { 'application/json': { example: unknown } } } } } }
>

const shared = process.env['ORACLES_DIR'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url))

test.skipIf(!hasOracles)('every example of the vendor’s own description is read, both versions, word for word', () => {
  const text = readFileSync(`${shared}/oracles/massive/massive_futures_openapi.json`, 'utf8')
  const paths = Object.entries(JSON.parse(text) as Description)
  expect(paths).toHaveLength(18)
  let rows = 0
  for (const [path, { get }] of paths) {
    const page = pageWire.parse(get.responses[200].content['application/json'].example)
    const wire = documented[path.replace(/^\/futures\/v[1X]\//, '')]
    for (const row of page.results ?? []) {
      expect([path, wire?.safeParse(row).error]).toEqual([path, undefined])
      rows++
    }
  }
  expect(rows).toBe(30)
})
