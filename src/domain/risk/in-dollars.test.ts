import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { inDollars } from './in-dollars.ts'

test.each([
  [0, '$0'],
  [1_250, '$1,250'],
  [1_234_567.05, '$1,234,567.05'],
  [-17.49, '−$17.49'],
  [0.005, '$0.01'],
  [-0.004, '$0'],
])('%s is written %s', (amount, words) => {
  expect(inDollars(dollars(amount))).toBe(words)
})
