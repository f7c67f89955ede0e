import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { sessionOf } from '../instruments/calendar.ts'
import { addDays, easternMs } from '../instruments/zone.ts'
import type { Bar } from '../market/bar.ts'
import { type Drift, drift } from './drift.ts'

const five = 300_000
type Input = { readonly bar: Bar; readonly tradeDate: string }

/** The 5m bars of a trade date from 06:00 to 10:00 New York: its moves and volumes drawn, then stretched. */
const morning = (tradeDate: string, chance: () => number, move = 1, volume = 1): readonly Input[] => {
  let close = 100
  return Array.from({ length: 48 }, (_, i) => {
    close += move * (chance() - 0.5)
    const time = easternMs(tradeDate, 360) + i * five
    // Later bars trade more on every day: this is no drift.
    const traded = volume * (100 + i * 25) * (0.8 + 0.4 * chance())
    return { tradeDate, bar: { time, open: close, high: close, low: close, close, volume: traded } }
  })
}

const tradeDatesFrom = (from: string, count: number): readonly string[] => {
  const dates: string[] = []
  for (let date = from; dates.length < count; date = addDays(date, 1)) if (sessionOf('equity', date)) dates.push(date)
  return dates
}

const read = (inputs: readonly Input[]): Drift =>
  drift.value(inputs.reduce((state, input) => drift.step(state, input), drift.initial))

const chance = createChance(1)
const [today = '', ...before] = tradeDatesFrom('2024-03-04', 21).toReversed()
const past = before.toReversed().flatMap((date) => morning(date, chance))

test('before 20 trade dates are complete nothing is said', () => {
  const reading = read([...past.slice(48), ...morning(today, chance)])
  expect(reading.returns).toEqual({ d: Number.NaN, p: Number.NaN, n: 0 })
  expect(reading.drifted).toBe(false)
})

test('a morning like the others has not drifted, though it is judged before most of its volume has come', () => {
  const usual = morning(today, createChance(77))
  const early = read([...past, ...usual.slice(0, 24)])
  expect(early).toMatchObject({ drifted: false, returns: { n: 23 }, volume: { n: 24 } })
  expect(read([...past, ...usual])).toMatchObject({ drifted: false, returns: { n: 47 }, volume: { n: 48 } })
})

test('four times the moves, or twice the volume, have', () => {
  const wild = read([...past, ...morning(today, createChance(77), 4)])
  expect([wild.returns.p < 0.01, wild.volume.p < 0.01, wild.drifted]).toEqual([true, false, true])
  const heavy = read([...past, ...morning(today, createChance(77), 1, 2)])
  expect([heavy.returns.p < 0.01, heavy.volume.p < 0.01, heavy.drifted]).toEqual([false, true, true])
})

test('the distance is that to the same part of the last 20 days, and no other', () => {
  const now = morning(today, createChance(9)).slice(0, 24)
  const volumesUntil = (inputs: readonly Input[], last: number): readonly number[] =>
    inputs.filter((_, i) => i % 48 < last).map(({ bar }) => bar.volume)
  const reference = volumesUntil(past, 24)
  const sample = now.map(({ bar }) => bar.volume)
  const share = (values: readonly number[], at: number): number =>
    values.filter((value) => value <= at).length / values.length
  const d = Math.max(...[...sample, ...reference].map((at) => Math.abs(share(sample, at) - share(reference, at))))
  const older = morning('2024-03-01', createChance(2), 50, 50)
  expect(read([...older, ...past, ...now]).volume.d).toBeCloseTo(d, 12)
})

test('a return is of two bars that follow one another', () => {
  const now = morning(today, createChance(9))
  expect(read([...past, ...now.slice(0, 4), ...now.slice(5, 24)]).returns.n).toBe(21)
})

test('it is judged every two hours, and says when', () => {
  const now = morning(today, createChance(9))
  const first = read([...past, ...now.slice(0, 24)])
  expect(first.at).toBe(easternMs(today, 480))
  expect(read([...past, ...now.slice(0, 47)])).toEqual(first)
  expect(read([...past, ...now]).at).toBe(easternMs(today, 600))
})

test('two hours whose last bars are missing are judged with the next bar, which is not of them', () => {
  const now = morning(today, createChance(9))
  const late = read([...past, ...now.slice(0, 20), ...now.slice(28, 29)])
  expect(late).toMatchObject({ at: easternMs(today, 505), volume: { n: 20 } })
  expect(read([...past, ...now.slice(0, 1)])).toMatchObject({ volume: { n: 0 }, drifted: false })
})

test('a merged holiday session begins anew when its clock passes 18:00', () => {
  const first = morning('2024-07-03', createChance(3)).map((input) => ({ ...input, tradeDate: today }))
  const second = morning('2024-07-05', createChance(4)).map((input) => ({ ...input, tradeDate: today }))
  expect(read([...past, ...first, ...second.slice(0, 26)])).toEqual(read([...past, ...second.slice(0, 26)]))
})

test('a bar that was only looked at leaves no trace, and the first bars are judged as they are within the whole', () => {
  const inputs = [...past, ...morning(today, createChance(9), 3)]
  let state = drift.initial
  for (const input of inputs) {
    const wild = { ...input, bar: { ...input.bar, close: 9, volume: 1e9 } }
    drift.step(state, wild)
    state = drift.step(state, input)
  }
  expect(drift.value(state)).toEqual(read(inputs))
  expect(read(inputs.slice(0, -1))).toEqual(read(inputs.slice(0, -24)))
})

test('volume is judged where there is no return to judge', () => {
  const apart = morning(today, createChance(9), 1, 9).filter((_, i) => i % 2 === 0)
  expect(read([...past, ...apart])).toMatchObject({
    returns: { n: 0, p: Number.NaN },
    volume: { n: 12 },
    drifted: true,
  })
})
