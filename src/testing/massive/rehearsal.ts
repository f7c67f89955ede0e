import { WebSocket } from 'ws'
import { createChance } from '../bars.ts'
import type { Plan } from './plan.ts'
import { createMassiveStandIn } from './stand-in.ts'
import { createSyntheticTape } from './synthetic-tape.ts'
import type { Tape } from './tape.ts'

/** Friday 2026-11-20, 09:30 in New York. */
export const opening = Date.UTC(2026, 10, 20, 14, 30)
export const key = 'rehearsal-key-0001'

/** Starts a stand-in whose market time stands still until it is moved by hand. */
export const startStandIn = async ({
  plan = 'advanced',
  tape = createSyntheticTape({ seed: 7, from: opening }),
  at = opening,
}: {
  readonly plan?: Plan
  readonly tape?: Tape
  readonly at?: number
} = {}) => {
  let now = at
  const massive = await createMassiveStandIn({ tape, clock: { now: () => now }, key, plan, random: createChance(1) })
  return {
    ...massive,
    moveTo: (ms: number): void => {
      now = ms
    },
    get: async (path: string, given: string | undefined = key) => {
      const address = path.startsWith('http') ? path : `${massive.restUrl}/futures/v1/${path}`
      const headers = given === undefined ? {} : { authorization: `Bearer ${given}` }
      const response = await fetch(address, { headers })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
    },
  }
}

type Answer = {
  readonly status: string
  readonly results: readonly Record<string, unknown>[]
  readonly next_url?: string
  readonly error?: string
  readonly message?: string
}

/** An event of the live feed, as it came. */
export type WireEvent = Readonly<Record<string, unknown>>

/** A raw socket that keeps what it hears. */
export const listen = async (url: string) => {
  const frames: string[] = []
  const events: WireEvent[] = []
  let wake = (): void => {}
  const socket = new WebSocket(url)
  socket.on('message', (bytes, isBinary) => {
    const text = isBinary ? '(bytes)' : String(bytes)
    frames.push(text)
    try {
      const read: unknown = JSON.parse(text)
      if (Array.isArray(read)) events.push(...(read as WireEvent[]))
    } catch {}
    wake()
  })
  socket.on('error', () => {})
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      resolve(code)
      wake()
    })
  })
  await new Promise((open) => socket.once('open', open))

  const until = async <T>(find: () => T | undefined | false): Promise<T> => {
    for (;;) {
      const found = find()
      if (found !== undefined && found !== false) return found
      await new Promise<void>((heard) => {
        wake = heard
      })
    }
  }
  const say = (action: string, params: string): void => socket.send(JSON.stringify({ action, params }))
  const statuses = (): readonly string[] =>
    events.filter(({ ev }) => ev === 'status').map(({ status, message }) => `${status}: ${message}`)
  return {
    socket,
    frames,
    events,
    closed,
    until,
    say,
    statuses,
    /** Sends the key and subscribes; returns when every channel has its status. */
    join: async (channels: string): Promise<void> => {
      say('auth', key)
      await until(() => statuses().includes('auth_success: authenticated'))
      const before = statuses().length
      say('subscribe', channels)
      await until(() => statuses().length >= before + channels.split(',').length)
    },
    of: (kind: string): readonly WireEvent[] => events.filter(({ ev }) => ev === kind),
  }
}
