import { expect, test } from 'vitest'
import { tradeDateAt } from '../instruments/calendar.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import type { Bar } from '../market/bar.ts'
import { type JudgedBar, type OpeningRange, openingRanges, type SessionMinute } from './opening-range.ts'

const minute = 60_000
const at = (text: string): number => Date.parse(text)

/** A minute of a market that stands still at 100, unless said. */
const minuteAt = (time: string | number, prices: Partial<Bar> = {}, closed: readonly JudgedBar[] = []) => ({
  bar: {
    time: typeof time === 'string' ? at(time) : time,
    open: 100,
    high: 100,
    low: 100,
    close: 100,
    volume: 1,
    ...prices,
  },
  closed,
})
type Minute = ReturnType<typeof minuteAt>

/** A 5m bar that closes at a price, the ATR 4 and twice the usual volume unless said. */
const fiveAt = (time: string, close: number, atr = 4, relativeVolume = 2): JudgedBar => ({
  bar: { time: at(time), open: 100, high: close, low: close, close, volume: 1 },
  atr,
  relativeVolume,
})

/** Every minute from `from` to (excluding) `to`, with the special ones put in their places. */
const quietly = (from: string, to: string, ...special: readonly Minute[]): readonly Minute[] => {
  const minutes: Minute[] = []
  for (let time = at(from); time < at(to); time += minute)
    minutes.push(special.find(({ bar }) => bar.time === time) ?? minuteAt(time))
  return minutes
}

const dated = (group: MarketGroup, minutes: readonly Minute[]): readonly SessionMinute[] =>
  minutes.map((each) => ({ ...each, tradeDate: tradeDateAt(group, each.bar.time) }))

const readings = (group: MarketGroup, minutes: readonly Minute[]): readonly (readonly OpeningRange[])[] => {
  const fold = openingRanges(group)
  let state = fold.initial
  return dated(group, minutes).map((input) => {
    state = fold.step(state, input)
    return fold.value(state)
  })
}

const pick = (ranges: readonly OpeningRange[], name: OpeningRange['name'], minutes: number): OpeningRange => {
  const range = ranges.find((each) => each.name === name && each.minutes === minutes)
  if (range === undefined) throw new Error(`no range of ${minutes}`)
  return range
}

/** Each state one window passed through, with the instant it is stamped with. */
const road = (group: MarketGroup, minutes: readonly Minute[], name: OpeningRange['name'], window: number) => {
  const passed: string[] = []
  for (const ranges of readings(group, minutes)) {
    const { state, since } = pick(ranges, name, window)
    const step = `${state} ${new Date(since).toISOString().slice(11, 16)}`
    if (passed.at(-1) !== step) passed.push(step)
  }
  return passed
}

// Tuesday 5 March 2024, standard time: the bell rings at 14:30 UTC.
const opening = [
  minuteAt('2024-03-05T14:31Z', { high: 104 }),
  minuteAt('2024-03-05T14:33Z', { low: 97 }),
  // The window of five minutes is over: this belongs to the longer ones alone.
  minuteAt('2024-03-05T14:35Z', { high: 110 }),
]
const morning = (...special: readonly Minute[]) =>
  quietly('2024-03-05T14:00Z', '2024-03-05T17:10Z', ...opening, ...special)
const known = (time: string, five: JudgedBar) => minuteAt(time, {}, [five])

test('a range waits, builds, is observed, is armed and triggers, each stamped by the bar that made it so', () => {
  const minutes = morning(known('2024-03-05T15:04Z', fiveAt('2024-03-05T15:00Z', 106)))
  expect(road('equity', minutes, 'New York', 5)).toEqual([
    'WAIT 14:01',
    'BUILDING 14:31',
    'OBSERVING 14:35',
    'ARMED 14:50',
    'TRIGGERED 15:05',
  ])
  expect(pick(readings('equity', minutes).at(-1) ?? [], 'New York', 5)).toEqual({
    name: 'New York',
    minutes: 5,
    opensAt: at('2024-03-05T14:30Z'),
    state: 'TRIGGERED',
    since: at('2024-03-05T15:05Z'),
    high: 104,
    low: 97,
    trigger: { side: 'long', at: at('2024-03-05T15:05Z'), price: 106, relativeVolume: 2 },
  })
})

test('without a trigger it expires at the flat time', () => {
  expect(road('equity', morning(), 'New York', 5).slice(-2)).toEqual(['ARMED 14:50', 'EXPIRED 17:00'])
})

test('the longer windows hold what the shorter no longer sees', () => {
  const ranges = readings('equity', morning()).at(-1) ?? []
  expect(ranges.map(({ name, minutes, high, low }) => [name, minutes, high, low])).toEqual([
    ['London', 5, Number.NaN, Number.NaN],
    ['London', 15, Number.NaN, Number.NaN],
    ['London', 30, Number.NaN, Number.NaN],
    ['London', 60, Number.NaN, Number.NaN],
    ['New York', 5, 104, 97],
    ['New York', 15, 110, 97],
    ['New York', 30, 110, 97],
    ['New York', 60, 110, 97],
  ])
})

