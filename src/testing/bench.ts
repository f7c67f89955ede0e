import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { projectFolder } from './folders.ts'

/** One measurement of a `*.bench.ts`, which exports its `name` and `run(): Promise<Row[]>`; `ratio` is how many times better than the peer, measured in the same run. */
export type Row = {
  readonly what: string
  readonly ours: string
  readonly peer?: string
  readonly ratio?: number
}

type Result = { readonly name: string; readonly rows: readonly Row[] }

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Lays cells out in columns; `cells` all have the same length. */
const aligned = (cells: readonly (readonly string[])[]): string[] => {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const cellsOf = ({ name, rows }: Result): string[][] =>
  rows.map(({ what, ours, peer, ratio }) => [
    name,
    what,
    ours,
    peer ?? '',
    ratio === undefined ? '' : `${ratio.toFixed(ratio < 10 ? 1 : 0)}×`,
  ])

const bundled = (file: string): string => join(projectFolder, 'dist', 'bench', basename(file).replace(/\.ts$/, '.js'))

/** As the product is bundled. */
const asShipped = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
} as const

/** Bundles a benchmark the way the product is bundled: what is measured is what runs, not what a loader makes of it. */
const bundle = (file: string): Promise<unknown> =>
  build({
    stdin: {
      contents: `import { name, run } from './${file}'
        if (process.argv[2] === 'run') process.send({ name, rows: await run() }, () => process.exit())`,
      resolveDir: projectFolder,
    },
    outfile: bundled(file),
    ...asShipped,
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
  })

/** The program's threads, where a bundled benchmark looks for them: beside itself. */
const bundleThreads = (): Promise<unknown> =>
  build({
    entryPoints: { thread: 'src/thread.ts', 'embedded-thread': 'src/adapters/db/embedded-thread.js' },
    absWorkingDir: projectFolder,
    outdir: join(projectFolder, 'dist', 'bench'),
    ...asShipped,
  })

/** Each file gets a process of its own, so none runs on code another has warmed or memory another has filled. */
const runAlone = async (file: string): Promise<Result> => {
  await bundle(file)
  return new Promise((resolve, reject) => {
    const child = fork(bundled(file), ['run'], { cwd: projectFolder, execArgv: ['--expose-gc'] })
    child.once('message', (result) => resolve(result as Result))
    child.once('exit', (code) => reject(new Error(`${file} ended with code ${code} and no result`)))
  })
}

/** Runs every benchmark whose path contains `wanted`, one after the other, and prints one table. */
const runAll = async (wanted: string): Promise<void> => {
  const files = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => join('src', file))
    .filter((file) => file.endsWith('.bench.ts') && file.includes(wanted))
    .sort()
  if (files.length === 0) throw new Error(`no benchmark matches '${wanted}'`)
  await bundleThreads()
  const results: Result[] = []
  for (const file of files) {
    process.stderr.write(`${file} …\n`)
    results.push(await runAlone(file))
  }
  print(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`)
  aligned([['', 'what', 'ours', 'peer', 'ratio'], ...results.flatMap(cellsOf)]).forEach(print)
}

if (process.argv[1] === import.meta.filename) await runAll(process.argv[2] ?? '')
