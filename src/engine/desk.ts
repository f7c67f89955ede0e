import { type MinuteFlow, minuteFlow } from '#src/domain/flow/minute-flow.ts'
import { isOpen } from '#src/domain/instruments/calendar.ts'
import type { Contract, ContractSpec } from '#src/domain/instruments/instrument.ts'
import { minuteBars, minuteOf, type Rolling, tickBar } from '#src/domain/market/aggregate.ts'
import { type Bar, type Finality, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { type BarFault, guardBar, isHole } from '#src/domain/market/bar-guard.ts'
import { mergeBars } from '#src/domain/market/merge.ts'
import { quoteSeen, releaseScreen, screen, startScreen } from '#src/domain/market/suspect.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import { heard, learnBar, startVigil } from '#src/domain/market/vigil.ts'
import type { MinuteReading, PriceReading, RollReading } from '#src/domain/picture.ts'
import type { Reading } from '#src/domain/signals/analysis.ts'
import { type Card, pointsToZone } from '#src/domain/signals/card.ts'
import { isFinished, type LifeStep } from '#src/domain/signals/card-life.ts'
import type { CardState } from '#src/domain/signals/focus-card.ts'
import { type Judgement, judge } from '#src/domain/signals/judgement.ts'
import { createChronicle } from './chronicle.ts'
import { createFrontMonth } from './front-month.ts'
import { createHeldCard, type Told } from './held-card.ts'
import { createRate } from './rate.ts'

/** How long a print that was taken for nothing is shown. */
const suspectShownMs = 60_000

const isSameBar = (a: Bar, b: Bar): boolean =>
  a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume

const plainBar = ({ time, open, high, low, close, volume }: Bar): Bar => ({ time, open, high, low, close, volume })

const plainFlow = ({ time, buy, sell, basis }: MinuteFlow): MinuteFlow => ({ time, buy, sell, basis })

const minuteBar = (tick: Tick): Bar => ({ ...tickBar(tick), time: minuteOf(tick.eventTime) })

/** `receivedAt` is the wall clock, absent for what history told. */
type Last = { readonly price: number; readonly asOf: number; readonly receivedAt?: number }

/** What a desk tells the engine. */
export type DeskEvents = {
  /** A minute is closed, or corrected. */
  readonly onClosed: (desk: Desk, bar: RecordedBar) => void
  /** Who crossed the spread in a minute all of whose trades were seen. */
  readonly onFlow: (desk: Desk, flow: MinuteFlow) => void
  /** The minutes that begin in [from, to) are known in part only: history should be asked for them. */
  readonly onDoubt: (desk: Desk, from: number, to: number) => void
  readonly onLife: (desk: Desk, card: Card, from: CardState, steps: readonly LifeStep[], at: number) => void
}

export type DeskOptions = {
  readonly spec: ContractSpec
  readonly source: string
  readonly tradeDateOf: (time: number) => string
  readonly contractOn: (tradeDate: string) => Contract
  readonly rollOn: (tradeDate: string) => RollReading
  readonly entriesAllowedAt: (at: number) => boolean
  /** Whether prints come over a wire that may bring wrong ones. */
  readonly screened?: boolean
  readonly events: DeskEvents
}

/** One market at work: its bars, what they say, its card, and the price of the moment. */
export type Desk = ReturnType<typeof createDesk>

/** Creates the desk of one market. All calls are synchronous; times are epoch ms, prices points. */
export const createDesk = ({
  spec,
  source,
  tradeDateOf,
  contractOn,
  rollOn,
  entriesAllowedAt,
  screened,
  events,
}: DeskOptions) => {
  let chronicle = createChronicle(spec, tradeDateOf)
  const tape = minuteFlow(spec)
  let onTape = tape.initial
  const prints = startScreen(spec)
  const rate = createRate()
  const vigil = startVigil(spec.id)
  let rolling: Rolling = minuteBars.initial
  let reading: Reading | undefined
  let judgement: Judgement | undefined
  let last: Last | undefined
  let quote: Quote | undefined
  let watchedSince = Number.POSITIVE_INFINITY
  let suspect: { readonly price: number; readonly at: number } | undefined
  /** Market time from which on nothing was heard; undefined while the market is watched. */
  let lostSince: number | undefined
  /** Minutes not closed yet of which a print was left out, whatever they look like. */
  const doubtful = new Set<number>()
  /** The minute closed by the clock alone: until something later is heard, its last trades may have been lost. */
  let unproven: number | undefined
  /** Closed bars with the trades that came after; they are corrected together. */
  const late = new Map<number, RecordedBar>()
  let refused = 0
  let bars = 0
  let newestFlow: MinuteFlow | undefined
  /** Times the closed bars were corrected. */
  let revision = 0
  const faults = new Map<BarFault, number>()
  const front = createFrontMonth({ tradeDateOf, contractOn, rollOn })

  const held = createHeldCard({
    entriesAllowedAt,
    onLife: (card, from, steps, at) => {
      judgement = undefined
      events.onLife(desk, card, from, steps, at)
    },
  })

  const note = (fault: BarFault): void => void faults.set(fault, (faults.get(fault) ?? 0) + 1)

  /** A bar from outside as signals may see it; undefined where it is refused. What is wrong is counted. */
  const guarded = <B extends Bar>(bar: B): B | undefined => guardBar(spec, bar, note)

  /** As `guarded`, for one that must come after all before it. */
  const guardedNext = <B extends Bar>(bar: B): B | undefined => {
    const sound = guarded(bar)
    const newest = chronicle.state.bar
    if (sound === undefined) return undefined
    if (newest !== undefined && sound.time <= newest.time) {
      note('time-back')
      return undefined
    }
    if (isHole(newest, sound, tradeDateOf)) note('hole')
    return sound
  }

  /** The first instant whose trades are still taken: the clock closes a minute as well as the next trade does. */
  const openFrom = (): number => {
    const { bar } = chronicle.state
    return rolling.forming?.time ?? (bar === undefined ? Number.NEGATIVE_INFINITY : bar.time + minuteMs)
  }

  /** What was read of the bars no longer stands. */
  const reread = (): void => {
    reading = undefined
    judgement = undefined
  }

  /** The close of the trade date before that of the price, whose own first minute may not be closed yet. */
  const priorClose = ({ asOf }: Last): number | undefined => {
    const { bar, prior } = chronicle.state
    return bar !== undefined && tradeDateOf(asOf) > tradeDateOf(bar.time) ? bar.close : prior?.close
  }

  /** The flow of a minute is known with its bar, and only where every trade of it was seen. */
  const closeTape = (bar: Bar): void => {
    onTape = tape.closeAt(onTape, bar.time + minuteMs)
    const { closed: flow } = onTape
    if (flow?.time !== bar.time || !isWhole(bar)) return
    newestFlow = flow
    chronicle.learnFlow(flow)
    events.onFlow(desk, flow)
  }

  const append = (bar: RecordedBar): void => {
    closeTape(bar)
    chronicle.append(bar)
    learnBar(vigil, bar)
    bars++
    doubtful.delete(bar.time)
    reread()
    events.onClosed(desk, bar)
    if (bar.finality === 'partial' && bar.time !== unproven) askFor(bar.time)
  }

  const askFor = (minute: number): void => events.onDoubt(desk, minute, minute + minuteMs)

  /** A bar that knows where it came from keeps that. */
  const recordOf = (bar: Bar, finality: Finality): RecordedBar => ({
    asOf: bar.time + minuteMs,
    source,
    ...bar,
    finality,
  })

  /** Whether all that was heard of a minute is in its bar, and nothing was missed that one could know of. */
  const isWhole = ({ time }: Bar): boolean =>
    watchedSince <= time &&
    !doubtful.has(time) &&
    (prints.held === undefined || minuteOf(prints.held.tick.eventTime) !== time)

  /** A wire that fell silent is known to have only after a while: what a minute lost at its end may be seen later. */
  const isProven = ({ time }: Bar): boolean => !screened || vigil.heardAt >= time + minuteMs

  const closeForming = (bar: Bar): void => {
    unproven = isWhole(bar) && !isProven(bar) ? bar.time : undefined
    append(recordOf(bar, isWhole(bar) && unproven === undefined ? 'live' : 'partial'))
  }

  /** Something later was heard: the minute closed by the clock was whole. */
  const prove = (): void => {
    const bar = unproven === undefined ? undefined : (late.get(unproven) ?? chronicle.at(unproven))
    if (bar === undefined || !isProven(bar)) return
    unproven = undefined
    if (bar.finality !== 'partial') return
    const proven: RecordedBar = { ...bar, finality: 'live' }
    if (late.has(bar.time)) late.set(bar.time, proven)
    else restate(proven)
  }

  /** The same minute on better authority. */
  const restate = (bar: RecordedBar): void => {
    chronicle.restate(bar)
    events.onClosed(desk, bar)
  }

  const hear = (at: number): void => {
    heard(vigil, at)
    if (unproven !== undefined && lostSince === undefined) prove()
  }

  const record = (tick: Tick): void => {
    const open = onTape.forming?.time ?? (onTape.after ?? Number.NEGATIVE_INFINITY) + minuteMs
    if (tick.eventTime >= open) onTape = tape.step(onTape, tick, quote)
  }

  /** A sound trade: the price moves, the minute grows, the card may change its state. */
  const take = (tick: Tick): void => {
    if (watchedSince === Number.POSITIVE_INFINITY) watchedSince = tick.eventTime
    const { price, eventTime } = tick
    // A trade that others overtook was made, but it is not where the price is now.
    const newest = last !== undefined && eventTime < last.asOf && rolling.forming !== undefined ? last : undefined
    const close = newest?.price ?? price
    rolling = minuteBars.step(rolling, newest === undefined ? tickBar(tick) : { ...tickBar(tick), close })
    for (const bar of rolling.closed) closeForming(bar)
    record(tick)
    last = newest ?? { price, asOf: eventTime, receivedAt: tick.receivedTime }
    if (held.isEmpty) return
    held.live({ at: eventTime, high: price, low: price, last: close, entriesAllowed: entriesAllowedAt(eventTime) })
  }

  const takeAll = (accepted: readonly Tick[]): void => {
    for (const tick of accepted) {
      if (tick.eventTime >= openFrom()) take(tick)
      else amend(tick)
    }
  }

  /** A print nothing confirmed: it is told, and the vendor is asked what the minute really was. */
  const doubt = (tick: Tick | undefined): void => {
    if (tick === undefined) return
    suspect = { price: tick.price, at: tick.eventTime }
    if (tick.eventTime >= openFrom()) doubtful.add(minuteOf(tick.eventTime))
    else askFor(minuteOf(tick.eventTime))
  }

  /** A trade of a closed minute moves no price, but it belongs into its bar, unless that is the vendor's own. */
  const amend = (tick: Tick): void => {
    const time = minuteOf(tick.eventTime)
    const bar = late.get(time) ?? chronicle.at(time)
    if (bar === undefined) {
      // The only trade of its minute: whether there were others nobody knows.
      late.set(time, recordOf(minuteBar(tick), 'partial'))
      askFor(time)
      return
    }
    if (bar.finality === 'settled' || bar.finality === 'history') return
    const [high, low] = [Math.max(bar.high, tick.price), Math.min(bar.low, tick.price)]
    const asOf = Math.max(bar.asOf + 1, tick.eventTime)
    late.set(time, { ...bar, high, low, volume: bar.volume + tick.size, asOf })
  }

  const refuse = (): false => {
    refused++
    return false
  }

  /** The next whole bar, which nobody watched trade by trade. */
  const follow = (record: RecordedBar, receivedTime?: number, told?: Told): void => {
    const at = record.time + minuteMs
    const entriesAllowed = entriesAllowedAt(record.time)
    held.live({ at, high: record.high, low: record.low, last: record.close, entriesAllowed }, record.finality, told)
    if (last === undefined || last.asOf < at)
      last = { price: record.close, asOf: at, ...(receivedTime !== undefined && { receivedAt: receivedTime }) }
    append(record)
  }

  /** The next bar, which came after trades of a later minute: the price has moved on. */
  const fillIn = (record: RecordedBar): void => {
    held.liveMissed(record)
    append(record)
  }

  /** Puts late bars among those held; those that were missed, in whole or in part, are lived too. */
  const repair = (due: readonly RecordedBar[]): boolean => {
    const before = new Map(due.map(({ time }) => [time, chronicle.at(time)]))
    const { taken, tooOld } = chronicle.repair(due)
    if (taken.length > 0) {
      revision++
      reread()
    }
    for (const bar of taken) {
      const known = before.get(bar.time)
      if (known === undefined) bars++
      if (known === undefined || (known.finality === 'partial' && !isSameBar(known, bar) && bar.finality !== 'partial'))
        held.liveMissed(bar)
      events.onClosed(desk, bar)
    }
    return tooOld
  }

  /** Puts late bars, oldest first, where they belong: among those held, or after them up to the forming minute. */
  const correct = (due: readonly RecordedBar[]): boolean => {
    const newest = chronicle.state.bar?.time ?? Number.NEGATIVE_INFINITY
    const { forming } = rolling
    const tooOld = repair(due.filter(({ time }) => time <= newest))
    for (const bar of due) {
      if (bar.time <= newest || (forming !== undefined && bar.time > forming.time)) continue
      if (forming !== undefined && bar.time < forming.time) fillIn(bar)
      else {
        // The minute was over when history was asked, and what was seen of it was only a part.
        rolling = minuteBars.initial
        follow(bar)
      }
    }
    return tooOld
  }

  const desk = {
    spec,
    topic: `price:${spec.id}` as const,
    minuteTopic: `minute:${spec.id}` as const,
    /** What silence is normal here. */
    vigil,
    get card() {
      return held.card
    },
    /** Puts a card on the desk, replacing the one there; drafts are not counted. */
    place: (next: Card | undefined): void => {
      judgement = undefined
      held.place(next)
    },
    /** How many cards were drawn here today, drafts not counted. */
    get cardsToday() {
      return held.today
    },
    newDay: (): void => {
      judgement = undefined
      held.newDay()
    },
    /** A trade. Refused when its minute is closed or when it is of another contract; held back while it stands alone. */
    onTick: (tick: Tick): boolean => {
      if (tick.contract !== undefined && tick.contract !== front.contractAt(tick.eventTime)) return refuse()
      rate.count(tick.receivedTime)
      hear(tick.eventTime)
      if (tick.eventTime < openFrom()) {
        amend(tick)
        return refuse()
      }
      if (screened) {
        const { accepted, suspect: doubted } = screen(prints, tick)
        doubt(doubted)
        takeAll(accepted)
      } else take(tick)
      return true
    },
    onQuote: (next: Quote): void => {
      quote = next
      rate.count(next.receivedTime)
      hear(next.eventTime)
      if (screened) takeAll(quoteSeen(prints, next))
    },
    /** The card changes by the clock or by judgement instead of by price. */
    endCard: held.end,
    /** A whole closed bar of the past or of a source without trades; `receivedTime` absent means it is no news. */
    onBar: (bar: Bar, finality: Finality, receivedTime?: number, told?: Told): void => {
      const sound = guardedNext(bar)
      if (sound === undefined) return
      if (receivedTime !== undefined) rate.count(receivedTime)
      follow(recordOf(sound, finality), receivedTime, told)
    },
    /** History before the day: it warms the analysis and nothing else. */
    warm: (past: Bar): void => {
      const bar = guardedNext(past)
      if (bar === undefined) return
      chronicle.warm(bar)
      learnBar(vigil, bar)
      bars++
      last = { price: bar.close, asOf: bar.time + minuteMs }
      reread()
    },
    /**
     * The vendor's own account of a minute, known at `asOf` in market time: it closes the forming one, and replaces one
     * built here where they differ; of two accounts the later counts.
     */
    onVendorBar: (told: Bar, receivedTime: number, asOf: number): void => {
      rate.count(receivedTime)
      const bar = guarded(told)
      if (bar === undefined) return
      const record = { ...recordOf(bar, 'settled'), asOf: Math.max(asOf, bar.time + minuteMs) }
      const known = chronicle.at(bar.time)
      const { forming } = rolling
      if (known !== undefined && isSameBar(known, bar)) {
        if (known.finality === 'partial') restate(record)
        return
      }
      if (bar.time < openFrom()) {
        correct([record])
        return
      }
      rolling = minuteBars.initial
      if (forming?.time === bar.time) {
        if (!isWhole(forming)) held.liveMissed(record)
        append(record)
      } else {
        if (forming !== undefined) closeForming(forming)
        follow(record, receivedTime)
      }
    },
    /** Bars that come late from history, oldest first; false when one is older than what can be corrected here. */
    onHistory: (bars: readonly RecordedBar[]): boolean => !correct(bars.flatMap((bar) => guarded(bar) ?? [])),
    /** Reads everything anew: history before the day, then the day's bars with those that are held here. */
    reload: (past: Iterable<Bar>, today: readonly RecordedBar[]): void => {
      const day = mergeBars(today, chronicle.held)
      const flows = [...chronicle.flows]
      chronicle = createChronicle(spec, tradeDateOf)
      flows.forEach(chronicle.learnFlow)
      bars = 0
      for (const each of past) {
        const bar = guardedNext(each)
        if (bar === undefined) continue
        chronicle.warm(bar)
        bars++
      }
      for (const each of day) {
        if (each.time <= (chronicle.state.bar?.time ?? Number.NEGATIVE_INFINITY)) continue
        const bar = guardedNext(each)
        if (bar === undefined) continue
        chronicle.append(bar)
        bars++
      }
      revision++
      reread()
    },
    /**
     * Nothing is heard any more, as is known at the instant `at`: the forming minute will be known in part, and so all
     * until `resume`.
     */
    interrupt: (at: number): void => {
      lostSince ??= vigil.heardAt === 0 ? at : vigil.heardAt
      watchedSince = Number.POSITIVE_INFINITY
      if (unproven !== undefined) askFor(unproven)
      unproven = undefined
      onTape = tape.initial
    },
    /** The market is heard again from `at` on: history should be asked for what was lost. Nothing while it is watched. */
    resume: (at: number): void => {
      if (lostSince === undefined) return
      events.onDoubt(desk, minuteOf(Math.min(lostSince, at)), minuteOf(at) + minuteMs)
      lostSince = undefined
      watchedSince = at
    },
    /** Another contract is the front: its print is no jump, and its name is on everything from now on. */
    rolled: (): void => {
      front.rolled()
      onTape = tape.initial
    },
    /** What was kept of who crossed the spread, before the bars of those minutes are told. */
    learnFlows: (flows: readonly MinuteFlow[]): void => flows.forEach(chronicle.learnFlow),
    /** The market is watched from this instant on: minutes that began before it are only partly known. */
    watchFrom: (at: number): void => {
      watchedSince = at
    },
    /** Puts late trades into their bars, and gives up the print that waited in vain; market time is `now`. */
    sweep: (now: number): void => {
      if (late.size > 0) correct([...late.values()].sort((a, b) => a.time - b.time))
      late.clear()
      doubt(releaseScreen(prints, now).suspect)
    },
    /** Closes the forming minute once it is over at `now`. */
    onTime: (now: number): void => {
      const { forming } = rolling
      if (forming === undefined || forming.time + minuteMs > now) return
      rolling = minuteBars.initial
      closeForming(forming)
    },
    /** Both sides judged by the newest closed bar; undefined before the first. */
    judgement: (): Judgement | undefined => {
      if (chronicle.state.bar === undefined) return undefined
      reading ??= chronicle.reading()
      // Only a card that still waits or runs keeps its level; a draft and a finished one are weighed afresh.
      const { card } = held
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
    /** What was wrong with bars from outside, counted by rule. */
    faults: faults as ReadonlyMap<BarFault, number>,
    contract: front.codeAt,
    roll: front.rollAt,
    contractMonth: front.contractAt,
    /** Events per second over the ten seconds before `wall`. */
    rate: rate.read,
    /** Wall clock of the newest event. */
    get receivedAt() {
      return rate.newest
    },
    /** The newest print that was taken for nothing. */
    get suspect() {
      return suspect
    },
    minute: (): MinuteReading => {
      const [before, closed] = chronicle.held.slice(-2)
      const { forming } = rolling
      const newest = closed ?? before
      const after = closed === undefined ? undefined : before?.time
      const flow = newestFlow !== undefined && newestFlow.time === newest?.time ? plainFlow(newestFlow) : undefined
      return {
        instrument: spec.id,
        revision,
        ...(forming && { forming }),
        ...(newest && {
          closed: { ...plainBar(newest), ...(after !== undefined && { after }), ...(flow && { flow }) },
        }),
      }
    },
    price: (at: number): PriceReading | undefined => {
      if (last === undefined) return undefined
      const receivedAt = Math.max(last.receivedAt ?? 0, quote?.receivedTime ?? 0)
      const before = priorClose(last)
      return {
        instrument: spec.id,
        contract: front.codeAt(at),
        last: last.price,
        asOf: last.asOf,
        ...(receivedAt > 0 && { receivedAt }),
        ...(!isOpen(spec.group, at) && { closed: true }),
        ...(before !== undefined && { change: last.price - before }),
        ...(quote !== undefined && { bid: quote.bid, ask: quote.ask }),
        ...(suspect !== undefined && at - suspect.at < suspectShownMs && { suspect }),
        ...(held.life !== undefined && { toZone: pointsToZone(held.life, last.price) }),
      }
    },
  }
  return desk
}
