import { anchoredVwap } from '#src/domain/indicators/anchored-vwap.ts'
import { atr } from '#src/domain/indicators/atr.ts'
import { bollinger } from '#src/domain/indicators/bollinger.ts'
import { cci } from '#src/domain/indicators/cci.ts'
import { dmi } from '#src/domain/indicators/dmi.ts'
import { highest, lowest } from '#src/domain/indicators/extreme.ts'
import { hma } from '#src/domain/indicators/hma.ts'
import { type Indicator, series } from '#src/domain/indicators/indicator.ts'
import { keltner, smoothedRange } from '#src/domain/indicators/keltner.ts'
import { linearRegression } from '#src/domain/indicators/linear-regression.ts'
import { macd } from '#src/domain/indicators/macd.ts'
import { mfi } from '#src/domain/indicators/mfi.ts'
import { obv } from '#src/domain/indicators/obv.ts'
import {
  camarillaPivots,
  demarkPivots,
  fibonacciPivots,
  floorPivots,
  woodiePivots,
} from '#src/domain/indicators/pivots.ts'
import { rsi } from '#src/domain/indicators/rsi.ts'
import { sma } from '#src/domain/indicators/sma.ts'
import { ema, rma, type Smoothed } from '#src/domain/indicators/smoothed.ts'
import { stochastic } from '#src/domain/indicators/stochastic.ts'
import { supertrend } from '#src/domain/indicators/supertrend.ts'
import { type Range, trueRanges } from '#src/domain/indicators/true-range.ts'
import { pivotHigh, pivotLow } from '#src/domain/indicators/turning-point.ts'
import { wma } from '#src/domain/indicators/wma.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { oracleRows } from '../oracles.ts'
import {
  type Answer,
  barsIn,
  casesOf,
  closeOf,
  hl2,
  hlc3,
  type OracleCase,
  over,
  overBars,
  part,
} from './compare-with.ts'

const pathOf = (file: string): string => `oracles/tradingview-pynecore/t20_ta/${file}.csv.gz`
const barsOf = (file: string) => barsIn(pathOf(file), 'time', 'open', 'high', 'low', 'close', 'Volume')
const cases = (file: string, answers: readonly Answer[], from = 0): readonly OracleCase[] =>
  casesOf({ oracle: `TradingView ${file}`, path: pathOf(file), bars: () => barsOf(file), from }, answers)

/** TradingView was asked about closes where ours reads whole bars: each bar is then its close. */
const atClose = (bars: readonly Bar[]): readonly Bar[] =>
  bars.map((bar) => ({ ...bar, open: bar.close, high: bar.close, low: bar.close }))

/** The hours of a session that begins at 17:00 in New York, `hours` at a time. */
const sessionSpan =
  (hours: number) =>
  (time: number): string => {
    const { date, minute } = easternAt(time * 1000 + 7 * 3_600_000)
    return `${date} ${Math.floor(minute / (60 * hours))}`
  }

/** A run of the VWAP of closes: `hours` of the session at a time, from the first change of such a span that was seen. */
const vwapOf = (hours: number, of: 'vwap' | 'upper2' | 'lower2' | 'deviation') => (bars: readonly Bar[]) => {
  const anchorAt = sessionSpan(hours)
  const first = anchorAt(bars[0]?.time ?? 0)
  const values = series(
    part(anchoredVwap(anchorAt), (bands) => bands[of]),
    atClose(bars),
  )
  return hours === 24 ? values : values.map((value, i) => (anchorAt(bars[i]?.time ?? 0) === first ? Number.NaN : value))
}

const heights = (length: number): Indicator<Smoothed, Range> => {
  const average = ema(length)
  return { ...average, step: (state, { high, low }) => average.step(state, high - low) }
}

const lineOf = (up: boolean) => (bars: readonly Bar[]) =>
  overBars(part(supertrend(3, 10), ({ line, rising }) => (rising === up ? line : Number.NaN)))(bars)

const openSession =
  'no such span has begun before the first change of it: na until then, ours begins with the first bar'
const firstMove =
  'its first value takes the first bar, which has no close before it, as money flowing both ways: compared from the next'
const beforeAtr = 'its line before ATR is known is made of nothing: compared from the first bar with an ATR'

type Span = {
  readonly start: number
  readonly end: number
  readonly open: number
  readonly before: { readonly open: number; readonly high: number; readonly low: number; readonly close: number }
}

/** The levels change with each new anchor; those of one are made from the bars of the one before. */
const spansOf = (bars: readonly Bar[], levels: readonly string[]): readonly Span[] => {
  const starts = bars.flatMap((_, i) => (i === 0 || levels[i] !== levels[i - 1] ? [i] : []))
  return starts.slice(1).map((start, k) => {
    const before = bars.slice(starts[k], start)
    return {
      start,
      end: starts[k + 2] ?? bars.length,
      open: bars[start]?.open ?? Number.NaN,
      before: {
        open: before[0]?.open ?? Number.NaN,
        high: Math.max(...before.map(({ high }) => high)),
        low: Math.min(...before.map(({ low }) => low)),
        close: before.at(-1)?.close ?? Number.NaN,
      },
    }
  })
}

