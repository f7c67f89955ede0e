import type { Refused } from '#src/engine/ports.ts'
import { type Answer, refused } from './rest-request.ts'
import { pageWire } from './wire.ts'

/** One page of an answer: rows as they came. */
export type RawPage = { readonly ok: true; readonly rows: readonly unknown[]; readonly more: boolean }

/** Twenty years of minutes are 150 of the largest pages. */
const mostPages = 200

const isVendor = (hostname: string): boolean => /(^|\.)(massive\.com|polygon\.io)$/.test(hostname)

/** Where the next page is, undefined when its address is not one the key may be sent to. */
const followed = (next: string, base: URL): URL | undefined => {
  const url = URL.canParse(next) ? new URL(next) : undefined
  if (url === undefined) return undefined
  return url.origin === base.origin || (url.protocol === 'https:' && isVendor(url.hostname)) ? url : undefined
}

/** What a page is known by; the cursor in the address may change where the rows do not. */
const printOf = (rows: readonly unknown[]): string => JSON.stringify([rows.length, rows[0], rows.at(-1)])

/**
 * Follows an answer from page to page. Refuses 'garbage' and ends where the next page is a stranger's, one that was read
 * already, or one too many.
 */
export const pagesOf = (get: (url: string, signal: AbortSignal) => Promise<Answer>) =>
  async function* (first: URL, signal: AbortSignal): AsyncGenerator<RawPage | Refused, void, undefined> {
    const seen = new Set<string>()
    for (let url: URL | undefined = first, pages = 0; url !== undefined; pages++) {
      if (pages === mostPages || seen.has(url.href)) return yield refused('garbage', 'the pages have no end')
      seen.add(url.href)
      const answer = await get(url.href, signal)
      if (!answer.ok) return yield answer
      const page = pageWire.safeParse(answer.body)
      if (!page.success) return yield refused('garbage', 'the answer is not a page of rows')
      const rows = page.data.results ?? []
      const print = printOf(rows)
      if (rows.length > 0 && seen.has(print)) return yield refused('garbage', 'a page came twice')
      seen.add(print)
      const next = page.data.next_url
      yield { ok: true, rows, more: Boolean(next) }
      url = next ? followed(next, first) : undefined
      if (next && url === undefined) yield refused('garbage', 'the next page is at an address that is not the vendor’s')
    }
  }
