import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { tickerOf } from './listing.ts'
import { key, listen, opening, startStandIn, type WireEvent } from './rehearsal.ts'

type StandIn = Awaited<ReturnType<typeof startStandIn>>

const fronts = focusInstruments.map((id) => tickerOf(frontContract(id, '2026-11-20')))

let massive: StandIn
beforeEach(async () => {
  massive = await startStandIn()
})
afterEach(() => massive.close())

/** A listener that has joined these channels. */
const joined = async (channels: string) => {
  const listener = await listen(massive.wsUrl)
  await listener.join(channels)
  return listener
}

/** Long enough for the stand-in to have told what it had to tell. */
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 120))

/** The bar of the opening minute, when it has come. */
const firstBar = (listener: Awaited<ReturnType<typeof listen>>): Promise<WireEvent> =>
  listener.until(() => listener.of('AM').find(({ s }) => s === opening))

describe('a conversation', () => {
  test('goes from connected to the status of every channel, each in a frame of its own', async () => {
    const listener = await listen(massive.wsUrl)
    await listener.until(() => listener.frames.length === 1)
    await listener.join('AM.MGCZ6,T.MGCZ6')
    listener.say('unsubscribe', 'T.MGCZ6')
    await listener.until(() => listener.frames.length === 5)
    expect(listener.frames).toEqual([
      '[{"ev":"status","status":"connected","message":"Connected Successfully"}]',
      '[{"ev":"status","status":"auth_success","message":"authenticated"}]',
      '[{"ev":"status","status":"success","message":"subscribed to: AM.MGCZ6"}]',
      '[{"ev":"status","status":"success","message":"subscribed to: T.MGCZ6"}]',
      '[{"ev":"status","status":"success","message":"unsubscribed to: T.MGCZ6"}]',
    ])
  })

  test('a subscription before the key is passed over', async () => {
    const listener = await listen(massive.wsUrl)
    listener.say('subscribe', 'AM.MGCZ6')
    await listener.join('AM.MCLF7')
    massive.moveTo(opening + 90_000)
    await firstBar(listener)
    expect([new Set(listener.of('AM').map(({ sym }) => sym)), massive.counts().tooEarly]).toEqual([
      new Set(['MCLF7']),
      1,
    ])
  })

  test('nothing is told of what was before the subscription', async () => {
    massive.moveTo(opening + 3_630_000)
    const listener = await joined('AM.*,T.MGCZ6')
    massive.moveTo(opening + 3_665_000)
    await listener.until(() => listener.of('AM').length >= 6)
    expect(new Set(listener.of('AM').map(({ s }) => s))).toEqual(new Set([opening + 3_600_000]))
    expect(Math.min(...listener.of('T').map(({ t }) => Number(t)))).toBeGreaterThan(opening + 3_630_000)
  })

  test('frames mix kinds and hold at most a hundred events', async () => {
    const listener = await joined('T.*,Q.*,A.*,AM.*')
    massive.moveTo(opening + 180_000)
    await listener.until(() => listener.of('AM').length >= 12)
    const frames = listener.frames.map((frame) => JSON.parse(frame) as readonly WireEvent[])
    expect(Math.max(...frames.map((events) => events.length))).toBe(100)
    expect(frames.some((events) => new Set(events.map(({ ev }) => ev)).size >= 3)).toBe(true)
  })

  test('a newcomer takes the place: the older one is told and closed with 1008', async () => {
    const older = await joined('AM.*')
    const newcomer = await joined('AM.*')
    expect(await older.closed).toBe(1008)
    expect(older.statuses().at(-1)).toMatch(/^max_connections: Maximum number of websocket connections exceeded/)
    massive.moveTo(opening + 61_000)
    await newcomer.until(() => newcomer.of('AM').length >= 6)
    expect([older.of('AM').length, massive.counts().kicked]).toEqual([0, 1])
  })

  test('a ping is answered', async () => {
    const { socket } = await joined('AM.*')
    const pong = new Promise((heard) => socket.once('pong', heard))
    socket.ping()
    await pong
  })

  test('what makes no sense is answered with an error and ends nothing', async () => {
    const listener = await joined('AM.MGCZ6')
    listener.socket.send('nonsense')
    listener.say('subscribe', 'X.MGCZ6')
    listener.say('dance', '')
    await listener.until(() => listener.statuses().length === 6)
    expect(listener.statuses().slice(3)).toEqual([
      'error: invalid message',
      'error: invalid params',
      'error: unknown action',
    ])
  })
})

