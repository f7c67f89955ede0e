import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from './folders.ts'
import { provision } from './provision.ts'

type Tally = { readonly passed: number; readonly failed: number }

/** The part of vitest's JSON report that is counted. */
type Report = {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Runs one of the project's programs with its output on the screen; true when it ended well. */
const runs = async (program: string, ...rest: string[]): Promise<boolean> => {
  print(`\n▸ ${program} ${rest.join(' ')}`)
  const path = join(projectFolder, 'node_modules', '.bin', program)
  const child = spawn(existsSync(path) ? path : program, rest, { cwd: projectFolder, stdio: 'inherit' })
  try {
    const [status] = await once(child, 'close')
    return status === 0
  } catch (error) {
    print(String(error))
    return false
  }
}

const gate = (passed: boolean): Tally => ({ passed: Number(passed), failed: Number(!passed) })

/**
 * Counts a report. A file that could not be read, a run that failed beside its tests, and a run of no tests at all
 * are each a failure: nothing may look green because it did not run.
 */
export const tallyOf = (report: Report): Tally => {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + broken
  const silent = failed === 0 && (!report.success || report.numPassedTests === 0) ? 1 : 0
  return { passed: report.numPassedTests, failed: failed + silent }
}

const runTests = async (): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-report-'))
  const file = join(folder, 'report.json')
  const reporters = ['default', 'json', './src/testing/retold.ts'].map((each) => `--reporter=${each}`)
  const ended = await runs('vitest', 'run', ...reporters, `--outputFile.json=${file}`)
  const tally = existsSync(file) ? tallyOf(JSON.parse(readFileSync(file, 'utf8')) as Report) : gate(false)
  rmSync(folder, { recursive: true })
  return { ...tally, failed: Math.max(tally.failed, Number(!ended)) }
}

const provisions = (): boolean => {
  try {
    provision()
    return true
  } catch (error) {
    print(error instanceof Error ? error.message : String(error))
    return false
  }
}

/** What reads only the sources, one after the other. */
const check = async (): Promise<readonly Tally[]> => [
  gate(await runs('biome', 'check', '.')),
  gate(await runs('tsc')),
  gate(await runs('tsc', '--project', 'public')),
  gate(await runs('knip')),
]

const proveAll = async (): Promise<readonly Tally[]> => {
  if (!provisions()) return [gate(false)]
  const [built, checked] = await Promise.all([runs('npm', 'run', '--silent', 'build'), check()])
  return [gate(built), ...checked, await runTests()]
}

if (process.argv[1] === import.meta.filename) {
  const tallies = await proveAll()
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  process.exitCode = failed === 0 ? 0 : 1
  print(`\n${tallies.reduce((sum, tally) => sum + tally.passed, 0)} passed, ${failed} failed`)
}
