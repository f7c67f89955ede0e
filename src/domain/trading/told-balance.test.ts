import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { toldBalance } from './told-balance.ts'

const netLiquidation = dollars(51_000)
const unrealized = dollars(1_000)

test.each([
  ['the cash', { cash: dollars(50_100), netLiquidation, unrealized }, false, dollars(50_100)],
  ['the worth of all without what is open', { netLiquidation, unrealized }, false, dollars(50_000)],
  ['the worth of all while nothing is open', { netLiquidation }, true, dollars(51_000)],
  ['unknown while something is open that nobody values', { netLiquidation }, false, undefined],
  ['unknown while what is open is told as nothing', { netLiquidation, unrealized: 0 }, false, undefined],
  ['unknown where nothing is told', { unrealized }, true, undefined],
])('the balance is %s', (_, word, isFlat, balance) => {
  expect(toldBalance(word, isFlat)).toBe(balance)
})
