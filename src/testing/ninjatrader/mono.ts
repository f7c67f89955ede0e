import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Answer, Control } from '#src/adapters/ninjatrader/simulator/control.ts'
import { projectFolder } from '../folders.ts'

const program = (name: 'mcs' | 'mono'): string => {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((each) => existsSync(each))
  if (path === undefined)
    throw new Error(`${name} is missing. Install it with: sudo apt-get install --yes --no-install-recommends mono-mcs`)
  return path
}

const run = (name: 'mcs' | 'mono', args: readonly string[], input = ''): string => {
  const { status, stdout, stderr, error } = spawnSync(program(name), args, {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${name} ended with ${status}\n${stdout}${stderr}`)
  return stdout
}

/** The C# files of a folder, or the one file, below `ninjatrader/`. */
const filesOf = (path: string): readonly string[] => {
  const full = join(projectFolder, 'ninjatrader', path)
  return path.endsWith('.cs')
    ? [full]
    : readdirSync(full)
        .filter((name) => name.endsWith('.cs'))
        .map((name) => join(full, name))
}

/**
 * Compiles C# files and folders below `ninjatrader/` to `output`, a program or a library by its ending; a warning is an
 * error. Throws with what the compiler said. C# 5 is what the oldest platform still in use understands.
 */
export const compile = (output: string, sources: readonly string[]): void => {
  const target = output.endsWith('.dll') ? 'library' : 'exe'
  const options = ['-langversion:5', '-warn:4', '-warnaserror', '-optimize', `-target:${target}`, `-out:${output}`]
  run('mcs', [...options, ...sources.flatMap(filesOf)])
}

/** Runs a compiled program on lines of input; the lines it printed. Throws with what it said when it fails. */
export const runProgram = (path: string, args: readonly string[], input: readonly string[]): readonly string[] =>
  run('mono', [path, ...args], `${input.join('\n')}\n`)
    .trimEnd()
    .split('\n')

const bridgeSources = ['CoPilotBridge.cs', 'stubs/Common', 'stubs/AddOn', 'driver/AddOn']

/** The real AddOn on the scripted platform as one program, compiled once for what the sources say now. */
const bridgeProgram = (): string => {
  const hash = createHash('sha256')
  for (const file of bridgeSources.flatMap(filesOf)) hash.update(readFileSync(file))
  const folder = join(tmpdir(), `copilot-bridge-${hash.digest('hex').slice(0, 16)}`)
  const output = join(folder, 'bridge.exe')
  if (existsSync(output)) return output
  mkdirSync(folder, { recursive: true })
  // Under a name of its own first: several tests may be compiling at the same time.
  const own = join(folder, `${process.pid}.exe`)
  compile(own, bridgeSources)
  renameSync(own, output)
  return output
}

/** What `burst` measured of the AddOn's handlers; times in ms. */
export type HandlerTimes = {
  readonly handlers: number
  readonly meanHandlerMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly longestHandlerMs: number
  readonly over2Ms: number
  /** Over 2 ms only because the machine gave the processor to someone else meanwhile. */
  readonly over2MsByTheMachine: number
  /** Over 2 ms on its own account, with no collection of garbage in it. */
  readonly over2MsUnexplained: number
}

/** Commands that only the AddOn's driver knows, beside those of every scripted platform. */
export type BridgeControl =
  | Control
  | { readonly do: 'list' | 'memory' }
  | { readonly do: 'at' | 'lists'; readonly ms: number }

/** Starts the AddOn's driver under mono; each command is answered in its turn. Rejects with its last words if it ended. */
const launchBridge = () => {
  const child = spawn(program('mono'), [bridgeProgram()], { stdio: ['pipe', 'pipe', 'pipe'] })
  const waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }[] = []
  let said = ''
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-10_000)
  })
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line) as Answer))
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`the driver ended\n${said}`))
      resolve()
    }),
  )
  return {
    control: (command: BridgeControl): Promise<Answer> =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) return reject(new Error(`the driver ended\n${said}`))
        waiting.push({ resolve, reject })
        child.stdin.write(`${JSON.stringify(command)}\n`)
      }),
    said: () => said,
    end: async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal)
      await ended
    },
  }
}

/** Opens the AddOn on the scripted platform; `kill` ends the process at once, and the next command starts another. */
export const openBridge = () => {
  let driver = launchBridge()
  return {
    control: (command: BridgeControl): Promise<Answer> => driver.control(command),
    /** What NinjaTrader's log would show. */
    said: () => driver.said(),
    kill: async (): Promise<void> => {
      await driver.end('SIGKILL')
      driver = launchBridge()
    },
    close: (): Promise<void> => driver.end('SIGKILL'),
  }
}
