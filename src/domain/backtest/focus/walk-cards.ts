import { toTicks } from '../../instruments/ticks.ts'
import { minuteMs } from '../../market/bar.ts'
import { zoneMiddle } from '../../signals/bracket.ts'
import {
  advance,
  type CardLife,
  isFinished,
  isRunning,
  type LifeStep,
  type PriceStep,
  stepCard,
} from '../../signals/card-life.ts'
import type { CardState, Side, Size } from '../../signals/focus-card.ts'
import { parameters as p } from '../../signals/parameters.ts'
import type { CardTransition } from '../../signals/transition.ts'
import { bracketAt, type Ground, sizeAt } from './draw-at.ts'
import { levelRests } from './focus-columns.ts'
import { createJudgements, freeScore } from './judged-at.ts'
import { flatBy } from './mornings.ts'
import type { PlanRules } from './plan-rules.ts'

/** A card as it was drawn at the close of `bar`; `number` counts the cards of its morning. */
export type PlanCard = {
  readonly number: number
  readonly bar: number
  readonly side: Side
  readonly bracket: CardLife['bracket']
  readonly size: Size
  /** Quality when it was drawn, 0–100, and whether its level counts. */
  readonly quality: number
  readonly rests: boolean
  /** The instant from which it may not be entered any more, epoch ms. */
  readonly closes: number
}

/**
 * What happens to a card, at the close of `bar` (`at` epoch ms where the clock did it): drawn, a state price or judgement
 * brought, or the action word that began or ceased to ask for an order while it waits.
 */
export type CardEvent = {
  readonly card: PlanCard
  readonly bar: number
  readonly at: number
  readonly what: 'drawn' | 'wanted' | 'unwanted' | CardState
  /** The card's level that was traded, else the last close; points. */
  readonly price: number
  /** Why, where the state alone does not say. */
  readonly cause: CardTransition['cause']
}

type Hours = {
  readonly opens: number
  readonly closes: number
  readonly flat: number
  readonly first: number
  readonly end: number
  readonly until: number
}

type Drawing = { readonly bar: number; readonly at: number; readonly side: Side }

/** Tells the events that end a life, and hands on the last. */
function* over(...events: readonly CardEvent[]): Generator<CardEvent, CardEvent> {
  yield* events
  return events.at(-1) as CardEvent
}

