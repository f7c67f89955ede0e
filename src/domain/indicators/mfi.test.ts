import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { mfi } from './mfi.ts'

const flat = (price: number, volume: number) => ({ high: price, low: price, close: price, volume })

test('is the rising share of the money that flowed', () => {
  // Up 12 · 10 = 120, down 10 · 4 = 40, then unchanged, then up 20 · 1 = 20.
  const values = series(mfi(2), [flat(10, 99), flat(12, 10), flat(10, 4), flat(10, 50), flat(20, 1)])
  expect(values).toEqual([Number.NaN, Number.NaN, 75, 0, 100])
})

test('reads the middle where no money flowed', () => {
  expect(series(mfi(2), [flat(10, 1), flat(10, 5), flat(10, 5)]).at(-1)).toBe(50)
  expect(series(mfi(2), [flat(10, 1), flat(12, 0), flat(11, 0)]).at(-1)).toBe(50)
})
