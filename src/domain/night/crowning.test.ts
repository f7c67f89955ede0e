import { expect, test } from 'vitest'
import type { StudyResult } from '../optimization/study-result.ts'
import { crowningsOf, type JudgedStudy } from './crowning.ts'

/** A study whose challenger, its first set, won (`effective` set) or not; the p of its days unseen and of each set it tried. */
const study = (
  id: string,
  p: number | undefined,
  effective: string | null,
  sets: readonly number[] = [0.001],
): JudgedStudy => ({
  id,
  result: {
    tests: {
      ...(p !== undefined && { permutation: { p } as StudyResult['tests']['permutation'] }),
      trials: { p: sets, runs: 9_999, chosen: 0 },
    },
    decision: { effective } as StudyResult['decision'],
  } as JudgedStudy['result'] & object,
})
const monday = '2026-11-23'
const of = 'the night'

test('a challenger that won takes over where its test stands among all of the night', () => {
  const studies = [study('a', 0.004, monday), study('b', 0.3, null), study('c', 0.8, null), study('d', 0.9, null)]
  expect(crowningsOf(studies, of)).toEqual([
    { id: 'a', crowned: true },
    { id: 'b', crowned: false },
    { id: 'c', crowned: false },
    { id: 'd', crowned: false },
  ])
})

test('one that won alone does not where many were tried', () => {
  // 0.04 among twelve is q 0.48; alone it would have stood.
  const others = Array.from({ length: 11 }, (_, i) => study(`${i}`, 0.5 + i / 100, null))
  expect(crowningsOf([study('a', 0.04, monday)], of)).toEqual([{ id: 'a', crowned: true }])
  expect(crowningsOf([study('a', 0.04, monday), ...others], of)[0]).toEqual({
    ...{ id: 'a', crowned: false },
    overruled:
      'kept: the challenger won, but among the 12 studies of the night chance does as well with 0.48, at most 0.10 may be',
  })
})

test('its own set must stand among all sets tried, those of other studies with them', () => {
  const vain = (sets: number): readonly number[] => Array.from({ length: sets }, () => 0.9)
  const won = study('a', 0.001, monday, [0.002, ...vain(19)])
  // 0.002 among twenty is q 0.04, among 1,020 it is 0.9: no more than the others say.
  expect(crowningsOf([won], of)).toEqual([{ id: 'a', crowned: true }])
  expect(crowningsOf([study('b', 0.5, null, vain(1_000)), won], of)[1]).toEqual({
    ...{ id: 'a', crowned: false },
    overruled:
      'kept: the challenger won, but among the 1,020 sets tried of the night chance does as well with 0.90, at most 0.10 may be',
  })
})

test('a study that failed, or was never tested against chance, counts as one that chance explains', () => {
  const won = study('a', 0.06, monday)
  expect(crowningsOf([won, { id: 'b' }], of)[0]?.crowned).toBe(false)
  expect(crowningsOf([won, study('b', undefined, null)], of)[0]?.crowned).toBe(false)
  expect(crowningsOf([study('a', undefined, monday)], of)[0]?.crowned).toBe(false)
  const { result } = study('a', 0.001, monday)
  const untested = result && { ...result, tests: { permutation: result.tests.permutation } as StudyResult['tests'] }
  expect(crowningsOf([{ id: 'a', ...(untested && { result: untested }) }], of)[0]?.crowned).toBe(false)
})
