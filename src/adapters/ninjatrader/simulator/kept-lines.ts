import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Lines of JSON that survive the process, where a folder was given. */
export type KeptLines = {
  readonly read: () => readonly unknown[]
  /** Survives this process when it returns; with `flush` the machine's power as well. */
  readonly append: (value: unknown) => void
  readonly replace: (values: readonly unknown[]) => void
}

const parse = (line: string): unknown[] => {
  try {
    return [JSON.parse(line)]
  } catch {
    // The last line of a process that was killed may be half a line.
    return []
  }
}

const write = (path: string, mode: 'a' | 'w', text: string, flush: boolean): void => {
  const file = openSync(path, mode)
  try {
    writeSync(file, text)
    if (flush) fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const linesOf = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** Opens the lines kept under a name in a folder; without one they live as long as this object. */
export const openKeptLines = (folder: string | undefined, name: string, flush: boolean): KeptLines => {
  if (folder === undefined) {
    let values: readonly unknown[] = []
    return {
      read: () => values,
      append: (value) => {
        values = [...values, value]
      },
      replace: (all) => {
        values = all
      },
    }
  }
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  return {
    read: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(parse) : []),
    append: (value) => write(path, 'a', linesOf([value]), flush),
    replace: (values) => {
      write(`${path}.new`, 'w', linesOf(values), flush)
      renameSync(`${path}.new`, path)
    },
  }
}
