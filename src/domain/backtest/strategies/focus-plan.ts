import { toTicks } from '../../instruments/ticks.ts'
import { minuteMs } from '../../market/bar.ts'
import { feePerSide } from '../../risk/sizing.ts'
import type { Ground } from '../focus/draw-at.ts'
import { type FocusColumns, focusColumns, gradeIndexOf, regimeIndexOf } from '../focus/focus-columns.ts'
import { type PlanRules, planSpace } from '../focus/plan-rules.ts'
import { prepareFocus } from '../focus/prepare-focus.ts'
import { findStack } from '../focus/stacking.ts'
import { type CardEvent, type CardWalk, createCardWalk, type PlanCard } from '../focus/walk-cards.ts'
import type { Desk, Player, Stage, Strategy } from '../strategy.ts'

/** Half of what is held, rounded up, goes at the first target and the rest at the second. */
const exitsOf = ({ spec }: Ground, { bracket }: PlanCard, quantity: number) => {
  const half = Math.ceil(quantity / 2)
  const first = { price: toTicks(spec, bracket.target1), quantity: half }
  const second = { price: toTicks(spec, bracket.target2), quantity: quantity - half }
  return { stop: toTicks(spec, bracket.stop), targets: half === quantity ? [first] : [first, second] }
}

/** The middle of the zone in ticks; half a tick goes to the trader's side of it, where it is harder to reach. */
const entryTicks = ({ spec }: Ground, { side, bracket: { zone } }: PlanCard): number => {
  const doubled = toTicks(spec, zone.low) + toTicks(spec, zone.high)
  return side === 'long' ? Math.floor(doubled / 2) : Math.ceil(doubled / 2)
}

const signOf = ({ side }: PlanCard): 1 | -1 => (side === 'long' ? 1 : -1)

/** The events of all mornings in order, from the morning that holds bar `from`; a morning is read from its beginning. */
function* eventsFrom(walk: CardWalk, { end }: FocusColumns, from: number): Generator<CardEvent> {
  for (let morning = 0; morning < end.length; morning++) if ((end[morning] as number) > from) yield* walk(morning)
}

/** An order that rests for a card, and how many trades were closed when it was sent: its own is closed after. */
type Resting = { readonly card: PlanCard; readonly order: number; readonly closed: number }

const play = (stage: Stage, rules: PlanRules): Player => {
  const { spec, history, accountSize, fee = feePerSide(spec) } = stage
  const columns = stage.memo('focus:columns', () => focusColumns(stage.prepared))
  const ground = { spec, history, columns, accountSize, fee }
  const walk = createCardWalk(ground, rules)
  let events: Generator<CardEvent> | undefined
  let due: CardEvent | undefined
  /** The card whose action word asks for an order. */
  let wanted: PlanCard | undefined
  let resting: Resting | undefined
  /** The card whose order was the last to fill: a card is traded once. */
  let traded: PlanCard | undefined
  let stacked = false

  const pull = (): void => {
    const { done, value } = (events as Generator<CardEvent>).next()
    due = done === true ? undefined : value
  }

  const withdraw = (desk: Desk): void => {
    if (resting !== undefined) desk.cancel(resting.order)
    resting = undefined
  }

  const hear = ({ card, what }: CardEvent, desk: Desk): void => {
    if (what === 'drawn') return
    wanted = what === 'wanted' ? card : undefined
    // Once a card was touched nothing new is sent, but the order that rests may still be met.
    if (what !== 'wanted' && what !== 'triggered') withdraw(desk)
  }

  const hearUntil = (bar: number, desk: Desk): void => {
    for (; due !== undefined && due.bar <= bar; pull()) hear(due, desk)
  }

  const notice = (desk: Desk): void => {
    if (resting === undefined || resting.card === traded) return
    if (desk.position === 0 && desk.closed === resting.closed) return
    traded = resting.card
    stacked = false
  }

  /** The card an order should be sent for. */
  const unsent = (desk: Desk): PlanCard | undefined =>
    desk.position === 0 && wanted !== traded && wanted !== resting?.card ? wanted : undefined

  /** The minutes that may still begin before a card may not be entered any more. */
  const barsLeft = ({ closes }: PlanCard, bar: number): number =>
    Math.floor((closes - (history.columns.time[bar] as number)) / minuteMs) - 1

  /** What the trades of a card are told apart by. */
  const marksOf = ({ bar, side }: PlanCard) => ({
    setup: bar,
    grade: gradeIndexOf(columns[side].flags[bar] as number),
    regime: regimeIndexOf(columns.flags[bar] as number),
  })

  const sendEntry = (card: PlanCard, bar: number, desk: Desk): void => {
    withdraw(desk)
    const order = desk.send({
      kind: 'limit',
      side: signOf(card),
      quantity: card.size.startWith,
      price: entryTicks(ground, card),
      exits: exitsOf(ground, card, card.size.startWith),
      until: bar + barsLeft(card, bar),
      ...marksOf(card),
    })
    resting = { card, order, closed: desk.closed }
  }

  /** The first close from `bar` on by which one more may be bought or sold: only while all that was entered is held. */
  const stackAt = (bar: number, { position, entry }: Desk): number => {
    const quantity = Math.abs(position)
    if (traded === undefined || stacked || quantity !== traded.size.startWith) return -1
    return findStack(ground, rules, { card: traded, quantity, entry }, bar)
  }

  const sendStack = (card: PlanCard, desk: Desk): void => {
    stacked = true
    const { stop, targets } = exitsOf(ground, card, card.size.startWith + 1)
    // What goes at the first target is half of all, rounded up: one more of an even number makes it one more.
    const own = card.size.startWith % 2 === 0 ? targets.slice(0, 1) : targets.slice(-1)
    desk.send({
      kind: 'market',
      side: signOf(card),
      quantity: 1,
      exits: { stop, targets: own.map(({ price }) => ({ price })) },
      ...marksOf(card),
    })
  }

  return {
    next: (from, desk) => {
      if (events === undefined) {
        events = eventsFrom(walk, columns, from)
        pull()
      }
      hearUntil(from - 1, desk)
      notice(desk)
      if (unsent(desk) !== undefined) return from
      const [event, stack] = [due?.bar ?? history.columns.time.length, stackAt(from, desk)]
      return stack < 0 ? event : Math.min(event, stack)
    },
    act: (bar, desk) => {
      hearUntil(bar, desk)
      notice(desk)
      const card = unsent(desk)
      if (card !== undefined) sendEntry(card, bar, desk)
      if (traded !== undefined && stackAt(bar, desk) === bar) sendStack(traded, desk)
    },
  }
}

/** The focus plan: the very analysis, cards and action words that run live, traded as the plan says. */
export const focusPlan: Strategy<typeof planSpace> = {
  name: 'focus-plan',
  title: 'Focus plan',
  words: 'Trades the cards of the morning: a limit in the zone, half off at the first target, the rest at the second.',
  space: planSpace,
  baseline: false,
  prepare: prepareFocus,
  play,
}
