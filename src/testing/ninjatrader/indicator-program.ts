import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Moment, type Readings, readingNames } from './expected-readings.ts'
import { compile, runProgram } from './mono.ts'

const stubs = ['stubs/Common', 'stubs/Indicators']

/** A moment as the driver reads it. */
export const lineOf = ({ bar, startsSession, closes }: Moment): string =>
  [bar.time, bar.open, bar.high, bar.low, bar.close, bar.volume, startsSession ? 1 : 0, closes ? 'c' : 'f'].join(',')

type Calculate = 'close' | 'price' | 'tick'
type Rows = readonly (readonly string[])[]
/** What a chart shows in the end, bar by bar; what it showed on the way; what is drawn on it; what was logged. */
export type Chart = { readonly bars: Rows; readonly forming: Rows; readonly drawn: Rows; readonly logged: Rows }

/** Compiles the indicators with the platform's stand-ins, once, and runs them on the lives of charts. `remove` clears up. */
export const createIndicatorProgram = () => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-indicators-'))
  const program = join(folder, 'indicators.exe')
  return {
    compile: (): void => compile(program, ['FKSCore.cs', 'FKSVolume.cs', ...stubs, 'driver/Indicators']),
    compileAlone: (file: string): void => compile(join(folder, `${file}.dll`), [file, ...stubs]),
    remove: (): void => rmSync(folder, { recursive: true }),

    /** The numbers of the fold alone, one row per moment. */
    numbersOf: (moments: readonly Moment[]): readonly Readings[] =>
      runProgram(program, ['numbers'], moments.map(lineOf)).map((line) => {
        const values = line.split(',').map(Number)
        return Object.fromEntries(readingNames.map((name, i) => [name, values[i]])) as Readings
      }),

    /** An indicator on a chart that lives through these lines. */
    chartOf: (indicator: 'core' | 'volume', calculate: Calculate, life: readonly string[]): Chart => {
      const lines = runProgram(program, [indicator, calculate], life).map((line) => line.split(','))
      const told = (kind: string) => lines.filter(([first]) => first === kind).map(([, ...rest]) => rest)
      return { bars: told('bar'), forming: told('forming'), drawn: told('drawn'), logged: told('log') }
    },
  }
}
