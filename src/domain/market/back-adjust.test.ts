import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { contractOf } from '../instruments/contract-code.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { backAdjust, priceGap } from './back-adjust.ts'
import { type Bar, minuteMs } from './bar.ts'

const spec = specOf('MGC')
const [z6, g7, j7] = [contractOf('MGC', 202612), contractOf('MGC', 202702), contractOf('MGC', 202704)]

/** One bar a minute from `minute`, closing at the prices given. */
const closing = (minute: number, ...closes: readonly number[]): readonly Bar[] =>
  closes.map((close, i) => ({
    time: (minute + i) * minuteMs,
    ...{ open: close - 0.1, high: close + 0.2, low: close - 0.3, close, volume: 7 },
  }))

test('the gap is taken at the last minute both contracts traded', () => {
  const older = closing(0, 4119, 4120, 4122)
  const newer = closing(0, 4300, 4221.3).concat(closing(5, 4230))
  expect(priceGap(spec, older, newer)).toBe(-1013)
  expect(priceGap(spec, older, closing(9, 4230))).toBeUndefined()
})

test('older contracts are moved by the gaps of all rolls after them, the newest is left as it traded', () => {
  const gaps = new Map([
    [z6, -1013],
    [g7, 5],
  ])
  const newest = closing(4, 4221)
  const parts = [
    { contract: z6, bars: closing(0, 4119, 4120) },
    { contract: g7, bars: closing(2, 4221.3, 4221.4) },
    { contract: j7, bars: newest },
  ]
  const { bars, rolls } = backAdjust(spec, parts, (older) => gaps.get(older))
  expect(bars.map(({ close }) => close)).toEqual([4219.8, 4220.8, 4220.8, 4220.9, 4221])
  expect(bars[0]).toEqual({ time: 0, open: 4219.7, high: 4220, low: 4219.5, close: 4219.8, volume: 7 })
  expect(bars[4]).toBe(newest[0])
  expect(rolls).toEqual([
    { at: 2 * minuteMs, from: 202612, to: 202702, gapTicks: -1013 },
    { at: 4 * minuteMs, from: 202702, to: 202704, gapTicks: 5 },
  ])
})

test('what lies before a roll whose gap is unknown is left out', () => {
  const parts = [
    { contract: z6, bars: closing(0, 4119) },
    { contract: g7, bars: closing(2, 4221.3) },
    { contract: j7, bars: closing(4, 4221) },
  ]
  const { bars, rolls } = backAdjust(spec, parts, (older) => (older === g7 ? undefined : 3))
  expect([bars.map(({ close }) => close), rolls]).toEqual([[4221], []])
})

test('contracts without a bar are no roll, and nothing makes nothing', () => {
  const parts = [
    { contract: z6, bars: closing(0, 4119) },
    { contract: g7, bars: [] },
    { contract: j7, bars: closing(4, 4221) },
  ]
  expect(backAdjust(spec, parts, () => -10).rolls).toEqual([
    { at: 4 * minuteMs, from: 202612, to: 202704, gapTicks: -10 },
  ])
  expect(backAdjust(spec, [], () => 0)).toEqual({ bars: [], rolls: [] })
})

test('one walk cut into contracts at any gaps comes back as it was', () => {
  const offsets = fc.array(fc.integer({ min: -2_000, max: 2_000 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.integer(), offsets, (seed, gaps) => {
      const chance = createChance(seed)
      let ticks = 41_200
      const walk = Array.from({ length: (gaps.length + 1) * 5 }, () => (ticks += Math.round(20 * chance() - 10)))
      // Part k trades above the newest by the sum of the gaps after it.
      const above = (part: number): number => gaps.slice(part).reduce((sum, gap) => sum + gap, 0)
      const contracts = [...gaps.map((_, k) => contractOf('MGC', 202602 + k)), contractOf('MGC', 202702)]
      const parts = contracts.map((contract, k) => ({
        contract,
        bars: closing(5 * k, ...walk.slice(5 * k, 5 * k + 5).map((price) => (price + above(k)) / 10)),
      }))
      const { bars } = backAdjust(spec, parts, (older) => gaps[contracts.indexOf(older)])
      expect(bars.map(({ close }) => Math.round(close * 10))).toEqual(walk)
    }),
  )
})
