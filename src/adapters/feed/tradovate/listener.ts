import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { Clock, FeedSink } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { chartIdsOf, chartRequest, packetsOf, readPacket } from './chart.ts'
import { type ContractIds, toName } from './contracts.ts'
import type { Answer, Conversation } from './conversation.ts'
import { createEar, type Ear, type NumberedTick } from './ear.ts'
import { readQuotes } from './quotes.ts'
import type { Tally } from './tally.ts'
import { createTimers } from './timers.ts'

/** How listening stands: whether anything was granted, how fine it comes, and a word for the trader. */
export type Standing = { readonly heard: boolean; readonly grain: 'tick' | 'bar'; readonly note: string | undefined }

export type Listener = ReturnType<typeof createListener>

/** Packets overtake each other on the way: trades wait this long for those before them. */
const settleMs = 60
const askAgainMs = 5_000
/** A plan without market data is not mended within the minute. */
const deniedWaitMs = 30 * 60_000

type Seat = {
  readonly ear: Ear
  chart: 'asked' | 'tick' | 'bar' | 'denied'
  quotes: 'asked' | 'granted' | 'denied'
  /** The vendor's id of the chart of the running market. */
  live?: number
  /** Whether that chart is past its history; one id for both tells them apart by the end of the former alone. */
  running: boolean
  denial?: string
}

const noteOf = (seats: readonly Seat[]): string | undefined => {
  const named = (those: readonly Seat[]): string =>
    those.length === seats.length ? '' : ` for ${those.map(({ ear }) => ear.name).join(', ')}`
  const barred = seats.filter(({ chart }) => chart === 'bar')
  const deaf = seats.filter(({ chart }) => chart === 'denied')
  const quoteless = seats.filter(({ quotes }) => quotes === 'denied')
  const notes = [
    ...(barred.length > 0 ? [`the account has no trades${named(barred)}: minute bars only`] : []),
    ...(deaf.length > 0 ? [`no trades and no bars${named(deaf)}`] : []),
    ...(quoteless.length > 0 ? [`no bid and ask${named(quoteless)}`] : []),
  ]
  return notes.length === 0 ? undefined : notes.join('; ')
}

