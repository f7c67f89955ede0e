import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Db } from './connect.ts'
import { settings } from './schema.ts'

/** Reads a setting, undefined when it was never written; throws ZodError when what is stored no longer fits. */
export const readSetting = async <T>(db: Db, key: string, schema: z.ZodType<T>): Promise<T | undefined> => {
  const [row] = await db.select().from(settings).where(eq(settings.key, key))
  return row && schema.parse(row.value)
}

/** Writes a setting at machine time `at`; throws ZodError, changing nothing, when the value does not fit. */
export const writeSetting = async <T>(
  db: Db,
  key: string,
  schema: z.ZodType<T>,
  value: T,
  at: number,
): Promise<void> => {
  const row = { value: schema.parse(value), updatedAt: at }
  await db
    .insert(settings)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: settings.key, set: row })
}
