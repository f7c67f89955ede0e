import { expect, test } from 'vitest'
import { z } from 'zod'
import { takeRows } from './to-domain.ts'

test('other work has its turn while a long page is read', async () => {
  let turns = 0
  let reading = true
  const count = (): void => {
    turns++
    if (reading) setImmediate(count)
  }
  setImmediate(count)
  const rows = Array.from({ length: 50_000 }, () => ({}))
  const { values } = await takeRows(rows, z.looseObject({}), (row) => row)
  reading = false
  expect(values).toHaveLength(50_000)
  expect(turns).toBeGreaterThanOrEqual(10)
})

test('the first field at fault is what a row is counted by', async () => {
  const wire = z.looseObject({ price: z.number(), size: z.number() })
  const rows = [{ price: 1, size: 1 }, { price: 'a', size: 'b' }, { price: 1 }, [], 7, null]
  expect(await takeRows(rows, wire, (row) => (row.price > 0 ? row : 'price'))).toEqual({
    values: [{ price: 1, size: 1 }],
    dropped: { price: 1, size: 1, row: 3 },
  })
})
