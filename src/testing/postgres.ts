import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { requireTool } from './provision.ts'

/** A throwaway PostgreSQL cluster on 127.0.0.1. */
export type Cluster = {
  /** Address of one of its databases. */
  readonly url: (database: string) => string
  /** Ends the server at once, as a power switch would. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

export const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

/** A test run that is broken off leaves no server behind. */
export const endWithUs = (server: ChildProcess): void => {
  const end = () => server.kill('SIGKILL')
  process.once('exit', end)
  server.once('exit', () => process.off('exit', end))
}

/** PostgreSQL refuses to run as root; the package brings a user for it. */
const serverUser = (): { uid?: number; gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const accepting = (server: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => {
    server.stderr?.on('data', (text) => {
      if (String(text).includes('ready to accept connections')) resolve(true)
    })
    server.once('exit', () => resolve(false))
  })

/** Creates and starts a cluster of its own in a temporary folder, with fsync as in production unless nothing is to survive it. */
export const startPostgres = async ({ fsync = true } = {}): Promise<Cluster> => {
  const bin = dirname(requireTool('PostgreSQL'))
  const user = serverUser()
  const folder = mkdtempSync(join(tmpdir(), 'copilot-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const options = { ...user, cwd: folder, env: { PATH: process.env['PATH'] ?? '' } }
  execFileSync(
    join(bin, 'initdb'),
    ['--pgdata', folder, '--auth=trust', '--username=copilot', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `fsync=${fsync ? 'on' : 'off'}`]
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    // After a kill the old backends may still be letting go of the shared memory.
    for (let attempt = 0; attempt < 20; attempt++) {
      server = spawn(
        join(bin, 'postgres'),
        ['-D', folder, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])],
        { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
      )
      endWithUs(server)
      if (await accepting(server)) return
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    throw new Error('PostgreSQL did not start')
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server?.kill(signal)
    if (server !== undefined) await ended(server)
  }
  await start()
  return {
    url: (database) => `postgres://copilot@127.0.0.1:${port}/${database}`,
    kill: () => end('SIGKILL'),
    start,
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: open connections do not hold it up.
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
