import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import type { Size } from '../signals/focus-card.ts'
import { type Stacking, stackHint } from './stack.ts'

const ready: Stacking = {
  spec: specOf('MNQ'),
  quantity: 2,
  size: { contracts: 4 } as Size,
  r: 0.52,
  ratio: 2.13,
  risk: dollars(44),
  cap: dollars(375),
  last: 20_010,
  stop: 19_990,
  fees: dollars(1),
}

test('one more is allowed at half an R with the waves behind it and the risk of all inside the cap', () => {
  // One bought at 20,010 would lose 80 + 2 ticks of 50 cents and a dollar of fees: $42 beside $44.
  expect(stackHint(ready)).toEqual({ allowed: true, words: '+0.5R and ratio 2.1: one more allowed, total risk $86' })
})

test.each([
  [{ r: 0.49 }, 'no more before +0.5R'],
  [{ r: -1 }, 'no more before +0.5R'],
  [{ r: undefined }, 'no more: R is not known without a stop at the start'],
  [{ ratio: 1.8 }, 'no more while the ratio is 1.8'],
  [{ ratio: null }, 'no more while the ratio is not known'],
  [{ quantity: 4 }, 'full size: 4 planned'],
  [{ risk: undefined }, 'no more without a stop for all of it'],
  [{ cap: dollars(85.99) }, 'no more: total risk would be $86 of $85'],
] as const)('%o: %s', (over, words) => {
  expect(stackHint({ ...ready, ...over })).toEqual({ allowed: false, words })
})

test('a short is stacked the same way', () => {
  expect(stackHint({ ...ready, quantity: -2, last: 19_990, stop: 20_010 })).toMatchObject({ allowed: true })
})
