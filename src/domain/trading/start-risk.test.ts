import { expect, test } from 'vitest'
import { evenTerms, fill, sellStop, tenOClock } from '#src/testing/fills.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import { record } from './ledger.ts'
import { measure, noteStop, startRisk, startStop } from './start-risk.ts'
import type { Trade } from './trade.ts'

const mnq = specOf('MNQ')
const trade = record(mnq, [], [fill(0, 2, 20_000), fill(60, -2, 20_011)], evenTerms)[1]?.closed as Trade

test('one R is the stop seen at the start, two ticks beyond it, with the fees of both sides', () => {
  expect(startRisk(mnq, trade, 19_990)).toBe(dollars(44))
  // 22 of 44 points made, less two dollars of fees: $42 of $44.
  expect(measure(mnq, trade, 19_990)).toMatchObject({ risk: dollars(44), r: 42 / 44 })
})

test('a stop that would not have lost is no measure, nor is none', () => {
  expect(startRisk(mnq, trade, 20_000)).toBeUndefined()
  expect(measure(mnq, trade, undefined)).toBe(trade)
})

test('the first stop within three seconds counts, wherever it is moved later, else the card’s', () => {
  const first = noteStop([], sellStop(19_990, 2, { at: tenOClock + 3_000 }))
  const seen = noteStop(first, sellStop(19_999, 2, { at: tenOClock + 30_000 }))
  expect(seen).toBe(first)
  expect(startStop(trade, seen, 19_980)).toBe(19_990)
  const late = noteStop([], sellStop(19_990, 2, { at: tenOClock + 3_001 }))
  expect([startStop(trade, late, 19_980), startStop(trade, late, undefined)]).toEqual([19_980, undefined])
})

test('targets, rejected stops and stops of the other side are none', () => {
  expect(noteStop([], sellStop(19_990, 2, { state: 'rejected' }))).toEqual([])
  expect(noteStop([], sellStop(19_990, 2, { type: 'limit' }))).toEqual([])
  expect(startStop(trade, noteStop([], sellStop(19_990, 2, { side: 'buy' })), undefined)).toBeUndefined()
})
