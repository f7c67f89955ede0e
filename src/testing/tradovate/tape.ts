import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { dateOfBar, sessionAt, sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { barAt } from '#src/domain/market/series.ts'

/** A contract as the stand-in knows it; `id` is the vendor's number, `tick` its smallest price change in points. */
export type Listed = { readonly contract: Contract; readonly name: string; readonly id: number; readonly tick: number }

export type TapeTrade = {
  readonly id: number
  readonly at: number
  readonly price: number
  readonly size: number
  readonly bid: number
  readonly ask: number
}

/** The market a stand-in plays: trades with `from` ≤ time < `to`, and the bars of the minutes they begin in. */
export type Tape = {
  readonly listed: readonly Listed[]
  readonly trades: (name: string, from: number, to: number) => readonly TapeTrade[]
  readonly bars: (name: string, from: number, to: number) => readonly Bar[]
}

const listOf = (contracts: readonly Contract[]): readonly Listed[] =>
  contracts.map((contract, i) => ({
    contract,
    name: contractCode(contract).replace(' ', ''),
    id: 3_570_900 + i,
    tick: 1 / specOf(contract.id).ticksPerPoint,
  }))

/** One-minute bars of trades in order. */
const foldTrades = (trades: readonly TapeTrade[]): readonly Bar[] => {
  const bars = new Map<number, Bar>()
  for (const { at, price, size } of trades) {
    const time = at - (at % minuteMs)
    const bar = bars.get(time)
    bars.set(
      time,
      bar === undefined
        ? { time, open: price, high: price, low: price, close: price, volume: size }
        : {
            ...bar,
            high: Math.max(bar.high, price),
            low: Math.min(bar.low, price),
            close: price,
            volume: bar.volume + size,
          },
    )
  }
  return [...bars.values()]
}

/** A tape of the trades written down for each contract, by its name; further ones can be written while it plays. */
export const writtenTape = (
  contracts: readonly Contract[],
): Tape & { readonly write: (name: string, ...trades: readonly TapeTrade[]) => void } => {
  const written = new Map<string, TapeTrade[]>()
  const trades: Tape['trades'] = (name, from, to) => (written.get(name) ?? []).filter(({ at }) => at >= from && at < to)
  return {
    listed: listOf(contracts),
    trades,
    bars: (name, from, to) => foldTrades(trades(name, from, to)),
    write: (name, ...more) => {
      written.set(
        name,
        [...(written.get(name) ?? []), ...more].sort((a, b) => a.at - b.at || a.id - b.id),
      )
    },
  }
}

/** A tape of the synthetic market: every contract of a market plays the same prices. */
export const syntheticTape = (seed: number, contracts: readonly Contract[]): Tape => {
  const market = createSyntheticMarket({ seed })
  const listed = listOf(contracts)
  const idOf = (name: string) => (listed.find((one) => one.name === name) as Listed).contract.id
  const minutes = new Map<string, readonly TapeTrade[]>()
  const days = new Map<string, readonly Bar[]>()

  const readMinute = (name: string, minute: number): readonly TapeTrade[] => {
    const id = idOf(name)
    if (sessionAt(specOf(id).group, minute) === undefined) return []
    const trades: TapeTrade[] = []
    let [bid, ask] = [0, 0]
    for (const event of market.events(id, dateOfBar(specOf(id).group, minute), minute, minute + minuteMs)) {
      if (!('price' in event)) [bid, ask] = [event.bid, event.ask]
      else {
        const number = (minute / minuteMs) * 10_000 + trades.length
        trades.push({ id: number, at: event.eventTime, price: event.price, size: event.size, bid, ask })
      }
    }
    return trades
  }

  const minuteOf = (name: string, minute: number): readonly TapeTrade[] => {
    const key = `${name} ${minute}`
    const trades = minutes.get(key) ?? readMinute(name, minute)
    minutes.set(key, trades)
    if (minutes.size > 200) minutes.delete(minutes.keys().next().value as string)
    return trades
  }

  const trades: Tape['trades'] = (name, from, to) => {
    const found: TapeTrade[] = []
    for (let minute = from - (from % minuteMs); minute < to; minute += minuteMs)
      found.push(...minuteOf(name, minute).filter(({ at }) => at >= from && at < to))
    return found
  }

  const dayOf = (name: string, date: string): readonly Bar[] => {
    const key = `${name} ${date}`
    const known = days.get(key)
    if (known !== undefined) return known
    const columns = market.minutes(idOf(name), date)
    const bars = Array.from(columns.time, (_, i) => barAt(columns, i))
    days.set(key, bars)
    return bars
  }

  return {
    listed,
    trades,
    bars: (name, from, to) => {
      const { group } = specOf(idOf(name))
      const dates = new Set<string>()
      for (let at = from; at < to + 6 * 3_600_000; at += 6 * 3_600_000) dates.add(dateOfBar(group, Math.min(at, to)))
      const whole = [...dates]
        .filter((date) => sessionOf(group, date) !== undefined)
        .flatMap((date) => dayOf(name, date))
        .filter(({ time }) => time >= from && time + minuteMs <= to)
      const running = to - (to % minuteMs)
      return [...whole, ...foldTrades(trades(name, Math.max(from, running), to))]
    },
  }
}
