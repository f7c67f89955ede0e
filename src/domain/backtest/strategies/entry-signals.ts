import { atrOf } from '../../indicators/columns.ts'
import { defaultBoundaries } from '../../instruments/phase.ts'
import type { Dimension } from '../../optimization/search-space.ts'
import type { Desk, NewOrder, Player, Stage } from '../strategy.ts'

/** How a trade ends, the same for every strategy that only knows when to begin one. */
export const exitSpace = {
  stop: { words: 'Stop in ATR', default: 4, kind: 'range', from: 2, to: 8, step: 1 },
  target: { words: 'Target in R', default: 2, kind: 'range', from: 1, to: 4, step: 0.5 },
} as const satisfies Record<string, Dimension>

type ExitRule = { readonly [name in keyof typeof exitSpace]: number }

/** Closes at which a trade is begun, ascending: twice the bar's index, and one more to buy. */
export type Signals = Int32Array

/** A bar and a side as one signal. */
export const signalOf = (bar: number, side: number): number => 2 * bar + (side > 0 ? 1 : 0)

const usualHours = { entriesFrom: defaultBoundaries.active, entriesUntil: defaultBoundaries.windDown }

/**
 * The signals of a history; `sideAt` says +1 to buy, −1 to sell, 0 for neither at a bar's close. Only in the hours in which
 * entries are allowed: an order that is refused costs as much time as a trade.
 */
export const signalsOf = ({ history, hours = usualHours }: Stage, sideAt: (bar: number) => number): Signals => {
  const { minute } = history
  const found: number[] = []
  for (let i = 0; i < minute.length; i++) {
    const fills = (minute[i] as number) + 1
    if (fills < hours.entriesFrom || fills >= hours.entriesUntil) continue
    const side = sideAt(i)
    if (side !== 0) found.push(signalOf(i, side))
  }
  return Int32Array.from(found)
}

/** Stop and target in ticks from the fill, for a range (ATR) in points. */
export const exitsOf = ({ spec }: Stage, atr: number, { stop, target }: ExitRule): { stop: number; target: number } => {
  const ticks = Math.max(1, Math.round(stop * atr * spec.ticksPerPoint))
  return { stop: ticks, target: Math.max(1, Math.round(target * ticks)) }
}

/** Begins a trade at the first signal while nothing is held or waits, by the order of that signal; undefined sends none. */
export const playSignals = (
  { history }: Stage,
  signals: Signals,
  orderAt: (bar: number, side: 1 | -1, signal: number) => NewOrder | undefined,
): Player => {
  const count = history.columns.time.length
  let at = 0
  return {
    next: (from: number, { position }: Desk) => {
      if (position !== 0) return count
      while (at < signals.length && (signals[at] as number) >> 1 < from) at++
      return at < signals.length ? (signals[at] as number) >> 1 : count
    },
    act: (bar: number, desk: Desk) => {
      const signal = signals[at] as number
      if (desk.position !== 0 || desk.waiting > 0 || signal >> 1 !== bar) return
      const order = orderAt(bar, (signal & 1) === 1 ? 1 : -1, at)
      if (order !== undefined) desk.send(order)
    },
  }
}

/** ATR(14) of the history's own bars, points. */
export const rangeOf = ({ memo, history }: Stage): Float64Array => memo('atr:14', () => atrOf(history.columns, 14))

/** One contract at the next open for each signal, stop and target measured in the range of the last bars. */
export const playAtMarket = (stage: Stage, signals: Signals, rule: ExitRule): Player => {
  const range = rangeOf(stage)
  return playSignals(stage, signals, (bar, side) => {
    const atr = range[bar] as number
    if (Number.isNaN(atr)) return undefined
    return { kind: 'market', side, quantity: 1, exitsFromFill: exitsOf(stage, atr, rule), setup: bar }
  })
}
