import { expect, test } from 'vitest'
import { doubled, slipOf } from './fill-model.ts'
import type { Terms } from './terms.ts'

const terms: Terms = {
  ticksPerPoint: 4,
  tickValue: 12_500,
  feePerSide: 6_200,
  feeShare: 0.001,
  slippageTicks: 2,
  spreadTicks: 1,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}

test('half a spread is paid as a whole tick, and twice the costs are twice what is paid', () => {
  expect(slipOf(terms)).toBe(3)
  expect(slipOf(doubled(terms))).toBe(6)
  expect(slipOf(doubled({ ...terms, spreadTicks: 0 }))).toBe(4)
  expect(slipOf(doubled({ ...terms, spreadTicks: 2 }))).toBe(6)
  expect(doubled(terms)).toMatchObject({ feePerSide: 12_400, feeShare: 0.002 })
})
