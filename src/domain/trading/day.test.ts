import { expect, test } from 'vitest'
import { evenTerms, fill } from '#src/testing/fills.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import { tallyDay } from './day.ts'
import { record } from './ledger.ts'

const day = (...deals: readonly (readonly [seconds: number, quantity: number, price: number])[]) =>
  tallyDay(
    record(
      specOf('MNQ'),
      [],
      deals.map(([at, quantity, price]) => fill(at, quantity, price)),
      evenTerms,
    ),
  )

test('a day is what was closed, and what it cost so far', () => {
  expect(day([0, 2, 20_000], [60, -1, 20_010])).toEqual({
    // 10 points of $2 less both sides of one contract; the other has paid its way in.
    closed: dollars(19),
    fees: dollars(1.5),
    trades: 0,
    executions: 2,
    traded: 3,
  })
})

test('a day’s trades are summed; fees alone are a loss', () => {
  const loss = [
    [0, 1, 20_000],
    [10, -1, 19_990],
  ] as const
  const scratch = [
    [20, 1, 20_000],
    [30, -1, 20_000],
  ] as const
  expect(day(...loss, ...scratch)).toMatchObject({ trades: 2, closed: dollars(-22) })
  expect(day()).toMatchObject({ closed: 0, trades: 0 })
})

test('an adjustment is no execution', () => {
  const lines = record(
    specOf('MNQ'),
    [],
    [fill(0, 1, 20_000, { executionId: 'adjustment:MNQ:202612:0-in' })],
    evenTerms,
  )
  expect(tallyDay(lines)).toMatchObject({ executions: 0, traded: 0, fees: 0 })
})
