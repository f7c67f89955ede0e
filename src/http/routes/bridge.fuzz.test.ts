import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { databases } from '#src/testing/database.ts'
import { apiKey, createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import * as told from '#src/testing/ninjatrader/told.ts'
import { isNamed, type Json, spoilt } from '#src/testing/spoilt.ts'

const { toldAt } = told
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
