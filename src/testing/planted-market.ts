import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { nextTradeDate } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { toPrice } from '#src/domain/instruments/ticks.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { type BarColumns, toColumns } from '#src/domain/market/series.ts'

/** Gold, whose day in New York opens at 08:20. */
export const plantedMarket = specOf('MGC')

const opens = 8 * 60 + 20
const firstMinute = opens - 20
const lastMinute = 11 * 60 + 30
/** The break comes so many minutes after the open, and runs so long. */
const breaksAfter = 50
const runs = 6
const driftsFor = 60

type Plan = { readonly side: 1 | -1; readonly breaks: number; readonly edge: number }

/** Ticks the price is carried in a minute of the day, apart from its noise. */
const carried = ({ side, breaks, edge }: Plan, minute: number): number => {
  const since = minute - breaks
  if (since < 0 || since >= runs + driftsFor) return 0
  return side * (since < runs ? 5 : edge)
}

/**
 * One-minute bars of mornings in which the price breaks out of its first range on more volume, to a side that chance alone
 * decides. With an edge above 0 it then goes on the same way by so many ticks a minute for an hour; without one the break
 * says nothing. `seed` fixes everything.
 */
export const plantedBars = (seed: number, edge: number, dates: number, from = '2025-09-02'): BarColumns => {
  const bars: Bar[] = []
  let price = 26_000
  let date = from
  for (let day = 0; day < dates; day++, date = nextTradeDate(plantedMarket.group, date)) {
    const { uniform, normal } = createStream(seed, day)
    const plan: Plan = {
      side: uniform() < 0.5 ? 1 : -1,
      breaks: opens + breaksAfter + Math.floor(uniform() * 30),
      edge,
    }
    for (let minute = firstMinute; minute < lastMinute; minute++) {
      const open = price
      const close = Math.round(open + carried(plan, minute) + 2 * normal())
      const reach = (): number => Math.floor(Math.abs(normal()))
      const isBreak = minute >= plan.breaks && minute < plan.breaks + runs
      bars.push({
        time: easternMs(date, minute),
        open: toPrice(plantedMarket, open),
        high: toPrice(plantedMarket, Math.max(open, close) + reach()),
        low: toPrice(plantedMarket, Math.min(open, close) - reach()),
        close: toPrice(plantedMarket, close),
        volume: Math.round((isBreak ? 250 : 100) * (0.8 + 0.4 * uniform())),
      })
      price = close
    }
  }
  return toColumns(bars)
}

/** The instant after the last of these bars. */
export const endOf = ({ time }: BarColumns): number => (time.at(-1) ?? 0) + minuteMs
