import { characterOf } from '#src/adapters/feed/synthetic/character.ts'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { focusInstruments, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { sequenceOf, type Tape, type TapeEvent } from './tape.ts'

/** The share (0–1) of a market's trades that a contract has on a trade date. */
type VolumeOf = (contract: Contract, tradeDate: string) => number

const followed = 0.05
const yearMs = 365 * 86_400_000
/** The synthetic market begins in 2010. */
const begins = Date.UTC(2010, 1, 1)

/** By the calendar: the front has every trade, the contract after it one in twenty, the rest none. */
const calendarVolume: VolumeOf = (contract, tradeDate) => {
  const month = contractMonth(contract)
  const front = frontContract(contract.id, tradeDate)
  if (month === contractMonth(front)) return 1
  const next = frontContract(contract.id, tradeDate, { front: 0, next: 1 })
  return month === contractMonth(next) ? followed : 0
}

type Slice = { readonly tradeDate: string; readonly from: number; readonly to: number }

/** The parts of [from, to) in which the market is open or paused, each with its trade date. */
function* slicesOf(id: InstrumentId, from: number, to: number): Iterable<Slice> {
  const { group } = specOf(id)
  for (let at = from; at < to; ) {
    const tradeDate = tradeDateAt(group, at)
    const session = sessionOf(group, tradeDate)
    if (session === undefined || session.open >= to) return
    yield { tradeDate, from: Math.max(at, session.open), to: Math.min(to, session.close) }
    at = session.close
  }
}

/** Whether trade `index` of a minute is one of a contract's share: as evenly as whole numbers allow. */
const isShared = (index: number, share: number): boolean => Math.floor((index + 1) * share) > Math.floor(index * share)

const monthsBetween = (a: Contract, b: Contract): number => (b.year - a.year) * 12 + b.month - a.month

/**
 * The synthetic market of a seed as contracts: each trades its share, 0.3 % of the market's base dearer for every month
 * it is later than the front at `from` (epoch ms), so that two contracts are never taken for one.
 */
export const createSyntheticTape = ({
  seed,
  from: reference,
  instruments = focusInstruments,
  volumeOf = calendarVolume,
}: {
  readonly seed: number
  readonly from: number
  readonly instruments?: readonly InstrumentId[]
  readonly volumeOf?: VolumeOf
}): Tape => {
  const market = createSyntheticMarket({ seed })

  const carryOf = (contract: Contract): number => {
    const { group, ticksPerPoint } = specOf(contract.id)
    const front = frontContract(contract.id, tradeDateAt(group, reference))
    return Math.round(characterOf(contract.id).base * 0.003 * ticksPerPoint) * monthsBetween(front, contract)
  }

  function* play(contract: Contract, { tradeDate, from, to }: Slice, share: number): Iterable<TapeEvent> {
    const { ticksPerPoint } = specOf(contract.id)
    const carry = carryOf(contract)
    const dearer = (price: number): number => Math.round(price * ticksPerPoint + carry) / ticksPerPoint
    let minute = 0
    let index = 0
    let met: TapeEvent | undefined
    // From the whole minute on, because a trade's number counts from there.
    for (const event of market.events(contract.id, tradeDate, minuteOf(from), to)) {
      const time = event.eventTime
      if ('bid' in event) {
        const { bidSize, askSize } = event
        met = { kind: 'quote', time, bid: dearer(event.bid), bidSize, ask: dearer(event.ask), askSize }
        if (share >= 1 && time >= from) yield met
        continue
      }
      if (minuteOf(time) !== minute) {
        minute = minuteOf(time)
        index = 0
      }
      const sequence = sequenceOf(minute, index)
      if (!isShared(index++, Math.min(1, share)) || time < from) continue
      if (share < 1 && met !== undefined) yield { ...met, time }
      yield { kind: 'trade', time, price: dearer(event.price), size: event.size, sequence }
    }
  }

  return {
    instruments,
    startsAt: Math.max(begins, reference - 2 * yearMs),
    events: function* (contract, from, to) {
      for (const slice of slicesOf(contract.id, from, to)) {
        const share = volumeOf(contract, slice.tradeDate)
        if (share > 0) yield* play(contract, slice, share)
      }
    },
  }
}
