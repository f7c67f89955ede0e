import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Listed, Tape, TapeTrade } from './tape.ts'

/** A chart somebody subscribed to. */
export type Chart = { readonly listed: Listed; readonly kind: 'Tick' | 'MinuteBar'; readonly live: number }

type TimeRange = {
  readonly closestTimestamp?: string
  readonly asFarAsTimestamp?: string
  readonly asMuchAsElements?: number
}

const tradeDay = ({ contract }: Listed, at: number): number =>
  Number(dateOfBar(specOf(contract.id).group, at).replaceAll('-', ''))

const barPacket = (listed: Listed, id: number, bars: readonly Bar[]) => ({
  id,
  td: tradeDay(listed, (bars[0] as Bar).time),
  bars: bars.map(({ time, open, high, low, close, volume }) => ({
    timestamp: new Date(time).toISOString(),
    open,
    high,
    low,
    close,
    upVolume: volume - Math.floor(volume / 3),
    downVolume: Math.floor(volume / 3),
    upTicks: 1,
    downTicks: 1,
    bidVolume: Math.floor(volume / 3),
    offerVolume: volume - Math.floor(volume / 3),
  })),
})

const tickPacket = (listed: Listed, id: number, trades: readonly TapeTrade[]) => {
  const first = trades[0] as TapeTrade
  const ticks = (price: number): number => Math.round(price / listed.tick)
  const base = ticks(first.price)
  return {
    id,
    s: 'db',
    td: tradeDay(listed, first.at),
    bp: base,
    bt: first.at,
    ts: listed.tick,
    tks: trades.map((trade) => ({
      t: trade.at - first.at,
      p: ticks(trade.price) - base,
      s: trade.size,
      b: ticks(trade.bid) - base,
      a: ticks(trade.ask) - base,
      bs: 7,
      as: 12,
      id: trade.id,
    })),
  }
}

const inPieces = <T>(rows: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))

/** The history of a chart up to `now`: the newest elements of the range, never more than `limit`, oldest first. */
export const chartHistory = (
  tape: Tape,
  { listed, kind }: Chart,
  id: number,
  range: TimeRange,
  now: number,
  limit: number,
) => {
  const closest = Math.min(now, range.closestTimestamp === undefined ? now : Date.parse(range.closestTimestamp))
  const asked = Math.min(limit, range.asMuchAsElements ?? limit)
  const farthest = range.asFarAsTimestamp === undefined ? closest - 24 * 3_600_000 : Date.parse(range.asFarAsTimestamp)
  if (kind === 'Tick') {
    const trades = tape.trades(listed.name, Math.max(farthest, closest - 10 * minuteMs), closest).slice(-asked)
    return [...inPieces(trades, 100).map((piece) => tickPacket(listed, id, piece)), { id, eoh: true }]
  }
  const through = closest - (closest % minuteMs) + minuteMs
  const bars = tape.bars(listed.name, farthest, Math.min(now, through)).slice(-asked)
  return [...inPieces(bars, 500).map((piece) => barPacket(listed, id, piece)), { id, eoh: true }]
}

/** What a chart of the running market sends for the trades of [from, to): each packet is a frame of its own. */
export const chartNews = (tape: Tape, { listed, kind, live }: Chart, from: number, to: number, reordered: boolean) => {
  const trades = tape.trades(listed.name, from, to)
  if (trades.length === 0) return []
  if (kind === 'MinuteBar')
    return tape.bars(listed.name, from - (from % minuteMs), to).map((bar) => barPacket(listed, live, [bar]))
  if (!reordered) return [tickPacket(listed, live, trades)]
  return inPieces(trades.toReversed(), 2).map((piece) => tickPacket(listed, live, piece))
}