const pivotColumns = [
  ...['P_trad', 'R1_trad', 'S1_trad', 'R2_trad', 'S2_trad', 'R3_trad', 'S3_trad'],
  ...['P_fib', 'R1_fib', 'S1_fib', 'P_dm', 'R1_dm', 'S1_dm', 'P_cam', 'R4_cam', 'S4_cam', 'P_woodie'],
]

const pivotFamilies: Readonly<
  Record<string, readonly [name: string, of: (span: Span) => Readonly<Record<string, number>>]>
> = {
  trad: ['floor', ({ before }) => floorPivots(before)],
  fib: ['Fibonacci', ({ before }) => fibonacciPivots(before)],
  dm: ['DeMark', ({ before }) => demarkPivots(before)],
  cam: ['Camarilla', ({ before }) => camarillaPivots(before)],
  woodie: ['Woodie', ({ before, open }) => woodiePivots(before, open)],
}

/** The 13,000 rows are read once for all columns, and only when asked for. */
const pivotFile = (): (() => { readonly rows: readonly Record<string, string>[]; readonly spans: readonly Span[] }) => {
  let read: ReturnType<ReturnType<typeof pivotFile>> | undefined
  return () => {
    if (read !== undefined) return read
    const rows = oracleRows(pathOf('pivot_point_levels'), ...pivotColumns)
    const levels = rows.map((row) => row['P_trad'] ?? '')
    read = { rows, spans: spansOf(barsOf('pivot_point_levels'), levels) }
    return read
  }
}

const pivotCases = (): readonly OracleCase[] => {
  const file = pivotFile()
  return pivotColumns.map((column) => {
    const [level = '', family = ''] = column.split('_')
    const [name, levelsOf] = pivotFamilies[family] ?? []
    return {
      oracle: 'TradingView pivot_point_levels',
      column,
      indicator: `${name} pivot ${level}`,
      rows: 12_966,
      theirs: () => file().rows.map((row) => row[column] ?? ''),
      ours: () => {
        const { rows, spans } = file()
        const values = rows.map(() => Number.NaN)
        for (const span of spans) values.fill(levelsOf?.(span)[level] ?? Number.NaN, span.start, span.end)
        return values
      },
    }
  })
}

