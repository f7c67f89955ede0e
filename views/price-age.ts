import type { PriceReading } from '#src/domain/picture.ts'
import { ageText, type Freshness, freshnessOf } from './age.ts'
import { formatTime, unknown } from './format.ts'

type PriceAge = { readonly text: string; readonly freshness?: Freshness | 'closed'; readonly receivedAt?: number }

/**
 * How old a price is at the server's wall clock. In a closed market it grows no older; of one from history the time is told,
 * for nobody heard it come.
 */
export const priceAge = (price: PriceReading | undefined, wall: number | undefined): PriceAge => {
  if (price === undefined) return { text: unknown }
  if (price.closed) return { text: 'closed', freshness: 'closed' }
  const { receivedAt } = price
  if (receivedAt === undefined) return { text: formatTime(price.asOf), freshness: 'stale' }
  const age = (wall ?? receivedAt) - receivedAt
  return { text: ageText(age), freshness: freshnessOf(age), receivedAt }
}