/** Creates the listener to some contracts on one conversation; the sink gets what it hears, sound and in order. */
export const createListener = ({
  conversation,
  ids,
  clock,
  schedule,
  tally,
  sink,
  onStanding,
}: {
  readonly conversation: Conversation
  readonly ids: ContractIds
  readonly clock: Clock
  readonly schedule: Schedule
  readonly tally: Tally
  readonly sink: FeedSink
  readonly onStanding: (standing: Standing) => void
}) => {
  const stopping = new AbortController()
  const { later, clear } = createTimers(schedule)
  const seats = new Map<string, Seat>()
  const byChart = new Map<number, Seat>()
  const byContract = new Map<number, Seat>()
  let held: NumberedTick[] = []
  let heardAt = clock.wall()

  const isGone = (seat: Seat): boolean => stopping.signal.aborted || seats.get(seat.ear.name) !== seat

  const review = (): void => {
    const all = [...seats.values()]
    if (all.length > 0 && all.every(({ chart, quotes }) => chart === 'denied' && quotes === 'denied')) {
      const detail = all.find(({ denial }) => denial !== undefined)?.denial ?? 'Tradovate denies market data'
      conversation.end({ reason: 'refused', detail, retry: deniedWaitMs })
      return
    }
    onStanding({
      heard: all.some(({ chart, quotes }) => chart === 'tick' || chart === 'bar' || quotes === 'granted'),
      grain: all.some(({ chart }) => chart === 'bar') ? 'bar' : 'tick',
      note: noteOf(all),
    })
  }

  const cancelChart = (live: number): void => conversation.ask('md/cancelChart', { subscriptionId: live })

  /** Takes the chart that was granted; a tick chart's history is another day's business. */
  const take = (seat: Seat, grain: 'tick' | 'bar', answer: Answer & { readonly ok: true }): boolean => {
    const chart = chartIdsOf(answer.value)
    if (chart === undefined) return false
    if (isGone(seat)) {
      cancelChart(chart.live)
      return true
    }
    seat.chart = grain
    seat.live = chart.live
    seat.running = chart.history !== chart.live || grain === 'bar'
    byChart.set(chart.live, seat)
    if (grain === 'bar') byChart.set(chart.history, seat)
    return true
  }

  const askChart = (seat: Seat, grain: 'tick' | 'bar'): void => {
    const kind = grain === 'tick' ? 'Tick' : 'MinuteBar'
    conversation.ask('md/getChart', chartRequest(seat.ear.name, kind, { asMuchAsElements: 1 }), (answer) => {
      if (answer.ok && take(seat, grain, answer)) {
        review()
        return
      }
      if (isGone(seat)) return
      if (!answer.ok && answer.reason === 'unavailable') later(() => askChart(seat, grain), askAgainMs)
      else if (grain === 'tick') askChart(seat, 'bar')
      else {
        seat.chart = 'denied'
        if (!answer.ok) seat.denial = answer.detail
        review()
      }
    })
  }

  const subscribe = (seat: Seat): void =>
    conversation.subscribeQuote(seat.ear.name, (answer) => {
      if (isGone(seat)) return
      if (!answer.ok && answer.reason === 'unavailable') {
        later(() => subscribe(seat), askAgainMs)
        return
      }
      seat.quotes = answer.ok ? 'granted' : 'denied'
      if (!answer.ok) seat.denial = answer.detail
      review()
    })

  /** Quotes name a contract by its number alone, so it must be known before the first of them comes. */
  const askQuotes = async (seat: Seat): Promise<void> => {
    const found = await ids(seat.ear.contract, stopping.signal)
    if (isGone(seat)) return
    if (found.ok) {
      byContract.set(found.value, seat)
      subscribe(seat)
    } else if (found.reason === 'unavailable') later(() => void askQuotes(seat), askAgainMs)
    else {
      seat.quotes = 'denied'
      seat.denial = found.detail
      review()
    }
  }

  const add = (contract: Contract): void => {
    const seat: Seat = { ear: createEar(contract), chart: 'asked', quotes: 'asked', running: false }
    seats.set(seat.ear.name, seat)
    askChart(seat, 'tick')
    void askQuotes(seat)
  }

  const drop = (seat: Seat): void => {
    seats.delete(seat.ear.name)
    for (const book of [byChart, byContract]) for (const [id, at] of book) if (at === seat) book.delete(id)
    if (seat.live !== undefined) cancelChart(seat.live)
    if (seat.quotes !== 'denied') conversation.unsubscribeQuote(seat.ear.name)
  }

  const count = (kinds: readonly string[]): void => {
    for (const kind of kinds) tally.count(kind)
  }

  const flush = (): void => {
    const due = held.sort((a, b) => a.tick.eventTime - b.tick.eventTime || a.id - b.id)
    held = []
    for (const { tick } of due) sink.onTick(tick)
  }

  const hold = (ticks: readonly NumberedTick[]): void => {
    if (ticks.length > 0 && held.length === 0) later(flush, settleMs)
    held.push(...ticks)
  }

  const onQuotes = (d: unknown, receivedTime: number): void => {
    const { quotes, refused } = readQuotes(d)
    tally.count('quote', refused)
    for (const word of quotes) {
      const heard = byContract.get(word.contractId)?.ear.quote(word, clock.now(), receivedTime)
      count(heard?.refused ?? [])
      for (const quote of heard?.taken ?? []) sink.onQuote(quote)
    }
  }

  const onPacket = (seat: Seat, id: number, raw: unknown, receivedTime: number): void => {
    const packet = readPacket(seat.ear.contract.id, id, raw)
    count(packet.refused)
    if (seat.chart === 'tick' && seat.running) {
      const ticks = seat.ear.ticks(packet, clock.now(), receivedTime)
      count(ticks.refused)
      hold(ticks.taken)
    }
    if (seat.chart === 'bar') {
      const bars = seat.ear.bars(packet, clock.now())
      count(bars.refused)
      for (const bar of bars.taken) sink.onBar(seat.ear.contract.id, bar, receivedTime)
    }
    if (packet.ends) seat.running = true
  }

  return {
    /** Listens to these contracts and no others. */
    follow: (contracts: readonly Contract[]): void => {
      const names = new Set(contracts.map(toName))
      for (const seat of [...seats.values()]) if (!names.has(seat.ear.name)) drop(seat)
      for (const contract of contracts) if (!seats.has(toName(contract))) add(contract)
      review()
    },

    onEvent: (event: string, d: unknown, receivedTime: number): void => {
      heardAt = clock.wall()
      if (event === 'md') onQuotes(d, receivedTime)
      else if (event === 'chart')
        for (const { id, packet } of packetsOf(d)) {
          const seat = byChart.get(id)
          if (seat !== undefined) onPacket(seat, id, packet, receivedTime)
        }
      else tally.count('unknown-event')
    },

    /** Hands over the bars whose minute is over at `now` (market ms). */
    closeUntil: (now: number): void => {
      for (const { ear } of seats.values())
        for (const bar of ear.closeUntil(now)) sink.onBar(ear.contract.id, bar, clock.wall())
    },

    /** Wall clock of the newest event. */
    heardAt: (): number => heardAt,

    /** Ends a conversation that goes on and says nothing. */
    giveUp: (): void =>
      conversation.end({
        reason: 'silent',
        detail: 'no price for a minute though the market is open',
        retry: 'backoff',
      }),

    /** The conversation is over: what is held is told, and nothing more is asked. */
    stop: (): void => {
      stopping.abort()
      clear()
      flush()
    },
  }
}
