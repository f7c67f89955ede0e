import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evenFees, evenTerms, fill, tenOClock } from '#src/testing/fills.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import type { Fill } from './fill.ts'
import { type Line, notePrice, record, recordAnew } from './ledger.ts'

const mnq = specOf('MNQ')
const oneByOne = (fills: readonly Fill[]): readonly Line[] =>
  fills.reduce<readonly Line[]>((lines, one) => record(mnq, lines, [one], evenTerms), [])

const drawnFills = fc
  .array(fc.tuple(fc.constantFrom(-3, -2, -1, 1, 2, 3), fc.integer({ min: -40, max: 40 })), { maxLength: 30 })
  .map((drawn) => drawn.map(([quantity, ticks], i) => fill(i, quantity, 20_000 + ticks / 4)))

test('fills that come late, in any order and more than once leave the books of fills that came in time', () => {
  const heard = drawnFills.chain((fills) =>
    fc.tuple(
      fc.constant(fills),
      fc
        .shuffledSubarray(fills)
        .chain((twice) => fc.shuffledSubarray([...fills, ...twice], { minLength: fills.length + twice.length })),
    ),
  )
  fc.assert(
    fc.property(heard, ([fills, late]) => {
      expect(oneByOne(late)).toEqual(record(mnq, [], fills, evenTerms))
    }),
  )
})

test('of one instant the order heard decides', () => {
  const [buy, sell] = [fill(0, 1, 20_000), fill(0, -2, 20_001)]
  expect(oneByOne([buy, sell]).map(({ closed }) => closed?.side)).toEqual([undefined, 'long'])
  expect(oneByOne([sell, buy]).map(({ held }) => held.position.quantity)).toEqual([-2, -1])
})

test('an execution heard again is the very same books', () => {
  const lines = oneByOne([fill(0, 1, 20_000)])
  expect(record(mnq, lines, [{ ...(lines[0] as Line).fill }], evenTerms)).toBe(lines)
})

test('the prices between two fills make the excursions, and only what trades while something is held counts', () => {
  const [bought, sold] = [fill(0, 1, 20_000), fill(60, -1, 20_001)]
  let line = oneByOne([bought])[0] as Line
  const seconds = (at: number): number => tenOClock + at * 1_000
  for (const [at, price] of [
    [-1, 19_000],
    [5, 20_010],
    [6, 19_995],
    [7, 20_003],
  ] as const)
    line = notePrice(line, price * 4, seconds(at))
  expect(line.span).toEqual({ high: 80_040, highAt: seconds(5), low: 79_980, lowAt: seconds(6) })
  expect(notePrice(line, 80_000, seconds(8))).toBe(line)
  const lines = record(mnq, [line], [sold], evenTerms)
  expect(lines[1]?.closed).toMatchObject({
    mfe: { ticks: 40, money: dollars(20) },
    mae: { ticks: -20, money: dollars(-10) },
  })
  expect(notePrice(lines[1] as Line, 90_000, seconds(70))).toBe(lines[1])
})

test('a fill that comes late parts what was seen by its time', () => {
  let line = oneByOne([fill(0, 1, 20_000)])[0] as Line
  line = notePrice(line, 20_010 * 4, tenOClock + 5_000)
  line = notePrice(line, 19_990 * 4, tenOClock + 20_000)
  // Heard at last: a second contract, bought between the high and the low.
  const lines = record(mnq, [line], [fill(10, 1, 20_008)], evenTerms)
  expect(lines.map(({ span }) => span && [span.high / 4, span.low / 4])).toEqual([
    [20_010, 20_010],
    [19_990, 19_990],
  ])
  const closed = record(mnq, lines, [fill(30, -2, 20_000)], evenTerms)[2]?.closed
  // 10 points on one contract at the high; 10 and 18 points against two at the low.
  expect(closed).toMatchObject({ mfe: { money: dollars(20) }, mae: { money: dollars(-56) } })
})

test('under other terms the same fills and prices are reckoned anew', () => {
  const marked = oneByOne([fill(0, 1, 20_000)]).map((line) => notePrice(line, 20_005 * 4, tenOClock + 1_000))
  const lines = record(mnq, marked, [fill(9, -1, 20_001)], evenTerms)
  const dear = recordAnew(mnq, lines, { commission: 'settings', fees: { ...evenFees, MNQ: dollars(2) } })
  expect(dear[1]?.closed).toMatchObject({
    gross: dollars(2),
    fees: dollars(4),
    net: dollars(-2),
    mfe: { money: dollars(10) },
  })
})
