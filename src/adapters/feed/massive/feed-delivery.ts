import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract, ContractSpec } from '#src/domain/instruments/instrument.ts'
import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { FeedSink } from '#src/engine/ports.ts'
import type { MarketEvent, Refusal, WireQuote } from './frames.ts'
import { toTicker } from './tickers.ts'

/** A contract that is listened to. */
type Listening = {
  readonly spec: ContractSpec
  readonly month: number
  /** Sequence numbers of its newest trades, oldest first. */
  readonly seen: Set<number>
}

type Sound = Pick<FeedSink, 'onTick' | 'onQuote' | 'onBar'>

/** How far back a trade sent twice is known as such. */
const rememberedTrades = 4_096

const listenTo = (contract: Contract): Listening => ({
  spec: specOf(contract.id),
  month: contractMonth(contract),
  seen: new Set(),
})

const forgetOldest = (seen: Set<number>): void => {
  const [oldest] = seen
  if (oldest !== undefined) seen.delete(oldest)
}

/** Whether the trade was here before; remembers it. Trades without a sequence number cannot be told apart. */
const isRepeated = (seen: Set<number>, sequence: number | undefined): boolean => {
  if (sequence === undefined) return false
  if (seen.has(sequence)) return true
  seen.add(sequence)
  if (seen.size > rememberedTrades) forgetOldest(seen)
  return false
}

/** Only energy has ever traded below nothing. */
const isPossible = (spec: ContractSpec, price: number | undefined): boolean =>
  price === undefined || (isOnGrid(spec, price) && (price > 0 || spec.group === 'energy'))

const pricesOf = (event: MarketEvent): readonly (number | undefined)[] => {
  if (event.ev === 'T') return [event.price]
  if (event.ev === 'Q') return [event.bid, event.ask]
  const { open, high, low, close } = event.bar
  return [open, high, low, close]
}

/** When an event was over: a minute at its end. */
const timeOf = (event: MarketEvent): number => (event.ev === 'AM' ? event.bar.time + minuteMs : event.time)

const handQuote = (quote: WireQuote, { spec }: Listening, receivedTime: number, sink: Sound): void => {
  const { time: eventTime, bid, ask, bidSize, askSize } = quote
  if (bid === undefined || ask === undefined) return
  sink.onQuote({ instrument: spec.id, eventTime, receivedTime, bid, ask, bidSize, askSize })
}

const hand = (event: MarketEvent, to: Listening, receivedTime: number, sink: Sound): void => {
  const instrument = to.spec.id
  if (event.ev === 'AM') sink.onBar(instrument, event.bar, receivedTime)
  else if (event.ev === 'Q') handQuote(event, to, receivedTime, sink)
  else {
    const { time: eventTime, price, size } = event
    sink.onTick({ instrument, eventTime, receivedTime, price, size, contract: to.month })
  }
}

/**
 * Turns what is on the wire into our words and hands it on. Only the contracts followed get through: a price of another
 * delivery month is not the price of the market. Gives the market time of an event it took, epoch ms.
 */
export const createDelivery = (refuse: (kind: Refusal) => void) => {
  let listening: ReadonlyMap<string, Listening> = new Map()

  const faultOf = (event: MarketEvent, to: Listening | undefined, isAsked: boolean): Refusal | undefined => {
    if (to === undefined) return 'foreign-contract'
    if (!isAsked) return 'unasked'
    if (!pricesOf(event).every((price) => isPossible(to.spec, price))) return 'off-grid'
    return event.ev === 'T' && isRepeated(to.seen, event.sequence) ? 'duplicate' : undefined
  }

  return {
    follow: (contracts: readonly Contract[]): void => {
      listening = new Map(
        contracts.map((contract) => {
          const name = toTicker(contract)
          return [name, listening.get(name) ?? listenTo(contract)]
        }),
      )
    },
    /** `isAsked`: whether its channel was subscribed to. */
    take: (event: MarketEvent, isAsked: boolean, receivedTime: number, sink: Sound): number | undefined => {
      const to = listening.get(event.sym)
      const fault = faultOf(event, to, isAsked)
      if (to === undefined || fault !== undefined) {
        refuse(fault ?? 'foreign-contract')
        return undefined
      }
      hand(event, to, receivedTime, sink)
      return timeOf(event)
    },
  }
}
