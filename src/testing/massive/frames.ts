import { minuteMs } from '#src/domain/market/bar.ts'
import type { Channel, Faults } from './faults.ts'
import { type Aggregate, foldTrades } from './minutes.ts'
import type { TapeEvent, TapeQuote, TapeTrade } from './tape.ts'

/** An event on its way out: due at an instant (epoch ms of the market), on a channel like 'AM.MGCZ6'. */
export type Outgoing = {
  readonly at: number
  readonly kind: Channel
  readonly channel: string
  /** As it is written while nothing is wrong; made once for all connections. */
  readonly text: string
  /** Writes it anew under the faults that change what is written. */
  readonly rewrite: (faults: Faults) => string
}

const secondMs = 1000
/** How long after its end an aggregate is told, ms of market time. */
const secondLagMs = 50
const minuteLagMs = 200

const writeTrade = (ticker: string, { time, price, size, sequence }: TapeTrade, skew = 0): string =>
  `{"ev":"T","sym":"${ticker}","p":${price},"s":${size},"t":${time + skew},"q":${sequence}}`

const writeQuote = (ticker: string, { time, bid, bidSize, ask, askSize }: TapeQuote, skew = 0): string => {
  const at = time + skew
  return `{"ev":"Q","sym":"${ticker}","bp":${bid},"bs":${bidSize},"bt":${at},"ap":${ask},"as":${askSize},"at":${at},"t":${at}}`
}

const writeAggregate = (ev: 'A' | 'AM', ticker: string, bar: Aggregate, quoted: boolean): string => {
  const price = (value: number): string => (quoted ? `"${value}"` : `${value}`)
  const { time, open, high, low, close, volume, trades, turnover } = bar
  return `{"ev":"${ev}","sym":"${ticker}","v":${volume},"dv":${price(turnover)},"o":${price(open)},"c":${price(close)},"h":${price(high)},"l":${price(low)},"n":${trades},"s":${time},"e":${time + (ev === 'A' ? secondMs : minuteMs)}}`
}

const skewOf = (faults: Faults): number => faults.of('clock-skew')?.byMs ?? 0

const outgoingEvent = (ticker: string, event: TapeEvent): Outgoing =>
  event.kind === 'trade'
    ? {
        at: event.time,
        kind: 'T',
        channel: `T.${ticker}`,
        text: writeTrade(ticker, event),
        rewrite: (faults) => writeTrade(ticker, event, skewOf(faults)),
      }
    : {
        at: event.time,
        kind: 'Q',
        channel: `Q.${ticker}`,
        text: writeQuote(ticker, event),
        rewrite: (faults) => writeQuote(ticker, event, skewOf(faults)),
      }

const outgoingAggregate = (ev: 'A' | 'AM', ticker: string, bar: Aggregate): Outgoing => ({
  at: bar.time + (ev === 'A' ? secondMs + secondLagMs : minuteMs + minuteLagMs),
  kind: ev,
  channel: `${ev}.${ticker}`,
  text: writeAggregate(ev, ticker, bar, false),
  rewrite: (faults) => writeAggregate(ev, ticker, bar, faults.of('strings') !== undefined),
})

/** All that is told of one minute of a contract; the aggregates are folded from the very trades. */
export const framesOf = (ticker: string, events: readonly TapeEvent[]): readonly Outgoing[] => [
  ...events.map((event) => outgoingEvent(ticker, event)),
  ...foldTrades(events, secondMs).map((bar) => outgoingAggregate('A', ticker, bar)),
  ...foldTrades(events, minuteMs).map((bar) => outgoingAggregate('AM', ticker, bar)),
]
