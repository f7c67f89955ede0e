import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import { applyDeal, averagePrice, type Deal, flat, openGross, openNet } from './position.ts'

const mes = specOf('MES')
const deal = (quantity: number, price: number, fee = 0): Deal => ({ quantity, ticks: price * 4, fee: dollars(fee) })
const after = (...deals: Deal[]) => {
  let position = flat
  let last: ReturnType<typeof applyDeal> = { position }
  for (const one of deals) {
    last = applyDeal(mes, position, one)
    position = last.position
  }
  return last
}

test('scales in at the average price and out from the oldest lot', () => {
  const held = after(deal(1, 5000), deal(3, 5004)).position
  expect([held.quantity, averagePrice(mes, held)]).toEqual([4, 5003])
  // The contract bought at 5,000 goes first: 6 points of $5.
  const { position, closing } = after(deal(1, 5000), deal(3, 5004), deal(-1, 5006))
  expect(closing).toEqual({ quantity: 1, gross: dollars(30), fees: 0 })
  expect([position.quantity, averagePrice(mes, position)]).toEqual([3, 5004])
})

test('one fill closes the old side and opens the other, its fee shared by contracts', () => {
  const { position, closing } = after(deal(2, 5000, 1.2), deal(-5, 5001, 3))
  expect(closing).toEqual({ quantity: 2, gross: dollars(10), fees: dollars(2.4) })
  expect(position).toMatchObject({ quantity: -3, fees: dollars(1.8) })
  expect(averagePrice(mes, position)).toBe(5001)
})

test('a short gains as the price falls', () => {
  const { position } = after(deal(-2, 5000, 1))
  expect(openGross(mes, position, 4990 * 4)).toBe(dollars(100))
  expect(openNet(mes, position, 4990 * 4, dollars(1))).toBe(dollars(98))
  expect(after(deal(-2, 5000), deal(1, 5010)).closing?.gross).toBe(dollars(-50))
})

test('a fee that does not divide loses nothing on its parts', () => {
  const thirds = [after(deal(3, 5000, 0.0001), deal(-1, 5000)), after(deal(3, 5000, 1), deal(-1, 5000), deal(-2, 5000))]
  expect(thirds.map(({ closing }) => closing?.fees)).toEqual([0, 6667])
  expect(after(deal(3, 5000, 1), deal(-1, 5000)).closing?.fees).toBe(3333)
})

test('flat is flat whatever led there', () => {
  expect(after(deal(2, 5000, 1), deal(-1, 5001, 1), deal(-1, 5002, 1)).position).toEqual(flat)
})
