import { atr } from '#src/domain/indicators/atr.ts'
import { awesomeOscillator } from '#src/domain/indicators/awesome-oscillator.ts'
import { bollinger } from '#src/domain/indicators/bollinger.ts'
import { dmi } from '#src/domain/indicators/dmi.ts'
import { efficiencyRatio } from '#src/domain/indicators/efficiency-ratio.ts'
import { highest, lowest } from '#src/domain/indicators/extreme.ts'
import { hma } from '#src/domain/indicators/hma.ts'
import { kama } from '#src/domain/indicators/kama.ts'
import { macd } from '#src/domain/indicators/macd.ts'
import { mfi } from '#src/domain/indicators/mfi.ts'
import { obv } from '#src/domain/indicators/obv.ts'
import { rsi } from '#src/domain/indicators/rsi.ts'
import { sma } from '#src/domain/indicators/sma.ts'
import { ema } from '#src/domain/indicators/smoothed.ts'
import { stochastic } from '#src/domain/indicators/stochastic.ts'
import { supertrend } from '#src/domain/indicators/supertrend.ts'
import { trueRanges } from '#src/domain/indicators/true-range.ts'
import { pivotHigh, pivotLow } from '#src/domain/indicators/turning-point.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import {
  type Answer,
  barsIn,
  casesOf,
  closeOf,
  type OracleCase,
  over,
  overBars,
  part,
  textsOf,
} from './compare-with.ts'
import { movingVwap, ofWindow } from './moving-vwap.ts'

const priced = ['Open', 'High', 'Low', 'Close']
const traded = [...priced, 'Volume']
const timed = ['time', 'open', 'high', 'low', 'close']

const file = (
  name: string,
  columns: readonly string[],
  answers: readonly Answer[],
  from = 0,
  to?: number,
): readonly OracleCase[] => {
  const path = `oracles/lean/indicators/${name}.gz`
  return casesOf(
    { oracle: `LEAN ${name.split('.')[0]}`, path, bars: () => barsIn(path, ...columns), from, to, rounded: true },
    answers,
  )
}

const earlyDonchian =
  'theirs speaks of what it has before 50 bars: compared from the fiftieth, and not in the last row, which has no answer'
const cents = 'made from prices with more digits than it prints: what half a cent in each can move is allowed'
const late = `printed from its 180th month on, when what the averages began with is forgotten; ${cents}`
const swapped = 'the file names its averages of 5 and 15 the wrong way round, and they began before its first row'
const earlier = 'the file’s averages began before its first row: compared once the window lies inside it'

/** LEAN's relative moving average of 5. */
const relative = (bars: readonly Bar[]): number[] => {
  const [five, ten, fifteen] = [5, 10, 15].map((length) => over(sma(length), closeOf)(bars))
  return bars.map((_, i) => Number(fifteen?.[i]) - Number(ten?.[i]) + Number(five?.[i]))
}

/** Bars that are but their ohlc4. */
const atMean = (bars: readonly Bar[]): readonly Bar[] =>
  bars.map((bar) => {
    const price = (bar.open + bar.high + bar.low + bar.close) / 4
    return { ...bar, high: price, low: price, close: price }
  })

/** 1 with a high, −1 with a low, both 2 and neither 0, as they print it on the bar that made it known. */
const pivotSign = (bars: readonly Bar[]): number[] => {
  const highs = over(pivotHigh(10, 10), ({ high }) => high)(bars)
  const lows = over(pivotLow(10, 10), ({ low }) => low)(bars)
  return bars.map((_, i) => {
    const [up, down] = [!Number.isNaN(highs[i]), !Number.isNaN(lows[i])]
    return up && down ? 2 : Number(up) - Number(down)
  })
}

/** Each of our steps taken from their row before: their volumes have seven digits, and a sum of them would gather the rounding. */
const steppedObv = (bars: readonly Bar[]): number[] => {
  const theirs = textsOf('oracles/lean/indicators/spy_with_obv.txt.gz', 'OBV ').map(Number)
  const step = (bar: Bar, i: number): number => {
    const before = {
      close: bars[i]?.close ?? Number.NaN,
      balance: i === 0 ? (bars[0]?.volume ?? 0) : (theirs[i] ?? Number.NaN),
    }
    return obv.value(obv.step(before, bar))
  }
  return [Number.NaN, ...bars.slice(1).map(step)]
}

