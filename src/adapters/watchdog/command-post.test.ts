import { beforeEach, expect, test } from 'vitest'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { signCommand } from '../ninjatrader/signature.ts'
import { createCommandPost } from './command-post.ts'

const token = 'a watchdog token'
let hand: ReturnType<typeof createHandClock>
let words: string[]
let post: ReturnType<typeof createCommandPost>
const openPost = (armed = true): void => {
  hand = createHandClock(0)
  words = []
  post = createCommandPost({
    token,
    armed,
    wall: hand.clock.wall,
    schedule: hand.schedule,
    onWord: (text) => words.push(text),
  })
}
beforeEach(() => openPost())

const { signal } = new AbortController()
const poll = (after = 0, waitMs = 0, bridge = 'pc-1') => post.outbox.poll({ bridge, after, waitMs, signal })
const tell = (events: readonly unknown[], bridge = 'pc-1') =>
  post.inbox.take(
    bridge,
    new TextEncoder().encode(
      JSON.stringify({ v: 1, bridge: 'pc-1', boot: '2026-11-20T09:00:00.123Z', batch: 4, sentAt: 1, events }),
    ),
  )
const result = (command: string, state: string) => ({
  id: 'r-1',
  at: Date.UTC(2026, 10, 20),
  kind: 'commandResult',
  command,
  state,
})

const first = {
  id: 'w-1000000',
  number: 1_000_000,
  kind: 'flattenAll',
  account: '',
  issuedAt: 1_000_000,
  expiresAt: 1_010_000,
} as const

test('while the terminal lives nothing is asked', async () => {
  expect(await poll()).toEqual([])
})

test('not armed, nothing is asked when it is dead', async () => {
  openPost(false)
  post.setDead(true)
  expect(await poll()).toEqual([])
  expect(words).toEqual([])
})

test('when it is dead every account is flattened, by one signed command', async () => {
  post.setDead(true)
  expect(await poll()).toEqual([{ ...first, signature: signCommand(token, first) }])
  expect(words).toEqual(['w-1000000: pc-1 is asked to flatten every account'])
})

test('a bridge that waits is answered at the death', async () => {
  const waiting = poll(0, 25_000)
  post.setDead(true)
  expect(await waiting).toHaveLength(1)
  expect(hand.pending()).toBe(0)
})

test('a bridge that waits in vain is let go, and so is one that hangs up', async () => {
  const waiting = poll(0, 25_000)
  await hand.pass(25_000)
  expect(await waiting).toEqual([])
  const line = new AbortController()
  const other = post.outbox.poll({ bridge: 'pc-1', after: 0, waitMs: 25_000, signal: line.signal })
  line.abort()
  post.setDead(true)
  expect(await other).toEqual([])
  expect(hand.pending()).toBe(0)
})

test('once it was taken nothing more is asked, however long it stays dead', async () => {
  post.setDead(true)
  await poll()
  expect(await poll(1_000_000)).toEqual([])
  await hand.pass(3_600_000)
  expect(await poll(1_000_000)).toEqual([])
  expect(words).toHaveLength(1)
})

test('a result says that it was taken, too', async () => {
  post.setDead(true)
  await poll()
  expect(await tell([result('w-1000000', 'received'), result('w-1000000', 'failed')])).toMatchObject({
    answer: { batch: 4, accepted: 2 },
  })
  await hand.pass(60_000)
  expect(await poll(0)).toEqual([])
  expect(words.slice(1)).toEqual(['w-1000000: pc-1 says received', 'w-1000000: pc-1 says failed'])
})

test('an answer that was lost is given again, the same; a new one only when the first cannot be obeyed any more', async () => {
  post.setDead(true)
  await poll()
  await hand.pass(9_000)
  expect((await poll()).map(({ id }) => id)).toEqual(['w-1000000'])
  await hand.pass(3_000)
  expect(await poll()).toEqual([])
  await hand.pass(3_000)
  expect((await poll()).map(({ id }) => id)).toEqual(['w-1015000'])
})

test('the number is above every one the bridge has seen, though the clock was set back', async () => {
  post.setDead(true)
  expect((await poll(5_000_000)).map(({ number }) => number)).toEqual([5_000_001])
})

test('a terminal that lives again and dies again is flattened for once more', async () => {
  post.setDead(true)
  await poll()
  post.setDead(false)
  expect(await poll(1_000_000)).toEqual([])
  await hand.pass(1)
  post.setDead(true)
  expect((await poll(1_000_000)).map(({ id }) => id)).toEqual(['w-1000001'])
})

test('a result that is sent again is told once', async () => {
  post.setDead(true)
  await poll()
  for (const state of ['working', 'working', 'done', 'done']) await tell([result('w-1000000', state)])
  expect(words.slice(1)).toEqual(['w-1000000: pc-1 says working', 'w-1000000: pc-1 says done'])
})

test('what is no result is rejected, and what is no batch refused', async () => {
  expect(await tell([{ id: 'x', at: 1, kind: 'heartbeat' }])).toMatchObject({
    answer: { accepted: 0, rejected: [{ index: 0, reason: 'unknown-kind', field: 'kind' }] },
  })
  expect(await tell([], 'pc-2')).toEqual({ ok: false, status: 400, field: 'bridge', reason: 'bridge-differs' })
  expect(await post.inbox.take('pc-1', new Uint8Array([123]))).toMatchObject({ ok: false, status: 400, field: 'body' })
})
