import { expect, test } from 'vitest'
import type { Db } from '#src/adapters/db/connect.ts'
import { apiKey, createBridgeApp } from '#src/testing/ninjatrader/bridge-app.ts'
import { morning } from '#src/testing/world.ts'

const wall = () => Date.UTC(2026, 10, 20, 13, 5)
const world = (picture = {}) => {
  const web = createBridgeApp({ db: {} as Db, wall, picture })
  const ask = async (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = { 'x-api-key': apiKey },
  ) => {
    const response = await web.app.request(path, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    return { status: response.status, answer: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  return { ...web, ask }
}

const gold = {
  symbol: 'MGC 12-26',
  side: 'Long',
  quantity: 2,
  avgPrice: 5210.5,
  unrealizedPnL: 34,
  lastUpdate: '2026-11-20T13:05:00Z',
}
const update = (more: object = {}, position: object = {}) =>
  JSON.stringify({
    account: 'Sim101',
    positions: [{ ...gold, ...position }],
    timestamp: '2026-11-20T13:05:00Z',
    ...more,
  })

test('an older bridge shows its live positions, and what the product does not know by name', async () => {
  const { ask, legacy } = world()
  const euro = { symbol: '6E 12-26', side: 'Short', quantity: 1, avgPrice: 1.0712 }
  expect(await ask('POST', '/positions/update', update({ positions: [gold, euro] }))).toEqual({
    status: 202,
    answer: { accepted: true },
  })
  expect(legacy.snapshots).toEqual([
    {
      account: 'Sim101',
      positions: [{ instrument: 'MGC', contract: 202612, quantity: 2, averagePrice: 5210.5 }],
      orders: [],
      foreign: [{ name: '6E 12-26', quantity: -1 }],
    },
  ])
})

test('flat is an empty list', async () => {
  const { ask, legacy } = world()
  expect((await ask('POST', '/positions/update', '{"account":"Sim101","positions":[]}')).status).toBe(202)
  expect(legacy.snapshots[0]?.positions).toEqual([])
})

test.each([
  ['no JSON', 'flat', 'body', 'not-json'],
  ['no account', update({ account: undefined }), 'account', 'field-missing'],
  ['a quantity of none', update({}, { quantity: 0 }), 'positions.0.quantity', 'quantity-not-positive'],
  ['a third side', update({}, { side: 'Flat' }), 'positions.0.side', 'field-wrong'],
  ['a time in words', update({ timestamp: 'now' }), 'timestamp', 'field-wrong'],
  ['a field of its own', update({}, { stop: 5200 }), 'positions.0.stop', 'unknown-field'],
])('%s is refused by its field', async (_, body, field, reason) => {
  const { ask, legacy } = world()
  expect(await ask('POST', '/positions/update', body)).toEqual({ status: 400, answer: { error: { field, reason } } })
  expect(legacy.snapshots).toEqual([])
})

test('every position on the screen is read as JSON, and none before the engine spoke', async () => {
  const { account } = morning
  for (const path of ['/positions/', '/positions'])
    expect(await world({ account }).ask('GET', path)).toEqual({
      status: 200,
      answer: JSON.parse(JSON.stringify(account.positions)),
    })
  expect((await world().ask('GET', '/positions/')).status).toBe(503)
})

test('what was told here is forgotten on demand', async () => {
  const { ask, legacy } = world()
  expect(await ask('DELETE', '/positions/')).toEqual({ status: 204, answer: undefined })
  expect(legacy.forgotten).toBe(1)
})

test('nothing passes without the key', async () => {
  const { ask, legacy } = world()
  expect((await ask('POST', '/positions/update', update(), {})).status).toBe(403)
  expect((await ask('POST', '/positions/update', update(), { origin: 'http://localhost' })).status).toBe(401)
  expect((await ask('DELETE', '/positions/', undefined, { origin: 'http://localhost' })).status).toBe(401)
  expect((await ask('GET', '/positions/', undefined, {})).status).toBe(401)
  expect([legacy.snapshots, legacy.forgotten]).toEqual([[], 0])
})
