import fc from 'fast-check'
import { ckmeans } from 'simple-statistics'
import { expect, test } from 'vitest'
import { clusterStarts, percentileRank, volatilityCluster } from './volatility.ts'

test('ranks the newest value among the others', () => {
  expect(percentileRank(Float64Array.of(1, 2, 3, 4, 2.5))).toBe(0.5)
  expect(percentileRank(Float64Array.of(1, 2, 3, 4, 9))).toBe(1)
  expect(percentileRank(Float64Array.of(5, 5, 5))).toBe(0)
  expect(percentileRank(Float64Array.of(5))).toBeNaN()
})

test('splits obvious groups where a person would', () => {
  expect(clusterStarts(Float64Array.of(1, 1.1, 1.2, 5, 5.1, 9, 9.2, 9.4), 3)).toEqual([0, 3, 5])
  expect(volatilityCluster(Float64Array.of(1, 1.1, 5, 5.1, 9, 9.2, 1.2))).toBe('LOW')
  expect(volatilityCluster(Float64Array.of(1, 1.1, 5, 9, 9.2, 1.2, 5.1))).toBe('MEDIUM')
  expect(volatilityCluster(Float64Array.of(1, 1.1, 5, 5.1, 1.2, 9.2, 9))).toBe('HIGH')
  expect(volatilityCluster(Float64Array.of(2, 2, 2, 3))).toBe('MEDIUM')
})

const within = (groups: readonly (readonly number[])[]): number =>
  groups.reduce((total, group) => {
    const center = group.reduce((a, b) => a + b, 0) / group.length
    return total + group.reduce((sum, value) => sum + (value - center) ** 2, 0)
  }, 0)

test('is as good as simple-statistics’ ckmeans on any values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 3, maxLength: 80 }), (values) => {
      fc.pre(new Set(values).size >= 3)
      const sorted = Float64Array.from(values).sort()
      const starts = clusterStarts(sorted, 3)
      const groups = starts.map((start, i) => [...sorted.slice(start, starts[i + 1])])
      expect(within(groups)).toBeCloseTo(within(ckmeans(values, 3)), 6)
    }),
  )
})
