import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Answers computed by others, kept beside the repository and never inside it. */
const shared = process.env['ORACLES_DIR'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))

/** Whether the oracles are there; tests that need them are skipped, and say so, when not. */
export const hasOracles = existsSync(`${shared}/oracles`)

const linesOf = (path: string): string[] => {
  const bytes = readFileSync(`${shared}/${path}`)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split(/\r?\n/)
}

/** A header's names, split at the commas outside quotes: "ta.ema(close, 20)" is one name. Values are never quoted. */
const namesOf = (head: string): string[] =>
  head.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((name) => name.replaceAll('"', ''))

/** The named columns of a CSV file, gunzipped when its name ends in .gz; throws when it has no such column. */
export const oracleRows = <Name extends string>(path: string, ...names: Name[]): Record<Name, string>[] => {
  const [head = '', ...lines] = linesOf(path)
  const known = namesOf(head)
  const columns = names.map((name) => [name, known.indexOf(name)] as const)
  const absent = columns.find(([, at]) => at === -1)
  if (absent !== undefined) throw new Error(`${path} has no column ${absent[0]}`)
  return lines.map((line) => {
    const values = line.split(',')
    return Object.fromEntries(columns.map(([name, at]) => [name, values[at] ?? ''])) as Record<Name, string>
  })
}

/** The contents of a JSON file of theirs. */
export const oracleJson = (path: string): unknown => JSON.parse(linesOf(path).join('\n'))
