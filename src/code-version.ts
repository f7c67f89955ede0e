import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Next to this program: the folder above, whether this runs from source (src/) or from the bundle (dist/). */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/**
 * What the numbers of studies and backtests are made by. In the bundle a thread's program names the files it is made of after
 * their content, so its hash changes with any line that trials depend on. From source nobody can tell.
 */
export const codeVersion = (): string => {
  if (import.meta.url.endsWith('.ts')) return `${version}-source`
  const program = readFileSync(new URL('./thread.js', import.meta.url))
  return `${version}-${createHash('sha256').update(program).digest('hex').slice(0, 8)}`
}
