import type { ContractSpec } from '../../instruments/instrument.ts'
import { roundToGrid, toTicks } from '../../instruments/ticks.ts'
import type { Reading } from '../../signals/analysis.ts'
import type { Level, LevelKind, Side } from '../../signals/focus-card.ts'
import { opposingLevels } from '../../signals/levels.ts'

/** A price beyond every market's. */
const everything = 1e6

/** The VWAP of a close moves with every minute and is kept apart; all else changes with the 5m bars. */
const still = ({ kind }: Level): boolean => kind !== 'vwap'

export type KnownLevels = {
  /** What a short trades from and a long runs into, ascending. */
  readonly above: readonly Level[]
  /** What a long trades from and a short runs into, descending. */
  readonly below: readonly Level[]
}

const knownLevels = (reading: Reading): KnownLevels => ({
  above: opposingLevels(reading, 'long', -everything)
    .filter(still)
    .sort((a, b) => a.price - b.price),
  below: opposingLevels(reading, 'short', everything)
    .filter(still)
    .sort((a, b) => b.price - a.price),
})

/** Creates the levels known with a reading, worked out anew only when one of their sources has changed. */
export const createKnownLevels = () => {
  let from: Pick<Reading, 'frame' | 'prior'> & { readonly ranges: unknown }
  let known: KnownLevels | undefined
  return (reading: Reading): KnownLevels => {
    const { frame, prior, session } = reading
    const ranges = session.openingRanges
    if (known !== undefined && from.frame === frame && from.prior === prior && from.ranges === ranges) return known
    from = { frame, prior, ranges }
    known = knownLevels(reading)
    return known
  }
}

type Entry = { readonly kind: LevelKind; readonly price: number }

/** The level an entry of this side rests on: `entryLevel` of the signals, found in levels that are in order already. */
export const entryAmong = (known: KnownLevels, { close, vwap, frame }: Reading, side: Side, reach: number): Entry => {
  const sign = side === 'long' ? 1 : -1
  const back = (price: number): number => sign * (close - price)
  const still = known[side === 'long' ? 'below' : 'above'].find(({ price }) => back(price) >= 0)
  const away = still === undefined ? Number.POSITIVE_INFINITY : back(still.price)
  if (back(vwap) >= 0 && back(vwap) <= away && back(vwap) <= reach) return { kind: 'vwap', price: vwap }
  return still !== undefined && away <= reach ? still : { kind: 'trend', price: frame.waves.trend }
}

/** A price as the target of a trade: on the grid, toward the entry; ticks. */
export const targetTicks = (spec: ContractSpec, price: number, side: Side): number =>
  toTicks(spec, roundToGrid(spec, price, side === 'long' ? 'down' : 'up'))
