import { contractSpecs } from '../instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import type { Side } from '../signals/focus-card.ts'
import type { Limits } from './limits.ts'

const minuteMs = 60_000

/** What the guards look at of a closed trade; quantity is the most contracts it held. */
export type PastTrade = {
  readonly instrument: InstrumentId
  readonly closedAt: number
  readonly net: Money
  readonly quantity: number
}

/** How the trade date has gone. Instants are market time. */
export type DayCourse = {
  readonly trades: number
  readonly lossesInRow: number
  /** Nothing is entered before; absent when no trade of the day lost. */
  readonly cooldownUntil?: number
}

/** Losing trades since the last one that did not lose; a trade that made exactly nothing did not. */
const lossesInRow = (trades: readonly PastTrade[]): number => {
  const won = trades.findLastIndex(({ net }) => net >= 0)
  return trades.length - 1 - won
}

/** The course of a trade date from its closed trades, in the order they closed. */
export const courseOf = (trades: readonly PastTrade[], { cooldownMinutes }: Limits): DayCourse => {
  const lost = trades.findLast(({ net }) => net < 0)
  return {
    trades: trades.length,
    lossesInRow: lossesInRow(trades),
    ...(lost && { cooldownUntil: lost.closedAt + cooldownMinutes * minuteMs }),
  }
}

/** Contracts of a market counted in its micros, the firm's way: ten micros are one mini, and five SIL are one SI. */
export const microsOf = (instrument: InstrumentId, quantity: number, microsPerMini = 10): number => {
  const ratio = contractSpecs[instrument].microOf?.ratio
  return quantity * (ratio === undefined ? microsPerMini : microsPerMini / ratio)
}

/** Whether a size is larger than that of the trade before it, which lost: doubling up to get it back. */
export const isSizeUpAfterLoss = (
  trades: readonly PastTrade[],
  wanted: { readonly instrument: InstrumentId; readonly quantity: number },
): boolean => {
  const last = trades.at(-1)
  if (last === undefined || last.net >= 0) return false
  return microsOf(wanted.instrument, wanted.quantity) > microsOf(last.instrument, last.quantity)
}

/** A market by its full size: a micro and its parent are one market to come back to. */
const marketOf = (instrument: InstrumentId): InstrumentId => contractSpecs[instrument].microOf?.id ?? instrument

/** The trade a market is entered again too soon after; the trader is then asked why. */
export const hastyReentry = (
  trades: readonly PastTrade[],
  instrument: InstrumentId,
  at: number,
  { reentryMinutes }: Limits,
): PastTrade | undefined =>
  trades.findLast(
    (trade) => marketOf(trade.instrument) === marketOf(instrument) && at - trade.closedAt < reentryMinutes * minuteMs,
  )

/** Whether a stop moves toward profit, or stays: up for a long position, down for a short one. Prices in points. */
export const isStopMoveAllowed = (spec: ContractSpec, side: Side, from: number, to: number): boolean => {
  const ticks = toTicks(spec, to) - toTicks(spec, from)
  return side === 'long' ? ticks >= 0 : ticks <= 0
}
