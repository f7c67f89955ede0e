import { expect, test } from 'vitest'
import { evenFees, evenTerms, fill } from '#src/testing/fills.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import type { Fill } from './fill.ts'
import { record } from './ledger.ts'
import { applyFill, markPrice, nothingHeld, type Trade } from './trade.ts'

const mnq = specOf('MNQ')
const tradesOf = (fills: readonly Fill[], terms = evenTerms): Trade[] =>
  record(mnq, [], fills, terms).flatMap(({ closed }) => closed ?? [])

test('a trade is what happens from flat to flat', () => {
  const [first] = tradesOf([fill(0, 2, 20_000), fill(10, 1, 20_006), fill(60, -1, 20_010), fill(90, -2, 20_012)])
  expect(first).toMatchObject({
    account: 'Sim101',
    side: 'long',
    quantity: 3,
    entry: 20_002,
    exit: 60_034 / 3,
    // 10 and 12 points on two bought at 20,000 and 6 on the one at 20,006: 28 points of $2, six sides of 50 cents.
    gross: dollars(56),
    fees: dollars(3),
    net: dollars(53),
    tradeDate: '2026-11-20',
    estimated: false,
  })
  expect(first && first.closedAt - first.openedAt).toBe(90_000)
})

test('a fill beyond flat ends one trade and begins the next', () => {
  const trades = tradesOf([fill(0, 2, 20_000), fill(5, -3, 19_990, { executionId: 'turn' }), fill(9, 1, 19_980)])
  expect(trades.map(({ side, quantity, gross, fees }) => ({ side, quantity, gross, fees }))).toEqual([
    { side: 'long', quantity: 2, gross: dollars(-40), fees: dollars(2) },
    { side: 'short', quantity: 1, gross: dollars(20), fees: dollars(1) },
  ])
  expect(trades[1]?.id).toBe('turn')
})

test('the best and worst of a trade are of the whole of it, and of its average entry in ticks', () => {
  let held = applyFill(mnq, nothingHeld, fill(0, 2, 20_000), evenTerms).held
  for (const price of [20_004, 19_995]) held = markPrice(mnq, held, price * 4)
  // Half is taken out at +6: from then on $12 are safe and one contract moves.
  held = applyFill(mnq, held, fill(9, -1, 20_006), evenTerms).held
  held = markPrice(mnq, held, 20_008 * 4)
  const { closed } = applyFill(mnq, held, fill(12, -1, 20_001), evenTerms)
  expect(closed).toMatchObject({
    gross: dollars(14),
    mfe: { money: dollars(28), ticks: 32 },
    mae: { money: dollars(-20), ticks: -20 },
  })
})

test('only what was entered in the first three seconds is the start', () => {
  const { held } =
    record(mnq, [], [fill(0, 1, 20_000), fill(3, 1, 20_002), fill(3.001, 1, 20_004)], evenTerms).at(-1) ?? {}
  expect(held?.trade?.start).toEqual({ quantity: 2, ticks: 160_008, fees: dollars(1) })
})

test('a commission the platform did not name makes the net an estimate', () => {
  const [trade] = tradesOf([fill(0, 1, 20_000, { commission: dollars(0.7) }), fill(1, -1, 20_000)], {
    commission: 'platform',
    fees: evenFees,
  })
  expect(trade).toMatchObject({ fees: dollars(1.2), estimated: true })
})

test.each([
  ['the maintenance hour stays with the day', '2026-11-20T22:59:59Z', '2026-11-20'],
  ['18:00 in New York begins the next trade date', '2026-11-19T23:00:00Z', '2026-11-20'],
  ['Friday evening is Monday', '2026-11-20T23:00:00Z', '2026-11-23'],
  ['midnight changes nothing', '2026-11-20T05:00:00Z', '2026-11-20'],
  ['in summer 18:00 is an hour earlier in UTC', '2026-07-14T22:00:00Z', '2026-07-15'],
  ['the night the clocks go back', '2026-11-01T23:00:00Z', '2026-11-02'],
  ['the short day of Thanksgiving counts to Friday', '2026-11-26T16:00:00Z', '2026-11-27'],
])('%s', (_, closedAt, tradeDate) => {
  const at = Date.parse(closedAt)
  expect(tradesOf([fill(0, 1, 20_000, { at: at - 60_000 }), fill(0, -1, 20_000, { at })])[0]?.tradeDate).toBe(tradeDate)
})
