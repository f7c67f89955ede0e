import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { databases } from '#src/testing/database.ts'
import { apiKey, createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import * as told from '#src/testing/ninjatrader/told.ts'

const { toldAt } = told
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What may be left out: all else that is taken away must be missed. */
const optional: readonly string[] = [
  ...['provider', 'currency', 'marketDataAt', 'cash', 'realized', 'unrealized', 'netLiquidation', 'bid', 'ask'],
  ...['averagePrice', 'limitPrice', 'stopPrice', 'oco', 'reason', 'commission'],
  ...['unrealizedPnL', 'lastUpdate', 'timestamp'],
]
/** A snapshot's positions must say their average; an order need not. */
const isOptional = (path: readonly string[]): boolean =>
  optional.includes(path.at(-1) ?? '') && !(path.includes('positions') && path.at(-1) === 'averagePrice')

type Place = { readonly path: readonly string[]; readonly value: Json }

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every place of a document, the whole first. */
const placesOf = (value: Json, path: readonly string[] = []): readonly Place[] => [
  { path, value },
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => placesOf(inner as Json, [...path, key]))
    : []),
]

/** The document with another value at a place; undefined takes it away. */
const replaced = (document: Json, [key, ...rest]: readonly string[], value: Json | undefined): Json => {
  if (key === undefined) return value ?? null
  const inner = (document as { readonly [key: string]: Json })[key] ?? null
  const next = rest.length === 0 ? value : replaced(inner, rest, value)
  if (Array.isArray(document)) return document.map((each, i) => (String(i) === key ? (next ?? null) : each))
  const { [key]: _, ...others } = document as { readonly [key: string]: Json }
  return next === undefined ? others : { ...others, [key]: next }
}

const wrong: readonly Json[] = [null, true, 'x\u0000y', '\ud800', -1.5, 1e300, '__proto__', [[]], { a: { b: 1 } }]
const kindOf = (value: Json): string => (Array.isArray(value) ? 'array' : typeof value)

/** One way to spoil a document so that no reader may take it. */
const spoilt = (document: Json): fc.Arbitrary<string | Uint8Array> => {
  const places = placesOf(document)
  const text = JSON.stringify(document)
  const required = places.filter(({ path }) => path.length > 0 && !isOptional(path) && !/^\d+$/.test(path.at(-1) ?? ''))
  const objects = places.filter(({ value }) => isObject(value))
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...places), fc.constantFrom(...wrong))
      .filter(([{ value }, other]) => kindOf(value) !== kindOf(other))
      .map(([{ path }, other]) => JSON.stringify(replaced(document, path, other))),
    fc
      .tuple(
        fc.constantFrom(...places.filter(({ value }) => typeof value === 'string')),
        fc.constantFrom('a\u0000', '\udfff', 'y'.repeat(2_000)),
      )
      .map(([{ path }, other]) => JSON.stringify(replaced(document, path, other))),
    fc
      .tuple(
        fc.constantFrom(...places.filter(({ value }) => typeof value === 'number')),
        fc.constantFrom('1e999', '-1e308', '"7"', '0x10'),
      )
      .map(([{ path }, other]) => JSON.stringify(replaced(document, path, '@')).replace('"@"', other)),
    fc.constantFrom(...required).map(({ path }) => JSON.stringify(replaced(document, path, undefined))),
    fc
      .tuple(fc.constantFrom(...objects), fc.constantFrom('mood', '__proto__x', 'constructor', 'кот', '\u0000'))
      .map(([{ path }, key]) => JSON.stringify(replaced(document, [...path, key], 1))),
    fc.nat(text.length - 1).map((end) => text.slice(0, end)),
    fc.tuple(fc.nat(text.length - 1), fc.constantFrom(0xff, 0xc0, 0x80, 0x00)).map(([at, byte]) => {
      const bytes = new TextEncoder().encode(text)
      bytes[at] = byte
      return bytes
    }),
    fc.constantFrom(
      '',
      'null',
      '7',
      '"text"',
      '[]',
      '{}',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      '{"v":1,"v":2}',
    ),
  )
}

