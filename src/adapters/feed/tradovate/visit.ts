import type { Refused } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import type { Conversation } from './conversation.ts'
import type { TradovateSocket } from './socket.ts'

type Hear = (event: string, d: unknown) => void

/** A seat on the socket for as long as one piece of work takes, on one conversation. */
export type Visit = {
  readonly ok: true
  readonly conversation: Conversation
  readonly onEvent: (hear: Hear) => () => void
  /** Called once when the conversation is lost or the work is called off; what it returns takes that back. */
  readonly onOver: (run: () => void) => () => void
  readonly isOver: () => boolean
  readonly leave: () => void
}

/** How long a visit waits for the socket to be ready. */
const patienceMs = 30_000

/** Adds to a set; what it returns takes it out. */
const enlist = <T>(set: Set<T>, one: T): (() => void) => {
  set.add(one)
  return () => void set.delete(one)
}

/** Takes a seat and waits for a conversation; refuses with the socket's own word when there is none within 30 seconds. */
export const visit = (socket: TradovateSocket, schedule: Schedule, signal: AbortSignal): Promise<Visit | Refused> =>
  new Promise((resolve) => {
    const hearers = new Set<Hear>()
    const enders = new Set<() => void>()
    let begun = false
    let over = false

    const end = (): void => {
      over = true
      for (const run of [...enders]) run()
      enders.clear()
    }
    const leave = (): void => {
      cancelTimer()
      signal.removeEventListener('abort', onAbort)
      end()
      leaveSocket()
    }
    const refuse = (reason: Refused['reason'], detail: string): void => {
      leave()
      resolve({ ok: false, reason, detail })
    }
    const onAbort = (): void => (begun ? end() : refuse('stopped', 'stopped'))
    const begin = (conversation: Conversation): void => {
      cancelTimer()
      begun = true
      resolve({
        ok: true,
        conversation,
        onEvent: (hear) => enlist(hearers, hear),
        onOver: (run) => enlist(enders, run),
        isOver: () => over,
        leave,
      })
    }

    const cancelTimer = schedule(
      () => refuse('unavailable', socket.state().detail || 'no connection to Tradovate'),
      patienceMs,
    )
    let leaveSocket = (): void => {}
    signal.addEventListener('abort', onAbort)
    leaveSocket = socket.join({
      onReady: (conversation) => {
        if (begun) end()
        else begin(conversation)
      },
      onEvent: (event, d) => {
        if (!over) for (const hear of [...hearers]) hear(event, d)
      },
      onWord: (word) => {
        if (begun && word === 'down') end()
      },
    })
    if (signal.aborted) onAbort()
  })
