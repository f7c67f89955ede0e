import type { Bar } from '../market/bar.ts'

type Day = Pick<Bar, 'high' | 'low' | 'close'>
type Levels<Name extends string> = Readonly<Record<Name, number>>

export const pivotNames = ['P', 'R1', 'S1', 'R2', 'S2', 'R3', 'S3'] as const
export type Pivots = Levels<(typeof pivotNames)[number]>

/** Traditional floor pivots of a finished trade date, in points: P=(H+L+C)/3, R1=2P−L, R2=P+(H−L), R3=H+2(P−L), S mirrored. */
export const floorPivots = ({ high, low, close }: Day): Pivots => around((high + low + close) / 3, high, low)

/** Woodie's pivots in points: the floor's, around P=(H+L+2·open)/4 with the open of the new trade date. */
export const woodiePivots = ({ high, low }: Pick<Day, 'high' | 'low'>, open: number): Pivots =>
  around((high + low + 2 * open) / 4, high, low)

const around = (P: number, high: number, low: number): Pivots => ({
  P,
  R1: 2 * P - low,
  S1: 2 * P - high,
  R2: P + (high - low),
  S2: P - (high - low),
  R3: high + 2 * (P - low),
  S3: low - 2 * (high - P),
})

/** Fibonacci pivots in points: P=(H+L+C)/3 ± 38.2 %, 61.8 % and 100 % of the range. */
export const fibonacciPivots = ({ high, low, close }: Day): Pivots => {
  const P = (high + low + close) / 3
  const range = high - low
  return {
    P,
    R1: P + 0.382 * range,
    S1: P - 0.382 * range,
    R2: P + 0.618 * range,
    S2: P - 0.618 * range,
    R3: P + range,
    S3: P - range,
  }
}

/** Camarilla pivots in points (Nick Scott): the close ± 1.1 of the range over 12, 6, 4 and 2; P=(H+L+C)/3 is shown beside them. */
export const camarillaPivots = ({ high, low, close }: Day): Levels<keyof Pivots | 'R4' | 'S4'> => {
  const reach = 1.1 * (high - low)
  return {
    P: (high + low + close) / 3,
    R1: close + reach / 12,
    S1: close - reach / 12,
    R2: close + reach / 6,
    S2: close - reach / 6,
    R3: close + reach / 4,
    S3: close - reach / 4,
    R4: close + reach / 2,
    S4: close - reach / 2,
  }
}

/** DeMark's pivots in points: X is H+L+C and once more the low of a falling day, the high of a rising one, else the close; P=X/4, R1=X/2−L, S1=X/2−H. */
export const demarkPivots = ({ open, high, low, close }: Day & Pick<Bar, 'open'>): Levels<'P' | 'R1' | 'S1'> => {
  const X = high + low + close + (close < open ? low : close > open ? high : close)
  return { P: X / 4, R1: X / 2 - low, S1: X / 2 - high }
}
