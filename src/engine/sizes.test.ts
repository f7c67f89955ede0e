import { expect, test } from 'vitest'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { dollars } from '#src/domain/money.ts'
import type { Allowance } from '#src/domain/risk/allowance.ts'
import { drawCard } from '#src/domain/signals/card.ts'
import type { CardState } from '#src/domain/signals/focus-card.ts'
import { judgementOf, longReading } from '#src/testing/readings.ts'
import type { Desk } from './desk.ts'
import { createSizes } from './sizes.ts'

const spec = specOf('MES')
const sizedBy = { cap: dollars(375), fee: dollars(0.62) }
/** Long, stop 18 ticks away: one contract loses $26.24, 11 of them were drawn. */
const card = drawCard(
  judgementOf(longReading({ vwap: 4998 })),
  'long',
  { spec, contract: 'MES Z3', tradeDate: '2013-10-09', sizedBy },
  1,
)
const deskIn = (state: CardState, id = card.id) =>
  ({ spec, card: { ...card, id, life: { ...card.life, state } } }) as unknown as Desk

const setUp = () => {
  const told: string[] = []
  let now: Allowance = { money: dollars(375), by: 'trade' }
  let known = true
  const sizes = createSizes({
    allowance: () => now,
    isKnown: () => known,
    feeOf: () => dollars(0.62),
    changed: (id) => told.push(id),
  })
  return {
    sizes,
    told,
    know: (is: boolean) => (known = is),
    allow: (money: number, by: Allowance['by']) => (now = { money: dollars(money), by }),
  }
}

test('a card that waits shrinks with what may still be lost, and grows again to what was drawn; both are told', () => {
  const { sizes, told, allow } = setUp()
  const desk = deskIn('near')
  sizes.look([desk])
  expect(sizes.of(desk)).toBe(card.size)
  expect(told).toEqual([])
  allow(100, 'daily')
  sizes.look([desk])
  expect(sizes.of(desk)).toMatchObject({ contracts: 3, heldBack: { from: card.size.contracts, by: 'daily' } })
  sizes.look([desk])
  expect(told).toEqual(['MES'])
  allow(375, 'trade')
  sizes.look([desk])
  expect(sizes.of(desk)).toBe(card.size)
  expect(told).toEqual(['MES', 'MES'])
})

test('a trade that has begun keeps the size it began with, as it moves itself what is left', () => {
  const { sizes, allow } = setUp()
  allow(100, 'daily')
  sizes.look([deskIn('in-zone')])
  allow(40, 'daily')
  sizes.look([deskIn('triggered')])
  expect(sizes.of(deskIn('triggered'))?.contracts).toBe(3)
  // Another card of the market is another size.
  expect(sizes.of(deskIn('near', 'another'))?.contracts).toBe(card.size.contracts)
})

test('a trade found running before any account was heard of is reckoned once, when one is', () => {
  const { sizes, allow, know } = setUp()
  know(false)
  sizes.look([deskIn('triggered')])
  expect(sizes.of(deskIn('triggered'))).toBe(card.size)
  know(true)
  allow(100, 'daily')
  sizes.look([deskIn('triggered')])
  allow(40, 'daily')
  sizes.look([deskIn('triggered')])
  expect(sizes.of(deskIn('triggered'))?.contracts).toBe(3)
})

test('the next trade is planned as the dearest card that fits, as one contract where none does, as nothing where there is no card', () => {
  const { sizes, allow } = setUp()
  const desk = deskIn('watching')
  expect(sizes.planned([])).toBe(0)
  allow(100, 'drawdown')
  sizes.look([desk])
  expect(sizes.planned([desk])).toBe(3 * card.size.riskPerContract)
  allow(1, 'drawdown')
  sizes.look([desk])
  expect(sizes.planned([desk])).toBe(card.size.riskPerContract)
  expect(sizes.planned([deskIn('stopped')])).toBe(0)
})
