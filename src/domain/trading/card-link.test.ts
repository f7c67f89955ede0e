import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import type { FocusCard } from '../signals/focus-card.ts'
import { linkCard } from './card-link.ts'
import { applyDeal, flat } from './position.ts'

const mnq = specOf('MNQ')
const card = (over: object = {}) =>
  ({
    id: '2026-11-20-MNQ-1',
    bias: 'long',
    bracket: { zone: { low: 19_998, high: 20_002 }, stop: 19_990, target1: 20_020, target2: 20_040 },
    size: { contracts: 4 },
    ...over,
  }) as FocusCard
const link = (
  quantity: number,
  price: number,
  stops: { startStop?: number; stop?: number } = {},
  over: object = {},
) => {
  const { position } = applyDeal(mnq, flat, { quantity, ticks: price * 4, fee: 0 })
  return linkCard({ spec: mnq, position, card: card(over), ...stops })
}

test.each([
  [20_002, ['entered in its zone'], true],
  [20_002.25, ['entered dearer than its zone'], false],
  [19_997.75, ['entered better than its zone'], true],
  [19_990, ['entered beyond its stop'], false],
] as const)('an entry at %f', (price, words, agrees) => {
  expect(link(1, price)).toEqual({ id: '2026-11-20-MNQ-1', words, agrees })
})

test('a short enters its zone from below', () => {
  const short = { bias: 'short', bracket: { ...card().bracket, stop: 20_010 } }
  expect([link(-1, 19_998, {}, short), link(-1, 19_997.75, {}, short)].map(({ words }) => words)).toEqual([
    ['entered in its zone'],
    ['entered dearer than its zone'],
  ])
})

test('more contracts than planned are said', () => {
  expect(link(5, 20_000)).toMatchObject({
    words: ['entered in its zone', 'larger than planned: 5 of 4'],
    agrees: false,
  })
})

test('where the stop went is said, against where it began', () => {
  expect(link(1, 20_000, { startStop: 19_990, stop: 19_985 })).toMatchObject({
    words: ['entered in its zone', 'stop moved away'],
    agrees: false,
  })
  expect(link(1, 20_000, { startStop: 19_985, stop: 19_990 })).toMatchObject({
    words: ['entered in its zone', 'stop moved toward profit'],
    agrees: true,
  })
  expect(link(1, 20_000, { stop: 19_980 }).words).toEqual(['entered in its zone', 'stop farther than planned'])
  expect(link(1, 20_000, { startStop: 19_985, stop: 19_985 }).words).toEqual(['entered in its zone'])
})

test('the other side, or a side where the card has none, is against it', () => {
  expect(link(-1, 20_000)).toMatchObject({ words: ['other side than its card'], agrees: false })
  expect(link(1, 20_000, {}, { bias: 'neutral', bracket: undefined })).toMatchObject({
    words: ['its card is neutral'],
    agrees: false,
  })
})
