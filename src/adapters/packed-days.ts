import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { DayColumns } from '#src/domain/optimization/trial.ts'

const doubles = ['net', 'r', 'rSquared'] as const
const counts = ['trades', 'wins'] as const
const bytesOfDate = 32

/** The columns one after the other, as they lie in memory. */
const layOut = (days: DayColumns): Uint8Array => {
  const dates = days.net.length
  const laid = new Uint8Array(dates * bytesOfDate)
  doubles.forEach((name, i) => {
    laid.set(new Uint8Array(days[name].buffer, days[name].byteOffset, dates * 8), i * dates * 8)
  })
  counts.forEach((name, i) => {
    laid.set(new Uint8Array(days[name].buffer, days[name].byteOffset, dates * 4), dates * 24 + i * dates * 4)
  })
  return laid
}

/**
 * Packs columns into a quarter of their bytes, most dates being without a trade: a row that large goes into the database in a
 * third of the time. Before the deflated bytes stand one or two that say how many they are, so that the whole is never a
 * multiple of 32: that is what earlier versions kept, which did not deflate.
 */
export const packDays = (days: DayColumns): Uint8Array => {
  const deflated = deflateRawSync(layOut(days), { level: 1 })
  const ahead = (deflated.length + 1) % bytesOfDate === 0 ? 2 : 1
  const packed = new Uint8Array(ahead + deflated.length)
  packed.fill(ahead, 0, ahead)
  packed.set(deflated, ahead)
  return packed
}

/** The columns of `packDays`; throws when the bytes are none of its. */
export const unpackDays = (packed: Uint8Array): DayColumns => {
  const laid = packed.length % bytesOfDate === 0 ? packed : inflateRawSync(packed.subarray(packed[0]))
  const dates = laid.length / bytesOfDate
  if (!Number.isInteger(dates)) throw new RangeError(`${laid.length} bytes are no whole number of dates`)
  // A copy lies at an address that doubles may have. A Buffer's own slice would be none: it shares the memory of others.
  const { buffer } = new Uint8Array(laid)
  const double = (i: number): Float64Array => new Float64Array(buffer, i * dates * 8, dates)
  const count = (i: number): Int32Array => new Int32Array(buffer, dates * 24 + i * dates * 4, dates)
  return { net: double(0), r: double(1), rSquared: double(2), trades: count(0), wins: count(1) }
}
