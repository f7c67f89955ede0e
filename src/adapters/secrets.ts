import { randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A secret that is kept in a file of its own, readable by its owner alone. */
type Kept = { readonly value: string; readonly path: string; readonly made: boolean }

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

/** Puts a new secret at `path`, whole or not at all; false when another process was first. */
const make = (path: string): boolean => {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    // Unlike a rename, a link never replaces: two processes that start at once end with one secret.
    linkSync(draft, path)
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

/** Reads the secret `name` kept in the data directory, making it at first start. Throws when the file is too short or unreadable. */
export const keepSecret = (dataDir: string, name: string): Kept => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, name)
  const made = !existsSync(path) && make(path)
  chmodSync(path, 0o600)
  const value = readFileSync(path, 'utf8').trim()
  if (value.length < 16) throw new Error(`${path} holds no usable secret: delete it and start again`)
  return { value, path, made }
}
