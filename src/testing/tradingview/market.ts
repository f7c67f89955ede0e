import { type History, historyOf } from '#src/domain/backtest/history.ts'
import type { Terms } from '#src/domain/backtest/terms.ts'
import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { toColumns } from '#src/domain/market/series.ts'
import { oracleRows } from '../oracles.ts'

/** Where a file of TradingView's broker lies. */
export const pathOf = (file: string): string => `oracles/tradingview-pynecore/t30_strategy/${file}.csv.gz`

/** A market as TradingView's broker emulator trades it. */
export type Market = {
  readonly history: History
  /** Nothing costs anything, a limit fills at the touch, the nearer extreme of a bar comes first. */
  readonly terms: Terms
  /** How many of the smallest amounts make a dollar: a tick of one euro is worth less than our ten-thousandth. */
  readonly dollar: number
}

const barsIn = (file: string, time: string, volume: string): readonly Bar[] =>
  oracleRows(pathOf(file), time, 'open', 'high', 'low', 'close', volume).map((row) => ({
    time: Date.parse(row[time] ?? ''),
    open: Number(row['open']),
    high: Number(row['high']),
    low: Number(row['low']),
    close: Number(row['close']),
    volume: Number(row[volume]),
  }))

/** No script here has a discipline, so that of the exchange's hours and codes nothing is ever asked. */
const specOf = (ticksPerPoint: number): ContractSpec => ({
  id: 'MCL',
  name: 'a market of theirs',
  group: 'energy',
  exchange: 'NYMEX',
  mic: 'XNYM',
  ticksPerPoint,
  tickValue: 1,
  decimals: 5,
  months: 'FGHJKMNQUVXZ',
})

const historyWith = (bars: readonly Bar[], ticksPerPoint: number): History =>
  historyOf(specOf(ticksPerPoint), toColumns(bars))

const marketOf = (bars: readonly Bar[], ticksPerPoint: number, pointValue: number): Market => {
  const dollar = 1e8
  return {
    history: historyWith(bars, ticksPerPoint),
    dollar,
    terms: {
      ticksPerPoint,
      tickValue: (pointValue * dollar) / ticksPerPoint,
      feePerSide: 0,
      feeShare: 0,
      slippageTicks: 0,
      spreadTicks: 0,
      limitThrough: 0,
      path: 'nearest-extreme',
      latencyMs: 0,
      volumeShare: 1,
    },
  }
}

/** E-mini crude oil by the hour: a tick of 0.025, 500 dollars a point. */
export const crudeOil = (): Market => marketOf(barsIn('futures_pnl_ohlcv', 'time', 'Volume'), 40, 500)

/** A euro in dollars by the hour. The files beside this one hold the same bars and some hours more. */
export const euro = (): Market => marketOf(barsIn('ohlcv', 'time', 'Volume'), 100_000, 1)

const dayMs = 1440 * minuteMs

const dailyOf = (hours: readonly Bar[]): readonly Bar[] => {
  const days: Bar[] = []
  for (const bar of hours) {
    const time = bar.time - (bar.time % dayMs)
    const day = days.at(-1)
    if (day === undefined || day.time !== time) days.push({ ...bar, time })
    else
      days[days.length - 1] = {
        time,
        open: day.open,
        high: Math.max(day.high, bar.high),
        low: Math.min(day.low, bar.low),
        close: bar.close,
        volume: day.volume + bar.volume,
      }
  }
  return days
}

/** A bitcoin in dollars by the day, and the hours that make up the days. */
export const bitcoin = (): Market & { readonly hours: History } => {
  const hours = barsIn('bar_magnifier_60m_btcusdt', 'ts_utc', 'volume')
  return { ...marketOf(dailyOf(hours), 100, 1), hours: historyWith(hours, 100) }
}
