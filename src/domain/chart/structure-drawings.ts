import type { OpeningRange } from '../session/opening-range.ts'
import type { TimeBlock } from '../session/time-block.ts'
import type { LivingGap } from '../structure/fair-value-gap.ts'
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

const swingMark = ({ kind, price, at }: Swing): ChartMark => ({
  kind: 'swing',
  at,
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

/** What of a market's structure is open, each from the bar that made it known on, with the turns, shifts and sweeps of late. */
export const structureDrawings = (reading: StructureReading): Drawings => ({
  boxes: [...reading.gaps.map(gapBox), ...reading.blocks.map(blockBox)],
  lines: reading.pools.map(poolLine),
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

/** The first quarter of an hour of each open, and the lines of the last four-hour block. */
export const sessionDrawings = (ranges: readonly OpeningRange[], block: TimeBlock | undefined): Drawings => ({
  boxes: ranges
    .filter(({ minutes, high }) => minutes === 15 && !Number.isNaN(high))
    .map(({ name, opensAt, high, low }) => ({
      kind: 'opening-range',
      side: 'neutral',
      from: opensAt,
      low,
      high,
      label: `${name} opening range`,
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
