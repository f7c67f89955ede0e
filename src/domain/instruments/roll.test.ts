import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractMonth, contractOf } from './contract-code.ts'
import { lastTradeDate } from './expiry.ts'
import { addBusinessDays } from './holidays.ts'
import { type InstrumentId, instrumentIds } from './instrument.ts'
import { frontContract, rollDate } from './roll.ts'
import { addDays } from './zone.ts'

const front = (id: InstrumentId, date: string, volumes?: { front: number; next: number }): number =>
  contractMonth(frontContract(id, date, volumes))

test('on 9 October 2013 the December contracts were traded', () => {
  expect(front('ES', '2013-10-09')).toBe(201312)
  expect(front('GC', '2013-10-09')).toBe(201312)
})

test('equity rolls on the Monday before it expires', () => {
  expect(rollDate(contractOf('MES', 202612))).toBe('2026-12-14')
  expect(front('MES', '2026-12-11')).toBe(202612)
  expect(front('MES', '2026-12-14')).toBe(202703)
})

test('metals roll three business days before first notice', () => {
  expect(rollDate(contractOf('MGC', 202612))).toBe('2026-11-24')
  expect(front('MGC', '2026-11-23')).toBe(202612)
  expect(front('MGC', '2026-11-24')).toBe(202702)
})

test('micro copper is left before its last trade, on the day copper is', () => {
  expect(rollDate(contractOf('MHG', 202612))).toBe(rollDate(contractOf('HG', 202612)))
  expect(rollDate(contractOf('MHG', 202612)) < lastTradeDate(contractOf('MHG', 202612))).toBe(true)
})

test('crude rolls four business days before its last trade', () => {
  expect(rollDate(contractOf('CL', 202701))).toBe('2026-12-15')
  expect(front('CL', '2026-12-14')).toBe(202701)
  expect(front('CL', '2026-12-15')).toBe(202702)
})

test('more volume in the next contract rolls earlier, as much does not', () => {
  expect(front('MGC', '2026-11-18', { front: 1000, next: 1001 })).toBe(202702)
  expect(front('MGC', '2026-11-18', { front: 1000, next: 1000 })).toBe(202612)
})

test('gold skips October, whose volume stays in December', () => {
  expect(front('MGC', '2026-08-20')).toBe(202612)
})

test('the front never goes back, and is left before it stops trading and before first notice', () => {
  const days = fc.integer({ min: 0, max: 7_000 }).map((n) => addDays('2009-06-01', n))
  fc.assert(
    fc.property(fc.constantFrom(...instrumentIds), days, (id, date) => {
      const contract = frontContract(id, date)
      expect(front(id, addDays(date, 1))).toBeGreaterThanOrEqual(contractMonth(contract))
      expect(date < lastTradeDate(contract)).toBe(true)
      if (['GC', 'MGC', 'SI', 'SIL', 'HG', 'MHG'].includes(id)) {
        const firstOfMonth = `${contract.year}-${String(contract.month).padStart(2, '0')}-01`
        expect(date < addBusinessDays(firstOfMonth, -1)).toBe(true)
      }
    }),
  )
})
