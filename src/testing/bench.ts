import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectFolder } from './folders.ts'

/** One measurement; `ratio` is how many times better than the peer, measured in the same run. */
export type Row = {
  readonly what: string
  readonly ours: string
  readonly peer?: string
  readonly ratio?: number
}

/** What every `*.bench.ts` exports. */
export type Bench = { readonly name: string; readonly run: () => Promise<readonly Row[]> }

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

/** Each file gets a process of its own, so none runs on code another has warmed or memory another has filled. */
const runAlone = (file: string): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [file], {
      cwd: projectFolder,
      execArgv: ['--import', 'tsx', '--expose-gc'],
    })
    child.once('message', (result) => resolve(result as Result))
    child.once('exit', (code) => reject(new Error(`${file} ended with code ${code} and no result`)))
  })

const runHere = async (file: string): Promise<void> => {
  const { name, run } = (await import(pathToFileURL(join(projectFolder, file)).href)) as Bench
  process.send?.({ name, rows: await run() } satisfies Result, () => process.exit())
}

/** Runs every benchmark whose path contains `wanted`, one after the other, and prints one table. */
const runAll = async (wanted: string): Promise<void> => {
  const files = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => join('src', file))
    .filter((file) => file.endsWith('.bench.ts') && file.includes(wanted))
    .sort()
  if (files.length === 0) throw new Error(`no benchmark matches '${wanted}'`)
  const results: Result[] = []
  for (const file of files) {
    process.stderr.write(`${file} …\n`)
    results.push(await runAlone(file))
  }
  print(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`)
  aligned([['', 'what', 'ours', 'peer', 'ratio'], ...results.flatMap(cellsOf)]).forEach(print)
}

if (process.argv[1] === import.meta.filename)
  await (process.send === undefined ? runAll(process.argv[2] ?? '') : runHere(process.argv[2] ?? ''))
