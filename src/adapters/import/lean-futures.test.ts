import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barCoverage, readBars, saveBars } from '#src/adapters/db/bars.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { barAt } from '#src/domain/market/series.ts'
import { databases } from '#src/testing/database.ts'
import { importFile } from './import-file.ts'

const shared = process.env['ORACLES_DIR'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const fileOf = (root: string): string => `${shared}/data/lean-futures/${root}_1m_trade.csv.gz`

describe.skipIf(!existsSync(fileOf('ES'))).each(databases)('real bars imported into $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const run = async (instrument: InstrumentId, root: string, asOf: number) => {
    const of = { market: 'real', instrument } as const
    const imported = await importFile({
      path: fileOf(root),
      instrument,
      told: {},
      asOf,
      store: {
        read: (contract, from, to) => readBars(database.db, { ...of, contract, from, to }),
        save: (contract, bars) => saveBars(database.db, { ...of, contract, bars }),
      },
    })
    if (!imported.ok) throw new Error(imported.sentence)
    return imported.summary
  }

  test('every S&P minute of the full-size contract is stored as the micro, and a second time nothing is', async () => {
    expect(await run('MES', 'ES', 1_000)).toEqual({
      format: 'lean',
      read: 23_948,
      stored: 23_948,
      unchanged: 0,
      replaced: 0,
      outranked: 0,
      refused: {},
      refusals: [],
      whileClosed: 0,
      first: Date.UTC(2013, 9, 6, 22),
      last: Date.UTC(2020, 0, 6, 23, 59),
      contracts: [201312, 201403, 201406, 201409, 201412, 202003, 202006, 202009],
    })
    expect(await run('MES', 'ES', 2_000)).toMatchObject({ stored: 0, unchanged: 23_948 })
    const stored = await barCoverage(database.db, { market: 'real', instrument: 'MES' })
    expect(stored.reduce((sum, { count }) => sum + count, 0)).toBe(23_948)
  })

  test('every gold minute is stored, as it stands in the file', async () => {
    expect(await run('GC', 'GC', 1_000)).toMatchObject({ read: 8_043, stored: 8_043, refused: {} })
    expect(await run('GC', 'GC', 2_000)).toMatchObject({ stored: 0, unchanged: 8_043 })
    const from = Date.UTC(2013, 9, 7, 1, 22)
    const of = { market: 'real', instrument: 'GC', contract: 201310 } as const
    const held = await readBars(database.db, { ...of, from, to: from + 60_000 })
    expect(barAt(held, 0)).toEqual({ time: from, open: 1313.8, high: 1313.8, low: 1313.8, close: 1313.8, volume: 4 })
  })
})
