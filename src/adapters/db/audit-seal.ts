import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { keepSecret } from '../secrets.ts'

/** Everything a line's seal covers; `text` is the body as it is stored. */
export type SealedFields = {
  readonly number: number
  /** Machine time. */
  readonly at: number
  readonly kind: string
  readonly who: string
  readonly text: string
  readonly previousHash: string
}

const headSchema = z.strictObject({ number: z.number().int().min(0), hash: z.string() })

/** The newest line as remembered outside the database; number 0 before the first. */
export type Head = z.infer<typeof headSchema>

export type Seal = {
  /** HMAC-SHA256 in hex over values written as JSON, so that no two lists of values read alike. */
  readonly of: (values: readonly (string | number)[]) => string
  readonly ofLine: (line: SealedFields) => string
  /** Undefined when the file is missing or unreadable. */
  readonly readHead: () => Head | undefined
  /** Replaces the file in one step; by an older line only when it `mends` the file: the log is known not to reach that far. */
  readonly keepHead: (head: Head, mends: boolean) => void
}

const keyName = 'audit-key'
const headName = 'audit-head'

const readHeadAt = (path: string): Head | undefined => {
  try {
    return headSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

const writeHeadAt = (path: string, head: Head): void => {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(head)}\n`, { mode: 0o600, flush: true })
  renameSync(draft, path)
}

/** Whether anything was ever sealed with this data directory. */
export const hasSeal = (dataDir: string): boolean => existsSync(join(dataDir, keyName))

/**
 * The seal of a data directory: a key made at first start, and beside it the head of the log, so that a log whose end was cut
 * off is found. Every process that seals must share the directory. Throws when the key is too short or unreadable.
 */
export const openSeal = (dataDir: string): Seal => {
  const path = join(dataDir, headName)
  // The head comes before the key: with a key and no head, somebody took the head away.
  if (!hasSeal(dataDir) && !existsSync(path)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeHeadAt(path, { number: 0, hash: '' })
  }
  const key = keepSecret(dataDir, keyName).value
  const of = (values: readonly (string | number)[]): string =>
    createHmac('sha256', key).update(JSON.stringify(values)).digest('hex')
  return {
    of,
    ofLine: ({ previousHash, number, at, kind, who, text }) => of([previousHash, number, at, kind, who, text]),
    readHead: () => readHeadAt(path),
    keepHead: (head, mends) => {
      if (mends || (readHeadAt(path)?.number ?? 0) < head.number) writeHeadAt(path, head)
    },
  }
}
