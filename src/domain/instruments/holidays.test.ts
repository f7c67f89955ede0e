import { expect, test } from 'vitest'
import { addBusinessDays, holidayOn, isBusinessDay } from './holidays.ts'
import { addDays } from './zone.ts'

const holidaysIn = (year: number): string[] => {
  const found: string[] = []
  for (let date = `${year}-01-01`; date <= `${year}-12-31`; date = addDays(date, 1)) {
    const holiday = holidayOn(date)
    if (holiday !== undefined) found.push(`${date.slice(5)} ${holiday}`)
  }
  return found
}

test('the holidays of 2026', () => {
  expect(holidaysIn(2026)).toEqual([
    '01-01 new-year',
    '01-19 bank-holiday',
    '02-16 bank-holiday',
    '04-03 good-friday',
    '05-25 bank-holiday',
    '06-19 bank-holiday',
    '07-03 bank-holiday',
    '09-07 bank-holiday',
    '11-26 bank-holiday',
    '11-27 thanksgiving-friday',
    '12-24 christmas-eve',
    '12-25 christmas',
  ])
})

test('holidays on a weekend move, except the New Year back into December', () => {
  expect(holidayOn('2021-12-24')).toBe('christmas')
  expect(holidayOn('2021-12-31')).toBe(undefined)
  expect(holidayOn('2022-12-26')).toBe('christmas')
  expect(holidayOn('2023-01-02')).toBe('new-year')
  expect(holidayOn('2027-06-18')).toBe('bank-holiday')
  expect(holidayOn('2021-06-18')).toBe(undefined)
})

test('short days are business days, bank holidays are not', () => {
  expect(isBusinessDay('2026-11-27')).toBe(true)
  expect(isBusinessDay('2026-11-26')).toBe(false)
  expect(isBusinessDay('2026-11-28')).toBe(false)
  expect(addBusinessDays('2026-11-25', 1)).toBe('2026-11-27')
  expect(addBusinessDays('2026-12-28', -1)).toBe('2026-12-24')
  expect(addBusinessDays('2026-12-28', 0)).toBe('2026-12-28')
})
