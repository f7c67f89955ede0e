import type { VolumeProfile } from '../flow/flow-reading.ts'
import type { OpeningRange } from '../session/opening-range.ts'
import type { TimeBlock } from '../session/time-block.ts'
import type { DealingRange } from '../structure/dealing-range.ts'
import type { LivingGap } from '../structure/fair-value-gap.ts'
import type { Finished, Living } from '../structure/life.ts'
import type { LiquidityPool, LiquiditySweep } from '../structure/liquidity-pool.ts'
import type { OrderBlock } from '../structure/order-block.ts'
import type { PriorLevels, PriorRange } from '../structure/prior-levels.ts'
import type { StructureReading } from '../structure/structure-reading.ts'
import type { StructureShift } from '../structure/structure-shift.ts'
import type { Swing } from '../structure/swing.ts'
import type { ChartBox, ChartLine, ChartMark, Drawings } from './chart.ts'

const gapBox = ({ side, low, high, knownAt }: LivingGap): ChartBox => ({
  kind: 'gap',
  side,
  from: knownAt,
  low,
  high,
  label: side === 'long' ? 'bull gap' : 'bear gap',
})

const blockBox = ({ side, breaker, low, high, knownAt }: OrderBlock): ChartBox => ({
  kind: breaker ? 'breaker' : 'block',
  side,
  from: knownAt,
  low,
  high,
  label: `${side === 'long' ? 'bull' : 'bear'} ${breaker ? 'breaker' : 'block'}`,
})

const poolLine = ({ kind, price, knownAt, count }: LiquidityPool): ChartLine => ({
  kind: 'pool',
  from: knownAt,
  price,
  label: `${count} equal ${kind === 'high' ? 'highs' : 'lows'}`,
})

/** How a finished item is drawn: as it was, up to the bar that ended it. */
const finished =
  <Item, Drawn>(draw: (item: Item) => Drawn) =>
  (item: Finished<Item & Living>): Drawn & { readonly to: number; readonly ended: string } => ({
    ...draw(item),
    to: item.until,
    ended: item.life,
  })

/** Half way between the two swings price is dealt between; it is known once both are. */
const dealingLine = ({ equilibrium, word, lowAt, highAt }: DealingRange): ChartLine => ({
  kind: 'dealing',
  from: Math.max(lowAt, highAt),
  price: equilibrium,
  label: `dealing middle, price at ${word}`,
})

const swingMark = ({ kind, price, at, takenAt }: Swing): ChartMark => ({
  kind: 'swing',
  at,
  ...(takenAt !== undefined && { to: takenAt }),
  price,
  side: kind === 'high' ? 'short' : 'long',
  label: kind,
})

const shiftMark = ({ kind, side, price, at }: StructureShift): ChartMark => ({
  kind: 'shift',
  at,
  price,
  side,
  label: kind,
})

const sweepMark = ({ side, reach, at }: LiquiditySweep): ChartMark => ({
  kind: 'sweep',
  at,
  price: reach,
  side,
  label: 'sweep',
})

/**
 * What of a market's structure is open, each from the bar that made it known on, what of it ended of late, with the turns,
 * shifts and sweeps.
 */
export const structureDrawings = (reading: StructureReading): Drawings => ({
  boxes: [
    ...reading.gaps.map(gapBox),
    ...reading.blocks.map(blockBox),
    ...reading.finished.gaps.map(finished(gapBox)),
    ...reading.finished.blocks.map(finished(blockBox)),
  ],
  lines: [
    ...reading.pools.map(poolLine),
    ...reading.finished.pools.map(finished(poolLine)),
    ...(reading.dealing === undefined ? [] : [dealingLine(reading.dealing)]),
  ],
  marks: [
    ...[...reading.swingHighs, ...reading.swingLows].map(swingMark),
    ...reading.shifts.map(shiftMark),
    ...reading.sweeps.map(sweepMark),
  ],
})

const priorLines = (name: string, prior: PriorRange | undefined): readonly ChartLine[] =>
  prior === undefined
    ? []
    : [
        { kind: 'prior', from: prior.knownAt, price: prior.high, label: `prior-${name} high` },
        { kind: 'prior', from: prior.knownAt, price: prior.low, label: `prior-${name} low` },
      ]

/** High and low of the trade date and of the week before. */
export const priorDrawings = ({ day, week }: PriorLevels): Drawings => ({
  boxes: [],
  lines: [...priorLines('day', day), ...priorLines('week', week)],
  marks: [],
})

/** The opening ranges that have a bar, and the lines of the last four-hour block. */
export const sessionDrawings = (ranges: readonly OpeningRange[], block: TimeBlock | undefined): Drawings => ({
  boxes: ranges
    .filter(({ high }) => !Number.isNaN(high))
    .map((range) => ({
      kind: 'opening-range',
      side: 'neutral',
      from: range.opensAt,
      low: range.low,
      high: range.high,
      label: `${range.name} opening range ${range.minutes}`,
    })),
  lines:
    block === undefined
      ? []
      : [
          { kind: 'time-block', from: block.marker, price: block.high, label: '4h block high' },
          { kind: 'time-block', from: block.marker, price: block.low, label: '4h block low' },
        ],
  marks: [],
})

/** Where the volume of the session that opened at `from` lies: its busiest price and the edges of its value area. */
export const profileDrawings = (profile: VolumeProfile | undefined, from: number): Drawings => {
  if (profile === undefined) return { boxes: [], lines: [], marks: [] }
  const { poc, valueHigh, valueLow, basis } = profile
  const line = (name: string, price: number): ChartLine => ({
    kind: 'profile',
    from,
    price,
    label: basis === 'estimated' ? `${name} estimated` : name,
  })
  const lines = [line('POC', poc), line('value area high', valueHigh), line('value area low', valueLow)]
  return { boxes: [], lines, marks: [] }
}
