import { Hono } from 'hono'
import type { Dependency } from '#src/domain/picture.ts'
import type { Env } from '../refusal.ts'

/** Whether the engine serves a current picture, and the state of everything it leans on. */
export type Health = { readonly ready: boolean; readonly dependencies: readonly Dependency[] }

/** `GET /health`, open to anyone on the machine: states and times, but no detail, which may name a host or a file. */
export const health = (read: () => Health) =>
  new Hono<Env>().get('/health', (c) => {
    const { ready, dependencies } = read()
    const states = dependencies.map(({ name, state, since }) => ({ name, state, since }))
    c.header('cache-control', 'no-store')
    return c.json({ ready, dependencies: states }, ready ? 200 : 503)
  })
