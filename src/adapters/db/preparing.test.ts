import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backing } from '#src/testing/database.ts'
import { preparing } from './preparing.ts'

let client: Sql
beforeAll(async () => {
  client = preparing(postgres(await backing('postgres'), { max: 1 }))
})
afterAll(() => client.end())

const kept = async (part: string): Promise<readonly string[]> => {
  const rows = await client`select statement from pg_prepared_statements where statement like ${`%${part}%`}`
  return rows.map(({ statement }) => statement).filter((statement) => !statement.includes('pg_prepared'))
}

test('a statement asked again is known to the server by then', async () => {
  const statement = 'select $1::int + 1 as plain'
  expect(await client.unsafe(statement, [1])).toEqual([{ plain: 2 }])
  expect(await client.unsafe(statement, [41])).toEqual([{ plain: 42 }])
  expect(await kept('as plain')).toEqual([statement])
})

test('a statement of a transaction, and of a savepoint in it, is known as well', async () => {
  const answers = await client.begin(async (sql) => [
    ...(await sql.unsafe('select $1::int as outside', [1])),
    ...(await sql.savepoint(async (inner) => inner.unsafe('select $1::int as inside', [2]))),
  ])
  expect(answers).toEqual([{ outside: 1 }, { inside: 2 }])
  expect(await kept('as outside')).toEqual(['select $1::int as outside'])
  expect(await kept('as inside')).toEqual(['select $1::int as inside'])
})

test('a statement that is too long to come again, or carries columns by the thousand, is not kept', async () => {
  const long = `select $1::int as long${', 1'.repeat(700)}`
  expect(await client.unsafe(long, [7])).toMatchObject([{ long: 7 }])
  const column = `{${'1,'.repeat(2_500)}1}`
  expect(await client.unsafe('select cardinality($1::int[]) as bulky', [column])).toEqual([{ bulky: 2_501 }])
  expect(await kept('as long')).toEqual([])
  expect(await kept('as bulky')).toEqual([])
  expect(await client.unsafe('select cardinality($1::int[]) as bulky', ['{1,2}'])).toEqual([{ bulky: 2 }])
  expect(await kept('as bulky')).toHaveLength(1)
})
