/** What one text on the vendor's socket says: a SockJS-like letter, then its content. */
export type Frame =
  | { readonly kind: 'open' | 'heartbeat' }
  | { readonly kind: 'messages'; readonly messages: readonly Message[]; readonly unknown: number }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly why: 'not-json' | 'unknown-frame' }

/** An answer to the request of that id, or an event nobody asked for. `d` is still whatever the vendor sent. */
export type Message =
  | { readonly id: number; readonly status: number; readonly d: unknown }
  | { readonly event: string; readonly d: unknown }

/** A JSON object as it came. */
export type Loose = Readonly<Record<string, unknown>>

/** The value as an object, or undefined when it is none; lists are none. */
export const looseOf = (value: unknown): Loose | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined

/** The value as a list; empty when it is none. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const parse = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const toMessage = (value: unknown): Message | undefined => {
  const { i, s, e, d } = looseOf(value) ?? {}
  if (typeof e === 'string') return { event: e, d }
  return typeof i === 'number' && typeof s === 'number' ? { id: i, status: s, d } : undefined
}

const messages = (value: readonly unknown[]): Frame => {
  const read = value.map(toMessage).filter((message) => message !== undefined)
  return { kind: 'messages', messages: read, unknown: value.length - read.length }
}

/** Reads one text frame: `o`, `h`, `a[…]` or `c[code,"reason"]`. Never throws. */
export const readFrame = (text: string): Frame => {
  if (text === 'o') return { kind: 'open' }
  if (text === 'h') return { kind: 'heartbeat' }
  const letter = text.charAt(0)
  if (letter !== 'a' && letter !== 'c') return { kind: 'refused', why: 'unknown-frame' }
  const parsed = parse(text.slice(1))
  if (parsed === undefined) return { kind: 'refused', why: 'not-json' }
  if (!Array.isArray(parsed.value)) return { kind: 'refused', why: 'unknown-frame' }
  if (letter === 'a') return messages(parsed.value)
  const [code, reason] = parsed.value
  return { kind: 'close', code: typeof code === 'number' ? code : 0, reason: typeof reason === 'string' ? reason : '' }
}

/** Writes a request: operation, id, query and body on a line each. A text body goes out as it is, undefined as nothing. */
export const writeRequest = (operation: string, id: number, body?: unknown): string =>
  `${operation}\n${id}\n\n${typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)}`
