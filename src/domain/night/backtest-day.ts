import { focusColumns } from '../backtest/focus/focus-columns.ts'
import { livePlan } from '../backtest/focus/plan-rules.ts'
import { prepareFocus } from '../backtest/focus/prepare-focus.ts'
import { type CardEvent, createCardWalk, type PlanCard } from '../backtest/focus/walk-cards.ts'
import { historyOf, plainColumn } from '../backtest/history.ts'
import type { MinuteFlow } from '../flow/minute-flow.ts'
import { specOf } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import type { PhaseBoundaries } from '../instruments/phase.ts'
import { easternMs } from '../instruments/zone.ts'
import type { BarColumns } from '../market/series.ts'
import type { Money } from '../money.ts'
import type { CardState } from '../signals/focus-card.ts'
import type { CardTransition } from '../signals/transition.ts'
import type { DayStory, DrawnOnce } from './parity.ts'

/** A trade date of one market, as the backtest is asked to walk it. */
export type BacktestDay = {
  readonly instrument: InstrumentId
  readonly tradeDate: string
  /** The bars of the date, and before them the past an engine warms up with. */
  readonly bars: BarColumns
  /** Who crossed the spread in the date's minutes, where it was seen. */
  readonly flows: readonly MinuteFlow[]
  readonly boundaries: PhaseBoundaries
  readonly accountSize: Money
  /** Fees of one side and contract. */
  readonly fee: Money
}

type Whose = Pick<BacktestDay, 'instrument' | 'tradeDate'>

const idOf = ({ instrument, tradeDate }: Whose, { number }: PlanCard): string => `${tradeDate}-${instrument}-${number}`

const drawnOnce = (whose: Whose, { card, at }: CardEvent): DrawnOnce => {
  const { side, quality, bracket } = card
  const { zone, stop, target1, target2 } = bracket
  return {
    ...{ id: idOf(whose, card), instrument: whose.instrument, side, zone, stop, target1, target2, quality },
    drawnAt: at,
  }
}

/** What was drawn, and what ended or filled it, in the words of the engine; whether an order is asked for it does not keep. */
const storyOf = (whose: Whose, events: Iterable<CardEvent>): DayStory => {
  const cards: DrawnOnce[] = []
  const transitions: CardTransition[] = []
  let from: CardState = 'watching'
  for (const event of events) {
    const { card, what: to, at, price, cause } = event
    if (to === 'wanted' || to === 'unwanted') continue
    if (to === 'drawn') cards.push(drawnOnce(whose, event))
    else {
      const what = { side: card.side, from, to, at, price, ...(cause && { cause }) }
      transitions.push({ cardId: idOf(whose, card), ...whose, ...what })
    }
    from = to === 'drawn' ? 'watching' : to
  }
  return { cards, transitions }
}

/**
 * Walks the cards of a trade date as the backtest of the focus plan does, by the live plan's rules and the day's boundaries:
 * each card as it was drawn, and what filled or ended it, stamped with the end of its minute.
 */
export const backtestDay = ({ instrument, tradeDate, bars, flows, boundaries, ...given }: BacktestDay): DayStory => {
  const { active, windDown, flatBy } = boundaries
  const spec = specOf(instrument)
  const history = historyOf(spec, bars)
  const seen = new Map(flows.map((flow) => [flow.time, flow]))
  const columns = focusColumns(prepareFocus(spec, history, plainColumn, seen, flatBy))
  const rules = { ...livePlan, from: active, until: windDown }
  const walk = createCardWalk({ spec, history, columns, flatBy, ...given }, rules)
  const morning = columns.midnight.indexOf(easternMs(tradeDate, 0))
  return storyOf({ instrument, tradeDate }, morning < 0 ? [] : walk(morning))
}
