import type { ContractSpec } from '../../instruments/instrument.ts'
import { toTicks } from '../../instruments/ticks.ts'
import { barAt } from '../../market/series.ts'
import { analysisOf } from '../../signals/analysis.ts'
import type { Column, History } from '../history.ts'
import type { Prepared, Strategy } from '../strategy.ts'
import { exitsOf, playSignals, signalOf } from './entry-signals.ts'
import { layColumns } from './lay-columns.ts'

const space = {
  wait: { words: 'Bars the order waits', default: 30, kind: 'choice', of: [15, 30, 60] },
  stop: { words: 'Stop in ATR of 5m', default: 1, kind: 'range', from: 0.5, to: 3, step: 0.5 },
  target: { words: 'Target in R', default: 2, kind: 'range', from: 1, to: 4, step: 0.5 },
} as const

/** The closes at which a swept gap reversal became known, as the live patterns find them. */
const prepare = (spec: ContractSpec, { columns, dates, date }: History, column: Column): Prepared => {
  const analysis = analysisOf(spec)
  const found = { signal: [] as number[], level: [] as number[], atr: [] as number[] }
  let state = analysis.start()
  let newest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < columns.time.length; i++) {
    const before = state.session.patterns
    state = analysis.step(state, { bar: barAt(columns, i), tradeDate: dates[date[i] as number] as string })
    if (state.session.patterns === before) continue
    const { session, frame } = analysis.value(state)
    for (const { pattern, side, level, at } of session.evidence) {
      if (pattern !== 'swept-gap-reversal' || at <= newest) continue
      found.signal.push(signalOf(i, side === 'long' ? 1 : -1))
      found.level.push(toTicks(spec, level))
      found.atr.push(frame.atr)
    }
    newest = session.evidence.reduce((latest, { at }) => Math.max(latest, at), newest)
  }
  return layColumns(found, Float64Array, column)
}

/** A level swept, then a gap left behind on the way back: an order waits where the gap is first met. */
export const sweptGap: Strategy<typeof space> = {
  name: 'swept-gap',
  title: 'Swept gap reversal',
  words: 'After a level was swept and price left a gap on its way back, waits with a limit where the gap begins.',
  space,
  baseline: false,
  prepare,
  play: (stage, { wait, ...rule }) => {
    const { signal, level, atr } = stage.prepared as Record<'signal' | 'level' | 'atr', Float64Array>
    const signals = stage.memo('swept-gap', () => Int32Array.from(signal))
    return playSignals(stage, signals, (bar, side, i) => {
      const price = level[i] as number
      const away = exitsOf(stage, atr[i] as number, rule)
      const exits = { stop: price - side * away.stop, targets: [{ price: price + side * away.target }] }
      return { kind: 'limit', side, quantity: 1, price, exits, until: bar + wait, setup: bar }
    })
  },
}