export const lean: readonly OracleCase[] = [
  ...file('spy_ema.csv', ['close'], [['EMA14', 'EMA(14)', 351, over(ema(14), closeOf)]]),
  ...file('spy_with_rma.csv', timed, [['SMA15', 'SMA(5)', 1022, over(sma(5), closeOf), swapped]], 4),
  ...file('spy_with_rma.csv', timed, [['SMA10', 'SMA(10)', 1017, over(sma(10), closeOf), earlier]], 9),
  ...file('spy_with_rma.csv', timed, [['SMA5', 'SMA(15)', 1012, over(sma(15), closeOf), swapped]], 14),
  ...file(
    'spy_with_rma.csv',
    timed,
    [['RMA5', 'SMA(15) − SMA(10) + SMA(5)', 1012, relative, 'their RMA is the relative moving average, not Wilder’s']],
    14,
  ),
  ...file('spy_tr.txt', traded, [['TR', 'true range', 499, overBars(trueRanges), 'the first bar has none there']], 1),
  ...file('spy_atr_wilder.txt', priced, [['Average True Range 14', 'ATR(14)', 488, overBars(atr(14))]]),
  ...file('spy_ao.txt', traded, [['AO', 'AO(5, 34)', 467, overBars(awesomeOscillator(5, 34))]]),
  ...file('spy_bollinger_bands.txt', priced, [
    ['Moving Average 20', 'Bollinger middle', 481, over(part(bollinger(20, 2), 'middle'), closeOf)],
    ['Bollinger Bands® 20 2 Top', 'Bollinger upper', 481, over(part(bollinger(20, 2), 'upper'), closeOf)],
    ['Bollinger Bands® 20 2 Bottom', 'Bollinger lower', 481, over(part(bollinger(20, 2), 'lower'), closeOf)],
  ]),
  ...file('spy_with_adx.txt', priced, [
    ['+DI14', '+DI(14)', 490, overBars(part(dmi(14), 'plus'))],
    ['-DI14', '−DI(14)', 490, overBars(part(dmi(14), 'minus'))],
    ['ADX 14', 'ADX(14)', 477, overBars(part(dmi(14), 'adx'))],
  ]),
  ...file('spy_hma.txt', traded, [['HMA_16', 'HMA(16)', 482, over(hma(16), closeOf)]]),
  ...file('spy_kama.txt', traded, [['KAMA_5', 'KAMA(5, 2, 30)', 495, over(kama(5), closeOf)]]),
  ...file(
    'spy_ker.txt',
    priced,
    [['KER', 'efficiency ratio(10)', 89, over(efficiencyRatio(10), closeOf), earlier]],
    10,
  ),
  // Either average is off by up to half a cent, the signal by as much as the line.
  ...file(
    'spy_with_macd.txt',
    priced,
    [
      ['MACD', 'MACD', 183, over(part(macd(), 'macd'), closeOf), late],
      ['Signal', 'MACD signal', 183, over(part(macd(), 'signal'), closeOf), late],
      ['Histogram', 'MACD histogram', 183, over(part(macd(), 'histogram'), closeOf), late],
    ],
    179,
  ).map((each) => ({ ...each, within: 4 * 0.005 })),
  ...file('spy_mfi.txt', traded, [['Money Flow Index 20', 'MFI(20)', 480, overBars(mfi(20))]]),
  ...file('spy_with_obv.txt', traded, [
    [
      'OBV ',
      'OBV',
      500,
      steppedObv,
      'their sum begins with the first bar’s volume, and all is printed to seven digits: each row goes on from theirs before',
    ],
    // Seven digits of the largest sums count thousands.
  ]).map((each) => ({ ...each, within: 1000 })),
  ...file('spy_with_stoch12k3.txt', priced, [
    ['Stochastics 12 %K 3', 'stochastic %K(12, 3)', 488, overBars(part(stochastic(12, 3, 5), 'k')), cents],
    ['%D 5', 'stochastic %D(12, 3, 5)', 484, overBars(part(stochastic(12, 3, 5), 'd')), cents],
    // Numerator and height are each off by up to a cent, and the lowest height in the file is 2.61.
  ]).map((each) => ({ ...each, within: (100 * 2 * 0.01) / 2.61 })),
  ...file(
    'spy_with_don50.txt',
    priced,
    [
      ['Donchian Channels 50 Top', 'highest(50) high', 451, over(highest(50), ({ high }) => high), earlyDonchian],
      ['Donchian Channels 50 Bottom', 'lowest(50) low', 451, over(lowest(50), ({ low }) => low), earlyDonchian],
    ],
    49,
    500,
  ),
  ...file(
    'spy_with_vwap.txt',
    traded,
    [['Moving VWAP 50', 'VWAP of 50 bars’ ohlc4', 452, (bars) => movingVwap(50)(atMean(bars)), ofWindow]],
    49,
  ),
  ...file('spy_pivot_pnt_hl.txt', traded, [['PPHL', 'pivot high and low(10, 10)', 292, pivotSign]]),
  ...file('spy_with_keltner.csv', priced, [
    ['Middle Band', 'SMA(20) of hlc3', 482, over(sma(20), (bar: Bar) => (bar.high + bar.low + bar.close) / 3)],
  ]),
  ...file(
    'dwac_supertrend.txt',
    priced,
    [['Super', 'Supertrend(3, 10)', 69, overBars(part(supertrend(3, 10), 'line'))]],
    9,
  ),
  ...file(
    'spy_with_indicators.txt',
    ['Close'],
    [
      ['SMA14', 'SMA(14)', 487, over(sma(14), closeOf)],
      ['EMA14', 'EMA(14)', 487, over(ema(14), closeOf)],
      ['RSI 14 Wilder', 'RSI(14)', 486, over(rsi(14), closeOf)],
    ],
  ),
  // Either average is off by up to half a cent.
  ...file(
    'spy_with_indicators.txt',
    ['Close'],
    [['MACD 12 26', 'MACD', 475, over(part(macd(), 'macd'), closeOf), cents]],
  ).map((each) => ({ ...each, within: 2 * 0.005 })),
]
