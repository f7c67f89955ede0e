import { basename } from 'node:path'
import { isOpen } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { type BarStore, createBatches, type Kept } from './bar-store.ts'
import { type Format, type LayoutRefusal, type Told, toLayout } from './layout.ts'
import { parseRow, type RowRefusal } from './parse-row.ts'
import { firstLineOf, rowsOf } from './source-file.ts'

/** What an import did, in rows. */
export type ImportSummary = Kept & {
  readonly format: Format
  readonly read: number
  readonly refused: Readonly<Partial<Record<RowRefusal, number>>>
  /** The first refusals, by line of the file. */
  readonly refusals: readonly { readonly line: number; readonly reason: RowRefusal }[]
  /** Accepted although the calendar says the market was closed. */
  readonly whileClosed: number
  /** Epoch ms of the earliest and the latest bar accepted. */
  readonly first: number | undefined
  readonly last: number | undefined
  /** yyyymm, ascending. */
  readonly contracts: readonly number[]
}

const refusalsKept = 10
const progressRows = 10_000

/** So near to nothing, crude has moved by multiples within minutes (April 2020). */
const crudeCalmAbove = 15

/** A market is known by its grid: unless half of the first rows are on it the file is another's, and nothing is saved. */
const gridRows = 1_000

/** Counts what was accepted and refused, and knows the minutes seen of each contract. */
const createTally = () => {
  const seen = new Map<number, Set<number>>()
  const refused: Partial<Record<RowRefusal, number>> = {}
  const refusals: { line: number; reason: RowRefusal }[] = []
  const tally = { read: 0, whileClosed: 0, first: Infinity, last: -Infinity }
  return {
    tally,
    refuse: (line: number, reason: RowRefusal): void => {
      refused[reason] = (refused[reason] ?? 0) + 1
      if (refusals.length < refusalsKept) refusals.push({ line, reason })
    },
    /** False when the contract has a bar of this minute already. */
    isNew: (contract: number, { time }: Bar): boolean => {
      const times = seen.get(contract) ?? new Set()
      seen.set(contract, times)
      return times.size < times.add(time).size
    },
    isOffGrid: (): boolean => (refused['off-grid-price'] ?? 0) > tally.read / 2,
    summary: (): Omit<ImportSummary, keyof Kept | 'format'> => ({
      ...tally,
      first: seen.size > 0 ? tally.first : undefined,
      last: seen.size > 0 ? tally.last : undefined,
      refused,
      refusals,
      contracts: [...seen.keys()].sort((a, b) => a - b),
    }),
  }
}

/**
 * Imports a file of one-minute bars, gzipped or not, as history of `instrument`. What is held already is left alone, so
 * that a file may be imported again. A file whose reading would be a guess is refused with the argument that settles it;
 * a row that cannot be read is counted with its line. Rejects when the file or the store cannot be read or written.
 */
export const importFile = async ({
  path,
  instrument,
  told,
  store,
  asOf,
  onProgress,
}: {
  readonly path: string
  readonly instrument: InstrumentId
  readonly told: Told
  readonly store: BarStore
  /** The instant of the import, epoch ms: bars of an earlier import yield to it. */
  readonly asOf: number
  /** Called with the rows read so far, every ten thousand. */
  readonly onProgress?: (read: number) => void
}): Promise<{ readonly ok: true; readonly summary: ImportSummary } | LayoutRefusal> => {
  const decided = toLayout(await firstLineOf(path), told)
  if (!decided.ok) return decided
  const { layout } = decided
  const spec = specOf(instrument)
  const origin = { finality: 'history', asOf, source: `import:${basename(path)}` } as const
  const { tally, refuse, isNew, isOffGrid, summary } = createTally()
  const batches = createBatches(store, refuse, spec.group === 'energy' ? crudeCalmAbove : 0)
  const wrongMarket: LayoutRefusal = {
    ok: false,
    argument: '--instrument',
    sentence: `the prices of this file are not on the grid of ${instrument}, ${spec.ticksPerPoint} ticks a point`,
  }

  const accept = (contract: number, bar: Bar, line: number): Promise<void> => {
    if (!isOpen(spec.group, bar.time)) tally.whileClosed++
    tally.first = Math.min(tally.first, bar.time)
    tally.last = Math.max(tally.last, bar.time)
    return batches.add(contract, { ...bar, ...origin }, line)
  }

  let isHeader = layout.hasHeader
  for await (const { line, cells } of rowsOf(path, layout.delimiter)) {
    if (isHeader) {
      isHeader = false
      continue
    }
    tally.read++
    const row = parseRow(spec, layout, cells)
    if (!row.ok) refuse(line, row.reason)
    else if (!isNew(row.contract, row.bar)) refuse(line, 'duplicate-time')
    else await accept(row.contract, row.bar, line)
    if (tally.read === gridRows && isOffGrid()) return wrongMarket
    if (tally.read % progressRows === 0) onProgress?.(tally.read)
  }
  if (tally.read < gridRows && isOffGrid()) return wrongMarket
  const kept = await batches.finish()
  return { ok: true, summary: { format: layout.format, ...summary(), ...kept } }
}
