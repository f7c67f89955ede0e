import type { Bar } from '#src/domain/market/bar.ts'
import { oracleRows } from './oracles.ts'

/** Bars a minute (or `spanMs`) apart from time 0, written as [open, high, low, close] or with the volume behind; volume 1 unless said. */
export const barsOf = (rows: readonly (readonly number[])[], spanMs = 60_000): readonly Bar[] =>
  rows.map(([open = 0, high = 0, low = 0, close = 0, volume = 1], i) => ({
    time: i * spanMs,
    open,
    high,
    low,
    close,
    volume,
  }))

/** Chance from a seed, in [0, 1): mulberry32. */
export const createChance = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A random walk on a grid of quarters, with quiet hours, bursts and minutes left out; the same for the same seed. */
export const randomBars = (seed: number, count: number, from = 0): readonly Bar[] => {
  const chance = createChance(seed)
  const quarters = (reach: number): number => Math.round((chance() - 0.5) * reach) / 4
  const bars: Bar[] = []
  let close = 1500
  let time = from
  for (let i = 0; i < count; i++) {
    const reach = i % 700 < 100 ? 40 : 10
    const open = close + quarters(reach / 4)
    close = open + quarters(reach)
    const high = Math.max(open, close) + Math.abs(quarters(reach))
    const low = Math.min(open, close) - Math.abs(quarters(reach))
    bars.push({ time, open, high, low, close, volume: Math.floor(chance() * 500) })
    time += chance() < 0.02 ? 60_000 * Math.ceil(chance() * 20) : 60_000
  }
  return bars
}

/** The December 2013 contract's recorded one-minute bars, Monday 2013-10-07 to (excluding) `until`, oldest first. */
export const recordedBars = (market: 'ES' | 'GC', until = '2013-10-10'): readonly Bar[] =>
  oracleRows(
    `data/lean-futures/${market}_1m_trade.csv.gz`,
    'ts_utc',
    'contract',
    'open',
    'high',
    'low',
    'close',
    'volume',
  ).flatMap(({ ts_utc, contract, open, high, low, close, volume }) =>
    contract === '201312' && ts_utc < until
      ? [
          {
            time: Date.parse(ts_utc),
            open: Number(open),
            high: Number(high),
            low: Number(low),
            close: Number(close),
            volume: Number(volume),
          },
        ]
      : [],
  )

/** Every recorded trade of the December 2013 gold contract, 2013-10-07 to 2013-10-09, in the order it was printed. */
export const recordedTrades = (): readonly {
  readonly eventTime: number
  readonly price: number
  readonly size: number
}[] =>
  oracleRows('data/lean-futures/GC_ticks_trade_201312.csv.gz', 'ts_utc', 'price', 'size').map(
    ({ ts_utc, price, size }) => ({ eventTime: Date.parse(ts_utc), price: Number(price), size: Number(size) }),
  )
