import { expect, test } from 'vitest'
import { createRate } from './rate.ts'

const second = 1_000

test('counts events over the ten whole seconds before, however many there are', () => {
  const rate = createRate()
  for (let i = 0; i < 50_000; i++) rate.count(100 * second + (i % 1_000))
  rate.count(101 * second)
  expect(rate.read(101 * second)).toBe(5_000)
  expect(rate.read(110 * second)).toBe(5_000.1)
  expect(rate.read(111 * second)).toBe(0.1)
  expect(rate.read(112 * second)).toBe(0)
  expect(rate.newest).toBe(101 * second)
})

test('does not take a second of long ago for one of now', () => {
  const rate = createRate()
  rate.count(100 * second)
  rate.count(112 * second)
  expect(rate.read(113 * second)).toBe(0.1)
})
