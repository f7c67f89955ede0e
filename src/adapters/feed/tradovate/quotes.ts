import { type Loose, listOf, looseOf } from './frames.ts'
import { instantOf, numberOf } from './vendor-number.ts'

/** One side of the book, or the last trade; either half may be missing. */
export type Entry = { readonly price?: unknown; readonly size?: unknown }

/** What a quote message says of one contract; what it does not mention did not change. */
export type QuoteWord = {
  readonly contractId: number
  readonly at: number
  readonly empty: boolean
  readonly bid?: Entry
  readonly offer?: Entry
  readonly trade?: Entry
  /** Contracts traded in the session so far. */
  readonly sessionVolume?: number
}

const entryOf = (entries: Loose, name: string): Entry | undefined => {
  const entry = looseOf(entries[name])
  return entry === undefined ? undefined : { price: entry['price'], size: entry['size'] }
}

const readQuote = (value: unknown): QuoteWord | undefined => {
  const row = looseOf(value) ?? {}
  const entries = looseOf(row['entries'])
  const contractId = numberOf(row['contractId'])
  const at = instantOf(row['timestamp'])
  if (entries === undefined || contractId === undefined || at === undefined) return undefined
  const [bid, offer, trade] = [entryOf(entries, 'Bid'), entryOf(entries, 'Offer'), entryOf(entries, 'Trade')]
  const sessionVolume = numberOf(entryOf(entries, 'TotalTradeVolume')?.size)
  return {
    contractId,
    at,
    empty: entries['EmptyBook'] !== undefined,
    ...(bid && { bid }),
    ...(offer && { offer }),
    ...(trade && { trade }),
    ...(sessionVolume !== undefined && { sessionVolume }),
  }
}

/** The quotes of a market-data event and how many of them could not be read. Never throws. */
export const readQuotes = (d: unknown): { readonly quotes: readonly QuoteWord[]; readonly refused: number } => {
  const rows = listOf(looseOf(d)?.['quotes'])
  const quotes = rows.map(readQuote).filter((quote) => quote !== undefined)
  return { quotes, refused: rows.length - quotes.length }
}
