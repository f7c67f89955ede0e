import { expect, test } from 'vitest'
import { ageText, countdown, freshnessOf } from './age.ts'

test('an age is told in its largest units', () => {
  expect(ageText(-250)).toBe('now')
  expect(ageText(999)).toBe('now')
  expect(ageText(4_200)).toBe('4 s')
  expect(ageText(59_999)).toBe('59 s')
  expect(ageText(12 * 60_000)).toBe('12 min')
  expect(ageText(125 * 60_000)).toBe('2 h 05')
  expect(ageText(3 * 86_400_000)).toBe('3 d')
})

test('a number is late beyond two seconds and stale beyond five', () => {
  expect(freshnessOf(2_000)).toBe('fresh')
  expect(freshnessOf(2_001)).toBe('late')
  expect(freshnessOf(5_000)).toBe('late')
  expect(freshnessOf(5_001)).toBe('stale')
})

test('a countdown ends at zero and never before its time', () => {
  expect(countdown(1_133_000)).toBe('18:53')
  expect(countdown(400)).toBe('0:01')
  expect(countdown(0)).toBe('0:00')
  expect(countdown(-5_000)).toBe('0:00')
  expect(countdown(8_333_000)).toBe('2:18:53')
  expect(countdown(50 * 3_600_000)).toBe('2 d 2 h')
})
