import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'

/** Where imported bars go; `contract` is yyyymm. */
export type BarStore = {
  /** The bars held with `from` ≤ time < `to` (epoch ms). */
  readonly read: (contract: number, from: number, to: number) => Promise<BarColumns>
  /** Saves bars, all or none; tells how many were new or replaced. */
  readonly save: (contract: number, bars: readonly RecordedBar[]) => Promise<{ readonly stored: number }>
}

/** What became of the bars handed over. */
export type Kept = {
  readonly stored: number
  /** Held already, just so. */
  readonly unchanged: number
  /** Not stored because a better bar of that minute is held. */
  readonly outranked: number
}

/** Bars of one contract are compared and saved this many at a time. */
const batchSize = 10_000

const columns = ['open', 'high', 'low', 'close', 'volume'] as const
const isSame = (a: Bar, b: Bar | undefined): boolean => b !== undefined && columns.every((name) => a[name] === b[name])

/** The bars of a batch that the store does not hold just so. */
const newsIn = async (store: BarStore, contract: number, batch: readonly RecordedBar[]): Promise<RecordedBar[]> => {
  const times = batch.map(({ time }) => time)
  const from = times.reduce((a, b) => Math.min(a, b))
  const to = times.reduce((a, b) => Math.max(a, b)) + minuteMs
  const held = await store.read(contract, from, to)
  const byTime = new Map(Array.from(held.time, (time, i) => [time, barAt(held, i)]))
  return batch.filter((bar) => !isSame(bar, byTime.get(bar.time)))
}

/** Creates what collects bars by contract and saves them in batches, leaving alone what is held just so. */
export const createBatches = (
  store: BarStore,
): {
  readonly add: (contract: number, bar: RecordedBar) => Promise<void>
  /** Saves what still waits and tells what became of all. */
  readonly finish: () => Promise<Kept>
} => {
  const waiting = new Map<number, RecordedBar[]>()
  const kept = { stored: 0, unchanged: 0, outranked: 0 }

  const flush = async (contract: number, batch: readonly RecordedBar[]): Promise<void> => {
    waiting.delete(contract)
    const news = await newsIn(store, contract, batch)
    const { stored } = news.length === 0 ? { stored: 0 } : await store.save(contract, news)
    kept.stored += stored
    kept.outranked += news.length - stored
    kept.unchanged += batch.length - news.length
  }

  return {
    add: async (contract, bar) => {
      const batch = waiting.get(contract) ?? []
      waiting.set(contract, batch)
      if (batch.push(bar) === batchSize) await flush(contract, batch)
    },
    finish: async () => {
      for (const [contract, batch] of waiting) await flush(contract, batch)
      return kept
    },
  }
}
