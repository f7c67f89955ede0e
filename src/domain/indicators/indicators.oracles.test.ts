import { expect, test } from 'vitest'
import { compareWith, oracleCases, tableOf } from '#src/testing/oracle-table.ts'
import { hasOracles } from '#src/testing/oracles.ts'

/** Every row within 1e-9, or within the last digit a rounded sheet prints: see allowance in compare-with.ts. */
test.skipIf(!hasOracles).each(oracleCases)('$indicator equals $oracle: $column', (each) => {
  const { rows, beyond, worst } = compareWith(each)
  expect({ rows, beyond }, `worst difference ${worst}`).toEqual({ rows: each.rows, beyond: 0 })
})

test('a row that only one side knows, one too far away and an empty comparison are each told', () => {
  const held = (theirs: string[], ours: number[], rounded = false) =>
    compareWith({ oracle: '', column: '', indicator: '', rows: 0, rounded, theirs: () => theirs, ours: () => ours })
  expect(held(['1', ''], [1, Number.NaN])).toMatchObject({ rows: 1, worst: 0, beyond: 0 })
  expect(held(['1', '2'], [1, Number.NaN])).toMatchObject({ worst: Number.POSITIVE_INFINITY, beyond: 1 })
  expect(held(['1', ''], [1, 2])).toMatchObject({ worst: Number.POSITIVE_INFINITY, beyond: 1 })
  expect(held(['1.5', ''], [1.5, 2], true)).toMatchObject({ worst: Number.POSITIVE_INFINITY, beyond: 1 })
  expect(held(['1.5', '2.5'], [1.5, Number.NaN], true)).toMatchObject({ beyond: 1 })
  expect(held(['1'], [1, 2])).toMatchObject({ beyond: 1 })
  expect(held(['1.000000002'], [1])).toMatchObject({ beyond: 1 })
  expect(held([''], [Number.NaN])).toMatchObject({ rows: 0, worst: Number.POSITIVE_INFINITY })
})

test('a rounded column forgives one unit of its last digit, however it is printed', () => {
  const held = (theirs: string, ours: number) =>
    compareWith({
      oracle: '',
      column: '',
      indicator: '',
      rows: 1,
      rounded: true,
      theirs: () => [theirs],
      ours: () => [ours],
    }).beyond
  expect([held('12.34', 12.349), held('12.34', 12.351)]).toEqual([0, 1])
  expect([held('3.124325E+08', 312_432_600), held('3.124325E+08', 312_432_700)]).toEqual([0, 1])
  expect([held('-1.3324610000000001', -1.3324619), held('-1.3324610000000001', -1.3324631)]).toEqual([0, 1])
})

test('the table puts the columns of one file for one reason in one line', () => {
  const each = { oracle: 'Somebody bb', note: '', beyond: 0 }
  const lines = tableOf([
    { ...each, indicator: 'upper', rows: 1200, worst: 2e-12 },
    { ...each, indicator: 'lower', rows: 1200, worst: 0 },
    { ...each, indicator: 'first', rows: 3, worst: 0, note: 'begins later' },
  ]).split('\n')
  expect(lines.slice(2)).toEqual([
    '| Somebody bb | upper, lower | 2,400 | 2.0e-12 |  |',
    '| Somebody bb | first | 3 | 0 | begins later |',
    '',
    '3 columns, 2,403 rows.',
  ])
})
