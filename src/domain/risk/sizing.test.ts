import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractSpecs, specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import { feePerSide, riskCap, riskPerContract, sizeTrade } from './sizing.ts'

const mes = specOf('MES')
const mgc = specOf('MGC')
const cap = dollars(375)

test('a trade may lose 0.75 % of the account: $375 of $50,000', () => {
  expect(riskCap(dollars(50_000))).toBe(dollars(375))
})

test('one contract loses its stop, two ticks of slippage and the fees of both sides', () => {
  expect([feePerSide(mes), feePerSide(mgc)]).toEqual([dollars(0.62), dollars(0.72)])
  // 11 + 2 ticks of $1.25, and $1.24.
  expect(riskPerContract(mes, 11)).toBe(dollars(17.49))
  // 57 + 2 ticks of $1, and $1.44.
  expect(riskPerContract(mgc, 57)).toBe(dollars(60.44))
})

test('as many contracts as the budget holds, two to start with', () => {
  // $375 / 1.2 = $312.50 at the plain multiplier: 17 of $17.49 are $297.33.
  expect(sizeTrade(mes, 11, cap, 1, false)).toEqual({
    contracts: 17,
    startWith: 2,
    risk: dollars(297.33),
    riskPerContract: dollars(17.49),
    budget: dollars(312.5),
    multiplier: 1,
    halved: false,
  })
})

test('calm uses the whole cap and never more, wildness three fifths of the plain budget', () => {
  expect([1.2, 1, 0.6, 9].map((multiplier) => sizeTrade(mes, 11, cap, multiplier, false).budget)).toEqual(
    [375, 312.5, 187.5, 375].map(dollars),
  )
})

test('while the waves are neutral it is half of that, rounded down', () => {
  expect(sizeTrade(mgc, 57, cap, 1, false).contracts).toBe(5)
  expect(sizeTrade(mgc, 57, cap, 1, true)).toMatchObject({
    contracts: 2,
    startWith: 2,
    risk: dollars(120.88),
    halved: true,
  })
})

test('a stop too wide for one contract is no trade', () => {
  // 309 + 2 ticks of $1, and $1.44: $312.44 fits $312.50, one tick more does not.
  expect(sizeTrade(mgc, 309, cap, 1, false)).toMatchObject({ contracts: 1, startWith: 1 })
  expect(sizeTrade(mgc, 310, cap, 1, false)).toMatchObject({ contracts: 0, startWith: 0, risk: 0 })
  expect(sizeTrade(mgc, 309, cap, 1, true).contracts).toBe(0)
})

test('without room left no contract is sized', () => {
  expect(sizeTrade(mes, 11, 0, 1, false).contracts).toBe(0)
  expect(sizeTrade(mes, 11, -dollars(50), 1, false).contracts).toBe(0)
})

test('whatever the market, stop and multiplier, the loss stays inside the cap and one more would leave the budget', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(contractSpecs)),
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 0, max: 20_000_000 }),
      fc.constantFrom(1.2, 1, 0.6),
      fc.boolean(),
      (spec, stopTicks, room, multiplier, halved) => {
        const size = sizeTrade(spec, stopTicks, room, multiplier, halved)
        expect(size.risk).toBe(size.contracts * size.riskPerContract)
        expect(size.risk).toBeLessThanOrEqual(size.budget)
        expect(size.budget).toBeLessThanOrEqual(room)
        expect(size.startWith).toBe(Math.min(2, size.contracts))
        if (!halved) expect(size.risk + size.riskPerContract).toBeGreaterThan(size.budget)
      },
    ),
  )
})
