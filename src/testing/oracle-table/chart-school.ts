import { atr } from '#src/domain/indicators/atr.ts'
import { bollinger } from '#src/domain/indicators/bollinger.ts'
import { cci } from '#src/domain/indicators/cci.ts'
import { dmi } from '#src/domain/indicators/dmi.ts'
import { efficiencyRatio } from '#src/domain/indicators/efficiency-ratio.ts'
import { highest, lowest } from '#src/domain/indicators/extreme.ts'
import { series } from '#src/domain/indicators/indicator.ts'
import { kama } from '#src/domain/indicators/kama.ts'
import { keltner } from '#src/domain/indicators/keltner.ts'
import { macd } from '#src/domain/indicators/macd.ts'
import { mfi } from '#src/domain/indicators/mfi.ts'
import { obv } from '#src/domain/indicators/obv.ts'
import { rsi } from '#src/domain/indicators/rsi.ts'
import type { Smoothed } from '#src/domain/indicators/smoothed.ts'
import { stochastic } from '#src/domain/indicators/stochastic.ts'
import { trueRanges } from '#src/domain/indicators/true-range.ts'
import { wma } from '#src/domain/indicators/wma.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { type Answer, barsIn, casesOf, closeOf, type OracleCase, over, overBars, part } from './compare-with.ts'
import { movingVwap, ofWindow } from './moving-vwap.ts'

const range = ['High', 'Low', 'Close']
const sheet = (
  name: string,
  columns: readonly string[],
  answers: readonly Answer[],
  from = 0,
): readonly OracleCase[] => {
  const path = `oracles/ta-chartschool/cs-${name}.csv`
  return casesOf(
    { oracle: `ChartSchool ${name}`, path, bars: () => barsIn(path, ...columns), from, rounded: true },
    answers,
  )
}

const zero = 'its warm-up is printed as 0: compared from the first value'

const fromFirst = 'their exponential averages begin with the first close itself, ours with the mean of the first n'

const begunWith = (length: number, average: number): Smoothed => ({ seen: length, sum: 0, average })
const firstClose = (bars: readonly Bar[]): number => bars[0]?.close ?? Number.NaN

/** Both averages begun with the first close, the signal with the sheet's own third row: it is older than the sheet. */
const begunMacd = (of: 'macd' | 'signal' | 'histogram') => (bars: readonly Bar[]) => {
  const { initial, ...fold } = part(macd(), of)
  const begun = begunWith(26, firstClose(bars))
  const head = bars.slice(0, 3).map(closeOf)
  const third = head.reduce(fold.step, { ...initial, fast: begun, slow: begun })
  const signal = begunWith(9, -0.1291444063)
  return [
    ...head.map(() => Number.NaN),
    ...series({ ...fold, initial: { ...third, signal } }, bars.slice(3).map(closeOf)),
  ]
}
const olderSignal = `${fromFirst}; the signal is older than the sheet and begins with its third row`

const begunKeltner = (of: 'middle' | 'upper' | 'lower') => (bars: readonly Bar[]) => {
  const { initial, ...fold } = part(keltner(20, 2, atr(10)), of)
  return series({ ...fold, initial: { ...initial, middle: begunWith(20, firstClose(bars)) } }, bars)
}

const begunRsi = (bars: readonly Bar[]): number[] => {
  const [close, average] = [firstClose(bars), begunWith(14, 0)]
  return series({ ...rsi(14), initial: { close, gain: average, loss: average } }, bars.map(closeOf))
}

export const chartSchool: readonly OracleCase[] = [
  ...sheet('atr', range, [['TR', 'true range', 30, overBars(trueRanges)]]),
  ...sheet('atr', range, [['ATR', 'ATR(14)', 17, overBars(atr(14)), zero]], 13),
  ...sheet('atr2', range, [['ATR', 'ATR(10)', 21, overBars(atr(10)), zero]], 9),
  ...sheet(
    'bbands',
    ['Close'],
    [
      ['MiddleBand', 'Bollinger middle', 23, over(part(bollinger(20, 2), 'middle'), closeOf)],
      ['HighBand', 'Bollinger upper', 23, over(part(bollinger(20, 2), 'upper'), closeOf)],
      ['LowBand', 'Bollinger lower', 23, over(part(bollinger(20, 2), 'lower'), closeOf)],
    ],
  ),
  ...sheet('adx', range, [
    ['+DI14', '+DI(14)', 490, overBars(part(dmi(14), 'plus'))],
    ['-DI14', '−DI(14)', 490, overBars(part(dmi(14), 'minus'))],
    ['ADX', 'ADX(14)', 477, overBars(part(dmi(14), 'adx'))],
  ]),
  ...sheet('cci', range, [['CCI', 'CCI(20)', 11, overBars(cci(20))]]),
  ...sheet(
    'dc',
    ['high', 'low', 'close'],
    [
      ['upper_band', 'highest(20) high', 11, over(highest(20), ({ high }) => high)],
      ['lower_band', 'lowest(20) low', 11, over(lowest(20), ({ low }) => low)],
    ],
  ),
  ...sheet('kama', ['Close'], [['ER', 'efficiency ratio(10)', 39, over(efficiencyRatio(10), closeOf)]]),
  ...sheet(
    'kama',
    ['Close'],
    [
      [
        'KAMA',
        'KAMA(10, 2, 30)',
        39,
        over(kama(10, 2, 30), closeOf),
        'its first value is the close itself: compared from the next',
      ],
    ],
    10,
  ),
  ...sheet(
    'macd',
    ['Close'],
    [
      ['MACD_line', 'MACD', 121, begunMacd('macd'), fromFirst],
      ['MACD_signal', 'MACD signal', 121, begunMacd('signal'), olderSignal],
      ['MACD_diff', 'MACD histogram', 121, begunMacd('histogram'), olderSignal],
    ],
    3,
  ),
  ...sheet('kc', range, [['middle_band', 'Keltner middle', 29, begunKeltner('middle'), fromFirst]], 1),
  ...sheet('kc', range, [
    ['upper_band', 'Keltner upper, ATR(10)', 21, begunKeltner('upper'), fromFirst],
    ['lower_band', 'Keltner lower, ATR(10)', 21, begunKeltner('lower'), fromFirst],
  ]),
  ...sheet('mfi', [...range, 'Volume'], [['MFI', 'MFI(14)', 16, overBars(mfi(14))]]),
  ...sheet('obv', ['Close', 'Volume'], [['OBV', 'OBV', 29, overBars(obv)]]),
  ...sheet('rsi', ['Close'], [['RSI', 'RSI(14)', 19, begunRsi, 'their averages begin at 0 with the first bar']], 14),
  ...sheet('soo', range, [['SO', 'stochastic(14), raw', 17, overBars(part(stochastic(14, 1, 3), 'raw'))]]),
  ...sheet(
    'soo',
    range,
    [
      [
        'SO_SIG',
        'stochastic %D(14, 1, 3)',
        14,
        overBars(part(stochastic(14, 1, 3), 'd')),
        'printed a row late: compared from there',
      ],
    ],
    16,
  ),
  ...sheet('vwap', [...range, 'Volume'], [['vwap', 'VWAP of 14 bars', 30, movingVwap(14), ofWindow]]),
  ...sheet('wma', ['Close'], [['WMA', 'WMA(9)', 32, over(wma(9), closeOf)]], 8),
]
