import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { supersedes } from '#src/domain/market/merge.ts'
import { toColumns } from '#src/domain/market/series.ts'
import type { BarStore } from './bar-store.ts'
import { importFile } from './import-file.ts'
import type { Told } from './layout.ts'
import { phraseSummary } from './phrase-summary.ts'

const folder = mkdtempSync(join(tmpdir(), 'copilot-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (text: string | Buffer, name = 'bars.csv'): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A store in memory that ranks bars as the database does. */
const createStore = () => {
  const held = new Map<number, Map<number, RecordedBar>>()
  const saves: number[] = []
  const of = (contract: number) => held.get(contract) ?? held.set(contract, new Map()).get(contract) ?? new Map()
  const store: BarStore = {
    read: async (contract, from, to) =>
      toColumns([...of(contract).values()].filter(({ time }) => time >= from && time < to)),
    save: async (contract, bars) => {
      const better = bars.filter((bar) => {
        const known = of(contract).get(bar.time)
        return known === undefined || supersedes(bar, known)
      })
      for (const bar of better) of(contract).set(bar.time, bar)
      saves.push(bars.length)
      return { stored: better.length }
    },
  }
  const bars = (contract: number): readonly RecordedBar[] => [...of(contract).values()]
  return { store, saves, bars }
}

const run = (path: string, told: Told, { store } = createStore(), instrument: InstrumentId = 'MES', asOf = 5_000) =>
  importFile({ path, instrument, told, store, asOf })

const summaryOf = async (...given: Parameters<typeof run>) => {
  const imported = await run(...given)
  if (!imported.ok) throw new Error(`${imported.argument}: ${imported.sentence}`)
  return imported.summary
}

const at1330 = Date.UTC(2013, 9, 7, 13, 30)
const header = 'time,open,high,low,close,volume'
const told: Told = { stamp: 'start', contract: 201312 }

test('a generic file is imported as history that names its file', async () => {
  const memory = createStore()
  const summary = await summaryOf(
    fileOf(`${header}\n2013-10-07T13:30:00Z,1676.75,1677.25,1673.5,1675.25,1884\n`),
    told,
    memory,
  )
  expect(memory.bars(201312)).toEqual([
    {
      time: at1330,
      open: 1676.75,
      high: 1677.25,
      low: 1673.5,
      close: 1675.25,
      volume: 1884,
      finality: 'history',
      asOf: 5_000,
      source: 'import:bars.csv',
    },
  ])
  expect(summary).toEqual({
    format: 'generic',
    read: 1,
    stored: 1,
    unchanged: 0,
    replaced: 0,
    outranked: 0,
    refused: {},
    refusals: [],
    whileClosed: 0,
    first: at1330,
    last: at1330,
    contracts: [201312],
  })
})

const minutes = (closes: readonly (number | string)[], from = 30): string =>
  [header, ...closes.map((close, i) => `2013-10-07T13:${from + i}:00Z,${close},${close},${close},${close},5`)].join(
    '\n',
  )

test('a price ten times its neighbors’, or a tenth, is refused with its line, whether they are in the file or held', async () => {
  const memory = createStore()
  const file = await summaryOf(fileOf(minutes([1676, 1676.25, 16_760, 1676.5, 167.5, 1677])), told, memory)
  expect(file).toMatchObject({
    ...{ stored: 4, refused: { 'far-from-others': 2 } },
    refusals: [
      { line: 4, reason: 'far-from-others' },
      { line: 6, reason: 'far-from-others' },
    ],
  })
  const one = await summaryOf(fileOf(minutes([16_760], 31)), told, memory, 'MES', 9_000)
  expect(one).toMatchObject({ stored: 0, replaced: 0, refused: { 'far-from-others': 1 } })
  expect(memory.bars(201312).map(({ close }) => close)).toEqual([1676, 1676.25, 1676.5, 1677])
})

test('a bar that takes the place of another is told', async () => {
  const memory = createStore()
  await summaryOf(fileOf(minutes([1676, 1676.25])), told, memory)
  const path = fileOf(minutes([1676, 1675.75, 1677]))
  const summary = await summaryOf(path, told, memory, 'MES', 9_000)
  expect(summary).toMatchObject({ stored: 2, unchanged: 1, replaced: 1 })
  expect(phraseSummary(path, summary)).toContain('1 row of them in place of another bar of that minute')
})

test('crude near nothing moves by multiples, and below it: April 2020 is no fault', async () => {
  const closes = ['11.43', '10.01', '5.66', '-0.07', '-14.02', '-37.63']
  const summary = await summaryOf(fileOf(minutes(closes)), told, createStore(), 'MCL')
  expect(summary).toMatchObject({ stored: 6, refused: {} })
})

test('a NinjaTrader export stamps the end of its bars, on the clock of its zone', async () => {
  const memory = createStore()
  const path = fileOf(
    '20131007 093100;1676.75;1677.25;1673.5;1675.25;1884\r\n20131007 093200;1675.25;1676;1675;1675.5;12\r\n',
  )
  await summaryOf(path, { contract: 201312, zone: 'America/New_York' }, memory)
  expect(memory.bars(201312).map(({ time, volume }) => [time, volume])).toEqual([
    [at1330, 1884],
    [at1330 + 60_000, 12],
  ])
})

test('a gzipped file is known by its content, and a byte order mark is no name', async () => {
  const text = `\uFEFF${header}\n2013-10-07T13:30:00Z,1676.75,1677.25,1673.5,1675.25,1884\n`
  expect((await summaryOf(fileOf(gzipSync(text), 'zipped.csv'), told)).stored).toBe(1)
  expect((await summaryOf(fileOf(text), told)).stored).toBe(1)
})

test('all contracts of a file are kept apart', async () => {
  const memory = createStore()
  const path = fileOf(
    'ts_utc,contract,open,high,low,close,volume\n2013-10-07T13:30:00Z,201312,1676,1676,1676,1676,1\n2013-10-07T13:30:00Z,201403,1670,1670,1670,1670,2\n',
  )
  expect((await summaryOf(path, {}, memory)).contracts).toEqual([201312, 201403])
  expect([201312, 201403].map((contract) => memory.bars(contract)[0]?.close)).toEqual([1676, 1670])
})

test('a continuous file goes to the front contract of each trade date', async () => {
  const memory = createStore()
  const path = fileOf(
    `${header}\n2013-10-09T13:30:00Z,1676,1676,1676,1676,1\n2013-12-18T14:30:00Z,1780,1780,1780,1780,2\n`,
  )
  expect((await summaryOf(path, { ...told, contract: 'front' }, memory)).contracts).toEqual([201312, 201403])
})

test.each([
  ['2013-10-07T13:30:00Z,1676.75,1677.25,1673.5', 'missing-column'],
  ['yesterday,1676,1676,1676,1676,1', 'unparsable-time'],
  ['2013-10-07 13:30,1676,1676,1676,1676,1', 'no-zone'],
  ['2013-10-07T13:30:30Z,1676,1676,1676,1676,1', 'not-a-whole-minute'],
  ['2013-10-07T13:30:00Z,1676,1e9,1676,1676,1', 'unparsable-price'],
  ['2013-10-07T13:30:00Z,1676,,1676,1676,1', 'unparsable-price'],
  ['2013-10-07T13:30:00Z,1676,NaN,1676,1676,1', 'unparsable-price'],
  ['2013-10-07T13:30:00Z,1676,1676,1676,1676,1.5', 'unparsable-volume'],
  ['2013-10-07T13:30:00Z,1676,1676,1676,1676,-1', 'negative-volume'],
  ['2013-10-07T13:30:00Z,0,0,0,0,9', 'no-price'],
  ['2013-10-07T13:30:00Z,1676,1676,-1676,1676,9', 'no-price'],
  ['2013-10-07T13:30:00Z,1676,1676.1,1676,1676,1', 'off-grid-price'],
  ['2013-10-07T13:30:00Z,1676,1675,1677,1676,1', 'high-below-low'],
  ['2013-10-07T13:30:00Z,1676,1677,1675,1678,1', 'outside-high-low'],
  ['2013-10-07T13:30:00Z,1674,1677,1675,1676,1', 'outside-high-low'],
  ['2013-10-07T13:29:00Z,1676,1676,1676,1676,1', 'duplicate-time'],
])('the row %s is refused: %s', async (row, reason) => {
  const memory = createStore()
  const path = fileOf(`${header}\n2013-10-07T13:29:00Z,1675,1675,1675,1675,7\n${row}\n`)
  const summary = await summaryOf(path, told, memory)
  expect(summary.refused).toEqual({ [reason]: 1 })
  expect(summary.refusals).toEqual([{ line: 3, reason }])
  expect(memory.bars(201312).map(({ volume }) => volume)).toEqual([7])
})

test('a contract that is no month is refused', async () => {
  const path = fileOf('ts_utc,contract,open,high,low,close,volume\n2013-10-07T13:30:00Z,201313,1676,1676,1676,1676,1\n')
  expect((await summaryOf(path, {})).refused).toEqual({ 'unknown-contract': 1 })
})

test('a bar of closed hours is imported and counted', async () => {
  const path = fileOf(`${header}\n2013-10-05T13:30:00Z,1676,1676,1676,1676,1\n`)
  expect(await summaryOf(path, told)).toMatchObject({ stored: 1, whileClosed: 1 })
})

test('importing again changes nothing, and a corrected file changes what it corrects', async () => {
  const memory = createStore()
  const rows = (close: number) =>
    `${header}\n2013-10-07T13:30:00Z,1676,1677,1675,1676,5\n2013-10-07T13:31:00Z,1676,1677,1675,${close},6\n`
  expect(await summaryOf(fileOf(rows(1676)), told, memory)).toMatchObject({ stored: 2, unchanged: 0 })
  expect(await summaryOf(fileOf(rows(1676)), told, memory, 'MES', 6_000)).toMatchObject({ stored: 0, unchanged: 2 })
  expect(memory.saves).toEqual([2])
  expect(await summaryOf(fileOf(rows(1676.25)), told, memory, 'MES', 7_000)).toMatchObject({ stored: 1, unchanged: 1 })
  expect(memory.bars(201312).map(({ close, asOf }) => [close, asOf])).toEqual([
    [1676, 5_000],
    [1676.25, 7_000],
  ])
})

test('a live bar is not overwritten', async () => {
  const memory = createStore()
  const live = { time: at1330, open: 1, high: 1, low: 1, close: 1, volume: 1, asOf: 1, source: 'feed' }
  await memory.store.save(201312, [{ ...live, finality: 'live' }])
  const path = fileOf(`${header}\n2013-10-07T13:30:00Z,1676,1677,1675,1676,5\n`)
  expect(await summaryOf(path, told, memory)).toMatchObject({ stored: 0, unchanged: 0, outranked: 1 })
  expect(memory.bars(201312)[0]?.close).toBe(1)
})

test('a file of another market is refused before anything is saved', async () => {
  const memory = createStore()
  const gold = Array.from({ length: 12_000 }, (_, i) => `${1_381_152_600 + i * 60},1313.7,1313.9,1313.1,1313.4,5`)
  for (const rows of [gold, gold.slice(0, 3)]) {
    const path = fileOf([header, ...rows].join('\n'))
    expect(await run(path, told, memory)).toMatchObject({ ok: false, argument: '--instrument' })
    expect(await summaryOf(path, told, createStore(), 'MGC')).toMatchObject({ stored: rows.length, refused: {} })
  }
  expect(memory.saves).toEqual([])
})

test('a long file is saved in parts and tells how far it is', async () => {
  const memory = createStore()
  const lines = Array.from({ length: 25_000 }, (_, i) => `${(at1330 + i * 60_000) / 1000},1676,1677,1675,1676,5`)
  const told25: number[] = []
  await importFile({
    path: fileOf([header, ...lines].join('\n')),
    instrument: 'MES',
    told,
    store: memory.store,
    asOf: 1,
    onProgress: (read) => told25.push(read),
  })
  expect(memory.saves).toEqual([10_000, 10_000, 5_000])
  expect(told25).toEqual([10_000, 20_000])
})

test('a file that cannot be read to its end is an error', async () => {
  await expect(run(join(folder, 'absent.csv'), told)).rejects.toThrow('ENOENT')
  const lines = Array.from({ length: 5_000 }, (_, i) => `${1_381_152_600 + i * 60},1676,1677,1675,1676,${i}`)
  const zipped = gzipSync([header, ...lines].join('\n'))
  await expect(run(fileOf(zipped.subarray(0, zipped.length / 2), 'half.csv.gz'), told)).rejects.toThrow(
    'unexpected end',
  )
})

test('a file that would have to be guessed at is refused with the argument that settles it', async () => {
  expect(await run(fileOf('1,2,3\n'), told)).toMatchObject({ ok: false, argument: '--columns' })
  expect(await run(fileOf(''), told)).toMatchObject({ ok: false, argument: '--columns' })
})

test('the summary says each fact on a line', async () => {
  const path = fileOf(
    `${header}\n2013-10-07T13:30:00Z,1676,1676,1676,1676,1\n2013-10-05T13:30:00Z,1676,1676,1676,1676,1\nsoon,1,1,1,1,1\n`,
  )
  expect(phraseSummary('bars.csv', await summaryOf(path, told))).toBe(
    [
      'bars.csv: 3 rows read as generic',
      '  2 rows stored, 0 rows unchanged',
      '  1 row in hours when the calendar says the market is closed',
      '  1 row refused: the time cannot be read',
      '    line 4: the time cannot be read',
      '  from 2013-10-05 09:30 ET to 2013-10-07 09:30 ET',
      '  contracts 201312',
    ].join('\n'),
  )
})
