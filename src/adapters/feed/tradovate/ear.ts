import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { ChartTick, Packet } from './chart.ts'
import { contractsOf, readPrice } from './chart.ts'
import { toName } from './contracts.ts'
import type { Entry, QuoteWord } from './quotes.ts'

/** Farther from the clock than this an event is no event of the running market. */
const farMs = 24 * 3_600_000
/** Trades remembered so that none counts twice; packets overtake each other by far less. */
const remembered = 8_192

/** What a message came to: something of the domain, or the kinds of what was not taken. */
type Heard<T> = { readonly taken: readonly T[]; readonly refused: readonly string[] }

/** A trade with the vendor's number, which ascends in the order of the exchange. */
export type NumberedTick = { readonly id: number; readonly tick: Tick }

type Side = { readonly price: number; readonly size: number }

/**
 * Creates the ear for one contract on one conversation: it keeps the two sides of the book, the forming bar and the
 * numbers of the trades it had, and turns the vendor's words into the domain's. Starts anew with every conversation.
 */
export const createEar = (contract: Contract) => {
  const instrument = contract.id
  const month = contractMonth(contract)
  const had = new Set<number>()
  let bid: Side | undefined
  let ask: Side | undefined
  let forming: Bar | undefined
  let closedTo = 0

  /** A side the message does not mention stays; one that cannot be read is refused and stays too. */
  const sideOf = (entry: Entry | undefined, before: Side | undefined): Side | string | undefined => {
    if (entry === undefined) return before
    const price = entry.price === undefined ? before?.price : readPrice(instrument, entry.price)
    if (typeof price !== 'number') return price
    const size = entry.size === undefined ? (before?.size ?? 0) : contractsOf(entry.size)
    return size === undefined ? 'size' : { price, size }
  }

  const isFar = (at: number, now: number): boolean => Math.abs(at - now) > farMs

  const tickOf = ({ id, at, price, size, aggressor }: ChartTick, now: number, receivedTime: number): Tick | string => {
    if (isFar(at, now)) return 'far-from-now'
    if (had.has(id)) return 'duplicate'
    had.add(id)
    if (had.size > remembered) had.delete(had.values().next().value as number)
    const tick = { instrument, eventTime: at, receivedTime, price, size, contract: month }
    return aggressor === undefined ? tick : { ...tick, aggressor }
  }

  const closeForming = (): readonly Bar[] => {
    const bar = forming
    if (bar === undefined) return []
    forming = undefined
    closedTo = bar.time + minuteMs
    return [bar]
  }

  return {
    contract,
    name: toName(contract),

    /** The best bid and ask after a quote message; none while a side is missing or the two have crossed. */
    quote: (word: QuoteWord, now: number, receivedTime: number): Heard<Quote> => {
      if (isFar(word.at, now)) return { taken: [], refused: ['far-from-now'] }
      if (word.empty) {
        bid = undefined
        ask = undefined
      }
      const sides = [sideOf(word.bid, bid), sideOf(word.offer, ask)] as const
      const refused = sides.filter((side) => typeof side === 'string')
      if (refused.length > 0) return { taken: [], refused }
      ;[bid, ask] = sides as readonly [Side | undefined, Side | undefined]
      if (bid === undefined || ask === undefined) return { taken: [], refused: [] }
      if (bid.price > ask.price) return { taken: [], refused: ['crossed'] }
      const times = { eventTime: word.at, receivedTime }
      const sizes = { bidSize: bid.size, askSize: ask.size }
      return { taken: [{ instrument, ...times, bid: bid.price, ask: ask.price, ...sizes }], refused: [] }
    },

    /** Trades nobody had yet. */
    ticks: (packet: Packet, now: number, receivedTime: number): Heard<NumberedTick> => {
      const taken: NumberedTick[] = []
      const refused: string[] = []
      for (const chartTick of packet.ticks) {
        const tick = tickOf(chartTick, now, receivedTime)
        if (typeof tick === 'string') refused.push(tick)
        else taken.push({ id: chartTick.id, tick })
      }
      return { taken, refused }
    },

    /** The forming bar is sent again as it grows: it is closed when a later one begins. A closed minute stays closed. */
    bars: (packet: Packet, now: number): Heard<Bar> => {
      const taken: Bar[] = []
      const refused: string[] = []
      for (const bar of packet.bars.toSorted((a, b) => a.time - b.time)) {
        if (isFar(bar.time, now)) refused.push('far-from-now')
        else if (bar.time >= closedTo && bar.time >= (forming?.time ?? 0)) {
          if (forming !== undefined && bar.time > forming.time) taken.push(...closeForming())
          forming = bar
        }
      }
      return { taken, refused }
    },

    /** The forming bar, closed, when its minute is over at `now`. */
    closeUntil: (now: number): readonly Bar[] =>
      forming !== undefined && forming.time + minuteMs <= now ? closeForming() : [],
  }
}

export type Ear = ReturnType<typeof createEar>