test('minutes told live are the fold of the trades told and the minutes of history, for six markets and an hour', async () => {
  const listener = await joined('T.*,AM.*')
  for (let minute = 10; minute <= 60; minute += 10) massive.moveTo(opening + minute * 60_000 + 1_000)
  const barsOf = (front: string) => listener.of('AM').filter(({ sym, s }) => sym === front && Number(s) >= opening)
  await listener.until(() => fronts.every((front) => barsOf(front).at(-1)?.['s'] === opening + 59 * 60_000))
  for (const front of fronts) {
    const told = barsOf(front)
    const folded = new Map<number, { o: number; h: number; l: number; c: number; v: number; n: number; dv: number }>()
    for (const { sym, p, s, t } of listener.of('T')) {
      if (sym !== front) continue
      const [price, size, minute] = [Number(p), Number(s), Number(t) - (Number(t) % 60_000)]
      const bar = folded.get(minute) ?? { o: price, h: price, l: price, c: price, v: 0, n: 0, dv: 0 }
      folded.set(minute, {
        o: bar.o,
        h: Math.max(bar.h, price),
        l: Math.min(bar.l, price),
        c: price,
        v: bar.v + size,
        n: bar.n + 1,
        dv: bar.dv + price * size,
      })
    }
    const { body } = await massive.get(
      `aggs/${front}?resolution=1min&sort=window_start.asc&window_start.gte=${opening}000000&limit=60`,
    )
    expect(body.results).toHaveLength(told.length)
    told.forEach(({ o, h, l, c, v, n, dv, s, e }, i) => {
      const row = body.results[i]
      expect([o, h, l, c, v, n, dv, Number(s) * 1e6]).toEqual(
        ['open', 'high', 'low', 'close', 'volume', 'transactions', 'dollar_volume', 'window_start'].map(
          (name) => row?.[name],
        ),
      )
      const bar = folded.get(Number(s))
      expect([o, h, l, c, v, n, e]).toEqual([bar?.o, bar?.h, bar?.l, bar?.c, bar?.v, bar?.n, Number(s) + 60_000])
      expect(dv).toBeCloseTo(bar?.dv ?? 0, 2)
    })
  }
})

describe('plans', () => {
  const withPlan = async (plan: 'starter' | 'developer') => {
    await massive.close()
    massive = await startStandIn({ plan })
  }

  test('a starter on the real-time host is accepted, then shown to the delayed one', async () => {
    await withPlan('starter')
    const listener = await joined('AM.MGCZ6')
    expect(listener.statuses().slice(1)).toEqual([
      'auth_success: authenticated',
      `error: You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at ${massive.delayedUrl}`,
    ])
  })

  test.each([
    ['starter', ['A', 'AM'], ['T', 'Q']],
    ['developer', ['A', 'AM', 'T'], ['Q']],
  ] as const)('a %s has %j and not %j', async (plan, has, lacks) => {
    await withPlan(plan)
    const listener = await listen(massive.delayedUrl)
    await listener.join([...has, ...lacks].map((kind) => `${kind}.MGCZ6`).join(','))
    expect(listener.statuses().slice(2)).toEqual([
      ...has.map((kind) => `success: subscribed to: ${kind}.MGCZ6`),
      ...lacks.map(() => 'error: not authorized'),
    ])
  })

  test('the delayed host is 604 seconds behind', async () => {
    await withPlan('developer')
    const listener = await listen(massive.delayedUrl)
    await listener.join('T.*,AM.*')
    massive.moveTo(opening + 120_000)
    await listener.until(() => listener.of('AM').length >= 6)
    const times = listener.of('T').map(({ t }) => Number(t))
    expect(Math.min(...times)).toBeGreaterThan(opening - 604_000)
    expect(Math.max(...times)).toBeLessThanOrEqual(opening + 120_000 - 604_000)
  })
})

