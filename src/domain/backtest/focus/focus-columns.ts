import type { LevelKind, Side } from '../../signals/focus-card.ts'
import type { VolatilityCluster } from '../../signals/volatility.ts'
import type { Prepared } from '../strategy.ts'

const kinds: readonly LevelKind[] = [
  'gap',
  'block',
  'opening-range',
  'vwap',
  'ema21',
  'trend',
  'prior-high',
  'prior-low',
  'pivot',
]
const clusters: readonly VolatilityCluster[] = ['LOW', 'MEDIUM', 'HIGH']

/** One side of the market at each close: qualities in tenths; prices and distances in points. */
export type SideColumns = {
  /** Quality where the zone rests on a level that counts, and where it does not. */
  readonly rests: Int16Array
  readonly bare: Int16Array
  /** Kind of the level an entry would rest on (bits 0–3), whether it counts (4), whether the entry is held back (5), grade (6–8). */
  readonly flags: Int16Array
  /** The level an entry would rest on. */
  readonly level: Float64Array
  /** From the worst edge of its zone to the last swing beyond the zone; 0 where there is none. */
  readonly swing: Float64Array
  /** Levels a trade of this side runs into, ticks on the grid, nearest first: of list `k` those from `from[k]` to `from[k + 1]`. */
  readonly targets: Int32Array
  readonly from: Int32Array
}

/** Everything the cards need, by bar, as known at its close. Rows are filled from the last bar before each morning to flat-by. */
export type FocusColumns = {
  readonly long: SideColumns
  readonly short: SideColumns
  /** Warm (bit 0), excluded (1), stop widened (2), cluster (3–4), regime (5–6). */
  readonly flags: Int16Array
  /** The wave ratio as it stands, long over short. */
  readonly ratio: Float64Array
  readonly atr: Float64Array
  readonly vwap: Float64Array
  /** Which list of targets stands. */
  readonly list: Int32Array
  /** Midnight, first bar and end of each morning. */
  readonly midnight: Float64Array
  readonly first: Int32Array
  readonly end: Int32Array
}

export const isWarm = (flags: number): boolean => (flags & 1) !== 0
export const isExcluded = (flags: number): boolean => (flags & 2) !== 0
export const isWidened = (flags: number): boolean => (flags & 4) !== 0
export const clusterOf = (flags: number): VolatilityCluster => clusters[(flags >> 3) & 3] as VolatilityCluster
export const regimeIndexOf = (flags: number): number => (flags >> 5) & 3

export const kindOf = (side: number): LevelKind => kinds[side & 15] as LevelKind
export const levelRests = (side: number): boolean => (side & 16) !== 0
export const isHeldBack = (side: number): boolean => (side & 32) !== 0
export const gradeIndexOf = (side: number): number => (side >> 6) & 7

const bit = (is: boolean, value: number): number => (is ? value : 0)

type Market = {
  readonly warm: boolean
  readonly excluded: boolean
  readonly widened: boolean
  readonly cluster: VolatilityCluster
  readonly regime: number
}

/** The market's flags of one row. */
export const packMarket = ({ warm, excluded, widened, cluster, regime }: Market): number =>
  bit(warm, 1) | bit(excluded, 2) | bit(widened, 4) | (clusters.indexOf(cluster) << 3) | (regime << 5)

/** One side's flags of one row. */
export const packSide = (kind: LevelKind, rests: boolean, held: boolean, grade: number): number =>
  kinds.indexOf(kind) | bit(rests, 16) | bit(held, 32) | (grade << 6)

const sideOf = (prepared: Prepared, side: Side): SideColumns =>
  Object.fromEntries(
    ['rests', 'bare', 'flags', 'level', 'swing', 'targets', 'from'].map((name) => [name, prepared[`${side}.${name}`]]),
  ) as SideColumns

/** The columns of `prepareFocus` by their names. */
export const focusColumns = (prepared: Prepared): FocusColumns =>
  ({ ...prepared, long: sideOf(prepared, 'long'), short: sideOf(prepared, 'short') }) as unknown as FocusColumns
