import { signCall } from '#src/adapters/ninjatrader/signature.ts'

const root = '/api/bridge/v1'

/** A bridge's side of a call, for tests: it signs as the protocol says and keeps no promise beyond that. */
export type Sender = {
  /** The bytes of a batch. */
  readonly body: (batch: number, events: readonly unknown[]) => string
  readonly post: (body: string | Uint8Array, headers?: Record<string, string>) => Promise<Response>
  readonly get: (query: string, headers?: Record<string, string>) => Promise<Response>
}

/** Creates a sender; `ask` is fetch, or an app's request; `headers` of a call replace what the sender would say. */
export const createSender = ({
  ask,
  token,
  bridge = 'pc-1',
  boot = '2026-11-20T09:00:00.123Z',
  wall,
}: {
  readonly ask: (path: string, init: RequestInit) => Response | Promise<Response>
  readonly token: string
  readonly bridge?: string
  readonly boot?: string
  readonly wall: () => number
}): Sender => {
  const sign = (body: string | Uint8Array): Record<string, string> => {
    const timestamp = String(wall())
    return {
      authorization: `Bearer ${token}`,
      'x-copilot-bridge': bridge,
      'x-copilot-timestamp': timestamp,
      'x-copilot-signature': signCall(token, timestamp, body),
    }
  }
  return {
    body: (batch, events) => JSON.stringify({ v: 1, bridge, boot, batch, sentAt: wall(), events }),
    post: async (body, headers = {}) =>
      ask(`${root}/events`, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: { 'content-type': 'application/json', ...sign(body), ...headers },
      }),
    get: async (query, headers = {}) => {
      const path = `${root}/commands${query}`
      return ask(path, { headers: { ...sign(path), ...headers } })
    },
  }
}
