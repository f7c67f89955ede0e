import { expect, test } from 'vitest'
import { camarillaPivots, demarkPivots, fibonacciPivots, floorPivots, woodiePivots } from './pivots.ts'

test('stands around the mean of the day’s high, low and close', () => {
  expect(floorPivots({ high: 120, low: 90, close: 105 })).toEqual({
    P: 105,
    R1: 120,
    S1: 90,
    R2: 135,
    S2: 75,
    R3: 150,
    S3: 60,
  })
})

test('a strong close lifts every level', () => {
  expect(floorPivots({ high: 120, low: 90, close: 120 })).toEqual({
    P: 110,
    R1: 130,
    S1: 100,
    R2: 140,
    S2: 80,
    R3: 160,
    S3: 70,
  })
})

test('Woodie’s stand around the open of the new day', () => {
  expect(woodiePivots({ high: 120, low: 90 }, 100)).toEqual({
    P: 102.5,
    R1: 115,
    S1: 85,
    R2: 132.5,
    S2: 72.5,
    R3: 145,
    S3: 55,
  })
})

test('Fibonacci’s stand shares of the range around the mean', () => {
  expect(fibonacciPivots({ high: 300, low: 100, close: 200 })).toEqual({
    P: 200,
    R1: 276.4,
    S1: 123.6,
    R2: 323.6,
    S2: 76.4,
    R3: 400,
    S3: 0,
  })
})

test('Camarilla’s stand around the close', () => {
  const { P, ...levels } = camarillaPivots({ high: 120, low: 0, close: 60 })
  expect(P).toBe(60)
  expect(Object.values(levels).map((level) => Number(level.toFixed(9)))).toEqual([71, 49, 82, 38, 93, 27, 126, -6])
})

test('DeMark’s lean to the low of a falling day, the high of a rising one and the close of a still one', () => {
  const day = { high: 120, low: 90, close: 100 }
  expect(demarkPivots({ ...day, open: 110 })).toEqual({ P: 100, R1: 110, S1: 80 })
  expect(demarkPivots({ ...day, open: 95 })).toEqual({ P: 107.5, R1: 125, S1: 95 })
  expect(demarkPivots({ ...day, open: 100 })).toEqual({ P: 102.5, R1: 115, S1: 85 })
})
