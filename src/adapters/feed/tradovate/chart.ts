import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { isOnGrid, roundToGrid } from '#src/domain/instruments/ticks.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { listOf, looseOf } from './frames.ts'
import { instantOf, numberOf } from './vendor-number.ts'

/** One trade of a tick chart; `id` ascends in the order of the exchange. */
export type ChartTick = {
  readonly id: number
  readonly at: number
  readonly price: number
  readonly size: number
  readonly aggressor?: 'buy' | 'sell'
}

/** What a packet of a chart holds; the rows that were not taken are in `refused`, by kind. */
export type Packet = {
  readonly id: number
  /** The end of the chart's history: what follows is the running market. */
  readonly ends: boolean
  readonly ticks: readonly ChartTick[]
  readonly bars: readonly Bar[]
  readonly refused: readonly string[]
}

/** No market trades at more ticks than this, and no single trade is larger. */
const mostTicks = 2 ** 31
const mostContracts = 1_000_000

/** A price on the market's grid as the double nearest to its decimal, or why it is none. Only energy trades at zero and below. */
export const readPrice = (instrument: InstrumentId, value: unknown): number | 'price' | 'off-grid' => {
  const spec = specOf(instrument)
  const price = numberOf(value)
  if (price === undefined || Math.abs(price * spec.ticksPerPoint) > mostTicks) return 'price'
  if (!isOnGrid(spec, price)) return 'off-grid'
  const rounded = roundToGrid(spec, price, 'nearest')
  return rounded > 0 || spec.group === 'energy' ? rounded : 'price'
}

/** A count of contracts: whole, not negative and of this world. */
export const contractsOf = (value: unknown): number | undefined => {
  const count = numberOf(value)
  return count !== undefined && Number.isInteger(count) && count >= 0 && count <= mostContracts ? count : undefined
}

/** A tick's time is `bt + t` and its price `(bp + p) · ts`; the best bid and offer it met are given the same way. */
const readTick = (
  instrument: InstrumentId,
  base: { readonly time: number; readonly price: number; readonly tick: number },
  value: unknown,
): ChartTick | string => {
  const { id: rawId, t, p, s, b, a } = looseOf(value) ?? {}
  const id = numberOf(rawId)
  const after = numberOf(t)
  const size = contractsOf(s)
  const offset = numberOf(p)
  if (!Number.isSafeInteger(id) || id === undefined || after === undefined || offset === undefined) return 'tick'
  if (size === undefined || size === 0) return 'size'
  const price = readPrice(instrument, (base.price + offset) * base.tick)
  if (typeof price === 'string') return price
  const met = offset === numberOf(a) ? 'buy' : offset === numberOf(b) ? 'sell' : undefined
  const tick = { id, at: Math.floor(base.time + after), price, size }
  return met === undefined || a === b ? tick : { ...tick, aggressor: met }
}

const readBar = (instrument: InstrumentId, value: unknown): Bar | string => {
  const row = looseOf(value) ?? {}
  const time = instantOf(row['timestamp'])
  const up = contractsOf(row['upVolume'])
  const down = contractsOf(row['downVolume'])
  if (time === undefined || up === undefined || down === undefined) return 'bar'
  if (time % minuteMs !== 0) return 'off-minute'
  const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => readPrice(instrument, row[name]))
  if (typeof open !== 'number' || typeof high !== 'number' || typeof low !== 'number' || typeof close !== 'number')
    return [open, high, low, close].find((price) => typeof price === 'string') as string
  if (high < Math.max(open, close, low) || low > Math.min(open, close)) return 'inconsistent'
  return { time, open, high, low, close, volume: up + down }
}

const sift = <T extends object>(rows: readonly (T | string)[]) => ({
  taken: rows.filter((row): row is T => typeof row !== 'string'),
  refused: rows.filter((row): row is string => typeof row === 'string'),
})

/** The packets of a chart event; what is no packet is left out. */
export const packetsOf = (d: unknown): readonly { readonly id: number; readonly packet: unknown }[] =>
  listOf(looseOf(d)?.['charts']).flatMap((packet) => {
    const id = numberOf(looseOf(packet)?.['id'])
    return id === undefined ? [] : [{ id, packet }]
  })

/** Reads a packet of a chart of this market. A bar's timestamp is taken as the start of its minute. Never throws. */
export const readPacket = (instrument: InstrumentId, id: number, packet: unknown): Packet => {
  const { bp, bt, ts, tks, bars: rows, eoh } = looseOf(packet) ?? {}
  const [price, time, tick] = [numberOf(bp), numberOf(bt), numberOf(ts)]
  const based = price !== undefined && time !== undefined && tick !== undefined
  const ticks = sift(listOf(tks).map((row) => (based ? readTick(instrument, { time, price, tick }, row) : 'tick')))
  const bars = sift(listOf(rows).map((row) => readBar(instrument, row)))
  return {
    id,
    ends: eoh === true,
    ticks: ticks.taken,
    bars: bars.taken,
    refused: [...ticks.refused, ...bars.refused],
  }
}

/** The body of a request for a chart of one-minute bars or of single trades. */
export const chartRequest = (
  name: string,
  underlyingType: 'Tick' | 'MinuteBar',
  timeRange: Readonly<Record<string, string | number>>,
) => ({
  symbol: name,
  chartDescription: { underlyingType, elementSize: 1, elementSizeUnit: 'UnderlyingUnits', withHistogram: false },
  timeRange,
})

/** The chart ids in the answer to a request: history comes under the first, the running market under the second. */
export const chartIdsOf = (
  answer: Readonly<Record<string, unknown>>,
): { readonly history: number; readonly live: number } | undefined => {
  const live = numberOf(answer['realtimeId'] ?? answer['subscriptionId'])
  return live === undefined ? undefined : { live, history: numberOf(answer['historicalId']) ?? live }
}
