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
    size: { contracts: 4, startWith: 2 },
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
  [20_002, ['in its zone'], true],
  [20_002.25, ['entered worse than its zone'], false],
  [19_997.75, ['entered better than its zone'], true],
  [19_990, ['entered beyond its stop'], false],
] as const)('an entry at %f', (price, words, agrees) => {
  expect(link(4, price)).toEqual({ id: '2026-11-20-MNQ-1', words: [...words, 'size as planned'], agrees })
})

test('a short enters its zone from below', () => {
  const short = { bias: 'short', bracket: { ...card().bracket, stop: 20_010 } }
  expect([link(-4, 19_998, {}, short), link(-4, 19_997.75, {}, short)].map(({ words }) => words[0])).toEqual([
    'in its zone',
    'entered worse than its zone',
  ])
})

test('more contracts than planned are said first', () => {
  expect(link(5, 20_000)).toMatchObject({
    words: ['larger than planned: 5 of 4', 'in its zone'],
    agrees: false,
  })
})

test('what is as planned is said too, and fewer contracts are no fault', () => {
  expect(link(4, 20_000, { startStop: 19_990, stop: 19_990 })).toMatchObject({
    words: ['in its zone', 'size as planned', 'stop as planned'],
    agrees: true,
  })
  expect(link(4, 20_000, { stop: 19_990 }).words).toContain('stop as planned')
  expect(link(2, 20_000).words).toEqual(['in its zone', 'size as planned'])
  expect(link(1, 20_000)).toMatchObject({ words: ['in its zone', 'smaller than planned: 1 of 2'], agrees: true })
  expect(link(4, 20_000, {}, { size: undefined }).words).toEqual(['in its zone'])
})

test('where the stop went is said, against where it began', () => {
  expect(link(4, 20_000, { startStop: 19_990, stop: 19_985 })).toMatchObject({
    words: ['stop moved away', 'in its zone', 'size as planned'],
    agrees: false,
  })
  expect(link(4, 20_000, { startStop: 19_985, stop: 19_990 })).toMatchObject({
    words: ['in its zone', 'size as planned', 'stop moved toward profit'],
    agrees: true,
  })
  expect(link(4, 20_000, { stop: 19_980 }).words).toEqual([
    'stop farther than planned',
    'in its zone',
    'size as planned',
  ])
  expect(link(4, 20_000, { startStop: 19_985, stop: 19_985 }).words).toContain('stop not moved')
})

test('the other side, or a side where the card has none, is against it', () => {
  expect(link(-1, 20_000)).toMatchObject({ words: ['other side than its card'], agrees: false })
  expect(link(4, 20_000, {}, { bias: 'neutral', bracket: undefined })).toMatchObject({
    words: ['its card is neutral'],
    agrees: false,
  })
})
