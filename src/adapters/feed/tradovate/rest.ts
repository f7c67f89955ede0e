import type { Schedule } from '../schedule.ts'

/** What a request brought back; undefined where nothing came at all. `body` is undefined where it was no JSON. */
export type Reply = { readonly status: number; readonly body: unknown } | undefined

const patienceMs = 20_000

const bodyOf = async (response: Response): Promise<unknown> => {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

/**
 * Creates the way to the vendor's REST host. A redirect is not followed: it would take the password to another host.
 * Never throws; after 20 seconds a request counts as unanswered.
 */
export const createRest = ({
  restUrl,
  fetch,
  schedule,
}: {
  readonly restUrl: string
  readonly fetch: typeof globalThis.fetch
  readonly schedule: Schedule
}) => {
  const send = async (path: string, init: RequestInit, signal?: AbortSignal): Promise<Reply> => {
    const stop = new AbortController()
    const abort = (): void => stop.abort()
    const cancel = schedule(abort, patienceMs)
    signal?.addEventListener('abort', abort)
    try {
      const response = await fetch(`${restUrl}${path}`, { ...init, redirect: 'manual', signal: stop.signal })
      return { status: response.status, body: await bodyOf(response) }
    } catch {
      return undefined
    } finally {
      cancel()
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    post: (path: string, body: unknown): Promise<Reply> =>
      send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    get: (path: string, token: string, signal?: AbortSignal): Promise<Reply> =>
      send(path, { headers: { authorization: `Bearer ${token}` } }, signal),
  }
}
