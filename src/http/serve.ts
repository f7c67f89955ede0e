import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Hub } from './live.ts'
import type { Env } from './refusal.ts'

export type Listening = { readonly port: number; readonly close: () => Promise<void> }

/** A request must have arrived whole after this long, so that a slow sender cannot hold a connection open. */
const requestMs = 15_000
const goodbyeMs = 1_000

/** Listens; port 0 takes a free one. Rejects when the port is taken. `close` ends the live streams, lets running requests finish for a second, then cuts. */
export const serve = (
  { app, hub }: { readonly app: Hono<Env>; readonly hub: Hub },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> => {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { requestTimeout: requestMs, headersTimeout: requestMs },
  }) as Server
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      hub.close()
      const cut = setTimeout(() => server.closeAllConnections(), goodbyeMs)
      server.close(() => {
        clearTimeout(cut)
        resolve()
      })
      server.closeIdleConnections()
    })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port, close })
    })
  })
}
