import { contractSpecs } from '../instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { Side } from '../signals/focus-card.ts'
import type { Decision } from '../trading/decision.ts'
import type { Limits } from './limits.ts'

const minuteMs = 60_000

/** A decision of which something is closed: on that it is judged. */
type Judged = Decision & Required<Pick<Decision, 'closedAt'>>

const isJudged = (one: Decision): one is Judged => one.closedAt !== undefined

/** In the order of their last close. */
const judgedOf = (decisions: readonly Decision[]): readonly Judged[] =>
  decisions.filter(isJudged).sort((a, b) => a.closedAt - b.closedAt)

/** How the trade date has gone. Instants are market time. */
export type DayCourse = {
  /** Decisions, from their first fill on. */
  readonly trades: number
  readonly lossesInRow: number
  /** Nothing is entered before; absent when no trade of the day lost. */
  readonly cooldownUntil?: number
}

/** Losses since the last decision that did not lose; one that made exactly nothing did not. */
const lossesInRow = (judged: readonly Judged[]): number => {
  const won = judged.findLastIndex(({ net }) => net >= 0)
  return judged.length - 1 - won
}

/** The course of a trade date from its decisions. */
export const courseOf = (decisions: readonly Decision[], { cooldownMinutes }: Limits): DayCourse => {
  const judged = judgedOf(decisions)
  const lost = judged.findLast(({ net }) => net < 0)
  return {
    trades: decisions.length,
    lossesInRow: lossesInRow(judged),
    ...(lost && { cooldownUntil: lost.closedAt + cooldownMinutes * minuteMs }),
  }
}

/** Contracts of a market counted in its micros, the firm's way: ten micros are one mini, and five SIL are one SI. */
export const microsOf = (instrument: InstrumentId, quantity: number, microsPerMini = 10): number => {
  const ratio = contractSpecs[instrument].microOf?.ratio
  return quantity * (ratio === undefined ? microsPerMini : microsPerMini / ratio)
}

const sizeOf = ({ instrument, quantity }: Pick<Decision, 'instrument' | 'quantity'>): number =>
  microsOf(instrument, quantity)

/** The decision closed last of those that are meant, found without putting all of a long day in order. */
const lastJudged = (decisions: readonly Decision[], isMeant = (_: Judged): boolean => true): Judged | undefined => {
  let last: Judged | undefined
  for (const one of decisions)
    if (isJudged(one) && one.closedAt >= (last?.closedAt ?? one.closedAt) && isMeant(one)) last = one
  return last
}

/** The decision judged last, if it lost. */
const lossBefore = (decisions: readonly Decision[]): Judged | undefined => {
  const last = lastJudged(decisions)
  return last && last.net < 0 ? last : undefined
}

/** Whether a size is larger than that of the decision before it, which lost: doubling up to get it back. */
export const isSizeUpAfterLoss = (
  decisions: readonly Decision[],
  wanted: { readonly instrument: InstrumentId; readonly quantity: number },
): boolean => {
  const lost = lossBefore(decisions)
  return lost !== undefined && sizeOf(wanted) > sizeOf(lost)
}

/** A market by its full size: a micro and its parent are one market to come back to. */
export const marketOf = (instrument: InstrumentId): InstrumentId => contractSpecs[instrument].microOf?.id ?? instrument

/** The decision a market is entered again too soon after; the trader is then asked why. */
export const hastyReentry = (
  decisions: readonly Decision[],
  instrument: InstrumentId,
  at: number,
  { reentryMinutes }: Limits,
): Judged | undefined =>
  lastJudged(
    decisions,
    (one) => at - one.closedAt < reentryMinutes * minuteMs && marketOf(one.instrument) === marketOf(instrument),
  )

/** What a decision makes the trader ask himself, in words. */
export type Lapse = { readonly guard: 'reentry' | 'size-up'; readonly words: string }

const backWords = ({ instrument, openedAt }: Decision, { closedAt }: Judged): string => {
  const minutes = Math.floor((openedAt - closedAt) / minuteMs)
  const when = minutes === 0 ? 'within a minute of' : `${minutes} min after`
  return `Back in ${instrument} ${when} leaving it: why?`
}

const largerWords = (opened: Decision, lost: Judged): string =>
  `${sizeOf(opened)} micros after a loss with ${sizeOf(lost)}: no size-up after a loss`

/** What an open decision of the trade date is asked by those closed before it began. */
export const lapsesOf = (decisions: readonly Decision[], opened: Decision, limits: Limits): readonly Lapse[] => {
  const before = decisions.filter((one) => one !== opened && isJudged(one) && one.closedAt <= opened.openedAt)
  const left = hastyReentry(before, opened.instrument, opened.openedAt, limits)
  const lost = isSizeUpAfterLoss(before, opened) ? lossBefore(before) : undefined
  const back: readonly Lapse[] = left ? [{ guard: 'reentry', words: backWords(opened, left) }] : []
  return lost ? [...back, { guard: 'size-up', words: largerWords(opened, lost) }] : back
}

/** Whether a stop moves toward profit, or stays: up for a long position, down for a short one. Prices in points. */
export const isStopMoveAllowed = (spec: ContractSpec, side: Side, from: number, to: number): boolean => {
  const ticks = toTicks(spec, to) - toTicks(spec, from)
  return side === 'long' ? ticks >= 0 : ticks <= 0
}
