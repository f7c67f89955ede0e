import { createHash } from 'node:crypto'
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * Where the build leaves an embedded database that is migrated and empty: below `${root}/dist`, named after the database
 * program and the migrations it was made with, so that a start never takes one of another make.
 */
export const blankFolder = (root: string): string => {
  const program = readFileSync(join(require.resolve('@electric-sql/pglite'), '../../package.json'), 'utf8')
  const { version } = JSON.parse(program) as { version: string }
  const journal = readFileSync(join(root, 'migrations/meta/_journal.json'), 'utf8')
  const make = createHash('sha256').update(`${version} ${journal}`).digest('hex').slice(0, 12)
  return join(root, 'dist', 'blank-database', make)
}

/** Has everything below a folder on the disk itself: what is acknowledged later rests on it. */
const settle = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) settle(path)
    else flush(path)
  }
}

const flush = (path: string): void => {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Begins a database folder as a copy of the blank one, which takes a tenth of the time of making it; nothing where there is
 * no blank one, or where the folder exists. It appears whole or not at all.
 */
export const copyBlank = (folder: string, blank: string | undefined): void => {
  if (blank === undefined || existsSync(folder) || !existsSync(blank)) return
  const copy = `${folder}.copy`
  rmSync(copy, { recursive: true, force: true })
  cpSync(blank, copy, { recursive: true })
  settle(copy)
  renameSync(copy, folder)
}
