import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  contractCode,
  contractMonth,
  contractName,
  contractOf,
  parseContractCode,
  parseContractName,
} from './contract-code.ts'
import { instrumentIds } from './instrument.ts'

const december = { id: 'MGC', year: 2026, month: 12 } as const

test('a contract is written the way the trader says it', () => {
  expect(contractCode(december)).toBe('MGC Z6')
  expect(contractMonth(december)).toBe(202612)
  expect(contractOf('MGC', 202612)).toEqual(december)
})

test.each(['MGCZ6', 'MGC Z6', 'MGC 12-26'])('%s is the December 2026 contract', (text) => {
  expect(parseContractCode(text, 2026)).toEqual({ ok: true, value: december })
})

test('a year without its decade is the closest one, of two equally close the later', () => {
  const yearOf = (text: string, near: number) => {
    const contract = parseContractCode(text, near)
    return contract.ok ? contract.value.year : contract.reason
  }
  expect(yearOf('ESZ3', 2013)).toBe(2013)
  expect(yearOf('ESH0', 2029)).toBe(2030)
  expect(yearOf('ESZ9', 2030)).toBe(2029)
  expect(yearOf('ESZ1', 2026)).toBe(2031)
  expect(yearOf('ES 03-01', 2098)).toBe(2101)
})

test('what is no contract of ours is refused', () => {
  expect(parseContractCode('6EZ6', 2026)).toEqual({ ok: false, reason: 'unknown-instrument' })
  expect(parseContractCode('MGCA6', 2026)).toEqual({ ok: false, reason: 'not-a-contract' })
  expect(parseContractCode('MGC12-26', 2026)).toEqual({ ok: false, reason: 'not-a-contract' })
  expect(parseContractCode('MGC 13-26', 2026)).toEqual({ ok: false, reason: 'not-a-contract' })
  expect(parseContractCode('', 2026)).toEqual({ ok: false, reason: 'not-a-contract' })
})

test('every contract survives being written and read', () => {
  const contract = fc.record({
    id: fc.constantFrom(...instrumentIds),
    year: fc.integer({ min: 2009, max: 2040 }),
    month: fc.integer({ min: 1, max: 12 }),
  })
  fc.assert(
    fc.property(contract, fc.integer({ min: -4, max: 5 }), (it, years) => {
      expect(parseContractCode(contractCode(it), it.year - years)).toEqual({ ok: true, value: it })
    }),
  )
})

test.each(['MNQ 12-26', 'MNQ DEC26'])('%s is what NinjaTrader calls the December 2026 contract', (text) => {
  expect(parseContractName(text, 2026)).toEqual({ ok: true, value: { id: 'MNQ', year: 2026, month: 12 } })
})

test('what NinjaTrader lists and the product does not know is refused by name', () => {
  for (const text of ['6E 12-26', 'ZN DEC26'])
    expect(parseContractName(text, 2026)).toEqual({ ok: false, reason: 'unknown-instrument' })
  for (const text of ['MNQ 13-26', 'MNQ DEZ26', 'MNQ Z6', 'MNQ 12-2026', 'mnq 12-26', 'EURUSD', 'AAPL', ''])
    expect(parseContractName(text, 2026)).toEqual({ ok: false, reason: 'not-a-contract' })
})

test("every contract survives being written and read in NinjaTrader's way", () => {
  const contract = fc.record({
    id: fc.constantFrom(...instrumentIds),
    year: fc.integer({ min: 2009, max: 2040 }),
    month: fc.integer({ min: 1, max: 12 }),
  })
  fc.assert(
    fc.property(contract, fc.integer({ min: -40, max: 40 }), (it, years) => {
      expect(contractName(it)).toMatch(/^[A-Z0-9]+ \d\d-\d\d$/)
      expect(parseContractName(contractName(it), it.year + years)).toEqual({ ok: true, value: it })
    }),
  )
})
