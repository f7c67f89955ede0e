import { expect, test } from 'vitest'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createTradovateSession } from './session.ts'

const minute = 60_000
const credentials = {
  name: 'trader',
  password: 'hunter2-hunter2',
  appId: 'FuturesCoPilot',
  appVersion: '1.0',
  cid: '123',
  secret: 'f03741b6-sec',
  deviceId: 'one-installation',
}

type Reply = readonly [status: number, body: unknown] | 'no answer'

/** A session whose time is moved by hand, and a vendor who says what is written down. */
const world = (replies: readonly Reply[]) => {
  const hand = createHandClock(0)
  const { wall } = hand.clock
  const left = [...replies]
  const asked: { path: string; body: unknown; authorization: string | null }[] = []
  const session = createTradovateSession({
    restUrl: 'https://vendor.invalid/v1',
    credentials,
    wall,
    schedule: hand.schedule,
    random: () => 1,
    fetch: async (url, init) => {
      asked.push({
        path: String(url).replace('https://vendor.invalid/v1', ''),
        body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
        authorization: new Headers(init?.headers).get('authorization'),
      })
      const reply = left.shift() ?? 'no answer'
      if (reply === 'no answer') throw new TypeError('fetch failed')
      return new Response(JSON.stringify(reply[1]), { status: reply[0] })
    },
  })
  const granted = (name: string, minutes: number): Reply => [
    200,
    {
      accessToken: `${name}-access`,
      mdAccessToken: `${name}-market`,
      expirationTime: new Date(wall() + minutes * minute).toISOString(),
      userStatus: 'Active',
      userId: 15460,
    },
  ]
  return { hand, session, asked, granted, say: (...more: readonly Reply[]) => void left.push(...more) }
}

test('one request serves everybody who asks at once, with the credentials as the vendor names them', async () => {
  const { session, asked, granted, say } = world([])
  say(granted('first', 80))
  const answers = await Promise.all([session.token(), session.token(), session.token()])
  expect(answers.map((answer) => answer.ok && answer.marketData)).toEqual([
    'first-market',
    'first-market',
    'first-market',
  ])
  expect(asked).toEqual([
    {
      path: '/auth/accesstokenrequest',
      authorization: null,
      body: {
        name: 'trader',
        password: 'hunter2-hunter2',
        appId: 'FuturesCoPilot',
        appVersion: '1.0',
        cid: '123',
        sec: 'f03741b6-sec',
        deviceId: 'one-installation',
      },
    },
  ])
})

test('it renews itself 15 minutes before the end and never opens a second session', async () => {
  const { hand, session, asked, granted, say } = world([])
  say(granted('first', 80))
  await session.token()
  await hand.pass(64 * minute)
  expect(asked).toHaveLength(1)
  say(granted('second', 80))
  await hand.pass(minute)
  expect(await session.token()).toMatchObject({ ok: true, access: 'second-access' })
  expect(asked.map(({ path, authorization }) => [path, authorization])).toEqual([
    ['/auth/accesstokenrequest', null],
    ['/auth/renewaccesstoken', 'Bearer first-access'],
  ])
})

test('a renewal that does not come through is tried each minute while the token is good, then a session is opened', async () => {
  const { hand, session, asked, granted, say } = world([])
  say(granted('first', 80))
  await session.token()
  for (let minutes = 65; minutes < 80; minutes++) {
    await hand.pass(minutes === 65 ? 65 * minute : minute)
    expect(await session.token()).toMatchObject({ access: 'first-access' })
  }
  expect(asked.filter(({ path }) => path === '/auth/renewaccesstoken')).toHaveLength(15)
  say('no answer', granted('second', 80))
  await hand.pass(minute)
  expect(await session.token()).toMatchObject({ ok: true, access: 'second-access' })
})

test('a renewal the vendor denies opens a new session', async () => {
  const { hand, session, granted, say } = world([])
  say(granted('first', 80))
  await session.token()
  say([401, { errorText: 'Expired Access Token' }], granted('second', 80))
  await hand.pass(65 * minute)
  expect(await session.token()).toMatchObject({ ok: true, access: 'second-access' })
})

