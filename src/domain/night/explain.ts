import { specOf } from '../instruments/contract-spec.ts'
import { minuteMs, type RecordedBar } from '../market/bar.ts'
import type { ParityDifference } from '../night-paper.ts'
import { clockWords, priceWords } from '../patterns/wording.ts'
import { zoneMiddle } from '../signals/bracket.ts'
import type { PlannedCard } from '../signals/transition.ts'

/** Where live and replay part: an instant (epoch ms; of a minute its end), and each side in words. */
export type Split = {
  readonly at: number
  readonly live: string
  readonly replayed: string
  /** Prices at which either side decided something in the minute, in points. */
  readonly prices?: readonly number[]
  /** Whether either side decided by judgement or by the clock. */
  readonly clocked?: boolean
}

/** A bar tells up to when its source had seen the market: later than its own end, it is not what was lived through. */
const lateWords = ({ time, asOf, finality }: RecordedBar): string =>
  finality === 'history'
    ? `the minute ${clockWords(time)} was not seen live: its bar came at ${clockWords(asOf)}`
    : `the bar of ${clockWords(time)} was corrected at ${clockWords(asOf)}`

/** The first bar that lay before an instant and was not known as it is now. */
const lateBefore = (bars: readonly RecordedBar[], at: number): RecordedBar | undefined =>
  bars.find(({ time, asOf }) => time + minuteMs <= at && asOf > at)

type DrawnQuestion = {
  readonly split: Split
  readonly bars: readonly RecordedBar[]
  readonly ran: boolean
  /** What differed before in the same market. */
  readonly before: readonly ParityDifference[]
  /** One side drew it at another minute, or not at all. */
  readonly isMoved: boolean
}

/** Why a card was not drawn alike; undefined where nothing that can be looked up says so. */
export const explainDrawn = ({ split, bars, ran, before, isMoved }: DrawnQuestion): string | undefined => {
  if (!ran) return 'the terminal kept no plan of this date: it was not running'
  // When a card ends decides when the next one may be drawn; what is on it, the bars alone.
  const cause = before.find(({ explained }) => explained !== undefined)
  if (isMoved && cause !== undefined) return `follows from ${cause.cardId}, which went another way before`
  const late = lateBefore(bars, split.at)
  return late && lateWords(late)
}

type MinuteQuestion = {
  readonly split: Split
  readonly card: Pick<PlannedCard, 'instrument' | 'zone' | 'stop' | 'target1' | 'target2'>
  readonly bars: readonly RecordedBar[]
}

/** The card's levels that were traded at in a minute, the step from the close before it counted. */
const touched = (
  { zone, stop, target1, target2 }: MinuteQuestion['card'],
  { high, low }: RecordedBar,
  before: RecordedBar | undefined,
): readonly number[] => {
  const [top, bottom] = [Math.max(high, before?.close ?? high), Math.min(low, before?.close ?? low)]
  return [zoneMiddle({ zone }), stop, target1, target2].filter((price) => price >= bottom && price <= top)
}

/** Why a card's minute did not end alike; undefined where nothing that can be looked up says so. */
export const explainMinute = ({ split: { at, prices = [], clocked = false }, card, bars }: MinuteQuestion) => {
  const index = bars.findIndex(({ time }) => time === at - minuteMs)
  const bar = bars[index]
  if (bar === undefined) return `no bar of ${clockWords(at - minuteMs)} is stored`
  if (bar.asOf > at) return lateWords(bar)
  const levels = touched(card, bar, bars[index - 1])
  if (prices.length > 0 && levels.length > 1 && prices.every((price) => levels.includes(price))) {
    const words = levels.map((price) => priceWords(specOf(card.instrument), price)).join(' and ')
    return `the minute ${clockWords(bar.time)} traded at ${words}: a bar hides which came first`
  }
  const late = clocked ? lateBefore(bars, at) : undefined
  return late && lateWords(late)
}
