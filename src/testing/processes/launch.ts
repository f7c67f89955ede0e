import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../folders.ts'
import { eventually } from './eventually.ts'

export type Variables = Readonly<Record<string, string>>

const programAt = (name: string): string => {
  const path = join(projectFolder, 'dist', name)
  if (!existsSync(path)) throw new Error(`${path} is missing. Build it with: npm run build`)
  return path
}

/** The simulated market of every terminal that is not told another. */
export const simulatedSeed = '7'

/** A fixed market on a free port unless told otherwise, and nothing else of what the machine happens to set. */
const environment = (variables: Variables): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  PORT: '0',
  SIM_SEED: simulatedSeed,
  SIM_START: '2026-11-20T13:45:00Z',
  ...variables,
})

type Program = 'main.js' | 'import.js' | 'work.js' | 'optimize.js' | 'backtest.js'

/** As `npm start` and the image run it. */
const flagsOf = (name: Program): readonly string[] => [
  '--enable-source-maps',
  ...(name === 'main.js' ? ['--max-semi-space-size=32'] : []),
]

/** Runs one of the built programs in a process of its own. */
export const launch = (name: Program, variables: Variables, ...given: readonly string[]) => {
  const child = spawn(process.execPath, [...flagsOf(name), programAt(name), ...given], {
    cwd: projectFolder,
    env: environment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text
    })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid ?? 0,
    /** Everything it wrote so far: its log and its last words. */
    said: () => said,
    /** Waits for something to be true of it; throws with its last words when it ends before. */
    until: <T>(what: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T> =>
      eventually(what, () => {
        if (hasEnded()) throw new Error(`it ended instead of ${what}:\n${said}`)
        return ask()
      }),
    /** Resolves once it ended and all it said was heard; the exit code, null when a signal ended it. */
    end: async (signal?: NodeJS.Signals): Promise<number | null> => {
      if (signal) child.kill(signal)
      await closed
      return child.exitCode
    },
  }
}

export type Launched = ReturnType<typeof launch>
