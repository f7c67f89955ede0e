import { errorWire } from '../wire.ts'
import { mostEvents, type Outbox, type WireEvent } from './outbox.ts'
import { signedHeaders } from './signing.ts'
import type { Timers } from './timers.ts'

/** What the other side said; a network error is a `status` of 0. `serverTime` is its clock, epoch ms. */
type Said = {
  readonly status: number
  readonly json: unknown
  readonly serverTime?: number
  /** It wants to hear hello, and what every account holds, once more. */
  readonly asksHello: boolean
}

/** One call to the co-pilot or its watchdog. */
export type Call = (method: 'GET' | 'POST', path: string, body?: string) => Promise<Said>

const answerMs = 45_000
export const eventsPath = '/api/bridge/v1/events'

/** A refusal may come as another server's page; any other answer that is not JSON is no answer. */
const readJson = (answer: Response): Promise<unknown> => {
  const isRefusal = answer.status >= 400 && answer.status < 500
  return isRefusal ? answer.json().catch(() => undefined) : answer.json()
}

/** Creates the way to the co-pilot: signed calls over kept-alive connections, which end with `signal`. */
export const createCall =
  ({
    url,
    wall,
    signal,
    onHeard,
    ...keys
  }: {
    readonly url: string
    readonly token: string
    readonly bridge: string
    readonly wall: () => number
    readonly signal: AbortSignal
    /** There was an answer with a status below 500. */
    readonly onHeard?: () => void
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
      if (answer.status < 500) onHeard?.()
      const json = await readJson(answer)
      const serverTime = Number(answer.headers.get('x-copilot-time'))
      const asksHello = answer.headers.get('x-copilot-resend') === 'hello'
      return { status: answer.status, json, asksHello, ...(serverTime > 0 && { serverTime }) }
    } catch {
      // Offline is a normal state.
      return { status: 0, json: undefined, asksHello: false }
    }
  }

/** Creates waits that double from 1 s to `mostMs`, each shortened by chance by up to a half, until `reset`. */
export const createBackOff = (random: () => number, mostMs = 30_000) => {
  let tries = 0
  return {
    next: (): number => Math.max(1_000, Math.min(mostMs, 1_000 * 2 ** tries++) * (0.5 + random() / 2)),
    reset: (): void => {
      tries = 0
    },
  }
}

const idleMs = 50
/** The search for the event at fault is not delayed. */
const halvingMs = 100

/** Whether this is the answer to that batch. */
export const isAnswer = ({ status, json }: Said, batch: number): boolean =>
  status === 200 && typeof json === 'object' && json !== null && 'batch' in json && json.batch === batch

/**
 * Whether the co-pilot itself says that what is in a batch is at fault. Any server on the way may say 400 or 413, and an
 * event is given up for none of them; the co-pilot has checked the signature first, so these are the bytes that were sent.
 */
const blamesEvents = ({ status, json }: Said): boolean => {
  const field = errorWire.safeParse(json).data?.error.field
  return (status === 400 || status === 413) && (field === 'body' || field === 'events')
}

type Options = {
  readonly call: Call
  readonly outbox: Outbox
  readonly states: () => readonly WireEvent[]
  readonly bridge: string
  readonly newBoot: () => string
  readonly timers: Timers
  readonly random: () => number
  readonly wall: () => number
  /** Hello, and what every account holds, are due again. */
  readonly onBack: () => void
  /** Once an outage: the co-pilot is there and does not take what it is told. */
  readonly onRefused: (status: number) => void
  /** An event that alone was refused is not sent again. */
  readonly onLeftOut: (event: WireEvent, status: number) => void
}

/**
 * Sends what waits, a batch at a time and byte for byte until it is answered; tells when a broken connection is back.
 * A malformed batch is halved until the event at fault is alone; numbers that are not believed begin anew with a boot.
 */
export const createSender = (options: Options) => {
  const { call, outbox, states, bridge, newBoot, timers, random, wall, onBack, onRefused, onLeftOut } = options
  let stopped = false
  let boot = newBoot()
  let batch = 1
  let most = mostEvents
  let broken = false
  const backOff = createBackOff(random)

  const onAnswered = (events: readonly WireEvent[], asksHello: boolean): void => {
    backOff.reset()
    most = mostEvents
    batch++
    outbox.forget(events)
    if (broken || asksHello) onBack()
    broken = false
  }
  const startAgain = (): void => {
    boot = newBoot()
    batch = 1
    broken = false
    onBack()
  }
  const halve = async (events: readonly WireEvent[], status: number): Promise<void> => {
    most = Math.max(1, Math.floor(events.length / 2))
    const [first] = events
    if (events.length > 1 || first === undefined) return timers.pause(halvingMs)
    outbox.forget(events)
    onLeftOut(first, status)
    await timers.pause(backOff.next())
  }
  const sendUntilSettled = async (events: readonly WireEvent[]): Promise<void> => {
    const body = JSON.stringify({ v: 1, bridge, boot, batch, sentAt: wall(), events })
    for (let reused = 0; !stopped; ) {
      const said = await call('POST', eventsPath, body)
      if (stopped) return
      if (isAnswer(said, batch)) return onAnswered(events, said.asksHello)
      const { status } = said
      // The way is whole: what is told between two halves needs no hello.
      if (blamesEvents(said) || (status === 413 && events.length > 1)) return halve(events, status)
      if (!broken && status >= 400 && status < 500) onRefused(status)
      broken = true
      reused = status === 409 ? reused + 1 : 0
      await timers.pause(backOff.next())
      if (reused > 1) return startAgain()
    }
  }

  return {
    run: async (): Promise<void> => {
      while (!stopped) {
        const events = outbox.next(states, most)
        if (events.length > 0) await sendUntilSettled(events)
        else await timers.pause(idleMs)
      }
    },
    /** Another way to the co-pilot has failed: the next answer is a return. */
    onBroken: (): void => {
      broken = true
    },
    boot: (): string => boot,
    stop: (): void => {
      stopped = true
    },
  }
}
