import { expect, test } from 'vitest'
import { evenFees, evenTerms, fill } from '#src/testing/fills.ts'
import { dollars } from '../money.ts'
import { exitFees, feeOf, originOf } from './fees.ts'
import { flat } from './position.ts'

const platform = { commission: 'platform', fees: evenFees } as const

test('our own fee is per contract and knows nothing of the platform', () => {
  expect(feeOf(fill(0, 3, 20_000, { commission: dollars(9) }), evenTerms)).toEqual({
    fee: dollars(1.5),
    estimated: false,
  })
})

test('the platform’s commission counts where it is asked for, and ours, estimated, where it is missing', () => {
  expect(feeOf(fill(0, 3, 20_000, { commission: dollars(2.07) }), platform)).toEqual({
    fee: dollars(2.07),
    estimated: false,
  })
  expect(feeOf(fill(0, -3, 20_000), platform)).toEqual({ fee: dollars(1.5), estimated: true })
})

test('what is no execution costs nothing and is an estimate', () => {
  const carried = fill(0, 1, 20_000, { executionId: 'carried:MNQ:202612:1' })
  expect([originOf(carried), originOf(fill(0, 1, 20_000))]).toEqual(['carried', 'execution'])
  expect(feeOf(carried, evenTerms)).toEqual({ fee: 0, estimated: true })
})

test('getting out costs by the table, or as much as the platform took for getting in', () => {
  const held = { ...flat, quantity: -2, fees: dollars(1.9) }
  expect(exitFees(held, 'MNQ', evenTerms)).toBe(dollars(1))
  expect(exitFees(held, 'MNQ', platform)).toBe(dollars(1.9))
  expect(exitFees({ ...held, fees: 0 }, 'MNQ', platform)).toBe(dollars(1))
})
