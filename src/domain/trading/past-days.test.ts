import { expect, test } from 'vitest'
import { evenTerms, fill } from '#src/testing/fills.ts'
import { dollars } from '../money.ts'
import { pastDaysOf, resultsOf } from './past-days.ts'

const day = 86_400

test('what two contracts closed stands in order of time, net of the fees of both sides', () => {
  // A point of MNQ is $2, of MES $5; there and back costs $1 a contract.
  const results = resultsOf(
    [
      fill(0, 2, 20_000),
      fill(60, -1, 20_010),
      fill(90, 1, 6_700, { instrument: 'MES' }),
      fill(120, -1, 6_698, { instrument: 'MES' }),
      fill(180, -1, 19_980),
    ],
    evenTerms,
  )
  expect(results.map(({ tradeDate, net }) => [tradeDate, net])).toEqual([
    ['2026-11-20', dollars(19)],
    ['2026-11-20', dollars(-11)],
    ['2026-11-20', dollars(-41)],
  ])
})

test('a day knows how far up and down it had been when something was closed', () => {
  const trips = [
    [0, 50],
    [600, -120],
    [1_200, 30],
    [3 * day, 10],
  ].flatMap(([at = 0, points = 0]) => [fill(at, 1, 20_000), fill(at + 60, -1, 20_000 + points)])
  expect(pastDaysOf(resultsOf(trips, evenTerms))).toEqual([
    { tradeDate: '2026-11-20', net: dollars(-83), worst: dollars(-142), best: dollars(99) },
    { tradeDate: '2026-11-23', net: dollars(19), worst: 0, best: dollars(19) },
  ])
})

test('what is still open is no result', () => {
  expect(resultsOf([fill(0, 1, 20_000)], evenTerms)).toEqual([])
})