describe('faults of the live feed', () => {
  test('a refused key', async () => {
    massive.inject({ kind: 'auth-refused' })
    const listener = await listen(massive.wsUrl)
    listener.say('auth', key)
    expect(await listener.closed).toBe(1008)
    expect(listener.statuses().at(-1)).toBe('auth_failed: authentication failed')
  })

  test('a wrong key', async () => {
    const listener = await listen(massive.wsUrl)
    listener.say('auth', 'wrong')
    await listener.closed
    expect(listener.statuses().at(-1)).toBe('auth_failed: authentication failed')
  })

  test('a key that is never judged', async () => {
    massive.inject({ kind: 'auth-timeout', afterMs: 30 })
    const listener = await listen(massive.wsUrl)
    listener.say('auth', key)
    expect(await listener.closed).toBe(1008)
    expect(listener.statuses().at(-1)).toBe('auth_timeout: authentication timed out')
  })

  test('a plan that lacks quotes', async () => {
    massive.inject({ kind: 'not-entitled', channels: ['Q'] })
    const listener = await joined('T.MGCZ6,Q.MGCZ6')
    expect(listener.statuses().slice(2)).toEqual(['success: subscribed to: T.MGCZ6', 'error: not authorized'])
  })

  test('a program that fights for the place, and a kick by hand', async () => {
    massive.inject({ kind: 'kicked', afterMs: 20 })
    const first = await listen(massive.wsUrl)
    first.say('auth', key)
    expect(await first.closed).toBe(1008)
    massive.clear()
    const second = await joined('AM.*')
    massive.kick()
    expect(await second.closed).toBe(1008)
    expect(second.statuses().at(-1)).toMatch(/^max_connections/)
  })

  test('a stall: silence while pings are answered; what happened meanwhile is lost', async () => {
    const listener = await joined('AM.MGCZ6')
    massive.inject({ kind: 'stalled' })
    massive.moveTo(opening + 61_000)
    await settle()
    const pong = new Promise((heard) => listener.socket.once('pong', heard))
    listener.socket.ping()
    await pong
    massive.clear()
    massive.moveTo(opening + 121_000)
    await listener.until(() => listener.of('AM').length === 1)
    expect(listener.of('AM')[0]?.['s']).toBe(opening + 60_000)
  })

  test('a half-open connection: no word, no pong, no end; a new one works', async () => {
    const frozen = await joined('AM.MGCZ6')
    massive.inject({ kind: 'half-open' })
    let heard = 0
    frozen.socket.on('pong', () => heard++)
    frozen.socket.ping()
    massive.moveTo(opening + 61_000)
    await settle()
    expect([heard, frozen.of('AM').length, frozen.socket.readyState]).toEqual([0, 0, 1])
    const fresh = await joined('AM.MGCZ6')
    massive.moveTo(opening + 121_000)
    await fresh.until(() => fresh.of('AM').length > 0)
    expect(frozen.socket.readyState).toBe(1)
    frozen.socket.terminate()
  })

  test('late bars', async () => {
    const listener = await joined('AM.MGCZ6,T.MGCZ6')
    massive.inject({ kind: 'late-bars', byMs: 30_000 })
    massive.moveTo(opening + 85_000)
    await listener.until(() => listener.of('T').length > 0)
    await settle()
    expect(listener.of('AM').map(({ s }) => s)).toEqual([opening - 60_000])
    massive.moveTo(opening + 91_000)
    await firstBar(listener)
  })

  test('every bar twice', async () => {
    const listener = await joined('AM.MGCZ6')
    massive.inject({ kind: 'duplicate-bars' })
    massive.moveTo(opening + 61_000)
    const bar = await firstBar(listener)
    await settle()
    expect(listener.of('AM').filter(({ s }) => s === opening)).toEqual([bar, bar])
  })

  test('trades out of order, none of them lost', async () => {
    const listener = await joined('T.MGCZ6,AM.MGCZ6')
    massive.inject({ kind: 'reordered-trades', withinMs: 2_000 })
    massive.moveTo(opening + 60_500)
    const bar = await firstBar(listener)
    massive.moveTo(opening + 64_000)
    await settle()
    const first = listener.of('T').filter(({ t }) => Number(t) < opening + 60_000)
    const numbers = first.map(({ q }) => Number(q))
    expect(first).toHaveLength(Number(bar['n']))
    expect(numbers).not.toEqual(numbers.toSorted((a, b) => a - b))
  })

  test('prices as strings', async () => {
    massive.inject({ kind: 'strings' })
    const listener = await joined('AM.MGCZ6')
    massive.moveTo(opening + 61_000)
    const bar = await firstBar(listener)
    expect(['o', 'h', 'l', 'c', 'dv', 'v', 'n', 's'].map((name) => typeof bar[name])).toEqual([
      ...Array.from({ length: 5 }, () => 'string'),
      ...Array.from({ length: 3 }, () => 'number'),
    ])
  })

  test('garbage among good frames', async () => {
    const listener = await joined('AM.MGCZ6')
    massive.inject({ kind: 'garbage', perSecond: 200 })
    await listener.until(() => listener.frames.length > 60)
    massive.clear()
    massive.moveTo(opening + 61_000)
    await listener.until(() => listener.events.some((event) => event?.['sym'] === 'MGCZ6' && event['s'] === opening))
    expect(listener.frames).toContain('(bytes)')
    expect(listener.frames).toContain('null')
    expect(Math.max(...listener.frames.map((frame) => frame.length))).toBeGreaterThan(1_000_000)
  })

  test('a storm closes connections at random', async () => {
    massive.inject({ kind: 'storm', perSecond: 40 })
    const codes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const listener = await listen(massive.wsUrl)
        listener.say('auth', key)
        return listener.closed
      }),
    )
    expect(new Set(codes).size).toBeGreaterThan(1)
  })

  test('a burst multiplies the quotes and leaves the trades alone', async () => {
    const listener = await joined('T.MGCZ6,Q.MGCZ6,AM.MGCZ6')
    massive.inject({ kind: 'burst', times: 10 })
    massive.moveTo(opening + 61_000)
    await firstBar(listener)
    await settle()
    const distinct = new Set(listener.of('Q').map((quote) => JSON.stringify(quote))).size
    expect(listener.of('Q').length).toBe(10 * distinct)
    expect(new Set(listener.of('T').map(({ q }) => q)).size).toBe(listener.of('T').length)
  })

  test('a skewed clock moves the times of trades and quotes, not those of the bars', async () => {
    massive.inject({ kind: 'clock-skew', byMs: 86_400_000 })
    const listener = await joined('T.MGCZ6,Q.MGCZ6,AM.MGCZ6')
    massive.moveTo(opening + 61_000)
    await firstBar(listener)
    const times = [...listener.of('T'), ...listener.of('Q')].map(({ t }) => Number(t))
    expect(Math.min(...times)).toBeGreaterThan(opening + 86_400_000)
  })

  test('a cut without a word', async () => {
    const listener = await joined('AM.MGCZ6')
    massive.drop()
    expect(await listener.closed).toBe(1006)
  })
})
