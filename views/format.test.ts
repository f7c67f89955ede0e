import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import {
  formatAmount,
  formatBytes,
  formatChange,
  formatClock,
  formatDay,
  formatFixed,
  formatInstant,
  formatMoment,
  formatMoney,
  formatNext,
  formatNumber,
  formatPrice,
  formatShare,
  formatSigned,
  formatTime,
  writeClock,
  writeDollars,
} from './format.ts'

const morning = Date.UTC(2026, 10, 20, 14, 41, 7)

test('money carries its sign, and nothing has none', () => {
  expect(formatMoney(dollars(12.5))).toBe('+$12.50')
  expect(formatMoney(dollars(-92.4))).toBe('−$92.40')
  expect(formatMoney(dollars(-1234567.891))).toBe('−$1,234,567.89')
  expect(formatMoney(0)).toBe('$0.00')
  expect(formatMoney(-0)).toBe('$0.00')
  expect(formatMoney(-40)).toBe('$0.00')
  expect(formatMoney(-50)).toBe('−$0.01')
})

test('an amount without direction has no sign', () => {
  expect(formatAmount(dollars(375))).toBe('$375.00')
  expect(formatAmount(dollars(50_000))).toBe('$50,000.00')
  expect(formatAmount(dollars(-12))).toBe('−$12.00')
  expect(formatAmount(-0)).toBe('$0.00')
})

test('a multiple of risk and a distance in ticks carry their sign, a share its percent', () => {
  expect(formatSigned(0.664, 2)).toBe('+0.66')
  expect(formatSigned(-94, 0)).toBe('−94')
  expect(formatSigned(-0.004, 2)).toBe('0.00')
  expect(formatShare(0.0104)).toBe('1.04\u00a0%')
})

test('money in a form field is plain dollars', () => {
  expect(writeDollars(dollars(1500))).toBe('1500')
  expect(writeDollars(dollars(0.62))).toBe('0.62')
  expect(writeDollars(undefined)).toBe('')
  expect(writeClock(545)).toBe('09:05')
})

test('a price has the decimals of its market', () => {
  expect(formatPrice('MGC', 4123.4)).toBe('4,123.4')
  expect(formatPrice('SIL', 50.12)).toBe('50.120')
  expect(formatPrice('MHG', 5.0125)).toBe('5.0125')
  expect(formatPrice('MNQ', 24537.5)).toBe('24,537.50')
  expect(formatPrice('MYM', 47012)).toBe('47,012')
})

test('a change carries its sign, and none where it rounds to nothing', () => {
  expect(formatChange('MGC', 18.2)).toBe('+18.2')
  expect(formatChange('MNQ', -61.25)).toBe('−61.25')
  expect(formatChange('MES', -0)).toBe('0.00')
  expect(formatChange('MGC', -0.04)).toBe('0.0')
})

test('what is not known is a dash, never a zero', () => {
  for (const nothing of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(formatMoney(nothing)).toBe('—')
    expect(formatAmount(nothing)).toBe('—')
    expect(formatPrice('MGC', nothing)).toBe('—')
    expect(formatChange('MGC', nothing)).toBe('—')
    expect(formatFixed(nothing, 2)).toBe('—')
    expect(formatSigned(nothing, 2)).toBe('—')
    expect(formatShare(nothing)).toBe('—')
    expect(formatNumber(nothing)).toBe('—')
  }
})

test('a plain number has at most four decimals and no negative zero', () => {
  expect(formatNumber(7.9)).toBe('7.9')
  expect(formatNumber(41_200)).toBe('41,200')
  expect(formatNumber(-0.35)).toBe('−0.35')
  expect(formatNumber(-0.00001)).toBe('0')
  expect(formatFixed(2.0664, 2)).toBe('2.07')
  expect(formatFixed(-5.36, 2)).toBe('−5.36')
  expect(formatFixed(-0.001, 2)).toBe('0.00')
  expect(formatPrice('MCL', -37.63)).toBe('−37.63')
  expect(formatBytes(212_400_000)).toBe('212 MB')
})

test('times are New York, summer and winter', () => {
  expect(formatClock(morning)).toBe('09:41:07')
  expect(formatTime(morning)).toBe('09:41 ET')
  expect(formatMoment(morning)).toBe('Nov 20, 09:41 ET')
  expect(formatInstant(morning)).toBe('Nov 20, 2026, 09:41 ET')
  expect(formatDay(morning)).toBe('Fri, Nov 20')
  expect(formatTime(Date.UTC(2026, 6, 1, 13, 30))).toBe('09:30 ET')
  expect(formatTime(Date.UTC(2026, 10, 20, 5))).toBe('00:00 ET')
})

test('the next change names its day only when that is not today', () => {
  expect(formatNext(Date.UTC(2026, 10, 20, 21), morning)).toBe('16:00')
  expect(formatNext(Date.UTC(2026, 10, 22, 23), morning)).toBe('Sun 18:00')
})
