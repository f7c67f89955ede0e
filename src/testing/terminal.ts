import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backing } from './database.ts'
import { type Launched, launch, type Variables } from './processes/launch.ts'

/** The whole product in a process of its own, as it is shipped: the bundle, on 127.0.0.1. */
export type Terminal = {
  /** Where it answers, without a slash at the end; restarts keep it. */
  readonly url: string
  readonly dataDir: string
  readonly apiKey: string
  readonly pid: number
  /** Everything it wrote since it was first started. */
  readonly output: string
  /** Ends it at once, as a power switch would. */
  readonly kill9: () => Promise<void>
  /** Brings it back on the same port and folder. */
  readonly start: () => Promise<void>
  /** Ends it as the trader would, and removes the folder unless it was given. */
  readonly stop: () => Promise<void>
}

type Health = { readonly ready: boolean; readonly dependencies: readonly { name: string; state: string }[] }

/** What `/health` says; undefined while nobody answers. */
export const askHealth = async (url: string): Promise<Health | undefined> => {
  const answer = await fetch(`${url}/health`).catch(() => undefined)
  return (await answer?.json()) as Health | undefined
}

export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'copilot-terminal-'))

/** A folder whose embedded database is migrated already, or holds the past of the simulated market too. */
export const preparedFolder = async (holding: 'pglite' | 'past'): Promise<string> => {
  const folder = emptyFolder()
  cpSync(join(await backing(holding), 'postgres'), join(folder, 'postgres'), { recursive: true })
  return folder
}

/** Nobody trades unless a test asks for it. */
const quiet: Variables = { SIM_NINJATRADER: 'no' }

type Options = {
  readonly env?: Variables
  readonly dataDir?: string
  /** It was here before, and kept the past of the simulated market: it need not make and store it while a test looks on. */
  readonly isSecond?: boolean
  /** A web process without an engine listens but is not current. */
  readonly until?: 'current' | 'listening'
}

/** Starts the built product on a port and, unless `dataDir` is given, a folder of its own; resolves once it serves a current picture. */
export const startTerminal = async ({
  env = {},
  dataDir,
  isSecond = false,
  until = 'current',
}: Options = {}): Promise<Terminal> => {
  const folder = dataDir ?? (isSecond ? await preparedFolder('past') : emptyFolder())
  const runs: Launched[] = []
  const run = (): Launched => runs.at(-1) as Launched
  let url = ''

  const start = async (): Promise<void> => {
    runs.push(launch('main.js', { DATA_DIR: folder, ...quiet, ...env, ...(url && { PORT: new URL(url).port }) }))
    url = await run().until('listening', () => /The terminal is at (http:[^"]+)/.exec(run().said())?.[1])
    if (until === 'current')
      await run().until('showing a current picture', async () => (await askHealth(url))?.ready || undefined)
  }
  const stop = async (): Promise<void> => {
    await run().end('SIGTERM')
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
  }
  await start().catch(async (error: unknown) => {
    await run().end('SIGKILL')
    throw error
  })
  return {
    get url() {
      return url
    },
    dataDir: folder,
    get apiKey() {
      return env['API_KEY'] ?? readFileSync(join(folder, 'api-key'), 'utf8').trim()
    },
    get pid() {
      return run().pid
    },
    get output() {
      return runs.map((each) => each.said()).join('')
    },
    kill9: async () => void (await run().end('SIGKILL')),
    start,
    stop,
  }
}
