import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'

const require = createRequire(import.meta.url)

/**
 * Where the build leaves an embedded database that is migrated and empty: below `${root}/dist`, named after the database
 * program and the migrations it was made with, so that a start never takes one of another make.
 */
export const blankFolder = (root: string): string => {
  const program = readFileSync(join(require.resolve('@electric-sql/pglite'), '../../package.json'), 'utf8')
  const { version } = JSON.parse(program) as { version: string }
  const migrations = readMigrationFiles({ migrationsFolder: join(root, 'migrations') })
  const marks = [version, ...migrations.map(({ folderMillis, hash }) => `${folderMillis} ${hash}`)]
  const make = createHash('sha256').update(marks.join()).digest('hex').slice(0, 12)
  return join(root, 'dist', 'blank-database', make)
}

/** What a program that may begin a database needs to know of the project's folder. */
export const databaseFolders = (root: string): { readonly migrationsFolder: string; readonly blank: string } => ({
  migrationsFolder: join(root, 'migrations'),
  blank: blankFolder(root),
})

/**
 * Begins a database folder as a copy of the blank one, which takes a tenth of the time of making it; nothing where there is
 * no blank one that can be copied, or where the folder exists. It appears whole or not at all.
 */
export const copyBlank = (folder: string, blank: string | undefined): void => {
  if (blank === undefined || existsSync(folder) || !existsSync(blank)) return
  const copy = `${folder}.copy`
  rmSync(copy, { recursive: true, force: true })
  try {
    cpSync(blank, copy, { recursive: true })
    renameSync(copy, folder)
  } catch {
    // It only saves time: where its files are another user's, or a build is at work on them, the folder is made anew.
    rmSync(copy, { recursive: true, force: true })
  }
}
