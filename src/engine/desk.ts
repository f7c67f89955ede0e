import { contractCode, contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { Contract, ContractSpec } from '#src/domain/instruments/instrument.ts'
import { minuteBars, type Rolling, tickBar } from '#src/domain/market/aggregate.ts'
import { type Bar, type Finality, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { PriceReading } from '#src/domain/picture.ts'
import { type AnalysisState, analysis, type Reading, startAnalysis } from '#src/domain/signals/analysis.ts'
import { type Card, pointsToZone } from '#src/domain/signals/card.ts'
import {
  advance,
  type CardLife,
  isFinished,
  type LifeStep,
  type PriceStep,
  retellCard,
  stepCard,
} from '#src/domain/signals/card-life.ts'
import type { CardState } from '#src/domain/signals/focus-card.ts'
import { type Judgement, judge } from '#src/domain/signals/judgement.ts'

type Last = { readonly price: number; readonly asOf: number; readonly receivedAt: number }

/** What a desk tells the engine. */
export type DeskEvents = {
  readonly onClosed: (desk: Desk, bar: RecordedBar) => void
  readonly onLife: (desk: Desk, card: Card, from: CardState, steps: readonly LifeStep[], at: number) => void
}

/** What is on record of a card up to an instant and was not yet told: a minute seen trade by trade is not guessed from its bar. */
export type Told = (cardId: string, until: number) => readonly LifeStep[]

export type DeskOptions = {
  readonly spec: ContractSpec
  readonly source: string
  readonly tradeDateOf: (time: number) => string
  readonly contractOn: (tradeDate: string) => Contract
  readonly entriesAllowedAt: (at: number) => boolean
  readonly events: DeskEvents
}

/** One market at work: its bars, what they say, its card, and the price of the moment. */
export type Desk = ReturnType<typeof createDesk>

/** Creates the desk of one market. All calls are synchronous; times are epoch ms, prices points. */
export const createDesk = ({ spec, source, tradeDateOf, contractOn, entriesAllowedAt, events }: DeskOptions) => {
  let state: AnalysisState = startAnalysis()
  let rolling: Rolling = minuteBars.initial
  let reading: Reading | undefined
  let judgement: Judgement | undefined
  let held: Card | undefined
  /** The held card's life runs ahead of it: a price that changes no state must not cost a new card. */
  let life: CardLife | undefined
  let cardsToday = 0
  let last: Last | undefined
  let quote: Quote | undefined
  let priorClose: number | undefined
  let watchedSince = Number.POSITIVE_INFINITY
  let refused = 0
  let bars = 0
  const arrivals: number[] = []

  const cardNow = (): Card | undefined => {
    if (held !== undefined && life !== undefined && held.life !== life) held = { ...held, life }
    return held
  }

  const live = (step: PriceStep, finality: Finality = 'live', told?: Told): void => {
    if (held === undefined || life === undefined || held.version === 0) return
    // A bar from history holds more than was seen at the time, so it alone is read anew. Its changes carry its last instant.
    const seen = finality === 'live' || finality === 'partial'
    const recorded = told?.(held.id, seen ? step.at - 1 : step.at)
    change(recorded !== undefined && seen ? retellCard(life, recorded, step) : stepCard(life, step), step)
  }

  /** The first instant whose trades are still taken: the clock closes a minute as well as the next trade does. */
  const openFrom = (): number =>
    rolling.forming?.time ?? (state.bar === undefined ? Number.NEGATIVE_INFINITY : state.bar.time + minuteMs)

  const change = (steps: readonly LifeStep[], step: PriceStep): void => {
    if (life === undefined) return
    const from = life.state
    life = advance(life, steps, step)
    if (steps.length === 0) return
    judgement = undefined
    const card = cardNow()
    if (card !== undefined) events.onLife(desk, card, from, steps, step.at)
  }

  const hold = (next: Card | undefined): void => {
    held = next
    life = next?.life
    judgement = undefined
  }

  const close = (bar: Bar, finality: Finality): void => {
    state = analysis.step(state, { bar, tradeDate: tradeDateOf(bar.time) })
    bars++
    reading = undefined
    judgement = undefined
    priorClose = state.prior?.close
    events.onClosed(desk, { ...bar, finality, asOf: bar.time + minuteMs, source })
  }

  const finalityOf = (bar: Bar): Finality => (watchedSince <= bar.time ? 'live' : 'partial')

  const arrived = (receivedTime: number): void => {
    arrivals.push(receivedTime)
    if (arrivals.length > 4096) arrivals.splice(0, 2048)
  }

  const desk = {
    spec,
    topic: `price:${spec.id}` as const,
    get card() {
      return cardNow()
    },
    /** Puts a card on the desk, replacing the one there; drafts are not counted. */
    place: (next: Card | undefined): void => {
      if (next !== undefined && next.version > 0 && held?.id !== next.id) cardsToday++
      hold(next)
    },
    /** How many cards were drawn here today, drafts not counted. */
    get cardsToday() {
      return cardsToday
    },
    newDay: (): void => {
      hold(undefined)
      cardsToday = 0
    },
    /** A trade: the price moves, the minute grows, the card may change its state. A trade of a closed minute is refused. */
    onTick: (tick: Tick): boolean => {
      if (tick.eventTime < openFrom()) {
        refused++
        return false
      }
      if (watchedSince === Number.POSITIVE_INFINITY) watchedSince = tick.eventTime
      rolling = minuteBars.step(rolling, tickBar(tick))
      for (const bar of rolling.closed) close(bar, finalityOf(bar))
      last = { price: tick.price, asOf: tick.eventTime, receivedAt: tick.receivedTime }
      arrived(tick.receivedTime)
      if (held !== undefined) {
        const { price, eventTime } = tick
        live({ at: eventTime, high: price, low: price, last: price, entriesAllowed: entriesAllowedAt(eventTime) })
      }
      return true
    },
    onQuote: (next: Quote): void => {
      quote = next
      arrived(next.receivedTime)
    },
    /** The card changes by the clock or by judgement instead of by price. */
    endCard: (to: 'invalid' | 'expired', cause: NonNullable<LifeStep['cause']>, at: number): void => {
      if (life === undefined) return
      const price = life.last
      change([{ to, price, cause }], { at, high: price, low: price, last: price, entriesAllowed: false })
    },
    /** A whole closed bar, from history or from a source without trades; `receivedTime` absent means history. */
    onBar: (bar: Bar, finality: Finality, receivedTime?: number, told?: Told): void => {
      if (state.bar !== undefined && bar.time <= state.bar.time) {
        refused++
        return
      }
      const at = bar.time + minuteMs
      const entriesAllowed = entriesAllowedAt(bar.time)
      live({ at, high: bar.high, low: bar.low, last: bar.close, entriesAllowed }, finality, told)
      last = { price: bar.close, asOf: at, receivedAt: receivedTime ?? at }
      if (receivedTime !== undefined) arrived(receivedTime)
      close(bar, finality)
    },
    /** The market is watched from this instant on: minutes that began before it are only partly known. */
    watchFrom: (at: number): void => {
      watchedSince = at
    },
    /** Closes the forming minute once it is over at `now`. */
    onTime: (now: number): void => {
      const { forming } = rolling
      if (forming === undefined || forming.time + minuteMs > now) return
      rolling = minuteBars.initial
      close(forming, finalityOf(forming))
    },
    /** Both sides judged by the newest closed bar; undefined before the first. */
    judgement: (): Judgement | undefined => {
      if (state.bar === undefined) return undefined
      reading ??= analysis.value(state)
      // Only a card that still waits or runs keeps its level; a draft and a finished one are weighed afresh.
      const card = cardNow()
      const standing = card !== undefined && card.version > 0 && !isFinished(card.life.state) ? card : undefined
      judgement ??= judge(reading, standing && { side: standing.life.side, level: standing.life.bracket.level.kind })
      return judgement
    },
    get last() {
      return last
    },
    /** 1m bars closed here since the start. */
    get bars() {
      return bars
    },
    get refused() {
      return refused
    },
    contract: (at: number): string => contractCode(contractOn(tradeDateOf(at))),
    contractMonth: (at: number): number => contractMonth(contractOn(tradeDateOf(at))),
    /** Events per second over the ten seconds before `wall`. */
    rate: (wall: number): number => {
      let count = 0
      for (let i = arrivals.length - 1; i >= 0 && (arrivals[i] as number) > wall - 10_000; i--) count++
      return count / 10
    },
    /** Wall clock of the newest event. */
    get receivedAt() {
      return arrivals.at(-1)
    },
    price: (at: number): PriceReading | undefined =>
      last && {
        instrument: spec.id,
        contract: contractCode(contractOn(tradeDateOf(at))),
        last: last.price,
        asOf: last.asOf,
        receivedAt: Math.max(last.receivedAt, quote?.receivedTime ?? 0),
        ...(priorClose !== undefined && { change: last.price - priorClose }),
        ...(quote !== undefined && { bid: quote.bid, ask: quote.ask }),
        ...(life !== undefined && { toZone: pointsToZone(life, last.price) }),
      },
  }
  return desk
}
