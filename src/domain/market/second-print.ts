/** A price in points and when it was told, epoch ms, with the quote it was told with. */
export type QuotedPrint = {
  readonly price: number
  readonly at: number
  readonly bid?: number
  readonly ask?: number
}

const farShare = 0.01

const isFar = (price: number, from: number): boolean => Math.abs(price - from) > Math.abs(from) * farShare

/** Whether a price is another print like the one that waits. The same price told again with a quote may be the quote's news. */
const isSecond = ({ price, at, bid, ask }: QuotedPrint, waits: QuotedPrint): boolean =>
  at > waits.at && !isFar(price, waits.price) && (price !== waits.price || (bid ?? ask) === undefined)

/** Whether a price must wait: it is more than 1 % from the last, no quote is beside it, and no other print like it was told. */
export const standsAlone = (last: number | undefined, waits: QuotedPrint | undefined, print: QuotedPrint): boolean => {
  if (last === undefined || !isFar(print.price, last)) return false
  const isQuoted = [print.bid, print.ask].some((side) => side !== undefined && !isFar(print.price, side))
  return !isQuoted && (waits === undefined || !isSecond(print, waits))
}
