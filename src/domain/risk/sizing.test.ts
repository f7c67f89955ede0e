import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractSpecs, specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import { feePerSide, fitSize, riskCap, riskPerContract, sizeTrade } from './sizing.ts'

const mes = specOf('MES')
const mgc = specOf('MGC')
const cap = dollars(375)

test('a trade may lose the trader’s share of the account: 0.75 % of $50,000 is $375', () => {
  expect(riskCap(dollars(50_000), 0.0075)).toBe(dollars(375))
  expect(riskCap(dollars(25_000), 0.002)).toBe(dollars(50))
})

test('one contract loses its stop, two ticks of slippage and the fees of both sides', () => {
  expect([feePerSide(mes), feePerSide(mgc)]).toEqual([dollars(0.62), dollars(0.72)])
  // 11 + 2 ticks of $1.25, and $1.24.
  expect(riskPerContract(mes, 11, dollars(0.62))).toBe(dollars(17.49))
  // 57 + 2 ticks of $1, and $1.44.
  expect(riskPerContract(mgc, 57, dollars(0.72))).toBe(dollars(60.44))
})

test('as many contracts as the budget holds, two to start with', () => {
  // $375 / 1.2 = $312.50 at the plain multiplier: 17 of $17.49 are $297.33.
  expect(sizeTrade(mes, 11, { cap, fee: dollars(0.62) }, 1, false)).toEqual({
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
  expect(
    [1.2, 1, 0.6, 9].map((multiplier) => sizeTrade(mes, 11, { cap, fee: dollars(0.62) }, multiplier, false).budget),
  ).toEqual([375, 312.5, 187.5, 375].map(dollars))
})

test('while the waves are neutral it is half of that, rounded down', () => {
  expect(sizeTrade(mgc, 57, { cap, fee: dollars(0.72) }, 1, false).contracts).toBe(5)
  expect(sizeTrade(mgc, 57, { cap, fee: dollars(0.72) }, 1, true)).toMatchObject({
    contracts: 2,
    startWith: 2,
    risk: dollars(120.88),
    halved: true,
  })
})

test('a stop too wide for one contract is no trade', () => {
  // 309 + 2 ticks of $1, and $1.44: $312.44 fits $312.50, one tick more does not.
  expect(sizeTrade(mgc, 309, { cap, fee: dollars(0.72) }, 1, false)).toMatchObject({ contracts: 1, startWith: 1 })
  expect(sizeTrade(mgc, 310, { cap, fee: dollars(0.72) }, 1, false)).toMatchObject({
    contracts: 0,
    startWith: 0,
    risk: 0,
  })
  expect(sizeTrade(mgc, 309, { cap, fee: dollars(0.72) }, 1, true).contracts).toBe(0)
})

test('without room left no contract is sized', () => {
  expect(sizeTrade(mes, 11, { cap: 0, fee: dollars(0.62) }, 1, false).contracts).toBe(0)
  expect(sizeTrade(mes, 11, { cap: -dollars(50), fee: dollars(0.62) }, 1, false).contracts).toBe(0)
})

test('other fees are other sizes', () => {
  // $50 / 1.2 = $41.66: two of 11 + 2 ticks with $1.24 of fees, one with $10.
  expect(sizeTrade(mes, 11, { cap: dollars(50), fee: dollars(0.62) }, 1, false).contracts).toBe(2)
  expect(sizeTrade(mes, 11, { cap: dollars(50), fee: dollars(5) }, 1, false)).toMatchObject({
    contracts: 1,
    riskPerContract: dollars(26.25),
  })
})

test('a size shrinks with what may still be lost and says by what it is held back, and never grows past what was drawn', () => {
  const sizedBy = { cap, fee: dollars(0.62) }
  const size = sizeTrade(mes, 11, sizedBy, 1, false)
  const sized = (money: number, fee = dollars(0.62)) =>
    fitSize(mes, { size, sizedBy, stopTicks: 11 }, { money: dollars(money), by: 'daily' }, fee)
  // $200 / 1.2 = $166.66 holds nine of $17.49.
  expect(sized(200)).toMatchObject({
    ...{ contracts: 9, startWith: 2, risk: dollars(157.41) },
    heldBack: { from: 17, by: 'daily' },
  })
  expect(sized(20)).toMatchObject({ contracts: 0, startWith: 0, risk: 0, heldBack: { from: 17, by: 'daily' } })
  expect([sized(375), sized(10_000)]).toEqual([size, size])
  // $375 / 1.2 = $312.50 holds eleven of $26.25.
  expect(sized(375, dollars(5))).toMatchObject({ contracts: 11, riskPerContract: dollars(26.25) })
  expect(sized(10_000, dollars(0.1))).toMatchObject({ contracts: 17, riskPerContract: dollars(16.45) })
  expect(sized(10_000, dollars(0.1))).not.toHaveProperty('heldBack')
})

test('a size that was planned larger than it would be drawn now stands as long as as much may be lost', () => {
  const sizedBy = { cap, fee: dollars(0.72) }
  const size = { ...sizeTrade(mgc, 57, sizedBy, 0.6, false), contracts: 5 }
  expect(fitSize(mgc, { size, sizedBy, stopTicks: 57 }, { money: cap, by: 'trade' }, dollars(0.72))).toBe(size)
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
        const size = sizeTrade(spec, stopTicks, { cap: room, fee: feePerSide(spec) }, multiplier, halved)
        expect(size.risk).toBe(size.contracts * size.riskPerContract)
        expect(size.risk).toBeLessThanOrEqual(size.budget)
        expect(size.budget).toBeLessThanOrEqual(room)
        expect(size.startWith).toBe(Math.min(2, size.contracts))
        if (!halved) expect(size.risk + size.riskPerContract).toBeGreaterThan(size.budget)
      },
    ),
  )
})
