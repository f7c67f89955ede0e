import { z } from 'zod'
import type { Db } from '#src/adapters/db/connect.ts'
import { readSetting, writeSetting } from '#src/adapters/db/settings.ts'

const schema = z.array(z.string())
const keyOf = (book: string): string => `closing:${book}`

/** The accounts of a book that are being closed, '' for all of them: an engine that starts goes on with it. */
export const readClosing = async (db: Db, book: string): Promise<readonly string[]> =>
  (await readSetting(db, keyOf(book), schema)) ?? []

/** Keeps which accounts are being closed; `at` is machine time. */
export const writeClosing = (db: Db, book: string, accounts: readonly string[], at: number): Promise<void> =>
  writeSetting(db, keyOf(book), schema, [...new Set(accounts)], at)
