import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readPacket } from './chart.ts'
import { readFrame, writeRequest } from './frames.ts'
import { readQuotes } from './quotes.ts'

const shared = process.env['ORACLES_DIR'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url))
const samplesPath = `${shared}/data/messages-tradovate/tradovate_doc_samples.json`
const documented = test.skipIf(!existsSync(samplesPath))
const sampleOf = (name: string): { readonly [key: string]: unknown } =>
  JSON.parse(readFileSync(samplesPath, 'utf8'))[name]

test('each kind of frame is told by its letter', () => {
  expect(readFrame('o')).toEqual({ kind: 'open' })
  expect(readFrame('h')).toEqual({ kind: 'heartbeat' })
  expect(readFrame('a[{"s":200,"i":0}]')).toEqual({
    kind: 'messages',
    messages: [{ id: 0, status: 200, d: undefined }],
    unknown: 0,
  })
  expect(readFrame('a[{"e":"shutdown","d":{"reasonCode":"Maintenance"}},7]')).toEqual({
    kind: 'messages',
    messages: [{ event: 'shutdown', d: { reasonCode: 'Maintenance' } }],
    unknown: 1,
  })
  expect(readFrame('c[3000,"Go away!"]')).toEqual({ kind: 'close', code: 3000, reason: 'Go away!' })
  expect(readFrame('c[]')).toEqual({ kind: 'close', code: 0, reason: '' })
  expect(readFrame('a{}')).toEqual({ kind: 'refused', why: 'unknown-frame' })
  expect(readFrame('a[')).toEqual({ kind: 'refused', why: 'not-json' })
  expect(readFrame('')).toEqual({ kind: 'refused', why: 'unknown-frame' })
})

test('a request keeps its four lines, empty ones too', () => {
  expect(writeRequest('authorize', 0, 'the-token')).toBe('authorize\n0\n\nthe-token')
  expect(writeRequest('contract/rollcontract', 33, { name: 'YMZ6', forward: true, ifExpired: true })).toBe(
    'contract/rollcontract\n33\n\n{"name":"YMZ6","forward":true,"ifExpired":true}',
  )
  expect(writeRequest('user/list', 4)).toBe('user/list\n4\n\n')
})

documented('the documented quote has the documented prices', () => {
  const { quotes, refused } = readQuotes(sampleOf('EX-08-Realtime-Market-Data#1')['d'])
  expect(refused).toBe(0)
  expect(quotes).toEqual([
    {
      contractId: 123456,
      at: Date.UTC(2017, 3, 13, 4, 59, 6, 588),
      empty: true,
      bid: { price: 18405, size: 7 },
      offer: { price: 18410, size: 12 },
      trade: { price: 18405, size: 2 },
      sessionVolume: 7,
    },
  ])
})

documented('the documented bar has the documented prices and the sum of its volumes', () => {
  expect(readPacket('ES', 32, { id: 32, ...sampleOf('EX-10-Chart-Data#2') })).toEqual({
    id: 32,
    ends: false,
    ticks: [],
    bars: [{ time: Date.UTC(2017, 3, 13, 11), open: 2334.25, high: 2334.5, low: 2333, close: 2333.75, volume: 4913 }],
    refused: [],
  })
})

documented('the documented tick packet is one trade at the offer, then the end of history', () => {
  const [ticks, end] = sampleOf('EX-11-Tick-Charts#0')['charts'] as readonly unknown[]
  expect(readPacket('ES', 16335, ticks)).toEqual({
    id: 16335,
    ends: false,
    ticks: [{ id: 11768401, at: 1563421179735, price: 2979.25, size: 3, aggressor: 'buy' }],
    bars: [],
    refused: [],
  })
  expect(readPacket('ES', 16335, end)).toEqual({ id: 16335, ends: true, ticks: [], bars: [], refused: [] })
})

documented('the documented order book and histogram are no quotes and no trades', () => {
  for (const name of ['EX-09-Realtime-Market-Data-Pt2#1', 'EX-09-Realtime-Market-Data-Pt2#6'])
    expect(readQuotes(sampleOf(name)['d'])).toEqual({ quotes: [], refused: 0 })
})

test('a price is a whole number of ticks, exactly, and above zero unless it is oil', () => {
  const tick = (over: object, packet: object = {}) => ({
    bp: 41_230,
    bt: 1_000,
    ts: 0.1,
    tks: [{ t: 5, p: 1, s: 2, b: 0, a: 2, id: 9, ...over }],
    ...packet,
  })
  expect(readPacket('MGC', 1, tick({})).ticks).toEqual([{ id: 9, at: 1_005, price: 4123.1, size: 2 }])
  expect(readPacket('MGC', 1, tick({}, { ts: '0.1' })).ticks).toHaveLength(1)
  expect(readPacket('MGC', 1, tick({}, { ts: 0.03 })).refused).toEqual(['off-grid'])
  expect(readPacket('MGC', 1, tick({}, { bp: -1 })).refused).toEqual(['price'])
  expect(readPacket('MGC', 1, tick({}, { bp: -1 + 1e-9 })).refused).toEqual(['price'])
  expect(readPacket('MGC', 1, tick({}, { bp: 1e15 })).refused).toEqual(['price'])
  expect(readPacket('MCL', 1, tick({}, { bp: -3763, ts: 0.01 })).ticks[0]?.price).toBe(-37.62)
  expect(readPacket('MGC', 1, tick({}, { bt: null })).refused).toEqual(['tick'])
  expect(readPacket('MGC', 1, tick({ s: 0 })).refused).toEqual(['size'])
  expect(readPacket('MGC', 1, tick({ s: 1e9 })).refused).toEqual(['size'])
  expect(readPacket('MGC', 1, tick({ id: 1.5 })).refused).toEqual(['tick'])
  expect(readPacket('MGC', 1, tick({ id: 'x' })).refused).toEqual(['tick'])
})

test('a bar that is off the minute, off the grid or contradicts itself is not taken', () => {
  const bar = (over: object) => ({
    bars: [
      {
        timestamp: '2026-11-20T14:30Z',
        open: 4100,
        high: 4101,
        low: 4099,
        close: 4100.5,
        upVolume: 3,
        downVolume: 4,
        ...over,
      },
    ],
  })
  expect(readPacket('MGC', 1, bar({})).bars).toHaveLength(1)
  expect(readPacket('MGC', 1, bar({ timestamp: '2026-11-20T14:30:01Z' })).refused).toEqual(['off-minute'])
  expect(readPacket('MGC', 1, bar({ high: 4100.04 })).refused).toEqual(['off-grid'])
  expect(readPacket('MGC', 1, bar({ high: 4100.1 })).refused).toEqual(['inconsistent'])
  expect(readPacket('MGC', 1, bar({ low: 'NaN' })).refused).toEqual(['price'])
  expect(readPacket('MGC', 1, bar({ downVolume: -4 })).refused).toEqual(['bar'])
})
