import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, endWithUs, freePort } from './postgres.ts'
import { requireTool } from './provision.ts'

/** A throwaway Redis on 127.0.0.1. */
export type RedisServer = {
  readonly url: string
  /** Ends the server at once; what it held only in memory is gone. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  /** Stops it from answering while its connections stay open, and lets it go on. */
  readonly freeze: () => void
  readonly thaw: () => void
  readonly stop: () => Promise<void>
}

/** Starts a Redis of its own, keeping nothing on disk unless `appendOnly`. */
export const startRedis = async ({ appendOnly = false } = {}): Promise<RedisServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-redis-'))
  const port = await freePort()
  const options = ['--save', '', '--appendonly', appendOnly ? 'yes' : 'no', '--dir', folder]
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const child = spawn(requireTool('Redis'), ['--bind', '127.0.0.1', '--port', `${port}`, ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    server = child
    endWithUs(child)
    let printed = ''
    while (!printed.includes('Ready to accept connections')) {
      const [text] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [])])) as string[]
      if (text === undefined) throw new Error(`Redis did not start: ${printed}`)
      printed += text
    }
    child.stdout.resume()
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server?.kill(signal)
    if (server !== undefined) await ended(server)
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    start,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    stop: async () => {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
