import type { ContractSpec } from '../../instruments/instrument.ts'
import { toTicks } from '../../instruments/ticks.ts'
import { barAt } from '../../market/series.ts'
import type { BlockSetup } from '../../session/block-setup.ts'
import { edgeMarkers } from '../../session/markers.ts'
import { type TimeBlock, timeBlocks } from '../../session/time-block.ts'
import type { Column, History } from '../history.ts'
import type { Prepared, Stage, Strategy } from '../strategy.ts'
import { playSignals, rangeOf, signalOf } from './entry-signals.ts'
import { layColumns } from './lay-columns.ts'

const space = {
  way: { words: 'Sweeps (1), retests (2) or both (0)', default: 0, kind: 'choice', of: [0, 1, 2] },
  stop: { words: 'Stop beyond the extreme, in ATR', default: 2, kind: 'range', from: 0, to: 6, step: 1 },
  target: { words: 'Target in R', default: 2, kind: 'range', from: 1, to: 4, step: 0.5 },
} as const

const blockMinutes = 240

const hasTriggered = (setup: BlockSetup, before: TimeBlock | undefined, i: number): boolean =>
  setup.state === 'TRIGGERED' && before?.setups[i]?.state !== 'TRIGGERED'

/** The closes at which a setup of the running four-hour block triggered, as the live fold finds them. */
const prepare = (spec: ContractSpec, { columns, dates, date }: History, column: Column): Prepared => {
  const fold = timeBlocks('4h', edgeMarkers(spec.group, blockMinutes))
  const found = { signal: [] as number[], way: [] as number[], extreme: [] as number[] }
  let state = fold.initial
  for (let i = 0; i < columns.time.length; i++) {
    const before = fold.value(state)
    state = fold.step(state, { bar: barAt(columns, i), tradeDate: dates[date[i] as number] as string })
    const block = fold.value(state)
    if (block === before || block === undefined) continue
    // A block taken up anew begins all its setups anew.
    const known = block.marker === before?.marker ? before : undefined
    for (const [k, setup] of block.setups.entries()) {
      if (!hasTriggered(setup, known, k)) continue
      found.signal.push(signalOf(i, setup.side === 'long' ? 1 : -1))
      found.way.push(setup.way === 'sweep-and-reverse' ? 1 : 2)
      found.extreme.push(toTicks(spec, setup.reach))
    }
  }
  return layColumns(found, Int32Array, column)
}

/** The signals of one way, and the price in ticks each must not come back beyond. */
const chosen = ({ prepared, memo }: Stage, way: number) =>
  memo(`time-block:${way}`, () => {
    const { signal, way: ways, extreme } = prepared as Record<'signal' | 'way' | 'extreme', Int32Array>
    const isMeant = (_: number, i: number): boolean => way === 0 || ways[i] === way
    return { signals: signal.filter(isMeant), extremes: extreme.filter(isMeant) }
  })

/** Sweeps of a four-hour block's edge that come back inside, and breaks of it that hold when price returns. */
export const timeBlock: Strategy<typeof space> = {
  name: 'time-block',
  title: 'Time blocks',
  words:
    'Trades the edges of the last four hours: back from a sweep that failed, on from a break that was tested and held.',
  space,
  baseline: false,
  prepare,
  play: (stage, { way, stop, target }) => {
    const { signals, extremes } = chosen(stage, way)
    const range = rangeOf(stage)
    const { spec, history } = stage
    return playSignals(stage, signals, (bar, side, signal) => {
      const away = Math.max(1, Math.round(stop * (range[bar] as number) * spec.ticksPerPoint))
      const close = history.ticks.close[bar] as number
      const out = (extremes[signal] as number) - side * away
      const risk = side * (close - out)
      if (!(risk > 0)) return undefined
      const goal = close + side * Math.max(1, Math.round(target * risk))
      return { kind: 'market', side, quantity: 1, exits: { stop: out, targets: [{ price: goal }] }, setup: bar }
    })
  },
}