const lastWith = (five: JudgedBar, knownAt = '2024-03-05T15:04Z'): OpeningRange =>
  pick(readings('equity', morning(known(knownAt, five))).at(-1) ?? [], 'New York', 5)

test.each([
  [106, 'long'],
  [95, 'short'],
] as const)('a close half an ATR beyond, at %d, triggers %s', (close, side) => {
  expect(lastWith(fiveAt('2024-03-05T15:00Z', close)).trigger?.side).toBe(side)
})

test.each([
  ['a tick less than half an ATR above', fiveAt('2024-03-05T15:00Z', 105.75)],
  ['a tick less than half an ATR below', fiveAt('2024-03-05T15:00Z', 95.25)],
  ['on less than 1.2 times the usual volume', fiveAt('2024-03-05T15:00Z', 106, 4, 1.19)],
  ['on volume nobody can judge', fiveAt('2024-03-05T15:00Z', 106, 4, Number.NaN)],
  ['before the ATR is known', fiveAt('2024-03-05T15:00Z', 106, Number.NaN)],
])('a close %s does not', (_, five) => {
  expect(lastWith(five).state).toBe('EXPIRED')
})

test('a bar that opened while the range was observed does not trigger, the next one may', () => {
  expect(lastWith(fiveAt('2024-03-05T14:45Z', 106), '2024-03-05T14:49Z').state).toBe('EXPIRED')
  expect(lastWith(fiveAt('2024-03-05T14:50Z', 106), '2024-03-05T14:54Z').state).toBe('TRIGGERED')
})

test('at the flat time it is too late, and only the first trigger counts', () => {
  expect(lastWith(fiveAt('2024-03-05T16:55Z', 106), '2024-03-05T16:59Z').state).toBe('EXPIRED')
  const twice = morning(
    known('2024-03-05T15:04Z', fiveAt('2024-03-05T15:00Z', 106)),
    known('2024-03-05T15:09Z', fiveAt('2024-03-05T15:05Z', 90)),
  )
  expect(pick(readings('equity', twice).at(-1) ?? [], 'New York', 5).trigger?.side).toBe('long')
})

test('of two bars known at once the earlier triggers', () => {
  const both = minuteAt('2024-03-05T15:12Z', {}, [fiveAt('2024-03-05T15:00Z', 95), fiveAt('2024-03-05T15:05Z', 106)])
  expect(pick(readings('equity', morning(both)).at(-1) ?? [], 'New York', 5).trigger).toEqual({
    side: 'short',
    at: at('2024-03-05T15:13Z'),
    price: 95,
    relativeVolume: 2,
  })
})

test.each([
  ['equity', 'New York', '2024-03-05T14:30Z'],
  ['metals', 'New York', '2024-03-05T13:20Z'],
  ['energy', 'New York', '2024-03-05T14:00Z'],
  ['equity', 'London', '2024-03-05T08:00Z'],
  // The Monday after the clocks went forward.
  ['equity', 'New York', '2024-03-11T13:30Z'],
  ['metals', 'London', '2024-03-11T07:00Z'],
] as const)('%s opens in %s at %s', (group, name, opens) => {
  const before = minuteAt(at(opens) - minute, { high: 900 })
  const [waiting, building] = readings(group, [before, minuteAt(opens)]).map((ranges) => pick(ranges, name, 5))
  expect([waiting?.state, building?.state, building?.high]).toEqual(['WAIT', 'BUILDING', 100])
})

test('on a holiday that counts to the next trade date nothing opens', () => {
  const thanksgiving = quietly('2023-11-23T13:00Z', '2023-11-23T17:50Z')
  expect(road('equity', thanksgiving, 'New York', 5)).toEqual(['WAIT 13:01'])
  const friday = quietly('2023-11-24T14:29Z', '2023-11-24T14:32Z')
  expect(road('equity', [...thanksgiving, ...friday], 'New York', 5)).toEqual(['WAIT 13:01', 'BUILDING 14:31'])
})

test('a session that ends before the bell has no range', () => {
  expect(road('equity', quietly('2023-04-07T13:00Z', '2023-04-07T13:15Z'), 'New York', 5)).toEqual([
    'WAIT 13:01',
    'EXPIRED 13:15',
  ])
})

test('a window in which nothing traded has no range', () => {
  const hole = [minuteAt('2024-03-05T14:29Z'), minuteAt('2024-03-05T14:40Z')]
  expect(road('equity', hole, 'New York', 5)).toEqual(['WAIT 14:30', 'EXPIRED 14:41'])
})

test('a market first heard of inside a window has no range of that open', () => {
  const late = quietly('2024-03-05T14:32Z', '2024-03-05T14:40Z')
  expect(road('equity', late, 'New York', 60)).toEqual(['EXPIRED 14:33'])
})

test('the next trade date begins anew', () => {
  const minutes = [
    ...morning(known('2024-03-05T15:04Z', fiveAt('2024-03-05T15:00Z', 106))),
    ...quietly('2024-03-05T23:00Z', '2024-03-05T23:02Z'),
  ]
  expect(road('equity', minutes, 'New York', 5).slice(-2)).toEqual(['TRIGGERED 15:05', 'WAIT 23:01'])
})
