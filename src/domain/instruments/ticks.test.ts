import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractSpecs, specOf } from './contract-spec.ts'
import { isOnGrid, roundToGrid, toPrice, toTicks, worthOf } from './ticks.ts'

const specs = fc.constantFrom(...Object.values(contractSpecs))
const ticks = fc.integer({ min: -10_000_000, max: 10_000_000 })

test('a price is the double its decimal would be read as', () => {
  expect(toPrice(specOf('MHG'), 9471)).toBe(4.7355)
  expect(toPrice(specOf('MGC'), 41_283)).toBe(4128.3)
  expect(toPrice(specOf('SIL'), 10_147)).toBe(50.735)
  fc.assert(
    fc.property(specs, ticks, (spec, n) => {
      expect(toPrice(spec, n)).toBe(Number(toPrice(spec, n).toFixed(spec.decimals)))
    }),
  )
})

test('ticks survive the way to a price and back', () => {
  fc.assert(
    fc.property(specs, ticks, (spec, n) => {
      expect(toTicks(spec, toPrice(spec, n))).toBe(n)
      expect(isOnGrid(spec, toPrice(spec, n))).toBe(true)
      expect(isOnGrid(spec, toPrice(spec, n + 0.5))).toBe(false)
    }),
  )
})

test('rounding moves at most to the neighboring tick and leaves the grid alone', () => {
  fc.assert(
    fc.property(
      specs,
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (spec, n, part) => {
        const between = (n + part) / spec.ticksPerPoint
        expect(roundToGrid(spec, between, 'down')).toBe(toPrice(spec, n))
        expect(roundToGrid(spec, between, 'up')).toBe(toPrice(spec, n + 1))
        expect(roundToGrid(spec, toPrice(spec, n), 'up')).toBe(toPrice(spec, n))
        expect(roundToGrid(spec, toPrice(spec, n), 'down')).toBe(toPrice(spec, n))
      },
    ),
  )
  expect(roundToGrid(specOf('MES'), 6601.1, 'nearest')).toBe(6601)
  expect(roundToGrid(specOf('MES'), 6601.13, 'nearest')).toBe(6601.25)
})

test('what doubles leave behind is still on the grid', () => {
  expect(isOnGrid(specOf('MGC'), 4128 + 0.1 + 0.2)).toBe(true)
  expect(roundToGrid(specOf('MGC'), 0.1 + 0.2, 'up')).toBe(0.3)
  expect(isOnGrid(specOf('MGC'), 4128.35)).toBe(false)
})

test('ten ticks of two micros are worth what the exchange says', () => {
  expect(worthOf(specOf('MGC'), 10, 2)).toBe(200_000)
  expect(worthOf(specOf('SIL'), 10, 2)).toBe(1_000_000)
  expect(worthOf(specOf('MHG'), -10, 2)).toBe(-250_000)
  expect(worthOf(specOf('MYM'), 1, 1)).toBe(5_000)
})
