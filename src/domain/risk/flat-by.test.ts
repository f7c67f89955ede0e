import { expect, test } from 'vitest'
import { overTheLimit } from '#src/testing/accounts.ts'
import { easternMs } from '../instruments/zone.ts'
import { flatBysOf, nextFlatBy } from './flat-by.ts'

const friday = (hour: number, minute = 0): number => easternMs('2026-11-20', hour * 60 + minute)
/** TOPSTEP50 by 16:10 and SIM101 by 12:00, both watched; PLAYBACK is only looked at. */
const { accounts } = overTheLimit

test('every watched account’s flat-by counts beside the trader’s own, which comes first of two at one instant', () => {
  expect(flatBysOf(friday(12), accounts)).toEqual([
    { at: friday(12) },
    { at: friday(12), account: 'SIM101' },
    { at: friday(16, 10), account: 'TOPSTEP50' },
  ])
})

test('the next one is told, and the last once all have passed', () => {
  const all = flatBysOf(friday(11), accounts)
  expect(nextFlatBy(all, friday(10))).toEqual({ at: friday(11) })
  expect(nextFlatBy(all, friday(11))).toEqual({ at: friday(12), account: 'SIM101' })
  expect(nextFlatBy(all, friday(12))).toEqual({ at: friday(16, 10), account: 'TOPSTEP50' })
  expect(nextFlatBy(all, friday(17))).toEqual({ at: friday(16, 10), account: 'TOPSTEP50' })
})
