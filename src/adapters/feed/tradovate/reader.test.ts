import { expect, test } from 'vitest'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createContractIds } from './contracts.ts'
import { createReader } from './reader.ts'

const never = new AbortController().signal
const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5))

type Reply = readonly [status: number, body: unknown]

const world = (replies: readonly Reply[]) => {
  const hand = createHandClock(0)
  const left = [...replies]
  const asked: string[] = []
  const discarded: string[] = []
  let serial = 1
  const read = createReader({
    restUrl: 'https://vendor.invalid/v1',
    session: {
      token: async () => ({ ok: true, access: `access-${serial}`, marketData: '', userId: 1, expiresAt: 0 }),
      discard: (access) => {
        discarded.push(access)
        serial++
      },
      words: String,
      close: () => {},
    },
    fetch: async (url, init) => {
      const { pathname, search } = new URL(String(url))
      asked.push(`${new Headers(init?.headers).get('authorization')} ${pathname}${search}`)
      const reply = left.shift() ?? [500, {}]
      return new Response(JSON.stringify(reply[1]), { status: reply[0] })
    },
    schedule: hand.schedule,
    random: () => 1,
  })
  return { hand, asked, discarded, read }
}

test('a contract’s number is asked once, and only an answer about that contract is taken', async () => {
  const { read, asked } = world([
    [200, { id: 9, name: 'MNQH7' }],
    [200, { id: 3570918, name: 'MNQZ6', contractMaturityId: 1 }],
  ])
  const ids = createContractIds(read)
  const contract = { id: 'MNQ', year: 2026, month: 12 } as const
  expect(await ids(contract, never)).toEqual({ ok: false, reason: 'garbage', detail: 'Tradovate does not know MNQZ6' })
  expect(await ids(contract, never)).toEqual({ ok: true, value: 3570918 })
  expect(await ids(contract, never)).toEqual({ ok: true, value: 3570918 })
  expect(asked).toEqual(Array.from({ length: 2 }, () => 'Bearer access-1 /v1/contract/find?name=MNQZ6'))
})

test('penalty, back-off and a lost session are got over, each once', async () => {
  const { hand, read, asked, discarded } = world([
    [200, { 'p-ticket': 'T 1', 'p-time': 7, 'p-captcha': false }],
    [429, {}],
    [401, { errorText: 'Expired Access Token' }],
    [200, { id: 1 }],
  ])
  const answer = read('/contract/item', { id: '1' }, never)
  await turn()
  await hand.pass(7_000)
  await turn()
  await hand.pass(9_999)
  await turn()
  expect(asked).toHaveLength(2)
  await hand.pass(1)
  expect(await answer).toEqual({ ok: true, value: { id: 1 } })
  expect(asked.at(-1)).toBe('Bearer access-2 /v1/contract/item?id=1&p-ticket=T+1')
  expect(discarded).toEqual(['access-1'])
  expect(hand.pending()).toBe(0)
})

test.each<[Reply, string, string]>([
  [[403, { errorText: 'no' }], 'not-entitled', 'Tradovate denies this. no'],
  [[404, { errorText: 'contract not found' }], 'garbage', 'Tradovate answers 404. contract not found'],
  [[200, { errorText: 'odd' }], 'garbage', 'Tradovate answers 200. odd'],
  [
    [200, { 'p-ticket': 'T', 'p-time': 1, 'p-captcha': true }],
    'unavailable',
    'Tradovate wants a captcha answered, which only its own site can show: waiting one hour',
  ],
])('%j is %s', async (reply, reason, detail) => {
  const { read, asked } = world([reply])
  expect(await read('/contract/item', {}, never)).toEqual({ ok: false, reason, detail })
  expect(asked).toHaveLength(1)
})

test('a server that fails five times is given up, and what is called off ends at once', async () => {
  const { hand, read, asked } = world([])
  const answer = read('/contract/item', {}, never)
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000]) {
    await turn()
    await hand.pass(wait)
  }
  expect(await answer).toEqual({ ok: false, reason: 'unavailable', detail: 'Tradovate does not answer' })
  expect(asked).toHaveLength(5)

  const stop = new AbortController()
  const stopped = read('/contract/item', {}, stop.signal)
  await turn()
  stop.abort()
  expect(await stopped).toEqual({ ok: false, reason: 'stopped', detail: 'stopped' })
  expect(hand.pending()).toBe(0)
})
