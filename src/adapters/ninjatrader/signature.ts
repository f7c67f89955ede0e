import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IssuedCommand, PlatformCommand } from '#src/domain/trading/platform-event.ts'
import { bridgeName } from './wire.ts'

/** A caller's clock may be this far from ours, ms: longer, and a call written down once could be played again. */
const skewMs = 30_000

/** The own fields of each command, in the order in which they are signed. */
const ownFields: { readonly [K in PlatformCommand['kind']]: readonly string[] } = {
  ping: [],
  cancelAll: [],
  flattenAccount: [],
  flattenAll: [],
  placeBracket: ['instrument', 'side', 'quantity', 'entry', 'limit', 'stop', 'target1', 'target2', 'tag'],
  changeStop: ['orderId', 'stopPrice'],
  lockout: ['until'],
}

const hmac = (token: string): ReturnType<typeof createHmac> => createHmac('sha256', token)

/** Lower-case hex of HMAC-SHA256(token, timestamp + '.' + body); the body of a GET is its path with the query. */
export const signCall = (token: string, timestamp: string, body: string | Uint8Array): string =>
  hmac(token).update(`${timestamp}.`).update(body).digest('hex')

/** What of a command is signed; the bridge builds the same text from the JSON. */
export const canonicalCommand = (command: IssuedCommand): string => {
  const { id, number, kind, account, issuedAt, expiresAt } = command
  const own = ownFields[kind].map((field) => (command as unknown as Record<string, unknown>)[field] ?? '')
  return `${[id, number, kind, account, issuedAt, expiresAt].join('|')}|${own.join('|')}`
}

/** Lower-case hex of HMAC-SHA256(token, canonical command). */
export const signCommand = (token: string, command: IssuedCommand): string =>
  hmac(token).update(canonicalCommand(command)).digest('hex')

/** Compares digests, so that the time taken tells neither the length nor how much was right. */
const isSame = (given: string, expected: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** A call's headers as they came, and what was signed. */
export type Call = {
  readonly authorization: string | undefined
  readonly bridge: string | undefined
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: string | Uint8Array
}

export type CallRefusal = {
  readonly field: string
  readonly reason:
    | 'token-missing'
    | 'token-wrong'
    | 'bridge-missing'
    | 'timestamp-missing'
    | 'signature-missing'
    | 'signature-wrong'
    | 'clock-skew'
}

/**
 * What is wrong with a call, undefined when it is a bridge's own; `now` is epoch ms of this machine. The clock comes last:
 * only who holds the token learns that it is his clock.
 */
export const complaintOfCall = (token: string, call: Call, now: number): CallRefusal | undefined => {
  const given = /^Bearer +(\S+)$/i.exec(call.authorization ?? '')?.[1]
  if (given === undefined) return { field: 'Authorization', reason: 'token-missing' }
  if (!isSame(given, token)) return { field: 'Authorization', reason: 'token-wrong' }
  if (!bridgeName.test(call.bridge ?? '')) return { field: 'X-CoPilot-Bridge', reason: 'bridge-missing' }
  const timestamp = call.timestamp ?? ''
  if (!/^\d{1,15}$/.test(timestamp)) return { field: 'X-CoPilot-Timestamp', reason: 'timestamp-missing' }
  if (call.signature === undefined) return { field: 'X-CoPilot-Signature', reason: 'signature-missing' }
  if (!isSame(call.signature, signCall(token, timestamp, call.body)))
    return { field: 'X-CoPilot-Signature', reason: 'signature-wrong' }
  return Math.abs(now - Number(timestamp)) > skewMs ? { field: 'X-CoPilot-Timestamp', reason: 'clock-skew' } : undefined
}
