import { expect, test } from 'vitest'
import { evenTerms, fill, tenOClock } from '#src/testing/fills.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { adjust, carry } from './adopt.ts'
import { record } from './ledger.ts'
import { averagePrice, flat } from './position.ts'

const mnq = specOf('MNQ')
const holding = { account: 'Sim101', instrument: 'MNQ', contract: 202612 } as const
const making = { holding, at: tenOClock + 60_000, mark: '1' }

/** Quantity, average and what was realized once the platform's word is taken. */
const adopted = (
  ours: readonly (readonly [number, number])[],
  platform: { quantity: number; averagePrice: number },
) => {
  const lines = record(
    mnq,
    [],
    ours.map(([quantity, price], i) => fill(i, quantity, price)),
    evenTerms,
  )
  const fills = adjust(mnq, making, lines.at(-1)?.held.position ?? flat, platform)
  const after = record(mnq, lines, fills, evenTerms)
  const position = after.at(-1)?.held.position ?? flat
  const gross = after.reduce((sum, { closing }) => sum + (closing?.gross ?? 0), 0)
  return { fills: fills.length, quantity: position.quantity, average: averagePrice(mnq, position), gross }
}

test('what is missing comes in at a price that leaves the platform’s average', () => {
  expect(adopted([[1, 20_000]], { quantity: 3, averagePrice: 20_010 })).toEqual({
    fills: 1,
    quantity: 3,
    average: 20_010,
    gross: 0,
  })
  expect(adopted([], { quantity: -2, averagePrice: 20_001.125 })).toEqual({
    fills: 1,
    quantity: -2,
    average: 20_001.125,
    gross: 0,
  })
})

test('what is too much goes at our own average, and makes nothing', () => {
  expect(adopted([[2, 20_000]], { quantity: 1, averagePrice: 20_000 })).toMatchObject({
    fills: 1,
    quantity: 1,
    gross: 0,
  })
  expect(adopted([[-2, 20_000]], { quantity: 0, averagePrice: 0 })).toMatchObject({ fills: 1, quantity: 0, gross: 0 })
})

test('the other side takes both', () => {
  expect(adopted([[1, 20_000]], { quantity: -2, averagePrice: 19_990 })).toEqual({
    fills: 2,
    quantity: -2,
    average: 19_990,
    gross: 0,
  })
})

test('what was held before the books began keeps the platform’s average and is an estimate', () => {
  const carried = carry(
    'Sim101',
    { instrument: 'MNQ', contract: 202612, quantity: 3, averagePrice: 20_000.083 },
    tenOClock,
  )
  const lines = record(mnq, [], [carried, fill(9, -3, 20_001)], evenTerms)
  expect(lines[1]?.closed).toMatchObject({ quantity: 3, gross: 55_020, estimated: true })
})
