import type { FlowBasis } from './classify.ts'

/** Buying minus selling as far as it is known; never made up from bars. */
export type DeltaReading = {
  /** Of the newest closed minute, contracts. */
  readonly minute: number
  /** Summed since `since`: the trade date's first minute, or the first one after it with no unknown minute behind it; epoch ms. */
  readonly session: number
  readonly since: number
  /** Slope of the cumulative delta over 15 minutes, per minute, over the mean volume of a minute; NaN before. */
  readonly slope: number
  /** Neutral too while the slope is not known. */
  readonly lean: 'bullish' | 'bearish' | 'neutral'
  /** The weakest basis of any minute since `since`. */
  readonly basis: FlowBasis
}

/**
 * Where the session's volume lies, points; estimated where the trades of any minute were not seen and the volume of its
 * bar was spread over its range.
 */
export type VolumeProfile = {
  readonly poc: number
  readonly valueLow: number
  readonly valueHigh: number
  readonly volume: number
  readonly basis: 'trades' | 'estimated'
}

export type FlowReading = {
  readonly delta?: DeltaReading
  readonly profile?: VolumeProfile
  /** The newest minute's volume over the mean of the same minute of day of the last 10 trade dates; NaN until known. */
  readonly relativeVolume: number
  readonly spike: boolean
}
