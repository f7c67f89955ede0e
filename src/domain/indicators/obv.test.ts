import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { obv } from './obv.ts'

test('adds the volume of rising bars, takes that of falling ones and leaves the others', () => {
  const bars = [
    { close: 10, volume: 900 },
    { close: 11, volume: 5 },
    { close: 10, volume: 7 },
    { close: 10, volume: 30 },
    { close: 12, volume: 4 },
  ]
  expect(series(obv, bars)).toEqual([Number.NaN, 5, -2, -2, 2])
})
