import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Refusal, readFrame } from './frames.ts'

const read = (text: string, now: number) => {
  const refused: Refusal[] = []
  return { events: readFrame(text, now, (kind) => refused.push(kind)), refused }
}

const now = 1_734_103_628_360
const frame = (...events: unknown[]): string => JSON.stringify(events)
const trade = { ev: 'T', sym: 'ESZ4', p: 6052.25, s: 2, t: now, q: 12033289 }
const quote = { ev: 'Q', sym: 'ESZ4', bp: 6052, bs: 100, bt: now, ap: 6052.25, as: 160, at: now, t: now }
const minute = {
  ev: 'AM',
  sym: '6CH5',
  v: 91,
  dv: 1353.1,
  o: 6994.5,
  c: 6995,
  h: 6995,
  l: 6994.5,
  n: 10,
  s: 1734717060000,
  e: 1734717120000,
}

test('the documented frames are read word for word', () => {
  expect(read('[{"ev":"status","status":"connected","message":"Connected Successfully"}]', now).events).toEqual([
    { ev: 'status', status: 'connected', message: 'Connected Successfully' },
  ])
  expect(
    read(
      '[{"ev":"AM","sym":"6CH5","v":91,"dv":1353.1,"o":6994.5,"c":6995,"h":6995,"l":6994.5,"n":10,"s":1734717060000,"e":1734717120000}]',
      1_734_717_120_000,
    ).events,
  ).toEqual([
    {
      ev: 'AM',
      sym: '6CH5',
      bar: { time: 1734717060000, open: 6994.5, high: 6995, low: 6994.5, close: 6995, volume: 91 },
    },
  ])
  expect(read('[{"ev":"T","sym":"ESZ4","p":6052.25,"s":2,"t":1734103628360,"q":12033289}]', now).events).toEqual([
    { ev: 'T', sym: 'ESZ4', price: 6052.25, size: 2, time: 1734103628360, sequence: 12033289 },
  ])
  const documented =
    '[{"ev":"Q","sym":"ESZ4","bp":114.125,"bs":100,"bt":1734103628360,"ap":114.128,"as":160,"at":1734103628350,"t":1536036818784}]'
  expect(read(documented, 1_536_036_818_784).events).toEqual([
    { ev: 'Q', sym: 'ESZ4', bid: 114.125, bidSize: 100, ask: 114.128, askSize: 160, time: 1536036818784 },
  ])
})

test('one frame may mix kinds, and what is wrong in it costs only itself', () => {
  const { events, refused } = read(
    frame({ ev: 'status', status: 'success', message: 'subscribed to: T.ESZ4' }, trade, { ...trade, p: null }, quote),
    now,
  )
  expect(events.map(({ ev }) => ev)).toEqual(['status', 'T', 'Q'])
  expect(refused).toEqual(['price'])
})

test('numbers may come as text', () => {
  const text = { ...minute, o: '6994.5', c: '6995', h: '6995', l: '6994.5', dv: '1353.1', v: '91', s: '1734717060000' }
  expect(read(frame(text), 1_734_717_120_000)).toEqual(read(frame(minute), 1_734_717_120_000))
  expect(read(frame({ ...trade, p: '6052.25', s: '2' }), now)).toEqual(read(frame(trade), now))
})

