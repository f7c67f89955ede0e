import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import { characterOf } from './character.ts'
import type { SessionPath } from './session-path.ts'
import type { Stream } from './stream.ts'
import type { Tape } from './tape.ts'

/** What happens in the synthetic market, before any machine has received it. */
export type MarketEvent = Omit<Required<Tick>, 'receivedTime' | 'contract'> | Omit<Quote, 'receivedTime'>

/** The best prices are quoted anew about once a second even when nothing trades. */
const restlessMs = 1000

/**
 * Reads one minute of the tape as trades and quotes in time order. A quote stands before the trade that met it, so
 * every trade is at the bid or the ask last quoted.
 */
export const readMinute = (
  tape: Tape,
  instrument: InstrumentId,
  path: SessionPath,
  index: number,
  chance: Stream,
): readonly MarketEvent[] => {
  const { ticksPerPoint } = specOf(instrument)
  const { depth } = characterOf(instrument)
  const minute = path.time[index] as number
  const events: MarketEvent[] = []
  let bid = Math.floor(path.middle[index] as number)
  let ask = bid + 1

  const quote = (eventTime: number): void => {
    const sizes = chance.word()
    events.push({
      instrument,
      eventTime,
      bid: bid / ticksPerPoint,
      ask: ask / ticksPerPoint,
      bidSize: 1 + Math.floor(((sizes & 0xffff) * 2 * depth) / 0x10000),
      askSize: 1 + Math.floor(((sizes >>> 16) * 2 * depth) / 0x10000),
    })
  }
  let second = 0
  let restless = minute
  const quoteTo = (eventTime: number): void => {
    for (; restless <= eventTime && second < 60; restless = minute + restlessMs * ++second + (chance.word() & 511))
      quote(restless)
  }

  for (let k = 0; k < tape.length; k++) {
    const eventTime = minute + (tape.time[k] as number)
    quoteTo(eventTime)
    if (tape.bid[k] !== bid || tape.ask[k] !== ask) {
      bid = tape.bid[k] as number
      ask = tape.ask[k] as number
      quote(eventTime)
    }
    const price = tape.price[k] as number
    events.push({
      instrument,
      eventTime,
      price: price / ticksPerPoint,
      size: tape.size[k] as number,
      aggressor: price === ask ? 'buy' : 'sell',
    })
  }
  quoteTo(minute + minuteMs - 1)
  return events
}