export const tradingView: readonly OracleCase[] = [
  ...cases('ma', [
    ['ta.sma(close, 10)', 'SMA(10) of close', 141, over(sma(10), closeOf)],
    ['ta.sma(hl2, 20)', 'SMA(20) of hl2', 131, over(sma(20), hl2)],
    ['ta.sma(hlc3, 15)', 'SMA(15) of hlc3', 136, over(sma(15), hlc3)],
    ['ta.ema(close, 20)', 'EMA(20) of close', 131, over(ema(20), closeOf)],
    [
      'ta.ema(ohlc4, 10)',
      'EMA(10) of ohlc4',
      141,
      over(ema(10), (bar) => (bar.open + bar.high + bar.low + bar.close) / 4),
    ],
    ['ta.rma(hlcc4, 5)', 'RMA(5) of hlcc4', 146, over(rma(5), (bar) => (bar.high + bar.low + 2 * bar.close) / 4)],
    ['ta.rma(high, 15)', 'RMA(15) of high', 136, over(rma(15), ({ high }) => high)],
    ['ta.wma(close, 5)', 'WMA(5)', 146, over(wma(5), closeOf)],
    ['ta.wma(close, 20)', 'WMA(20)', 131, over(wma(20), closeOf)],
    ['ta.hma(close, 9)', 'HMA(9)', 140, over(hma(9), closeOf)],
    ['ta.hma(close, 20)', 'HMA(20)', 128, over(hma(20), closeOf)],
  ]),
  ...cases('tr', [
    ['ta.tr(true)', 'true range', 100, overBars(trueRanges)],
    ['ta.atr(14)', 'ATR(14)', 87, overBars(atr(14))],
  ]),
  ...cases('bb', [
    ['ta.bb(close, 20, 2).base', 'Bollinger middle', 131, over(part(bollinger(20, 2), 'middle'), closeOf)],
    ['ta.bb(close, 20, 2).upper', 'Bollinger upper', 131, over(part(bollinger(20, 2), 'upper'), closeOf)],
    ['ta.bb(close, 20, 2).lower', 'Bollinger lower', 131, over(part(bollinger(20, 2), 'lower'), closeOf)],
    [
      'ta.bbw(close, 20, 2.1)',
      'Bollinger width, %',
      131,
      over(
        part(bollinger(20, 2.1), ({ middle, upper, lower }) => (100 * (upper - lower)) / middle),
        closeOf,
      ),
    ],
  ]),
  ...cases('dmi', [
    ['ta.dmi(17, 14).dip', '+DI(17)', 183, overBars(part(dmi(17, 14), 'plus'))],
    ['ta.dmi(17, 14).dim', '−DI(17)', 183, overBars(part(dmi(17, 14), 'minus'))],
    ['ta.dmi(17, 14).adx', 'ADX(17, 14)', 170, overBars(part(dmi(17, 14), 'adx'))],
  ]),
  ...cases('vwap', [
    ['ta.vwap(close)', 'VWAP of the session', 300, vwapOf(24, 'vwap')],
    ['ta.vwap(close, timeframe.change(&quot;240&quot;))', 'VWAP of four hours', 284, vwapOf(4, 'vwap'), openSession],
    [
      'ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).vwap',
      'VWAP of six hours',
      276,
      vwapOf(6, 'vwap'),
      openSession,
    ],
    [
      'ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).upper_band',
      'VWAP + 2 deviations',
      276,
      vwapOf(6, 'upper2'),
      openSession,
    ],
    [
      'ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).lower_band',
      'VWAP − 2 deviations',
      276,
      vwapOf(6, 'lower2'),
      openSession,
    ],
  ]),
  ...cases('pivot', [
    ['ta.pivothigh(10, 5)', 'pivot high(10, 5)', 11, over(pivotHigh(10, 5), ({ high }) => high)],
    ['ta.pivotlow(10, 5)', 'pivot low(10, 5)', 11, over(pivotLow(10, 5), ({ low }) => low)],
    ['ta.pivothigh(close, 10, 5)', 'pivot high(10, 5) of close', 14, over(pivotHigh(10, 5), closeOf)],
    ['ta.pivotlow(close, 10, 5)', 'pivot low(10, 5) of close', 13, over(pivotLow(10, 5), closeOf)],
  ]),
  ...pivotCases(),
  ...cases(
    'supertrend',
    [
      ['ta.supertrend(3, 10).up', 'Supertrend, rising', 60, lineOf(true), beforeAtr],
      ['ta.supertrend(3, 10).down', 'Supertrend, falling', 131, lineOf(false), beforeAtr],
    ],
    9,
  ),
  ...cases('mfi+rsi+stoch', [['ta.rsi(close, 14)', 'RSI(14)', 186, over(rsi(14), closeOf)]]),
  ...cases(
    'mfi+rsi+stoch',
    [['ta.mfi(close, 14)', 'MFI(14) of close', 186, (bars) => overBars(mfi(14))(atClose(bars)), firstMove]],
    14,
  ),
  ...cases('mfi+rsi+stoch', [
    ['ta.stoch(close, high, low, 20)', 'stochastic(20), raw', 181, overBars(part(stochastic(20), 'raw'))],
  ]),
  ...cases('macd', [
    ['ta.macd(close, 12, 26, 9).macd', 'MACD', 175, over(part(macd(12, 26, 9), 'macd'), closeOf)],
    ['ta.macd(close, 12, 26, 9).signal', 'MACD signal', 167, over(part(macd(12, 26, 9), 'signal'), closeOf)],
    ['ta.macd(close, 12, 26, 9).hist', 'MACD histogram', 167, over(part(macd(12, 26, 9), 'histogram'), closeOf)],
  ]),
  ...cases('cci+cmo+cog', [['ta.cci(close, 20)', 'CCI(20) of close', 131, (bars) => overBars(cci(20))(atClose(bars))]]),
  ...cases('linreg', [
    ['ta.linreg(close, 20, 0)', 'linear regression', 181, over(part(linearRegression(20), 'end'), closeOf)],
    [
      'ta.linreg(close, 20, 10)',
      'linear regression, ten steps before its end',
      181,
      over(
        part(linearRegression(20), ({ end, slope }) => end - 10 * slope),
        closeOf,
      ),
    ],
  ]),
  ...cases('highest+lowest', [
    ['ta.highest(10)', 'highest(10) high', 141, over(highest(10), ({ high }) => high)],
    ['ta.highest(close, 10)', 'highest(10) close', 141, over(highest(10), closeOf)],
    ['ta.lowest(10)', 'lowest(10) low', 141, over(lowest(10), ({ low }) => low)],
    ['ta.lowest(close, 10)', 'lowest(10) close', 141, over(lowest(10), closeOf)],
  ]),
  ...cases('kc', [
    ['ta.kc(close, 20, 2).base', 'Keltner middle', 131, overBars(part(keltner(20, 2, smoothedRange(20)), 'middle'))],
    ['ta.kc(close, 20, 2).upper', 'Keltner upper', 130, overBars(part(keltner(20, 2, smoothedRange(20)), 'upper'))],
    ['ta.kc(close, 20, 2).lower', 'Keltner lower', 130, overBars(part(keltner(20, 2, smoothedRange(20)), 'lower'))],
    [
      'ta.kcw(close, 20, 2.1, useTrueRange=false)',
      'Keltner width over heights',
      131,
      overBars(part(keltner(20, 2.1, heights(20)), ({ middle, upper, lower }) => (upper - lower) / middle)),
    ],
  ]),
  ...cases('iii+nvi+obv', [['ta.obv', 'OBV', 99, overBars(obv)]]),
]
