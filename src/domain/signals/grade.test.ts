import { expect, test } from 'vitest'
import { checklistOf } from './grade.ts'

const parts = (...shares: readonly number[]) => ({
  components: shares.map((share) => ({ name: 'waves' as const, points: share * 10, max: 10, why: '' })),
})

test('all eight with half of their points or more make an A+', () => {
  expect(checklistOf(parts(1, 1, 0.5, 1, 1, 1, 0.5, 1))).toEqual({ grade: 'A+', ticked: 8, of: 8 })
})

test('each component short of half costs a grade', () => {
  expect(checklistOf(parts(0.4, 1, 1, 1)).grade).toBe('A')
  expect(checklistOf(parts(0.4, 0, 1, 1)).grade).toBe('B')
  expect(checklistOf(parts(0.4, 0, 0, 1)).grade).toBe('C')
  expect(checklistOf(parts(0.4, 0, 0, 0)).grade).toBe('D')
  expect(checklistOf(parts(0, 0, 0, 0, 0, 0, 0, 0))).toEqual({ grade: 'D', ticked: 0, of: 8 })
})