const batchOf = (batch: number, event: unknown): Json =>
  JSON.parse(
    JSON.stringify({ v: 1, bridge: 'pc-1', boot: '2026-11-20T09:00:00.123Z', batch, sentAt: toldAt, events: [event] }),
  ) as Json

const whole = [
  told.hello('1'),
  told.heartbeat('2'),
  told.accountTold('3'),
  told.positionsTold('4'),
  told.orderTold('5', { averagePrice: 20100, limitPrice: 20110.25, reason: 'none' }),
  told.execution('6'),
  told.priceTold('7'),
  told.resultTold('8', 'c-1', 'failed', { reason: 'off-grid' }),
  told.logTold('9'),
]
const legacy: Json = {
  account: 'Sim101',
  positions: [
    {
      symbol: 'MGC 12-26',
      side: 'Long',
      quantity: 2,
      avgPrice: 5210.5,
      unrealizedPnL: 34,
      lastUpdate: '2026-11-20T13:05:00Z',
    },
  ],
  timestamp: '2026-11-20T13:05:00Z',
}

type Refusal = { readonly error: { readonly field: string; readonly reason: string } }
type Answer = {
  readonly accepted: number
  readonly alreadyKnown: number
  readonly rejected: readonly { readonly field: string }[]
}

const isNamed = (field: string): boolean => /^[\w.?-]{1,64}$|^X-CoPilot-[A-Za-z]+$/.test(field)

describe.each([
  { ...databases[0], runs: 1_000 },
  { ...databases[1], runs: Number(process.env['FUZZ_RUNS'] ?? 1_000) },
])('spoilt bodies on $name', ({ open, runs }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const rows = async (): Promise<unknown> => {
    const tables = ['bridge_batches', 'platform_events', 'executions', 'commands', 'accounts']
    const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`)
    return (await database.db.execute(sql.raw(`select ${counts.join(', ')}`)))[0]
  }
  const openWeb = () => {
    const web = createBridgeApp({ db: database.db, wall: () => toldAt })
    return { ...web, sender: createSender({ ask: web.app.request, token, wall: () => toldAt }) }
  }

  test(`of batches are refused by a field or lose the spoilt event, ${runs} times, and leave nothing behind`, async () => {
    const { sender, heard, errors } = openWeb()
    // A start nobody knows would be refused for that.
    expect((await sender.post(JSON.stringify(batchOf(1, told.hello('h'))))).status).toBe(200)
    heard.length = 0
    const before = await rows()
    const number = fc.integer({ min: 2, max: 2 ** 40 })
    const spoiltBatch = fc.tuple(number, fc.constantFrom(...whole)).chain((of) => spoilt(batchOf(...of)))
    let lost = 0
    await fc.assert(
      fc.asyncProperty(spoiltBatch, async (body) => {
        const response = await sender.post(body)
        const answer = (await response.json()) as Answer | Refusal
        if ('error' in answer) {
          expect(response.status).toBeOneOf([400, 409])
          expect(isNamed(answer.error.field) && answer.error.reason !== '').toBe(true)
          return
        }
        expect([response.status, answer.accepted]).toEqual([200, 0])
        lost += answer.rejected.length
        for (const { field } of answer.rejected) expect(isNamed(field)).toBe(true)
      }),
      { numRuns: runs },
    )
    // Many reach the event itself; the others break the batch around it.
    expect(lost).toBeGreaterThan(runs / 4)
    expect([heard, errors]).toEqual([[], []])
    expect(await rows()).toEqual(before)
  }, 120_000)

  test(`of the older route are refused by a field, ${runs} times`, async () => {
    const { app, legacy: shown, errors } = openWeb()
    const before = await rows()
    await fc.assert(
      fc.asyncProperty(spoilt(legacy), async (body) => {
        const sent = typeof body === 'string' ? body : new Uint8Array(body)
        const response = await app.request('/positions/update', {
          method: 'POST',
          body: sent,
          headers: { 'x-api-key': apiKey },
        })
        const { error } = (await response.json()) as Refusal
        expect([response.status, isNamed(error.field)]).toEqual([400, true])
      }),
      { numRuns: runs },
    )
    expect([shown.snapshots, errors]).toEqual([[], []])
    expect(await rows()).toEqual(before)
  }, 120_000)
})
