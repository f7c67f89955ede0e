import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createRecorder, gold } from '#src/testing/tradovate/rehearsal.ts'
import type { LineEnd } from '../line.ts'
import { type Answer, type Conversation, converse } from './conversation.ts'
import { createTradovateFeed } from './feed.ts'
import type { TradovateSession } from './session.ts'
import type { Member } from './socket.ts'
import { createTally } from './tally.ts'

const startAt = Date.UTC(2026, 10, 20, 14, 30)
const token = {
  ok: true,
  access: 'access',
  marketData: 'market',
  userId: 1,
  expiresAt: Number.POSITIVE_INFINITY,
} as const
const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate)
}

/** A conversation on a wire of paper. */
const talk = (member?: Partial<Member>) => {
  const hand = createHandClock(startAt)
  const sent: string[] = []
  const ends: LineEnd[] = []
  const discarded: string[] = []
  const tally = createTally()
  let ready: Conversation | undefined
  const session: TradovateSession = {
    token: async () => token,
    discard: (access) => void discarded.push(access),
    words: String,
    close: () => {},
  }
  const { talk, stop } = converse({
    wire: { send: (text) => void sent.push(text), end: (end) => void ends.push(end), settled: () => {} },
    session,
    use: ({ marketData }) => marketData,
    wall: hand.clock.wall,
    schedule: hand.schedule,
    random: () => 0,
    tally,
    onReady: (conversation) => {
      ready = conversation
      member?.onReady?.(conversation)
    },
    onEvent: (event, d, receivedTime) => member?.onEvent?.(event, d, receivedTime),
  })
  const hear = (text: string): void => talk.onText(text, hand.clock.wall())
  return {
    hand,
    sent,
    ends,
    discarded,
    tally,
    hear,
    talk,
    stop,
    asked: (): readonly string[] => sent.filter((text) => text !== '[]'),
    begin: async (): Promise<Conversation> => {
      hear('o')
      await settled()
      hear('a[{"s":200,"i":0}]')
      if (ready === undefined) throw new Error('not authorized')
      return ready
    },
  }
}

test('it authorizes with the token of the host, and beats every two and a half seconds from the first frame on', async () => {
  const { hand, sent, asked, begin, stop } = talk()
  await begin()
  expect(asked()).toEqual(['authorize\n0\n\nmarket'])
  for (let beats = 0; beats < 4; beats++) await hand.pass(2_500)
  expect(sent.filter((text) => text === '[]')).toHaveLength(5)
  stop()
  expect(hand.pending()).toBe(0)
})

test('a token that is not taken is given back', async () => {
  const { ends, discarded, hear } = talk()
  hear('o')
  await settled()
  hear('a[{"s":401,"i":0,"d":"Access is denied"}]')
  expect(discarded).toEqual(['access'])
  expect(ends).toEqual([{ reason: 'refused', detail: 'Tradovate did not take the access token', retry: 'backoff' }])
})

test('answers find their question in any order, and a question without one ends by itself', async () => {
  const { hand, hear, talk: running, begin } = talk()
  const { ask } = await begin()
  const answers: [string, Answer][] = []
  for (const name of ['one', 'two', 'three']) ask(name, {}, (answer) => void answers.push([name, answer]))
  hear('a[{"s":200,"i":2,"d":{"x":2}},{"s":404,"i":1,"d":"Not found: one"}]')
  await hand.pass(21_000)
  hear('h')
  running.onSecond?.(hand.clock.wall())
  expect(answers).toEqual([
    ['two', { ok: true, value: { x: 2 } }],
    ['one', { ok: false, reason: 'garbage', detail: 'Tradovate answers: Not found: one' }],
    ['three', { ok: false, reason: 'unavailable', detail: 'Tradovate left a request unanswered' }],
  ])
})

test('a penalty and a 429 are waited out; after five tries the question is given up', async () => {
  const { hand, hear, asked, begin } = talk()
  const { ask } = await begin()
  const answers: Answer[] = []
  ask('md/getChart', { symbol: 'MGCZ6' }, (answer) => void answers.push(answer))
  hear('a[{"s":200,"i":1,"d":{"p-ticket":"T","p-time":3,"p-captcha":false}}]')
  await hand.pass(2_999)
  expect(asked()).toHaveLength(2)
  await hand.pass(1)
  expect(asked().at(-1)).toBe('md/getChart\n2\n\n{"symbol":"MGCZ6","p-ticket":"T"}')
  for (const [i, wait] of [5_000, 10_000, 20_000].entries()) {
    hear(`a[{"s":429,"i":${i + 2}}]`)
    await hand.pass(wait)
  }
  hear('a[{"s":429,"i":5}]')
  expect(answers).toEqual([{ ok: false, reason: 'unavailable', detail: 'Tradovate left a request unanswered' }])
  ask('md/getChart', {}, (answer) => void answers.push(answer))
  hear('a[{"s":200,"i":6,"d":{"p-ticket":"T","p-time":3,"p-captcha":true}}]')
  expect(answers[1]).toMatchObject({ ok: false, detail: expect.stringContaining('captcha') })
})

