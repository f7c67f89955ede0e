import { expect, test } from 'vitest'
import { cumulativeDelta } from './cumulative-delta.ts'
import type { DeltaReading } from './flow-reading.ts'
import type { FlowBar, MinuteFlow } from './minute-flow.ts'

const minute = 60_000
type Extra = Partial<MinuteFlow> & { readonly volume?: number; readonly tradeDate?: string }

const unknown = (n: number, tradeDate = '2013-10-09'): FlowBar => ({
  bar: { time: n * minute, open: 1, high: 1, low: 1, close: 1, volume: 10 },
  tradeDate,
})
/** Minute number `n` with its buying and selling. */
const known = (n: number, buy: number, sell: number, { volume = buy + sell, tradeDate, ...rest }: Extra = {}) => {
  const { bar, ...dated } = unknown(n, tradeDate)
  return { ...dated, bar: { ...bar, volume }, flow: { time: n * minute, buy, sell, basis: 'quotes' as const, ...rest } }
}
const read = (inputs: readonly FlowBar[]): DeltaReading | undefined =>
  cumulativeDelta.value(inputs.reduce(cumulativeDelta.step, cumulativeDelta.initial))
const minutes = (count: number, each: (n: number) => FlowBar): readonly FlowBar[] =>
  Array.from({ length: count }, (_, n) => each(n))

test('sums buying minus selling since the first known minute', () => {
  expect(read([unknown(0), known(1, 8, 3), known(2, 1, 4)])).toEqual({
    minute: -3,
    session: 2,
    since: minute,
    slope: Number.NaN,
    lean: 'neutral',
    basis: 'quotes',
  })
})

test('says nothing as soon as the newest minute is unknown, and begins anew after it', () => {
  expect(read([known(0, 8, 3), unknown(1)])).toBeUndefined()
  expect(read([known(0, 8, 3), unknown(1), known(2, 1, 4)])).toMatchObject({ session: -3, since: 2 * minute })
})

test('says nothing of a market with bars only', () => {
  expect(minutes(40, unknown).map((_, n) => read(minutes(n, unknown)))).toEqual(Array(40).fill(undefined))
})

test('the slope is known from the fifteenth minute, in shares of the volume of a minute', () => {
  const steady = (n: number): FlowBar => known(n, 8, 2)
  expect(read(minutes(14, steady))?.slope).toBeNaN()
  expect(read(minutes(15, steady))).toMatchObject({ session: 90, slope: 0.6, lean: 'bullish' })
})

test('the slope is that of the least-squares line', () => {
  // Sums 0 fourteen times, then 140: (7 · 140) / 280 = 3.5 a minute, of (14 · 10 + 140) / 15 a minute.
  const late = (n: number): FlowBar => (n === 14 ? known(n, 140, 0) : known(n, 5, 5))
  expect(read(minutes(15, late))?.slope).toBe(3.5 / (280 / 15))
  // Once more later the rise is the last but one of fifteen: (6 · 140 + 7 · 140) / 280.
  expect(read([...minutes(15, late), known(15, 5, 5)])?.slope).toBe(6.5 / (280 / 15))
})

test('the volume is the bar’s, trades without a side included', () => {
  expect(read(minutes(15, (n) => known(n, 8, 2, { volume: 20 })))?.slope).toBe(0.3)
})

test.each([
  [23, 17, 'neutral'],
  [24, 17, 'bullish'],
  [17, 23, 'neutral'],
  [17, 24, 'bearish'],
])('%d bought and %d sold each minute is %s: beyond 0.15 only', (buy, sell, lean) => {
  expect(read(minutes(15, (n) => known(n, buy, sell, { volume: 40 })))?.lean).toBe(lean)
})

test('a hole breaks the run: fifteen more minutes are needed', () => {
  const holed = (n: number): FlowBar => (n === 9 ? unknown(n) : known(n, 8, 2))
  expect(read(minutes(24, holed))?.slope).toBeNaN()
  expect(read(minutes(25, holed))).toMatchObject({ slope: 0.6, since: 10 * minute, session: 90 })
})

test('so does a minute without a bar of which nobody knows whether it was traded in', () => {
  expect(read([known(0, 8, 2), known(2, 8, 2)])).toMatchObject({ session: 6, since: 2 * minute })
})

test('a minute known to be without a trade adds nothing, and counts', () => {
  const quiet = [...minutes(10, (n) => known(n, 8, 2)), known(14, 8, 2, { after: 9 * minute })]
  // Sums 6 … 60, then 60 four times, then 66; eleven of fifteen minutes traded 10.
  expect(read(quiet)).toMatchObject({ session: 66, since: 0, lean: 'bullish' })
  expect(read(quiet)?.slope).toBeCloseTo(1212 / 280 / (110 / 15), 12)
})

test('after an hour known to be without a trade the line is flat', () => {
  expect(read([known(0, 8, 2), known(60, 3, 3, { after: 0 })])?.slope).toBe(0)
})

test('a new trade date begins a new sum', () => {
  const next = known(1, 1, 4, { tradeDate: '2013-10-10', after: 0 })
  expect(read([known(0, 8, 3), next])).toMatchObject({ session: -3, since: minute })
})

test('one estimated minute makes the sum estimated until it begins anew', () => {
  const guessed = [known(0, 1, 0, { basis: 'estimated' }), known(1, 1, 0)]
  expect(read(guessed)?.basis).toBe('estimated')
  expect(read([...guessed, unknown(2), known(3, 1, 0)])?.basis).toBe('quotes')
})
