import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import { type Agreement, comparePrices, startAgreement } from './agreement.ts'

const spec = specOf('MGC')
const at = Date.UTC(2026, 10, 18, 14)

type Said = { price: number; contract?: string; age?: number; late?: number }

const compare = (state: Agreement, wall: number, feed: Said, second: Said): Agreement => {
  const said = ({ price, contract = 'MGC Z6', age = 0, late = 0 }: Said) => ({
    contract,
    price,
    at: wall - age - late,
    receivedAt: wall - age,
  })
  return comparePrices(state, { spec, feed: said(feed), second: said(second), wall })
}

test('the hundred-dollar gold case is told at once, with both contracts', () => {
  const seen = compare(startAgreement(), at, { price: 4120 }, { price: 4221.3, contract: 'MGC G7' })
  expect(seen).toEqual({
    ticksApart: 1013,
    disagreesSince: at,
    disagrees: true,
    contracts: { feed: 'MGC Z6', second: 'MGC G7' },
  })
})

test('another contract at the same price is named and does not disagree', () => {
  const seen = compare(startAgreement(), at, { price: 4120 }, { price: 4120.2, contract: 'MGC G7' })
  expect(seen).toEqual({ ticksApart: 2, disagrees: false, contracts: { feed: 'MGC Z6', second: 'MGC G7' } })
})

test('two ticks are no difference and three are one after more than three seconds', () => {
  let seen = startAgreement()
  const after = (ms: number, second: number) => {
    seen = compare(seen, at + ms, { price: 4120 }, { price: second })
    return seen.disagrees
  }
  expect([after(0, 4120.2), after(5_000, 4120.2)]).toEqual([false, false])
  expect([after(6_000, 4120.3), after(9_000, 4120.3), after(9_001, 4120.3)]).toEqual([false, false, true])
  expect(seen).toEqual({ ticksApart: 3, disagreesSince: at + 6_000, disagrees: true })
  expect(after(9_500, 4120.2)).toBe(false)
})

test('a difference that closes starts its three seconds anew', () => {
  const apart = compare(startAgreement(), at, { price: 4120 }, { price: 4121 })
  const closed = compare(apart, at + 2_000, { price: 4121 }, { price: 4121 })
  expect(compare(closed, at + 4_000, { price: 4120 }, { price: 4121 }).disagreesSince).toBe(at + 4_000)
})

test('a price older than five seconds is compared with nothing, and the verdict stands for a minute', () => {
  expect(compare(startAgreement(), at, { price: 4120 }, { price: 4221, age: 5_001 })).toEqual(startAgreement())
  expect(compare(startAgreement(), at, { price: 4120, age: 5_000 }, { price: 4221 }).ticksApart).toBe(1010)
  const apart: Agreement = { ticksApart: 20, disagreesSince: at, disagrees: true }
  expect(compare(apart, at, { price: 4120, age: 60_000 }, { price: 4120 })).toBe(apart)
  expect(compare(apart, at, { price: 4120, age: 60_001 }, { price: 4120 })).toEqual(startAgreement())
})

test('a source that tells prices of minutes ago is not compared', () => {
  expect(compare(startAgreement(), at, { price: 4120 }, { price: 4130, late: 600_000 })).toEqual(startAgreement())
})

test('a source without the time of its price is compared by when it came', () => {
  const price = { contract: 'MGC Z6', price: 4120, receivedAt: at }
  const second = { ...price, price: 4121, at: at - 600_000 }
  expect(comparePrices(startAgreement(), { spec, feed: price, second, wall: at }).ticksApart).toBe(10)
})
