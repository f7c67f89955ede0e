import fc from 'fast-check'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { Db } from '#src/adapters/db/connect.ts'
import { createCommandPost } from '#src/adapters/watchdog/command-post.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { apiKey, createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import { resultTold, toldAt } from '#src/testing/ninjatrader/told.ts'
import { quietFloor } from '#src/testing/quiet-floor.ts'
import { isNamed, type Json, spoilt } from '#src/testing/spoilt.ts'
import type { Env } from '../refusal.ts'
import { bridge, requireBridge } from './bridge.ts'
import { kill } from './kill.ts'
import { lockout } from './lockout.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 1_000)
const wall = (): number => toldAt
const fieldOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { readonly error: { readonly field: string } }).error.field

/** The web without a database: whatever got as far as one would break. */
const openWeb = () => {
  const web = createBridgeApp({ db: {} as Db, wall, picture: {} })
  return { ...web, sender: createSender({ ask: web.app.request, token, wall }) }
}

const noNumber = fc
  .oneof(
    fc.constantFrom('', '-1', '+1', '1.5', '1e3', ' 1', '1 ', '0x10', '٣', 'null', '\u0000', '1'.repeat(16)),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  .filter((text) => !/^\d{1,15}$/.test(text))
const stranger = fc.constantFrom('mood', 'constructor', 'After', 'wait[]', 'кот')
/** What a bridge may never ask for commands with. */
const spoiltQuery = fc.oneof(
  noNumber.map((after) => ({ after, wait: '0' })),
  noNumber.map((wait) => ({ after: '0', wait })),
  fc.integer({ min: 31, max: 1e9 }).map((wait) => ({ after: '0', wait: `${wait}` })),
  fc.constantFrom({ after: '0' }, { wait: '0' }, {}),
  stranger.map((name) => ({ after: '0', wait: '0', [name]: '1' })),
)
const written = (query: Readonly<Record<string, string>>): string => `?${new URLSearchParams(Object.entries(query))}`

test(`a spoilt question for commands is refused by a field, ${runs} times, and waits for nothing`, async () => {
  const { sender, errors } = openWeb()
  await fc.assert(
    fc.asyncProperty(spoiltQuery, async (query) => {
      const response = await sender.get(written(query))
      expect(response.status).toBe(400)
      expect(['after', 'wait', ...Object.keys(query)]).toContain(await fieldOf(response))
    }),
    { numRuns: runs },
  )
  expect(errors).toEqual([])
})

describe('the older route', () => {
  const query = fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ maxLength: 40 })).map(written)
  const method = fc.constantFrom('GET', 'DELETE')

  test(`lets nobody read or forget with another key, ${runs} times`, async () => {
    const { app, legacy, errors } = openWeb()
    const key = fc.stringMatching(/^[!-~]{0,60}$/).filter((text) => text !== apiKey)
    await fc.assert(
      fc.asyncProperty(method, key, query, async (how, given, asked) => {
        const response = await app.request(`/positions/${asked}`, { method: how, headers: { 'x-api-key': given } })
        // Who changes something names a page or has the key.
        expect(response.status).toBe(how === 'DELETE' ? 403 : 401)
        expect(isNamed(await fieldOf(response))).toBe(true)
      }),
      { numRuns: runs },
    )
    expect([legacy.forgotten, errors]).toEqual([0, []])
  })

  test(`reads and forgets the same whatever is asked beside it, ${runs} times`, async () => {
    const { app, legacy, errors } = openWeb()
    let forgotten = 0
    await fc.assert(
      fc.asyncProperty(method, query, fc.string({ maxLength: 200 }), async (how, asked, body) => {
        const more = how === 'DELETE' ? { body } : {}
        const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }
        const { status } = await app.request(`/positions/${asked}`, { method: how, headers, ...more })
        // Without an engine nothing is known to read.
        expect(status).toBe(how === 'DELETE' ? 204 : 503)
        if (how === 'DELETE') forgotten++
      }),
      { numRuns: runs },
    )
    expect([legacy.forgotten, errors]).toEqual([forgotten, []])
  })
})

test(`a watchdog takes no spoilt batch and no spoilt question for a word, ${runs} times each`, async () => {
  const words: string[] = []
  const errors: unknown[] = []
  const { schedule } = createHandClock(0)
  const post = createCommandPost({ token, armed: true, wall, schedule, onWord: (text) => words.push(text) })
  const app = new Hono<Env>().use(requireBridge(token, wall)).route('/', bridge({ token, ...post }))
  app.onError((error, c) => {
    errors.push(error)
    return c.text('', 500)
  })
  const sender = createSender({ ask: app.request, token, wall })
  post.setDead(true)
  const batch: Json = JSON.parse(sender.body(4, [resultTold('8', 'w-1', 'failed', { reason: 'not-flat' })]))
  await fc.assert(
    fc.asyncProperty(spoilt(batch), async (body) => {
      const response = await sender.post(body)
      if (response.status === 200) expect(await response.json()).toMatchObject({ accepted: 0 })
      else expect([response.status, isNamed(await fieldOf(response))]).toEqual([400, true])
    }),
    { numRuns: runs },
  )
  await fc.assert(
    fc.asyncProperty(spoiltQuery, async (query) => {
      expect((await sender.get(written(query))).status).toBe(400)
    }),
    { numRuns: runs },
  )
  expect([words, errors]).toEqual([[], []])
})

describe('the ways out', () => {
  const paths = [
    '/kill',
    '/accounts/Sim101/flatten',
    '/accounts/Sim101/cancel',
    '/accounts/Sim101/adoption',
    '/lockout',
  ]
  const kinds = [
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
  ]
  const almost = [
    '{"confirmed":"YES"}',
    '{"confirmed":1}',
    '{"confirmed":["yes"]}',
    'confirmed=no',
    'confirmed[]=yes',
    '',
  ]
  const body = fc.oneof(fc.constantFrom(...almost), fc.json(), fc.string({ unit: 'binary', maxLength: 200 }))

  test(`are taken by nobody who has not said yes, whatever else he sends, ${runs} times`, async () => {
    const done: string[] = []
    const errors: unknown[] = []
    const note = (what: string) => async () => {
      done.push(what)
      return { ok: true } as const
    }
    const acts = { kill: note('kill'), flatten: note('flatten'), cancelAll: note('cancel'), adopt: note('adopt') }
    const lock: typeof quietFloor.lock = async (asked, who) => {
      done.push('lock')
      return quietFloor.lock(asked, who)
    }
    const app = new Hono<Env>().route('/', kill(acts)).route('/', lockout({ lock }))
    app.onError((error, c) => {
      errors.push(error)
      return c.text('', 500)
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.constantFrom(...kinds), body, async (path, kind, text) => {
        const response = await app.request(path, { method: 'POST', body: text, headers: { 'content-type': kind } })
        // A form is led to the page that asks, a program hears what is wrong.
        expect(response.status).toBeOneOf([303, 422])
        if (response.status === 422) expect(await fieldOf(response)).toBeTypeOf('string')
      }),
      { numRuns: runs },
    )
    expect([done, errors]).toEqual([[], []])
    await app.request('/kill', { method: 'POST', body: new URLSearchParams({ confirmed: 'yes' }) })
    expect(done).toEqual(['kill'])
  })
})
