import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { fillsOf, latestHello } from '#src/adapters/db/platform.ts'
import { databases } from '#src/testing/database.ts'
import { apiKey, createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import * as told from '#src/testing/ninjatrader/told.ts'

const { toldAt } = told
let starts = 0

describe.each(databases)('the bridge, on $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  /** Each test has a start of the bridge of its own, and with it books and batch numbers of its own. */
  let boot: string
  beforeEach(() => {
    starts++
    boot = new Date(toldAt + starts * 1_000).toISOString()
  })

  const world = (more: Partial<Parameters<typeof createBridgeApp>[0]> & { bridge?: string } = {}) => {
    let now = toldAt + 5
    const web = createBridgeApp({ db: database.db, wall: () => now, ...more })
    const { bridge = 'pc-1' } = more
    const sender = createSender({ ask: web.app.request, token, bridge, boot, wall: () => now })
    const send = async (batch: number, events: readonly unknown[]) =>
      answerTo(await sender.post(sender.body(batch, events)))
    return {
      ...web,
      sender,
      send,
      said: () => web.heard.map(({ event }) => event.id),
      pass: (ms: number) => {
        now += ms
      },
    }
  }
  const answerTo = async (response: Response) => ({ status: response.status, ...((await response.json()) as object) })
  const simulated = (id: string) => told.hello(id, { simulator: true })
  const book = () => `sim:${boot}`
  const count = async (table: string): Promise<number> => {
    const [row] = await database.db.execute<{ count: string }>(sql.raw(`select count(*) from ${table}`))
    return Number(row?.count)
  }

  test('keeps a batch, tells it in its order and counts what is new', async () => {
    const { send, heard, said, errors } = world()
    expect(await send(1, [simulated('h'), told.execution('e1'), told.priceTold('q'), told.execution('e2')])).toEqual({
      status: 200,
      batch: 1,
      accepted: 4,
      alreadyKnown: 0,
      rejected: [],
    })
    expect(said()).toEqual(['h', 'e1', 'q', 'e2'])
    expect(heard[1]).toMatchObject({
      event: { kind: 'execution', receivedAt: toldAt + 5, fill: { executionId: 'e1', commission: 6_200 } },
      speaker: { bridge: 'pc-1', boot, book: book(), simulator: true },
    })
    expect((await fillsOf(database.db, book())).map(({ executionId }) => executionId)).toEqual(['e1', 'e2'])
    expect(await latestHello(database.db, book())).toMatchObject({ bridge: 'pc-1', hello: { id: 'h' } })
    expect(errors).toEqual([])
  })

  test('answers the same bytes alike, before and after a restart, and tells them once a process', async () => {
    const first = world()
    const body = first.sender.body(1, [simulated('h'), told.execution('e1'), told.execution('e2', { price: 1.1 })])
    expect(await answerTo(await first.sender.post(body))).toMatchObject({ accepted: 2, alreadyKnown: 0 })
    const again = {
      status: 200,
      batch: 1,
      accepted: 0,
      alreadyKnown: 2,
      rejected: [{ index: 2, reason: 'off-grid', field: 'price' }],
    }
    expect(await answerTo(await first.sender.post(body))).toEqual(again)
    expect(first.said()).toEqual(['h', 'e1'])
    // The first process may have ended before anybody heard of them; who did knows them by their ids.
    const second = world()
    for (const _ of ['once', 'twice']) expect(await answerTo(await second.sender.post(body))).toEqual(again)
    expect(second.said()).toEqual(['h', 'e1'])
  })

  test('what was stored by a process that ended before it told anybody is told by the next one', async () => {
    const died = () => {
      throw new Error('the way to the engine is away')
    }
    const first = world({ tell: died })
    await first.send(1, [simulated('h')])
    const body = first.sender.body(2, [told.execution('e'), told.orderTold('o'), told.priceTold('q')])
    expect((await first.sender.post(body)).status).toBe(200)
    const second = world()
    const answer = await second.sender.post(body)
    expect(await answerTo(answer)).toMatchObject({ accepted: 0, alreadyKnown: 3 })
    expect(second.said()).toEqual(['e', 'o'])
    // It never heard the hello, and goes on asking for it.
    expect(answer.headers.get('x-copilot-resend')).toBe('hello')
  })

  test('tells nobody of a batch that is older than what it has heard', async () => {
    const first = world()
    await first.send(1, [simulated('h')])
    const second = world()
    await second.send(2, [told.execution('e')])
    expect(await second.send(1, [simulated('h')])).toMatchObject({ accepted: 0, alreadyKnown: 1 })
    expect(second.said()).toEqual(['e'])
  })

  test.each([
    ['kept on disk', [told.logTold('l1')], [told.logTold('l2')]],
    ['kept in memory', [told.priceTold('q1')], [told.priceTold('q2')]],
    ['kept in memory, now to be stored', [told.priceTold('q1')], [told.logTold('l3')]],
  ])('refuses other content under a number %s', async (_, once, twice) => {
    const { send } = world()
    await send(1, [simulated('h')])
    expect(await send(2, once)).toMatchObject({ accepted: 1 })
    expect(await send(2, twice)).toEqual({ status: 409, error: { field: 'batch', reason: 'batch-reused' } })
    expect(await send(2, once)).toMatchObject({ accepted: 0, alreadyKnown: 1 })
  })

  test('refuses other content under a number stored before a restart', async () => {
    await world().send(1, [simulated('h')])
    expect(await world().send(1, [simulated('h2')])).toMatchObject({ status: 409 })
  })

  test('keeps an execution once, whatever batch and event it comes in', async () => {
    const { send, said } = world()
    await send(1, [simulated('h'), told.execution('e1', { executionId: 'x' })])
    const events = [
      told.execution('e2', { executionId: 'x' }),
      told.execution('e1', { executionId: 'x' }),
      told.logTold('l'),
      told.logTold('l'),
    ]
    expect(await send(2, events)).toMatchObject({ accepted: 1, alreadyKnown: 3 })
    // An execution the engine knows may be said to it again, under another event; it knows it by its ExecutionId.
    expect(said()).toEqual(['h', 'e1', 'e2', 'l'])
    expect(await fillsOf(database.db, book())).toHaveLength(1)
  })

  test('never loses an execution to an event id that was used before', async () => {
    const { send, said } = world()
    await send(1, [simulated('h'), told.logTold('1')])
    expect(await send(2, [told.execution('1', { executionId: 'x' })])).toMatchObject({ accepted: 1 })
    expect(said()).toEqual(['h', '1', '1'])
  })

  test('takes the good events of a batch and names what is wrong with the others', async () => {
    const { send, said } = world()
    const events = [
      simulated('h'),
      told.execution('e', { quantity: 0 }),
      told.logTold('c', { kind: 'chat' }),
      told.execution('f', { instrument: '6E 12-26' }),
    ]
    expect(await send(1, events)).toEqual({
      status: 200,
      batch: 1,
      accepted: 2,
      alreadyKnown: 0,
      rejected: [
        { index: 1, reason: 'quantity-not-positive', field: 'quantity' },
        { index: 2, reason: 'unknown-kind', field: 'kind' },
      ],
    })
    // An execution in a market nobody knows is told: what it made is in no sum.
    expect(said()).toEqual(['h', 'f'])
  })

  test('stores nothing of a batch that is worth nothing later', async () => {
    const { send, said } = world()
    await send(1, [simulated('h')])
    const before = await count('bridge_batches')
    expect(
      await send(2, [told.heartbeat('b'), told.priceTold('q'), told.positionsTold('p'), told.accountTold('a')]),
    ).toMatchObject({ accepted: 4 })
    expect(said()).toEqual(['h', 'b', 'q', 'p', 'a'])
    expect(await count('bridge_batches')).toBe(before)
  })

  test('asks a bridge it does not know to say hello again, at most every five seconds, until it did', async () => {
    await world().send(1, [simulated('before')])
    const { sender, pass } = world()
    const asked = async (batch: number, events: readonly unknown[]) =>
      (await sender.post(sender.body(batch, events))).headers.get('x-copilot-resend')
    expect(await asked(7, [told.heartbeat('b')])).toBe('hello')
    expect(await asked(8, [told.heartbeat('b')])).toBeNull()
    pass(5_000)
    expect(await asked(9, [told.execution(`real-${boot}`)])).toBe('hello')
    pass(5_000)
    expect(await asked(10, [simulated('h')])).toBeNull()
    pass(5_000)
    expect(await asked(11, [told.heartbeat('b')])).toBeNull()
    // A gap in the numbers: something may have been missed.
    expect(await asked(13, [told.heartbeat('b')])).toBe('hello')
  })

  test('knows after a restart whose book a bridge speaks for', async () => {
    await world().send(1, [simulated('h')])
    const after = world()
    await after.send(2, [told.execution('e')])
    expect(after.heard[0]?.speaker).toEqual({ bridge: 'pc-1', boot, book: book(), simulator: true })
    await world({ bridge: 'pc-2' }).send(1, [told.hello(`h-${boot}`)])
    const real = world({ bridge: 'pc-2' })
    await real.send(2, [told.execution(`e-${boot}`)])
    expect(real.heard[0]?.speaker).toMatchObject({ bridge: 'pc-2', book: 'real', simulator: false })
  })

  test('keeps a simulator out of the real book even when its hello is refused', async () => {
    const { send, heard } = world()
    await send(1, [told.hello('h', { simulator: true, maxContracts: -1 }), told.execution('e')])
    expect(heard.map(({ speaker }) => speaker.book)).toEqual([book()])
    const after = world()
    await after.send(2, [told.execution('e2')])
    expect(after.heard.map(({ speaker }) => speaker.book)).toEqual([book()])
  })

  test('refuses a start nobody knows until it says hello: it may be a simulator’s, and its fills nobody’s money', async () => {
    const { send, said } = world()
    const refusal = { status: 409, error: { field: 'boot', reason: 'hello-missing' } }
    expect(await send(57, [told.execution(`toy-${boot}`)])).toEqual(refusal)
    expect(await send(57, [told.heartbeat('b')])).toEqual(refusal)
    expect(said()).toEqual([])
    expect((await fillsOf(database.db, 'real')).map(({ executionId }) => executionId)).not.toContain(`toy-${boot}`)
    expect(await send(1, [simulated('h'), told.execution(`toy-${boot}`)])).toMatchObject({ accepted: 2 })
    expect((await fillsOf(database.db, book())).map(({ executionId }) => executionId)).toEqual([`toy-${boot}`])
  })

  test('judges a simulator by its own clock and a platform by ours', async () => {
    const { send } = world()
    const late = told.logTold('l', { at: toldAt + 86_400_000 })
    expect(await send(1, [simulated('h'), late])).toMatchObject({ accepted: 2 })
    expect(await world({ bridge: 'pc-2' }).send(1, [told.hello(`h-${boot}`), late])).toMatchObject({
      rejected: [{ index: 1, reason: 'too-far-ahead', field: 'at' }],
    })
  })

  test('processes the batches of one bridge in the order they came', async () => {
    const { sender, said } = world()
    const bodies = Array.from({ length: 30 }, (_, i) =>
      sender.body(i + 1, i === 0 ? [simulated('0')] : [told.logTold(String(i))]),
    )
    await Promise.all(bodies.map((body) => sender.post(body)))
    expect(said()).toEqual(Array.from({ length: 30 }, (_, i) => String(i)))
  })

  test('tells what was stored by a try whose answer the database lost', async () => {
    let broken = true
    const db = new Proxy(database.db, {
      get: (target, name) => {
        if (name !== 'execute' || !broken) return Reflect.get(target, name, target)
        return async (...statement: Parameters<typeof target.execute>) => {
          await target.execute(...statement)
          broken = false
          throw new Error('the connection was lost after the commit')
        }
      },
    })
    const { sender, said } = world({ db })
    const body = sender.body(1, [simulated('h'), told.execution('e')])
    expect((await sender.post(body)).status).toBe(500)
    expect(said()).toEqual([])
    expect(await answerTo(await sender.post(body))).toMatchObject({ accepted: 0, alreadyKnown: 2 })
    expect(said()).toEqual(['h', 'e'])
    expect(await fillsOf(database.db, book())).toHaveLength(1)
  })

  test('keeps a bridge waiting on both paths while there is no engine, and takes nothing', async () => {
    let isLost = true
    const { sender, said, outbox } = world({ isEngineLost: () => isLost })
    const refusal = { status: 503, error: { field: 'engine', reason: 'engine-not-ready' } }
    const body = sender.body(1, [simulated('h')])
    expect(await answerTo(await sender.post(body))).toEqual(refusal)
    expect(await answerTo(await sender.get('?after=0&wait=30'))).toEqual(refusal)
    expect(said()).toEqual([])
    isLost = false
    expect(await answerTo(await sender.post(body))).toMatchObject({ status: 200, accepted: 1 })
    const waiting = sender.get('?after=1000000&wait=30')
    isLost = true
    outbox.close()
    expect(await answerTo(await waiting)).toEqual(refusal)
  })

  test('answers even when the engine breaks on what it is told', async () => {
    const { send, errors } = world({
      tell: () => {
        throw new Error('no')
      },
    })
    expect(await send(1, [simulated('h')])).toMatchObject({ status: 200, accepted: 1 })
    expect(errors).toHaveLength(1)
  })

  describe('refuses', () => {
    test.each([
      ['text that is no JSON', 'hello', 'body', 'not-json'],
      ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0x7d]), 'body', 'not-json'],
      ['a list', '[]', 'body', 'field-wrong'],
      ['another version', { v: 2 }, 'v', 'unknown-version'],
      ['a batch without a number', { batch: undefined }, 'batch', 'field-missing'],
      ['batch nought', { batch: 0 }, 'batch', 'field-wrong'],
      ['a start in words', { boot: 'this morning' }, 'boot', 'field-wrong'],
      ['a name that is not the header’s', { bridge: 'pc-9' }, 'bridge', 'bridge-differs'],
      ['a field of its own', { mood: 1 }, 'mood', 'unknown-field'],
      ['201 events', { events: Array.from({ length: 201 }, () => ({})) }, 'events', 'too-many-events'],
    ])('%s, by the field', async (_, body, field, reason) => {
      const { sender } = world()
      const whole = JSON.parse(sender.body(1, [])) as object
      const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify({ ...whole, ...body })
      expect(await answerTo(await sender.post(sent))).toEqual({ status: 400, error: { field, reason } })
    })

    test.each([
      ['no token', { authorization: '' }, 'Authorization', 'token-missing'],
      ['the api key', { authorization: `Bearer ${apiKey}`, 'x-api-key': apiKey }, 'Authorization', 'token-wrong'],
      ['a wrong signature', { 'x-copilot-signature': '0'.repeat(64) }, 'X-CoPilot-Signature', 'signature-wrong'],
    ])('%s, at every path of it', async (_, headers, field, reason) => {
      const { sender, app } = world()
      const refusal = { status: 401, error: { field, reason } }
      expect(await answerTo(await sender.post(sender.body(1, []), headers))).toEqual(refusal)
      expect(await answerTo(await sender.get('?after=0&wait=0', headers))).toEqual(refusal)
      expect((await app.request('/api/bridge/v1/anything', { headers })).status).toBe(401)
    })

    test('a clock that is wrong, and tells ours', async () => {
      const { sender, app, pass } = world()
      let call: [string, RequestInit] = ['', {}]
      const keep = createSender({
        ask: (...given) => {
          call = given
          return new Response()
        },
        token,
        wall: () => toldAt,
      })
      await keep.get('?after=0&wait=0')
      pass(29_995)
      expect((await app.request(...call)).status).toBe(200)
      pass(1)
      const response = await app.request(...call)
      expect(await answerTo(response)).toEqual({
        status: 401,
        error: { field: 'X-CoPilot-Timestamp', reason: 'clock-skew', serverTime: toldAt + 30_001 },
      })
      expect(response.headers.get('x-copilot-time')).toBe(String(toldAt + 30_001))
      expect((await sender.get('?after=0&wait=0')).status).toBe(200)
    })

    test('a body over 256 KiB, and says its time even then', async () => {
      const { sender } = world()
      const large = await sender.post('x'.repeat(256 * 1024 + 1))
      expect(large.headers.get('x-copilot-time')).toBe(String(toldAt + 5))
      expect(await answerTo(large)).toEqual({ status: 413, error: { field: 'body', reason: 'body-too-large' } })
      expect((await sender.post('x'.repeat(256 * 1024))).status).toBe(400)
    })

    test.each([
      ['?after=0', 'wait', 'not-a-wait'],
      ['?after=0&wait=31', 'wait', 'not-a-wait'],
      ['?after=-1&wait=1', 'after', 'not-an-id'],
      ['?wait=1', 'after', 'not-an-id'],
      ['?after=0&wait=1&mood=2', 'mood', 'unknown-field'],
    ])('the question %s', async (query, field, reason) => {
      expect(await answerTo(await world().sender.get(query))).toEqual({ status: 400, error: { field, reason } })
    })
  })
})
