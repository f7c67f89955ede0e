import { expect, test } from 'vitest'
import { standsAlone } from './second-print.ts'

const waits = { price: 19_700, at: 1_000 }

test.each([
  ['the first of all', undefined, undefined, { price: 20_000, at: 0 }, false],
  ['one within 1 % of the last', 20_000, undefined, { price: 19_800, at: 0 }, false],
  ['one a tick further', 20_000, undefined, { price: 19_799.75, at: 0 }, true],
  ['one as far above', 20_000, undefined, { price: 20_200.25, at: 0 }, true],
  ['nothing for a price', 20_000, undefined, { price: 0, at: 0 }, true],
  ['a second one beside it', 20_000, waits, { price: 19_650, at: 1_001 }, false],
  ['the same one told again', 20_000, waits, { price: 19_700, at: 1_000 }, true],
  ['the same price later', 20_000, waits, { price: 19_700, at: 1_001 }, false],
  [
    'the same price told again as its quote moves',
    20_000,
    waits,
    { price: 19_700, at: 1_250, bid: 19_999, ask: 20_000 },
    true,
  ],
  [
    'another price told with an old quote',
    20_000,
    waits,
    { price: 19_701, at: 1_250, bid: 19_999, ask: 20_000 },
    false,
  ],
  ['the first that a quote is beside', 20_000, undefined, { price: 19_700, at: 0, bid: 19_699, ask: 19_701 }, false],
  ['another one, far from both', 20_000, waits, { price: 15_000, at: 1_001 }, true],
  ['of a price below zero one within 1 %', -37, undefined, { price: -36.7, at: 0 }, false],
  ['of a price below zero one beyond', -37, undefined, { price: -36.6, at: 0 }, true],
])('%s', (_, last, before, print, alone) => {
  expect(standsAlone(last, before, print)).toBe(alone)
})
