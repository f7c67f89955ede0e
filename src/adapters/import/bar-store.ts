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
  /** Of those stored, the ones that took the place of another bar. */
  readonly replaced: number
  /** Not stored because a better bar of that minute is held. */
  readonly outranked: number
}

/** Bars of one contract are compared and saved this many at a time. */
const batchSize = 10_000

/** Bars that may bear a price out: so many on either side, no farther than a day and a weekend away. */
const neighbors = 5
const aroundMs = 4 * 86_400_000
/** Two markets apart, a point slipped, a minute of nothing: no market moves by half within minutes. */
const strayFactor = 1.5

/** Whether a price of the bar is far from the middle one of the others' closes; nobody says so of a bar without others. */
const isStray = ({ high, low }: Bar, others: readonly Bar[], calmAbove: number): boolean => {
  const closes = others.map(({ close }) => close).sort((a, b) => a - b)
  const middle = closes[Math.floor(closes.length / 2)]
  if (middle === undefined || closes.length < 3 || middle <= calmAbove) return false
  return high > middle * strayFactor || low < middle / strayFactor
}

const columns = ['open', 'high', 'low', 'close', 'volume'] as const
const isSame = (a: Bar, b: Bar | undefined): boolean => b !== undefined && columns.every((name) => a[name] === b[name])

/** A bar and the line of the file it stands in. */
type Row = { readonly bar: RecordedBar; readonly line: number }

/** What is held around a batch, by minute. */
const heldAround = async (store: BarStore, contract: number, batch: readonly Row[]): Promise<Map<number, Bar>> => {
  const times = batch.map(({ bar }) => bar.time)
  const from = times.reduce((a, b) => Math.min(a, b)) - aroundMs
  const to = times.reduce((a, b) => Math.max(a, b)) + minuteMs + aroundMs
  const held = await store.read(contract, from, to)
  return new Map(Array.from(held.time, (time, i) => [time, barAt(held, i)]))
}

/** The rows whose prices are far from those of the minutes around them, held or told by the file. */
const strays = (batch: readonly Row[], held: ReadonlyMap<number, Bar>, calmAbove: number): readonly Row[] => {
  const told = new Map(batch.map(({ bar }) => [bar.time, bar]))
  const around = [...new Map<number, Bar>([...held, ...told]).values()].sort((a, b) => a.time - b.time)
  const place = new Map(around.map(({ time }, i) => [time, i]))
  return batch.filter(({ bar }) => {
    const at = place.get(bar.time) ?? 0
    const others = [...around.slice(Math.max(0, at - neighbors), at), ...around.slice(at + 1, at + 1 + neighbors)]
    const own = held.get(bar.time)
    return isStray(bar, own === undefined ? others : [...others, own], calmAbove)
  })
}

/**
 * Creates what collects bars by contract and saves them in batches, leaving alone what is held just so and out what is far
 * from its neighbors; at or below the price `calmAbove` nothing is far.
 */
export const createBatches = (
  store: BarStore,
  refuse: (line: number, reason: 'far-from-others') => void,
  calmAbove: number,
): {
  readonly add: (contract: number, bar: RecordedBar, line: number) => Promise<void>
  /** Saves what still waits and tells what became of all. */
  readonly finish: () => Promise<Kept>
} => {
  const waiting = new Map<number, Row[]>()
  const kept = { stored: 0, unchanged: 0, replaced: 0, outranked: 0 }

  const flush = async (contract: number, batch: readonly Row[]): Promise<void> => {
    waiting.delete(contract)
    const held = await heldAround(store, contract, batch)
    const stray = new Set(strays(batch, held, calmAbove))
    for (const { line } of stray) refuse(line, 'far-from-others')
    const sound = batch.filter((row) => !stray.has(row)).map(({ bar }) => bar)
    const news = sound.filter((bar) => !isSame(bar, held.get(bar.time)))
    const { stored } = news.length === 0 ? { stored: 0 } : await store.save(contract, news)
    kept.stored += stored
    const outranked = news.length - stored
    kept.outranked += outranked
    kept.replaced += news.filter(({ time }) => held.has(time)).length - outranked
    kept.unchanged += sound.length - news.length
  }

  return {
    add: async (contract, bar, line) => {
      const batch = waiting.get(contract) ?? []
      waiting.set(contract, batch)
      if (batch.push({ bar, line }) === batchSize) await flush(contract, batch)
    },
    finish: async () => {
      for (const [contract, batch] of waiting) await flush(contract, batch)
      return kept
    },
  }
}
