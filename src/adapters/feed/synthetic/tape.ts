import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { SessionPath } from './session-path.ts'
import type { Stream } from './stream.ts'

/** One minute's trades in order, with the market each one met; prices in ticks, time in ms after the minute's start. */
export type Tape = {
  length: number
  time: Int32Array
  bid: Int32Array
  ask: Int32Array
  price: Int32Array
  size: Int32Array
}

const columns = (capacity: number): Tape => ({
  length: 0,
  time: new Int32Array(capacity),
  bid: new Int32Array(capacity),
  ask: new Int32Array(capacity),
  price: new Int32Array(capacity),
  size: new Int32Array(capacity),
})

/** Creates an empty tape to be filled again and again. */
export const createTape = (): Tape => columns(1024)

/** Trade sizes by the byte that is drawn: Pareto with exponent 1.3, half of the trades a single contract. */
const sizes = Int32Array.from({ length: 256 }, (_, byte) => Math.floor(((byte + 0.5) / 256) ** (-1 / 1.3)))

/** A normal good enough for a step of many: the sum of three uniforms of ten bits, at the price of one word. */
const roughNormal = (word: number): number =>
  ((word & 1023) + ((word >>> 10) & 1023) + ((word >>> 20) & 1023) - 1534.5) / 512

/** Trades of one minute: Poisson by Knuth's product where few are expected, else its normal limit. */
const countTrades = (chance: Stream, expected: number): number => {
  if (expected > 12) return Math.max(0, Math.round(expected + Math.sqrt(expected) * chance.normal()))
  const limit = Math.exp(-expected)
  let count = 0
  for (let product = chance.uniform(); product > limit; product *= chance.uniform()) count++
  return count
}

/** How much likelier a buyer crosses the spread in a minute that rises by one standard deviation. */
const tiltOf = (move: number, sigma: number): number => 0.15 * Math.max(-1, Math.min(1, move / sigma))

/**
 * Fills the tape with minute `index` of a session: the middle walks a Brownian bridge from where the minute starts to
 * where it ends, and each trade crosses the spread around it, more often towards the side the middle is nearer to.
 */
export const fillTape = (tape: Tape, path: SessionPath, index: number, wide: number, chance: Stream): void => {
  const end = path.middle[index + 1] as number
  const sigma = path.sigma[index] as number
  const count = countTrades(chance, path.trades[index] as number)
  if (count > tape.time.length) Object.assign(tape, columns(2 * count))
  tape.length = count
  const tilt = tiltOf(end - (path.middle[index] as number), sigma)
  const step = sigma / Math.sqrt(count)
  let middle = path.middle[index] as number
  for (let k = 0; k < count; k++) {
    const left = count - k
    middle += (end - middle) / left + step * Math.sqrt((left - 1) / left) * roughNormal(chance.word())
    const spread = chance.uniform() < wide ? 2 : 1
    const bid = Math.floor(middle - (spread - 1) / 2)
    const side = chance.word()
    const buys = (side >>> 8) / 2 ** 24 < (middle - bid) / spread + tilt
    tape.time[k] = Math.floor(((k + chance.uniform()) * minuteMs) / count)
    tape.bid[k] = bid
    tape.ask[k] = bid + spread
    tape.price[k] = buys ? bid + spread : bid
    tape.size[k] = sizes[side & 255] as number
  }
}

/** The bar of the taped minute starting at `time` (epoch ms), undefined when nothing traded. */
export const barOf = ({ length, price, size }: Tape, time: number, ticksPerPoint: number): Bar | undefined => {
  if (length === 0) return undefined
  let high = price[0] as number
  let low = high
  let volume = 0
  for (let k = 0; k < length; k++) {
    const at = price[k] as number
    if (at > high) high = at
    if (at < low) low = at
    volume += size[k] as number
  }
  return {
    time,
    open: (price[0] as number) / ticksPerPoint,
    high: high / ticksPerPoint,
    low: low / ticksPerPoint,
    close: (price[length - 1] as number) / ticksPerPoint,
    volume,
  }
}
