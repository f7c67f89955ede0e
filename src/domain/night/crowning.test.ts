import { expect, test } from 'vitest'
import type { StudyResult } from '../optimization/study-result.ts'
import { crowningsOf, type NightStudy } from './crowning.ts'

/** A study whose challenger won (`effective` set) or not, with the p of its test against chance. */
const study = (id: string, p: number | undefined, effective: string | null): NightStudy => ({
  id,
  result: {
    tests: p === undefined ? {} : { permutation: { p } as StudyResult['tests']['permutation'] },
    decision: { effective } as StudyResult['decision'],
  } as NightStudy['result'] & object,
})
const monday = '2026-11-23'

test('a challenger that won takes over where its test stands among all of the night', () => {
  const studies = [study('a', 0.004, monday), study('b', 0.3, null), study('c', 0.8, null), study('d', 0.9, null)]
  expect(crowningsOf(studies)).toEqual([
    { id: 'a', crowned: true },
    { id: 'b', crowned: false },
    { id: 'c', crowned: false },
    { id: 'd', crowned: false },
  ])
})

test('one that won alone does not where many were tried', () => {
  // 0.04 among twelve is q 0.48; alone it would have stood.
  const others = Array.from({ length: 11 }, (_, i) => study(`${i}`, 0.5 + i / 100, null))
  expect(crowningsOf([study('a', 0.04, monday)])).toEqual([{ id: 'a', crowned: true }])
  expect(crowningsOf([study('a', 0.04, monday), ...others])[0]).toEqual({
    ...{ id: 'a', crowned: false },
    overruled:
      'kept: the challenger won, but among the 12 studies of the night chance does as well with 0.48, at most 0.10 may be',
  })
})

test('a study that failed, or was never tested against chance, counts as one that chance explains', () => {
  const won = study('a', 0.06, monday)
  expect(crowningsOf([won, { id: 'b' }])[0]?.crowned).toBe(false)
  expect(crowningsOf([won, study('b', undefined, null)])[0]?.crowned).toBe(false)
  expect(crowningsOf([study('a', undefined, monday)])[0]?.crowned).toBe(false)
})
