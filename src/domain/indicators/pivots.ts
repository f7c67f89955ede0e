import type { Bar } from '../market/bar.ts'

export const pivotNames = ['P', 'R1', 'S1', 'R2', 'S2', 'R3', 'S3'] as const
export type Pivots = Readonly<Record<(typeof pivotNames)[number], number>>

/** Traditional floor pivots of a finished trade date, in points: P=(H+L+C)/3, R1=2P−L, R2=P+(H−L), R3=H+2(P−L), S mirrored. */
export const floorPivots = ({ high, low, close }: Pick<Bar, 'high' | 'low' | 'close'>): Pivots => {
  const P = (high + low + close) / 3
  return {
    P,
    R1: 2 * P - low,
    S1: 2 * P - high,
    R2: P + (high - low),
    S2: P - (high - low),
    R3: high + 2 * (P - low),
    S3: low - 2 * (high - P),
  }
}
