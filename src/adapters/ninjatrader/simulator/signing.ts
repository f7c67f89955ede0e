import { createHmac, timingSafeEqual } from 'node:crypto'

const hmac = (token: string, text: string): string => createHmac('sha256', token).update(text, 'utf8').digest('hex')

/** The headers of a call; `body` is what is sent, or the path with its query of a GET; `at` is machine time, epoch ms. */
export const signedHeaders = (
  { token, bridge }: { readonly token: string; readonly bridge: string },
  body: string,
  at: number,
): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'x-copilot-bridge': bridge,
  'x-copilot-timestamp': `${at}`,
  'x-copilot-signature': hmac(token, `${at}.${body}`),
})

/** The own fields of each command kind, in the order they are signed. */
const ownFields: Readonly<Record<string, readonly string[]>> = {
  ping: [],
  cancelAll: [],
  flattenAccount: [],
  flattenAll: [],
  placeBracket: ['instrument', 'side', 'quantity', 'entry', 'limit', 'stop', 'target1', 'target2', 'tag'],
  changeStop: ['orderId', 'stopPrice'],
  lockout: ['until'],
}

/** A command as it came. What is not understood is refused, never guessed. */
export type ReceivedCommand = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly number: number
  readonly kind: string
  readonly account: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly signature: string
}

const readCommand = (value: unknown): ReceivedCommand | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const read = value as Record<string, unknown>
  const texts = ['id', 'kind', 'account', 'signature'].every((name) => typeof read[name] === 'string')
  const numbers = ['number', 'issuedAt', 'expiresAt'].every((name) => Number.isSafeInteger(read[name]))
  return texts && numbers ? (read as ReceivedCommand) : undefined
}

/** Reads the commands of an answer, leaving out what is none; undefined when it is no such answer. */
export const readCommands = (json: unknown): readonly ReceivedCommand[] | undefined => {
  const list = typeof json === 'object' && json !== null && 'commands' in json ? json.commands : undefined
  return Array.isArray(list) ? list.map(readCommand).filter((command) => command !== undefined) : undefined
}

/** Whether the bridge knows how to do a command of this kind. */
export const isKnownKind = (kind: string): boolean => kind in ownFields

/** Whether the token's holder signed exactly this command. An unknown kind is signed without fields of its own. */
export const isSigned = (command: ReceivedCommand, token: string): boolean => {
  const { id, number, kind, account, issuedAt, expiresAt, signature } = command
  const own = (ownFields[kind] ?? []).map((name) => command[name] ?? '')
  const expected = hmac(token, `${[id, number, kind, account, issuedAt, expiresAt].join('|')}|${own.join('|')}`)
  return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
}
