import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A secret that is kept in a file of its own, readable by its owner alone. */
type Kept = { readonly value: string; readonly path: string; readonly made: boolean }

const make = (path: string): Kept => {
  const value = randomBytes(32).toString('base64url')
  // 'wx': two processes that start at once must not each believe in a secret of their own.
  writeFileSync(path, `${value}\n`, { mode: 0o600, flag: 'wx' })
  return { value, path, made: true }
}

/** Reads the secret `name` kept in the data directory, making it at first start. Throws when the file is empty or unreadable. */
export const keepSecret = (dataDir: string, name: string): Kept => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, name)
  if (!existsSync(path)) return make(path)
  chmodSync(path, 0o600)
  const value = readFileSync(path, 'utf8').trim()
  if (value.length < 16) throw new Error(`${path} holds no usable secret: delete it and start again`)
  return { value, path, made: false }
}
