import { access, constants, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { machineTime } from '#src/adapters/clock.ts'
import { readBars, saveBars } from '#src/adapters/db/bars.ts'
import { databaseFolders } from '#src/adapters/db/blank-folder.ts'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import type { BarStore } from '#src/adapters/import/bar-store.ts'
import { importFile } from '#src/adapters/import/import-file.ts'
import { phraseSummary } from '#src/adapters/import/phrase-summary.ts'
import { readArguments } from '#src/adapters/import/read-arguments.ts'
import { readConfig } from '#src/config.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'

/** A long file says how far it is this often, ms. */
const progressMs = 2_000

const storeIn = (db: Db, instrument: InstrumentId): BarStore => {
  const of = { market: 'real', instrument } as const
  return {
    read: (contract, from, to) => readBars(db, { ...of, contract, from, to }),
    save: (contract, bars) => saveBars(db, { ...of, contract, bars }),
  }
}

const reportProgress = (): ((read: number) => void) => {
  let last = machineTime()
  return (read) => {
    if (machineTime() - last < progressMs) return
    last = machineTime()
    process.stderr.write(`${read.toLocaleString('en-US')} rows read\n`)
  }
}

const usage = `npm run import -- --instrument MES --file es.csv.gz [--stamp start|end] [--zone America/New_York]
  [--contract 201312|front] [--format generic|ninjatrader|lean] [--columns time,open,high,low,close,volume]`

const whyUnreadable = async (file: string): Promise<string | undefined> => {
  const unreadable = await access(file, constants.R_OK).catch((error: Error) => error)
  if (unreadable) return unreadable.message
  const about = await stat(file)
  if (about.isDirectory()) return `${file} is a folder: name one file`
  return about.size === 0 ? `${file} is empty` : undefined
}

type Outcome = { readonly worked: boolean; readonly text: string }

/** Imports the file the arguments name into the configured database. It worked when bars of the file are now held. */
const importBars = async (given: readonly string[]): Promise<Outcome> => {
  if (given.includes('--help')) return { worked: true, text: usage }
  const read = readArguments(given)
  if (!read.ok) return { worked: false, text: `${read.argument}: ${read.sentence}` }
  const { instrument, file, told } = read.request
  const unreadable = await whyUnreadable(file)
  if (unreadable !== undefined) return { worked: false, text: `--file: ${unreadable}` }
  const { databaseUrl, dataDir } = readConfig()
  // One step up from src/ as from the bundle in dist/.
  const root = fileURLToPath(new URL('..', import.meta.url))
  const database = await connectDatabase({ databaseUrl, dataDir, ...databaseFolders(root) })
  try {
    const imported = await importFile({
      path: file,
      instrument,
      told,
      store: storeIn(database.db, instrument),
      asOf: machineTime(),
      onProgress: reportProgress(),
    })
    if (!imported.ok) return { worked: false, text: `${imported.argument}: ${imported.sentence}` }
    const { summary } = imported
    return { worked: summary.stored + summary.unchanged + summary.outranked > 0, text: phraseSummary(file, summary) }
  } finally {
    await database.close()
  }
}

try {
  const { worked, text } = await importBars(process.argv.slice(2))
  ;(worked ? process.stdout : process.stderr).write(`${text}\n`)
  process.exitCode = worked ? 0 : 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
