import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Next to this program: the folder above, whether this runs from source (src/) or from the bundle (dist/). */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/**
 * What numbers are made by: those of studies and backtests by a thread's program, those of the cards by the main one. In the
 * bundle a program names the files it is made of after their content, so its hash changes with any line that it depends on.
 * From source nobody can tell.
 */
export const codeVersion = (made: 'thread.js' | 'main.js' = 'thread.js'): string => {
  if (import.meta.url.endsWith('.ts')) return `${version}-source`
  const program = readFileSync(new URL(`./${made}`, import.meta.url))
  return `${version}-${createHash('sha256').update(program).digest('hex').slice(0, 8)}`
}
