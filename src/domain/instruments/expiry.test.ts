import { expect, test } from 'vitest'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { contractOf } from './contract-code.ts'
import { parseInstrumentId } from './contract-spec.ts'
import { lastTradeAt, lastTradeDate } from './expiry.ts'
import type { InstrumentId } from './instrument.ts'
import { easternAt } from './zone.ts'

const last = (id: InstrumentId, month: number): string => lastTradeDate(contractOf(id, month))

test('each market ends by its own rule', () => {
  expect(last('MES', 202612)).toBe('2026-12-18')
  expect(last('MNQ', 202706)).toBe('2027-06-17')
  expect(last('MGC', 202612)).toBe('2026-12-29')
  expect(last('SIL', 202612)).toBe('2026-12-29')
  expect(last('HG', 202612)).toBe('2026-12-29')
  expect(last('MHG', 202612)).toBe('2026-11-25')
  expect(last('CL', 202701)).toBe('2026-12-21')
  expect(last('MCL', 202701)).toBe('2026-12-18')
})

test('trading ends with the settlement of the last day, for equity with the opening bell', () => {
  const end = (id: InstrumentId) => easternAt(lastTradeAt(contractOf(id, 202612))).minute
  expect([end('MES'), end('GC'), end('MGC'), end('SIL'), end('MHG'), end('MCL')]).toEqual([
    570, 810, 810, 805, 780, 870,
  ])
})

/** Where the table and the exchange differ, and why we follow the exchange. */
const disagreements: Readonly<Record<string, string>> = {
  'GC 202112 2021-12-29, LEAN 2021-12-28': '31 December 2021 counted as a holiday; the exchange settled that day',
  'HG 202112 2021-12-29, LEAN 2021-12-28': 'as gold',
  'MGC 201709 2017-09-27, LEAN 2017-10-27': 'the row of October’s contract under the name of September’s',
  'MGC 201803 2018-03-27, LEAN 2018-04-26': 'the row of April’s contract under the name of March’s',
  'SI 202112 2021-12-29, LEAN 2021-12-28': 'as gold',
}

const leanRows = () =>
  oracleRows('oracles/lean/futures_expiry.csv.gz', 'symbol', 'contract_month', 'last_trade').flatMap((row) => {
    const id = parseInstrumentId(row.symbol)
    const month = Number(row.contract_month.slice(0, 7).replace('-', ''))
    return id.ok ? [{ id: id.value, month, expected: row.last_trade.slice(0, 10) }] : []
  })

test.skipIf(!hasOracles)('last trade dates agree with the LEAN table, but for the ones listed', () => {
  const rows = leanRows()
  const wrong = rows
    .filter(({ id, month, expected }) => last(id, month) !== expected)
    .map(({ id, month, expected }) => `${id} ${month} ${last(id, month)}, LEAN ${expected}`)
  expect(wrong.toSorted()).toEqual(Object.keys(disagreements))
  expect(rows).toHaveLength(194)
})
