import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program the tests cannot do without, and the Debian package that brings it. */
type Tool = { readonly package: string; readonly find: () => string | undefined }

const onPath = (...names: string[]): string | undefined =>
  names
    .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => existsSync(path))

/** Debian keeps the server's programs out of PATH, one folder per major version. */
const newestPostgres = (): string | undefined => {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return onPath('postgres')
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin', 'postgres'))
    .find((path) => existsSync(path))
}

const tools = {
  Chromium: { package: 'chromium', find: () => onPath('chromium', 'chromium-browser', 'google-chrome') },
  PostgreSQL: { package: 'postgresql', find: newestPostgres },
  Redis: { package: 'redis-server', find: () => onPath('redis-server') },
  Mono: { package: 'mono-mcs', find: () => onPath('mcs') },
} satisfies Record<string, Tool>

export type ToolName = keyof typeof tools

const toolNames = Object.keys(tools) as ToolName[]

const commandFor = (names: readonly ToolName[]): string =>
  `apt-get install --yes --no-install-recommends ${names.map((name) => tools[name].package).join(' ')}`

/** The path of a tool's program; throws a sentence with the command that installs it. */
export const requireTool = (name: ToolName): string => {
  const path = tools[name].find()
  if (path === undefined) throw new Error(`${name} is missing. Install it with: sudo ${commandFor([name])}`)
  return path
}

const missingTools = (): ToolName[] => toolNames.filter((name) => tools[name].find() === undefined)

/** How this user may run apt-get without being asked, if at all. */
const privilege = (): readonly string[] | undefined => {
  if (onPath('apt-get') === undefined) return undefined
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

/** Installs what the tests need where it may; throws naming the exact command where it may not. */
export const provision = (): void => {
  const missing = missingTools()
  if (missing.length === 0) return
  const prefix = privilege()
  if (prefix === undefined)
    throw new Error(`${missing.join(', ')} missing. Install with: sudo apt-get update && sudo ${commandFor(missing)}`)
  const run = (command: string): void => {
    const [program = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command.split(' ')]
    execFileSync(program, rest, { stdio: 'inherit' })
  }
  run('apt-get update')
  run(commandFor(missing))
  missingTools().forEach(requireTool)
}
