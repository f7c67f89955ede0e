import { createHash } from 'node:crypto'
import { setImmediate as letOthersRun } from 'node:timers/promises'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { BarColumns } from '#src/domain/market/series.ts'
import { readBars } from './bars.ts'
import type { Db } from './connect.ts'
import { frontStretches } from './front-bars.ts'

const columnNames = ['time', 'open', 'high', 'low', 'close', 'volume'] as const
/** Read in one go: a few thousand bars take the embedded database some milliseconds of the thread the pages live on. */
const sliceMs = 4 * 86_400_000

/** Short enough that nobody waits while the bytes are gone over. */
const hashedAtOnce = 1 << 19

/** The 1m bars of whichever contract was the front, in [from, to) epoch ms, as columns; everybody gets a turn in between. */
export const readFrontColumns = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  range: { readonly from: number; readonly to: number },
  { fronts, turn = letOthersRun }: { readonly fronts: Fronts; readonly turn?: () => Promise<unknown> },
): Promise<BarColumns> => {
  const parts: BarColumns[] = []
  for (const { contract, from, to } of frontStretches(instrument, range, fronts))
    for (let at = from; at < to; at += sliceMs) {
      parts.push(await readBars(db, { market, instrument, contract, from: at, to: Math.min(to, at + sliceMs) }))
      await turn()
    }
  const length = parts.reduce((sum, { time }) => sum + time.length, 0)
  const join = (name: (typeof columnNames)[number]): Float64Array<ArrayBuffer> => {
    const column = new Float64Array(length)
    let at = 0
    for (const part of parts) {
      column.set(part[name], at)
      at += part[name].length
    }
    return column
  }
  return Object.fromEntries(columnNames.map((name) => [name, join(name)])) as BarColumns
}

/** SHA-256 over the bars: the same bars give the same text, whatever machine read them. */
export const hashOfColumns = async (
  columns: BarColumns,
  turn: () => Promise<unknown> = letOthersRun,
): Promise<string> => {
  const hash = createHash('sha256')
  for (const name of columnNames) {
    const { buffer, byteOffset, byteLength } = columns[name]
    for (let at = 0; at < byteLength; at += hashedAtOnce) {
      hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(hashedAtOnce, byteLength - at)))
      await turn()
    }
  }
  return hash.digest('hex')
}