test('quotes go on until everybody who asked for them has let go', async () => {
  const { asked, begin } = talk()
  const { subscribeQuote, unsubscribeQuote } = await begin()
  subscribeQuote('MGCZ6')
  subscribeQuote('MGCZ6')
  unsubscribeQuote('MGCZ6')
  expect(asked().some((text) => text.startsWith('md/unsubscribeQuote'))).toBe(false)
  unsubscribeQuote('MGCZ6')
  unsubscribeQuote('MGCZ6')
  expect(asked().filter((text) => text.startsWith('md/unsubscribeQuote'))).toHaveLength(1)
})

test.each([
  ['Maintenance', { reason: 'closed', detail: 'Tradovate is under maintenance: soon', retry: 'backoff' }],
  ['IPQuotaReached', { reason: 'kicked', retry: 60_000 }],
  ['ConnectionQuotaReached', { reason: 'kicked', retry: 60_000 }],
  ['Whatever', { reason: 'closed', detail: 'Tradovate shut the connection down: soon', retry: 'backoff' }],
])('a shutdown for %s ends the conversation once, and what was asked is answered', async (reasonCode, end) => {
  const { hear, ends, begin, hand } = talk()
  const { ask } = await begin()
  const answers: Answer[] = []
  ask('md/getChart', {}, (answer) => void answers.push(answer))
  hear(`a[{"e":"shutdown","d":{"reasonCode":"${reasonCode}","reason":"soon"}}]`)
  hear('c[3000,"Go away!"]')
  expect(ends).toEqual([expect.objectContaining(end)])
  ask('md/getChart', {}, (answer) => void answers.push(answer))
  expect(answers.map(({ ok }) => ok)).toEqual([false, false])
  expect(hand.pending()).toBe(0)
})

/** A feed on a wire of paper that listens to gold: chart 32, contract 7. */
const feedOnPaper = async (grain: 'tick' | 'bar' = 'tick') => {
  let member: Member | undefined
  const paper = talk({
    onReady: (conversation) => member?.onReady(conversation),
    onEvent: (event, d, receivedTime) => member?.onEvent(event, d, receivedTime),
  })
  const recorder = createRecorder()
  const feed = createTradovateFeed({
    socket: {
      join: (joined) => {
        member = joined
        return () => {}
      },
      state: () => ({ connections: 1, refused: paper.tally.read(), detail: '' }),
    },
    ids: async () => ({ ok: true, value: 7 }),
    contracts: [gold],
    clock: paper.hand.clock,
    schedule: paper.hand.schedule,
    vendor: true,
  })
  feed.start(recorder.sink)
  await paper.begin()
  await settled()
  const chart = '"d":{"historicalId":31,"realtimeId":32}'
  if (grain === 'tick') paper.hear(`a[{"s":200,"i":1,${chart}},{"s":200,"i":2,"d":{}}]`)
  else paper.hear(`a[{"s":401,"i":1,"d":"Access is denied"},{"s":200,"i":3,${chart}}]`)
  return { ...paper, ...recorder, feed, lose: () => member?.onWord?.('down', 'cut') }
}

const tickFrame = (id: number, price: number, at: number): string =>
  `a[{"e":"chart","d":{"charts":[{"id":32,"s":"db","td":20261120,"bp":${price * 10},"bt":${at},"ts":0.1,"tks":[{"t":0,"p":0,"s":1,"b":-1,"a":0,"bs":1,"as":1,"id":${id}}]}]}}]`
const quoteFrame = (bid: number, ask: number): string =>
  `a[{"e":"md","d":{"quotes":[{"timestamp":"2026-11-20T14:30:00.000Z","contractId":7,"entries":{"Bid":{"price":${bid},"size":1},"Offer":{"price":${ask}}}}]}}]`

test('a trade is told once however often it comes, history of the chart not at all, far from the clock neither', async () => {
  const { hand, hear, ticks, feed } = await feedOnPaper()
  hear(tickFrame(2, 4_100, startAt + 20))
  hear(tickFrame(1, 4_101, startAt + 10))
  hear(tickFrame(2, 4_100, startAt + 20))
  hear(tickFrame(3, 4_102, startAt - 25 * 3_600_000))
  hear(tickFrame(4, 4_103, startAt + 30).replace('"id":32', '"id":31'))
  expect(ticks).toEqual([])
  await hand.pass(60)
  expect(ticks.map(({ price }) => price)).toEqual([4_101, 4_100])
  expect(ticks[0]).toEqual({
    instrument: 'MGC',
    eventTime: startAt + 10,
    receivedTime: 1_000_000,
    price: 4_101,
    size: 1,
    contract: 202612,
    aggressor: 'buy',
  })
  expect(feed.status().refused).toEqual({ duplicate: 1, 'far-from-now': 1 })
  expect(feed.mode).toBe('LIVE')
})