test.each([
  ['not-json', '[{"ev":"T","sym":"ESZ4"'],
  ['not-json', ''],
  ['not-an-array', '{"ev":"T"}'],
  ['not-an-array', 'null'],
  ['not-an-object', '[1]'],
  ['unknown-event', frame({ ...trade, ev: 'X' })],
  ['unknown-event', frame([])],
  ['unasked', frame({ ...minute, ev: 'A' })],
  ['contract', frame({ ...trade, sym: 7 })],
  ['status', frame({ ev: 'status', status: 1 })],
  ['price', frame({ ...trade, p: undefined })],
  ['price', frame({ ...trade, p: 0 })],
  ['price', frame({ ...trade, p: '' })],
  ['price', frame({ ...trade, p: 'NaN' })],
  ['price', frame({ ...trade, p: '0x10' })],
  ['price', '[{"ev":"T","sym":"ESZ4","p":1e999,"s":2,"t":1734103628360,"q":1}]'],
  ['price', frame({ ...quote, bp: 6053 })],
  ['price', frame({ ...quote, ap: 'far' })],
  ['size', frame({ ...trade, s: 0 })],
  ['size', frame({ ...trade, s: -1 })],
  ['size', frame({ ...trade, s: 1.5 })],
  ['size', frame({ ...quote, bs: -1 })],
  ['time', frame({ ...trade, t: now - 86_400_000 })],
  ['time', frame({ ...trade, t: now + 300_000 })],
  ['time', frame({ ...trade, t: 1_734_103_628_360_000_000 })],
  ['time', frame({ ...trade, t: undefined })],
] as const)('%s: %s', (kind, text) => {
  expect(read(text, now)).toEqual({ events: [], refused: [kind] })
})

test.each([
  ['price', { h: 6994 }],
  ['price', { l: 6996 }],
  ['price', { o: 0 }],
  ['size', { v: 0 }],
  ['time', { s: 1734717060001, e: 1734717120001 }],
  ['time', { e: 1734717180000 }],
  ['time', { e: undefined }],
] as const)('a minute bar with a wrong %s is no bar: %o', (kind, wrong) => {
  expect(read(frame({ ...minute, ...wrong }), 1_734_717_120_000)).toEqual({ events: [], refused: [kind] })
})

test('crude below nothing is read, and a side of the book without orders is no fault', () => {
  expect(read(frame({ ...trade, sym: 'CLK0', p: -37.63 }), now).events).toMatchObject([{ price: -37.63 }])
  expect(read(frame({ ...quote, bp: undefined, bs: 0 }), now).events).toMatchObject([{ bid: undefined, ask: 6052.25 }])
  expect(read(frame({ ...quote, ap: undefined, as: undefined }), now).events).toMatchObject([{ ask: undefined }])
  expect(read(frame({ ...quote, bp: 0, bs: 0 }), now).events).toMatchObject([{ bid: undefined }])
})

const junk = fc.oneof(
  fc.anything(),
  fc.constantFrom(0, -0, -1, 1e308, '', 'NaN', 'Infinity', '-', '1e400', null, [], {}, true, 2 ** 60),
)
/** A sound event with one field replaced, renamed or gone. */
const mutated = fc
  .tuple(fc.constantFrom(trade, quote, minute), fc.integer({ min: 0, max: 12 }), junk, fc.boolean())
  .map(([event, at, value, rename]) =>
    Object.fromEntries(
      Object.entries(event).map(([key, old], i) => (i !== at ? [key, old] : rename ? [`${key}_`, old] : [key, value])),
    ),
  )
const anyFrame = fc.oneof(
  fc.string(),
  fc.json(),
  fc.array(fc.oneof(mutated, fc.constant(trade), junk), { maxLength: 5 }).map((events) => {
    try {
      return JSON.stringify(events)
    } catch {
      return 'cyclic'
    }
  }),
  fc.tuple(fc.constant(frame(trade, quote)), fc.nat(200)).map(([text, length]) => text.slice(0, length)),
)

test('whatever comes, nothing is thrown, every event is sound or counted, and sound ones survive beside junk', () => {
  fc.assert(
    fc.property(anyFrame, (text) => {
      const { events, refused } = read(text, now)
      for (const event of events) {
        if (event.ev === 'status') continue
        const numbers =
          event.ev === 'AM'
            ? Object.values(event.bar)
            : event.ev === 'T'
              ? [event.price, event.size]
              : [event.bid ?? 1, event.ask ?? 1]
        expect(numbers.every((number) => Number.isFinite(number) && number !== 0)).toBe(true)
      }
      const parsed = (() => {
        try {
          return JSON.parse(text)
        } catch {
          return undefined
        }
      })()
      expect(events.length + refused.length).toBe(Array.isArray(parsed) ? parsed.length : 1)
    }),
    { numRuns: 10_000 },
  )
})