test('a refused login is told without any secret and tried three times an hour, however often it is asked', async () => {
  const { hand, session, asked } = world(
    Array.from({ length: 100 }, (): Reply => [200, { errorText: 'No: hunter2-hunter2\nand f03741b6-sec' }]),
  )
  for (let seconds = 0; seconds < 3_600; seconds += 10) {
    expect(await session.token()).toMatchObject({
      ok: false,
      reason: 'bad-key',
      detail: 'Tradovate refuses the login: No: ••• and •••',
    })
    await hand.pass(10_000)
  }
  expect(asked).toHaveLength(3)
})

test('a time penalty is served, and the same body sent again with its ticket', async () => {
  const { hand, session, asked, granted, say } = world([[200, { 'p-ticket': 'T1', 'p-time': 15, 'p-captcha': false }]])
  say(granted('first', 80))
  const token = session.token()
  await new Promise(setImmediate)
  await hand.pass(14_000)
  expect(asked).toHaveLength(1)
  await hand.pass(1_000)
  expect(await token).toMatchObject({ ok: true })
  expect(asked[1]?.body).toEqual({ ...(asked[0]?.body as object), 'p-ticket': 'T1' })
})

test('a captcha rests the login for an hour', async () => {
  const { hand, session, asked, granted, say } = world([[200, { 'p-ticket': 'T1', 'p-time': 15, 'p-captcha': true }]])
  say(granted('first', 80))
  expect(await session.token()).toMatchObject({
    ok: false,
    reason: 'unavailable',
    detail: expect.stringContaining('captcha'),
  })
  await hand.pass(59 * minute)
  expect((await session.token()).ok).toBe(false)
  expect(asked).toHaveLength(1)
  await hand.pass(minute)
  expect((await session.token()).ok).toBe(true)
})

test.each([
  { reply: [429, {}], waitMs: 30_000, detail: 'Tradovate asks for fewer requests' },
  { reply: 'no answer', waitMs: 1_000, detail: 'Tradovate does not answer' },
  { reply: [503, {}], waitMs: 1_000, detail: 'Tradovate answers with an error of its own (503)' },
  {
    reply: [307, {}],
    waitMs: 300_000,
    detail: 'the account lives on another host of Tradovate: live and demo are two',
  },
  {
    reply: [200, { userStatus: 'TemporaryLocked' }],
    waitMs: 60 * minute,
    detail: 'the account with Tradovate is not active: TemporaryLocked',
  },
  { reply: [200, { hello: 1 }], waitMs: 20 * minute, detail: 'the answer to the login cannot be read' },
] satisfies { reply: Reply; waitMs: number; detail: string }[])(
  '$detail: nothing is asked for $waitMs ms',
  async ({ reply, waitMs, detail }) => {
    const { hand, session, asked, granted, say } = world([reply])
    say(granted('first', 80))
    expect(await session.token()).toMatchObject({ ok: false, detail, retryAt: 1_000_000 + waitMs })
    await hand.pass(waitMs - 1)
    expect((await session.token()).ok).toBe(false)
    expect(asked).toHaveLength(1)
    await hand.pass(1)
    expect((await session.token()).ok).toBe(true)
  },
)

test('back-offs grow up to ten minutes', async () => {
  const { hand, session } = world(Array.from({ length: 20 }, (): Reply => [429, {}]))
  const waits: number[] = []
  for (let tries = 0; tries < 7; tries++) {
    const answer = await session.token()
    if (answer.ok) throw new Error('no token was expected')
    waits.push(answer.retryAt - hand.clock.wall())
    await hand.pass(answer.retryAt - hand.clock.wall())
  }
  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000])
})

test('a session that was taken away is opened anew no sooner than a minute after the last', async () => {
  const { hand, session, asked, granted, say } = world([])
  say(granted('first', 80), granted('second', 80))
  await session.token()
  session.discard('first-access')
  expect(await session.token()).toMatchObject({ ok: false, retryAt: 1_060_000 })
  expect(asked).toHaveLength(1)
  await hand.pass(minute)
  expect(await session.token()).toMatchObject({ ok: true, access: 'second-access' })
})

test('closed, it leaves no timer behind and asks nothing', async () => {
  const { hand, session, asked, granted, say } = world([])
  say(granted('first', 80))
  await session.token()
  session.close()
  expect(hand.pending()).toBe(0)
  expect(await session.token()).toMatchObject({ ok: false, reason: 'stopped' })
  expect(asked).toHaveLength(1)
})
