import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What a watchdog asked for or was told, at machine time. */
const wordWire = z.strictObject({ at: z.int(), text: z.string().min(1).max(1_000) })
export type WatchdogWord = z.infer<typeof wordWire>

/** The file in the data folder in which a watchdog keeps its words until the terminal lives again, one JSON a line. */
export const journalOf = (dataDir: string): string => join(dataDir, 'watchdog-words')

export const keepWord = (dataDir: string, word: WatchdogWord): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  appendFileSync(journalOf(dataDir), `${JSON.stringify(word)}\n`, { mode: 0o600 })
}

const readWord = (line: string): WatchdogWord | undefined => {
  try {
    return wordWire.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/**
 * The line after the first `read`, and how many are read with it; a line nobody can read has no word, one that is still being
 * written is not there.
 */
export const nextWord = (
  dataDir: string,
  read: number,
): { readonly word: WatchdogWord | undefined; readonly read: number } | undefined => {
  const path = journalOf(dataDir)
  if (!existsSync(path)) return undefined
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  // A file shorter than what was read of it is another one.
  const from = read > lines.length ? 0 : read
  const line = lines[from]
  return line === undefined ? undefined : { word: readWord(line), read: from + 1 }
}
