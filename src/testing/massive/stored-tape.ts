import { createStream, type Stream } from '#src/adapters/feed/synthetic/stream.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { type Contract, type ContractSpec, instrumentIds } from '#src/domain/instruments/instrument.ts'
import { toPrice, toTicks } from '#src/domain/instruments/ticks.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import { sequenceOf, type Tape, type TapeEvent, type TapeTrade } from './tape.ts'

/** The one-minute bars of one contract, oldest first. */
export type StoredBars = { readonly contract: Contract; readonly bars: BarColumns }

const mostTrades = 200
const secondMs = 1000

/** The prices a minute must visit, in ticks: its open, its extremes where neither end is one, its close. */
const turnsOf = ({ open, high, low, close }: Bar, spec: ContractSpec, lowFirst: boolean): readonly number[] => {
  const [o, h, l, c] = [open, high, low, close].map((price) => toTicks(spec, price)) as [number, number, number, number]
  const between = [...(l < Math.min(o, c) ? [l] : []), ...(h > Math.max(o, c) ? [h] : [])]
  if (!lowFirst) between.reverse()
  return between.length === 0 && o === c ? [o] : [o, ...between, c]
}

/** A walk of `count` prices that turns exactly at the turns and in between strays a tick at most. */
const walk = (turns: readonly number[], count: number, chance: Stream): readonly number[] => {
  const [low, high] = [Math.min(...turns), Math.max(...turns)]
  const legs = Math.max(1, turns.length - 1)
  const placed = turns.map((_, i) => Math.round((i * (count - 1)) / legs))
  return Array.from({ length: count }, (_, k) => {
    const leg = Math.max(
      0,
      placed.findLastIndex((at) => at <= k),
    )
    const [start = 0, end = start] = [turns[leg], turns[leg + 1]]
    const [from = 0, to = from + 1] = [placed[leg], placed[leg + 1]]
    if (k === from) return start
    const stray = Math.floor(chance.uniform() * 3) - 1
    return Math.max(low, Math.min(high, Math.round(start + ((end - start) * (k - from)) / (to - from)) + stray))
  })
}

/** Splits a volume into `count` sizes of at least one contract. */
const split = (volume: number, count: number, chance: Stream): readonly number[] => {
  let left = volume - count
  return Array.from({ length: count }, (_, k) => {
    const rest = count - k
    const more = rest === 1 ? left : Math.min(left, Math.floor((2 * left * chance.uniform()) / rest))
    left -= more
    return 1 + more
  })
}

/**
 * The trades of a bar: they fold to exactly this bar, three at least when more than two contracts were traded. A bar
 * that needs more trades than it has contracts gets one contract a trade; one without volume has no trades.
 */
export const tradesOfBar = (bar: Bar, spec: ContractSpec, chance: Stream): readonly TapeTrade[] => {
  if (bar.volume < 1) return []
  const turns = turnsOf(bar, spec, chance.uniform() < (bar.close >= bar.open ? 0.7 : 0.3))
  const volume = Math.max(Math.round(bar.volume), turns.length)
  const lively = Math.min(mostTrades, 3 + Math.round(2 * Math.sqrt(volume)))
  const count = Math.max(turns.length, Math.min(volume, lively))
  const prices = walk(turns, count, chance)
  return split(volume, count, chance).map((size, k) => ({
    kind: 'trade',
    time: bar.time + Math.floor(((k + chance.uniform()) * minuteMs) / count),
    price: toPrice(spec, prices[k] as number),
    size,
    sequence: sequenceOf(bar.time, k),
  }))
}

/** The trades with the quotes around them: each trade is at the bid or the ask, renewed about once a second. */
const withQuotes = (trades: readonly TapeTrade[], spec: ContractSpec, chance: Stream): readonly TapeEvent[] => {
  const events: TapeEvent[] = []
  let bid = Number.NaN
  let renewed = 0
  for (const trade of trades) {
    const ticks = toTicks(spec, trade.price)
    if ((ticks !== bid && ticks !== bid + 1) || trade.time >= renewed) {
      bid = chance.uniform() < 0.5 ? ticks : ticks - 1
      renewed = trade.time + secondMs
      const [bidSize, askSize] = [1 + (chance.word() % 12), 1 + (chance.word() % 12)]
      events.push({
        kind: 'quote',
        time: trade.time,
        bid: toPrice(spec, bid),
        bidSize,
        ask: toPrice(spec, bid + 1),
        askSize,
      })
    }
    events.push(trade)
  }
  return events
}

/** The first index of ascending times that is not before `time`. */
const indexFrom = (times: Float64Array, time: number): number => {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}

const nameOf = (contract: Contract): string => `${contract.id} ${contractMonth(contract)}`

/** Plays stored one-minute bars as trades and quotes, the same ones for the same seed (a 32-bit integer). */
export const tapeFromBars = (stored: readonly StoredBars[], seed: number): Tape => {
  const barsOf = new Map(stored.map(({ contract, bars }) => [nameOf(contract), bars]))
  return {
    instruments: instrumentIds.filter((id) => stored.some(({ contract }) => contract.id === id)),
    startsAt: Math.min(...stored.map(({ bars }) => bars.time[0] ?? Number.POSITIVE_INFINITY)),
    events: function* (contract, from, to) {
      const bars = barsOf.get(nameOf(contract))
      if (bars === undefined) return
      const spec = specOf(contract.id)
      for (let i = indexFrom(bars.time, from - (from % minuteMs)); (bars.time[i] ?? to) < to; i++) {
        const bar = barAt(bars, i)
        const chance = createStream(
          seed,
          instrumentIds.indexOf(contract.id),
          contractMonth(contract),
          bar.time / minuteMs,
        )
        for (const event of withQuotes(tradesOfBar(bar, spec, chance), spec, chance))
          if (event.time >= from && event.time < to) yield event
      }
    },
  }
}