test('a side the quote does not mention stays, an empty book forgets both, a crossed one is refused', async () => {
  const { hear, quotes, feed } = await feedOnPaper()
  const entries = (text: string): string => quoteFrame(1, 2).replace(/"entries":.*?\}\}\}/, `"entries":{${text}}}`)
  hear(quoteFrame(4_100, 4_100.2))
  hear(entries('"Bid":{"price":4100.1}'))
  hear(entries('"Bid":{"price":4100.3}'))
  hear(entries('"EmptyBook":{}'))
  hear(entries('"Offer":{"price":4101,"size":3}'))
  expect(quotes.map(({ bid, ask, bidSize, askSize }) => [bid, ask, bidSize, askSize])).toEqual([
    [4_100, 4_100.2, 1, 0],
    [4_100.1, 4_100.2, 1, 0],
  ])
  expect(feed.status().refused).toEqual({ crossed: 1 })
})

const barFrame = (time: string, close: number, volume: number): string =>
  `a[{"e":"chart","d":{"charts":[{"id":32,"td":20261120,"bars":[{"timestamp":"${time}","open":4100,"high":4109,"low":4099,"close":${close},"upVolume":${volume},"downVolume":0}]}]}}]`

test('a bar sent again as it grows is told once, whole, when its minute is over and before time passes it', async () => {
  const { hand, hear, bars, times, lose } = await feedOnPaper('bar')
  hear(barFrame('2026-11-20T14:30:00Z', 4_101, 5))
  await hand.pass(30_000)
  hear(barFrame('2026-11-20T14:30:00Z', 4_102, 9))
  await hand.pass(32_000)
  expect(bars).toEqual([])
  await hand.pass(600)
  expect(bars.map(({ bar }) => [bar.time, bar.close, bar.volume])).toEqual([[startAt, 4_102, 9]])
  expect(bars[0]?.toldAt).toBeLessThan(startAt + 60_000)
  expect(times.at(-1)).toBeGreaterThanOrEqual(startAt + 60_000)

  // A closed minute stays closed, and a later bar closes the one before it at once.
  hear(barFrame('2026-11-20T14:30:00Z', 4_103, 11))
  hear(barFrame('2026-11-20T14:31:00Z', 4_104, 2))
  hear(barFrame('2026-11-20T14:32:00Z', 4_105, 3))
  expect(bars.map(({ bar }) => bar.close)).toEqual([4_102, 4_104])

  // A bar still forming when the line is lost was never seen whole: nobody is told of it.
  lose()
  await hand.pass(300_000)
  expect(bars).toHaveLength(2)
})

const anything = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.json().map((json) => `a[${json}]`),
  fc
    .json()
    .map(
      (json) => `a[{"e":"md","d":{"quotes":[{"contractId":7,"timestamp":"2026-11-20T14:30:00Z","entries":${json}}]}}]`,
    ),
  fc
    .json()
    .map(
      (json) =>
        `a[{"e":"chart","d":{"charts":[{"id":32,"bp":${json},"bt":${startAt},"ts":0.1,"tks":[{"t":0,"p":0,"s":1,"id":${json}}]}]}}]`,
    ),
  fc.tuple(fc.nat(300), fc.string({ maxLength: 3 })).map(([at, text]) => {
    const frame = tickFrame(999, 4_100, startAt)
    return frame.slice(0, at) + text + frame.slice(at + 1)
  }),
)

test('ten thousand frames of anything never throw, and whatever still comes through is a sound price near the clock', async () => {
  const { hand, hear, ends, ticks, quotes, bars, feed } = await feedOnPaper()
  hear(tickFrame(1, 4_100, startAt))
  await hand.pass(60)
  const frames = fc.sample(anything, 10_000)
  for (const frame of frames) if (!frame.startsWith('c') && frame !== 'o') hear(frame)
  await hand.pass(60)

  const isSound = (price: number): boolean => price > 0 && Number.isInteger(Math.round(price * 1e6) / 1e5)
  for (const { price, size, eventTime } of ticks)
    expect(isSound(price) && Number.isInteger(size) && size > 0 && Math.abs(eventTime - startAt) < 86_400_000).toBe(
      true,
    )
  for (const { bid, ask } of quotes) expect(isSound(bid) && isSound(ask) && bid <= ask).toBe(true)
  expect(bars).toEqual([])
  expect(ends).toEqual([])
  const counted = Object.values(feed.status().refused).reduce((sum, times) => sum + times, 0)
  expect(counted).toBeGreaterThan(5_000)

  // And it still hears.
  const heard = ticks.length
  hear(tickFrame(777_777_777, 4_100.1, startAt + 40))
  await hand.pass(60)
  expect(ticks.slice(heard).map(({ price }) => price)).toEqual([4_100.1])
})