/** Creates the walk over all cards of a history: a life that depends on price and judgement alone, never on what was traded. */
export const createCardWalk = (ground: Ground, rules: PlanRules) => {
  const { columns, history, spec } = ground
  const { time, high, low, close } = history.columns
  const { high: highs, low: lows } = history.ticks
  const count = time.length
  const { biasAt, isWanted, outdatedBy } = createJudgements(ground, rules)

  const hoursOf = (morning: number): Hours => {
    const midnight = columns.midnight[morning] as number
    const [first, end] = [columns.first[morning] as number, columns.end[morning] as number]
    const [opens, closes] = [midnight + rules.from * minuteMs, midnight + rules.until * minuteMs]
    let until = end
    while (until > first && (time[until - 1] as number) >= closes) until--
    return { opens, closes, flat: midnight + (ground.flatBy ?? flatBy) * minuteMs, first, end, until }
  }

  /**
   * The last whole minute that is judged by this close: without a bar the clock judges on. When the next bar begins is
   * the clock's word too, heard before anything of that bar is known.
   */
  const judgedUntil = (bar: number): number =>
    bar + 1 < count ? (time[bar + 1] as number) : (time[bar] as number) + minuteMs

  /** The first close from `bar` on by which a card is drawn, its side, and the minute in which the clock does it. */
  const findDraw = (bar: number, { opens, closes, until }: Hours, paused: number): Drawing | undefined => {
    const from = Math.max(opens, paused)
    for (let i = bar; i < until; i++) {
      if (judgedUntil(i) < from) continue
      const at = Math.max((time[i] as number) + minuteMs, from)
      if (at >= closes) return undefined
      const side = biasAt(i)
      if (side !== undefined) return { bar: i, at, side }
    }
    return undefined
  }

  const draw = ({ bar, side }: Drawing, number: number, closes: number): PlanCard => {
    const bracket = bracketAt(ground, side, bar, rules)
    const size = sizeAt(ground, side, bar, bracket.stopTicks, rules)
    const rests = levelRests(columns[side].flags[bar] as number)
    return { number, bar, side, bracket, size, quality: freeScore(columns[side], bar), rests, closes }
  }

  const beginLife = ({ side, bracket, bar }: PlanCard): CardLife => ({
    side,
    bracket,
    state: 'watching',
    since: (time[bar] as number) + minuteMs,
    last: close[bar] as number,
  })

  /** The first bar from `bar` on that reaches the stop or the next target of a running card; `end` when none does. */
  const findTouch = ({ side, state, bracket }: CardLife, bar: number, end: number): number => {
    const stop = toTicks(spec, bracket.stop)
    const target = toTicks(spec, state === 'triggered' ? bracket.target1 : bracket.target2)
    const [above, under] = side === 'long' ? [target, stop] : [stop, target]
    let i = bar
    while (i < end && (highs[i] as number) < above && (lows[i] as number) > under) i++
    return i
  }

  /** What price did to a card in a bar that may have changed its state. */
  const priceStep = (i: number, closes: number): PriceStep => ({
    at: (time[i] as number) + minuteMs,
    high: high[i] as number,
    low: low[i] as number,
    last: close[i] as number,
    entriesAllowed: (time[i] as number) < closes,
  })

  /** Whether a bar can change the state of a card that waits, other than by coming nearer or going away. */
  const meets = ({ side, bracket: { stop } }: CardLife, middle: number, i: number): boolean => {
    const [last, top, bottom] = [close[i - 1] as number, high[i] as number, low[i] as number]
    const through = Math.min(last, bottom) <= middle && middle <= Math.max(last, top)
    return through || (side === 'long' ? bottom <= stop : top >= stop)
  }

  /** A card's life from the bar after it was drawn until nothing can happen to it any more, or the history ends. */
  function* live(card: PlanCard, drawnAt: number, hours: Hours): Generator<CardEvent, CardEvent | undefined> {
    const { closes, flat, end } = hours
    const { bracket, bar: drawn } = card
    const middle = zoneMiddle(bracket)
    let life = beginLife(card)
    // What the clock drew in a silence asks for its order with the next close: a strategy acts on closes alone.
    let wanted = drawnAt === life.since && isWanted(card, drawn)
    const tell = (bar: number, at: number, what: CardEvent['what'], by?: Partial<LifeStep>): CardEvent => {
      const price = by?.price ?? (close[Math.min(bar, end - 1)] as number)
      return { card, bar, at, what, price, cause: by?.cause }
    }
    const outdate = (bar: number, at: number): CardEvent | undefined => {
      const cause = outdatedBy(card, bar)
      return cause && tell(bar, at, 'invalid', { cause })
    }
    const expire = (bar: number): CardEvent => tell(bar, flat, 'expired', { cause: 'flat-by' })
    yield tell(drawn, drawnAt, 'drawn')
    const stillborn = drawnAt + minuteMs <= judgedUntil(drawn) ? outdate(drawn, drawnAt + minuteMs) : undefined
    if (stillborn !== undefined) return yield* over(stillborn)
    if (wanted) yield tell(drawn, drawnAt, 'wanted')
    for (let i = drawn + 1; i < end; i++) {
      if (isRunning(life.state)) i = findTouch(life, i, end)
      if (i === end) break
      const step = priceStep(i, closes)
      if (isRunning(life.state) || meets(life, middle, i)) {
        const steps = stepCard({ ...life, last: close[i - 1] as number }, step)
        life = advance(life, steps, step)
        const told = steps
          .filter(({ to }) => isRunning(to) || isFinished(to))
          .map((each) => tell(i, step.at, each.to, each))
        if (isFinished(life.state)) return yield* over(...told)
        yield* told
      }
      if (isRunning(life.state) || step.at >= flat) continue
      const outdated = outdate(i, step.at)
      if (outdated !== undefined) return yield* over(outdated)
      if (isWanted(card, i) === wanted) continue
      wanted = !wanted
      yield tell(i, step.at, wanted ? 'wanted' : 'unwanted')
    }
    if (end < count) return yield* over(expire(end))
    return priceStep(end - 1, closes).at < flat ? undefined : yield* over(expire(end - 1))
  }

  /** Everything that happens to the cards of a morning, in order. */
  return function* walk(morning: number): Generator<CardEvent> {
    const hours = hoursOf(morning)
    let number = 0
    let paused = Number.NEGATIVE_INFINITY
    let bar = Math.max(0, hours.first - 1)
    for (;;) {
      const drawing = findDraw(bar, hours, paused)
      if (drawing === undefined) return
      const ended = yield* live(draw(drawing, ++number, hours.closes), drawing.at, hours)
      if (ended === undefined) return
      paused = ended.at + (ended.what === 'stopped' ? p.redrawAfterStopMs : p.redrawAfterEndMs)
      bar = ended.bar
    }
  }
}

export type CardWalk = ReturnType<typeof createCardWalk>
