import type { Outbox, WireEvent } from './outbox.ts'
import { signedHeaders } from './signing.ts'
import type { Timers } from './timers.ts'

/** One call to the co-pilot; a network error is a `status` of 0. `serverTime` is its clock, epoch ms. */
export type Call = (
  method: 'GET' | 'POST',
  path: string,
  body?: string,
) => Promise<{ readonly status: number; readonly json: unknown; readonly serverTime?: number }>

const answerMs = 45_000

/** Creates the way to the co-pilot: signed calls over kept-alive connections, which end with `signal`. */
export const createCall =
  ({
    url,
    wall,
    signal,
    ...keys
  }: {
    readonly url: string
    readonly token: string
    readonly bridge: string
    readonly wall: () => number
    readonly signal: AbortSignal
  }): Call =>
  async (method, path, body) => {
    try {
      const headers = signedHeaders(keys, body ?? path, wall())
      const answer = await fetch(new URL(path, url), {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body !== undefined && { body }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      })
      const json: unknown = await answer.json()
      const serverTime = Number(answer.headers.get('x-copilot-time'))
      return { status: answer.status, json, ...(serverTime > 0 && { serverTime }) }
    } catch {
      // Offline is a normal state, and an answer that is not JSON is no answer.
      return { status: 0, json: undefined }
    }
  }

/** Creates waits that double from 1 s to 30 s, each shortened by chance by up to a half, until `reset`. */
export const createBackOff = (random: () => number) => {
  let tries = 0
  return {
    next: (): number => Math.max(1_000, Math.min(30_000, 1_000 * 2 ** tries++) * (0.5 + random() / 2)),
    reset: (): void => {
      tries = 0
    },
  }
}

const idleMs = 50

const isAnswer = (json: unknown, batch: number): boolean =>
  typeof json === 'object' && json !== null && 'batch' in json && json.batch === batch

/** Sends what waits, a batch at a time and byte for byte until it is answered; tells when a broken connection is back. */
export const createSender = ({
  call,
  outbox,
  states,
  names,
  timers,
  random,
  wall,
  onBack,
  onRefused,
}: {
  readonly call: Call
  readonly outbox: Outbox
  readonly states: () => readonly WireEvent[]
  readonly names: { readonly bridge: string; readonly boot: string }
  readonly timers: Timers
  readonly random: () => number
  readonly wall: () => number
  readonly onBack: () => void
  /** Once an outage: the co-pilot is there and does not take what it is told. */
  readonly onRefused: (status: number) => void
}) => {
  let stopped = false
  let batch = 0
  let broken = false
  const backOff = createBackOff(random)

  const sendUntilAnswered = async (events: readonly WireEvent[]): Promise<void> => {
    const body = JSON.stringify({ v: 1, ...names, batch: ++batch, sentAt: wall(), events })
    while (!stopped) {
      const { status, json } = await call('POST', '/api/bridge/v1/events', body)
      if (status === 200 && isAnswer(json, batch)) break
      if (!broken && status >= 400 && status < 500) onRefused(status)
      broken = true
      await timers.pause(backOff.next())
    }
    if (stopped) return
    backOff.reset()
    outbox.forget(events)
    if (!broken) return
    broken = false
    onBack()
  }

  return {
    run: async (): Promise<void> => {
      while (!stopped) {
        const events = outbox.next(states)
        if (events.length > 0) await sendUntilAnswered(events)
        else await timers.pause(idleMs)
      }
    },
    /** Another way to the co-pilot has failed: the next answer is a return. */
    onBroken: (): void => {
      broken = true
    },
    stop: (): void => {
      stopped = true
    },
  }
}
