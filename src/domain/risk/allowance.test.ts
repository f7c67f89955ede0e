import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { allowanceOf, riskCaps } from './allowance.ts'
import { defaultLimits } from './limits.ts'
import type { Standing } from './standing.ts'

const trader = { accountSize: dollars(50_000), limits: defaultLimits }
const daily = (left: number, lockedUntil?: number): NonNullable<Standing['daily']> => ({
  ...{ limit: dollars(1_000), used: 0, stage: 'safe', left: dollars(left), resetsAt: 1 },
  ...(lockedUntil !== undefined && { lockedUntil }),
})
const standing = (headroom: number, left?: number) => ({
  headroom: dollars(headroom),
  ...(left !== undefined && { daily: daily(left) }),
})

test('the caps are 0.75 % of the account, 40 % of what the day leaves, 25 % of the headroom', () => {
  const own = dollars(500)
  expect(riskCaps(trader, standing(2_000), own)).toEqual({
    trade: dollars(375),
    daily: dollars(200),
    drawdown: dollars(500),
  })
  // The firm leaves less than the trader, or more.
  expect(riskCaps(trader, standing(2_000, 300), own).daily).toBe(dollars(120))
  expect(riskCaps(trader, standing(2_000, 900), own).daily).toBe(dollars(200))
})

test('of a daily limit that was touched nothing is left, whatever came back since', () => {
  expect(riskCaps(trader, { ...standing(2_000), daily: daily(400, 99) }, dollars(500)).daily).toBe(0)
})

test('the least of any account counts, and says which rule it is', () => {
  expect(allowanceOf(trader, [], dollars(500))).toEqual({ money: dollars(375), by: 'trade' })
  expect(allowanceOf(trader, [standing(2_000)], dollars(500))).toEqual({ money: dollars(200), by: 'daily' })
  expect(allowanceOf(trader, [standing(2_000), standing(600)], dollars(500))).toEqual({
    money: dollars(150),
    by: 'drawdown',
  })
  const limits = { ...defaultLimits, riskShare: 0.002 }
  expect(allowanceOf({ ...trader, limits }, [standing(2_000)], dollars(500))).toEqual({
    money: dollars(100),
    by: 'trade',
  })
})

test('past a limit nothing may be lost, and never less than nothing', () => {
  expect(allowanceOf(trader, [standing(-20)], dollars(500))).toEqual({ money: 0, by: 'drawdown' })
  expect(allowanceOf(trader, [standing(2_000)], -dollars(12))).toEqual({ money: 0, by: 'daily' })
})
