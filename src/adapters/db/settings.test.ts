import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { databases } from '#src/testing/database.ts'
import type { Database } from './connect.ts'
import { readSetting, writeSetting } from './settings.ts'

const risk = z.strictObject({ percent: z.number().max(0.75), note: z.string().optional() })

describe.each(databases)('settings in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('are undefined until written, then what was written last', async () => {
    expect(await readSetting(database.db, 'risk', risk)).toBeUndefined()
    await writeSetting(database.db, 'risk', risk, { percent: 0.5 }, 1)
    await writeSetting(database.db, 'risk', risk, { percent: 0.25, note: 'calm' }, 2)
    expect(await readSetting(database.db, 'risk', risk)).toStrictEqual({ percent: 0.25, note: 'calm' })
  })

  test('keep a false, a zero, a text and a list', async () => {
    for (const value of [false, 0, '7', ['calm', 1]]) {
      await writeSetting(database.db, 'empty', z.unknown(), value, 1)
      expect(await readSetting(database.db, 'empty', z.unknown())).toStrictEqual(value)
    }
  })

  test('that do not fit are refused and change nothing', async () => {
    await writeSetting(database.db, 'limit', risk, { percent: 0.5 }, 1)
    await expect(writeSetting(database.db, 'limit', risk, { percent: 2 }, 2)).rejects.toThrow(z.ZodError)
    expect(await readSetting(database.db, 'limit', risk)).toEqual({ percent: 0.5 })
    await expect(readSetting(database.db, 'limit', z.string())).rejects.toThrow(z.ZodError)
  })
})
