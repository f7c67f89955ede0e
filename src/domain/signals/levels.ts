import { pivotNames } from '../indicators/pivots.ts'
import type { Reading } from './analysis.ts'
import type { Level, LevelKind, Side } from './focus-card.ts'
import { hasEdges } from './session-signals.ts'

const gapLevels = ({ frame }: Reading, side: Side): readonly Level[] =>
  frame.gaps
    .filter((gap) => gap.side === side)
    .map((gap) => ({
      kind: 'gap',
      name: side === 'long' ? 'bull gap' : 'bear gap',
      price: side === 'long' ? gap.high : gap.low,
      at: gap.at,
    }))

const blockLevels = ({ frame }: Reading, side: Side): readonly Level[] =>
  frame.blocks
    .filter((block) => block.side === side)
    .map(({ breaker, low, high, at }) => ({
      kind: 'block',
      name: `${side === 'long' ? 'bull' : 'bear'} ${breaker ? 'breaker' : 'block'}`,
      price: side === 'long' ? high : low,
      at,
    }))

const lineLevels = ({ at, vwap, frame }: Reading): readonly Level[] => {
  const line = (kind: LevelKind, name: string, price: number, stamp = frame.at): Level => ({
    kind,
    name,
    price,
    at: stamp,
  })
  return [
    line('vwap', 'VWAP', vwap, at),
    line('ema21', 'EMA21 5m', frame.alignment.slow),
    line('trend', 'trend', frame.waves.trend),
  ]
}

const dayLevels = ({ prior, pivots, at }: Reading): readonly Level[] =>
  prior === undefined || pivots === undefined
    ? []
    : [
        { kind: 'prior-high', name: 'prior-day high', price: prior.high, at },
        { kind: 'prior-low', name: 'prior-day low', price: prior.low, at },
        ...pivotNames.map((name): Level => ({ kind: 'pivot', name, price: pivots[name], at })),
      ]

/** The edges of the market's own opening ranges, once their windows are over. */
const openingLevels = ({ session, at }: Reading): readonly Level[] =>
  session.openingRanges
    .filter((range) => range.name === 'New York' && hasEdges(range))
    .flatMap(({ minutes, high, low }): readonly Level[] => [
      { kind: 'opening-range', name: `opening range ${minutes} high`, price: high, at },
      { kind: 'opening-range', name: `opening range ${minutes} low`, price: low, at },
    ])

/**
 * Every known price worth trading from or to, with the near edges of the open gaps and blocks of one side: bull ones hold
 * price up from below, bear ones from above.
 */
const levelsOf = (reading: Reading, side: Side): readonly Level[] =>
  [
    ...gapLevels(reading, side),
    ...blockLevels(reading, side),
    ...lineLevels(reading),
    ...dayLevels(reading),
    ...openingLevels(reading),
  ].filter(({ price }) => !Number.isNaN(price))

const nearestFirst = (levels: readonly Level[], price: number): readonly Level[] =>
  [...levels].sort((a, b) => Math.abs(a.price - price) - Math.abs(b.price - price))

/** The nearest level on the pullback side of the close, at most `reach` points away; the trend line where there is none. */
export const entryLevel = (reading: Reading, side: Side, reach: number): Level => {
  const direction = side === 'long' ? 1 : -1
  const back = (level: Level): number => direction * (reading.close - level.price)
  const [nearest] = nearestFirst(
    levelsOf(reading, side).filter((level) => back(level) >= 0 && back(level) <= reach),
    reading.close,
  )
  return nearest ?? { kind: 'trend', name: 'trend', price: reading.frame.waves.trend, at: reading.frame.at }
}

/** The levels a trade of this side runs into beyond `from`, nearest first. */
export const opposingLevels = (reading: Reading, side: Side, from: number): readonly Level[] => {
  const direction = side === 'long' ? 1 : -1
  const opposite: Side = side === 'long' ? 'short' : 'long'
  return nearestFirst(
    levelsOf(reading, opposite).filter((level) => direction * (level.price - from) > 0),
    from,
  )
}
