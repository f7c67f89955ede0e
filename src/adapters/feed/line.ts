import { WebSocket } from 'ws'
import type { Schedule } from './schedule.ts'

/** Why a conversation ended and what that means for the next one. */
export type LineEnd = {
  /** closed — by the other side; silent — half-open; refused — key or plan; kicked — another connection took the place. */
  readonly reason: 'closed' | 'silent' | 'refused' | 'kicked' | 'broken'
  /** For the trader; never holds a key. */
  readonly detail: string
  /** backoff — 1 to 30 s with jitter, growing; a number — not before that many ms; never — only a new start helps. */
  readonly retry: 'backoff' | 'never' | number
}

/** What a vendor's conversation may do with its open socket; after its end neither does anything. */
export type Wire = {
  readonly send: (text: string) => void
  /** Ends the conversation from our side. */
  readonly end: (end: LineEnd) => void
  /** The conversation works as far as its purpose: once it has lived a second, a loss starts the back-off anew. */
  readonly settled: () => void
}

/** One conversation on one socket; `onText` must never throw. */
export type Talk = {
  readonly onText: (text: string, receivedTime: number) => void
  /** Called every second while the socket is open. */
  readonly onSecond?: (wall: number) => void
  /** The other side closed: what its code means here, or undefined to leave that to the line. */
  readonly onClosed?: (code: number, reason: string) => LineEnd | undefined
}

type LineOptions = {
  /** Asked before each try. */
  readonly url: () => string
  /** Begins the conversation on a socket that has just opened. */
  readonly talk: (wire: Wire) => Talk
  /** 'connecting' with the first try after `open`; 'down' after every loss and every failed try, until the next `open`. */
  readonly onWord: (word: 'connecting' | 'down', detail: string) => void
  readonly wall: () => number
  readonly schedule: Schedule
  readonly random: () => number
  /** A line on which nothing was heard for so many ms, not even a pong, is half-open. */
  readonly quietMs?: number
}

const secondMs = 1_000
const longestWaitMs = 30_000
/** A server that takes everybody in and throws everybody out at once is no better than one that refuses. */
const provenMs = 1_000
const limits = { maxPayload: 8 * 1024 * 1024, perMessageDeflate: false, handshakeTimeout: 10_000 }

/** How long to wait before try `n` after a loss, ms: 1–2 s, 2–4 s, 4–8 s, 8–16 s, then 15–30 s. */
const backoffMs = (n: number, chance: number): number => {
  const ceiling = Math.min(longestWaitMs, 2 * secondMs * 2 ** n)
  return (ceiling / 2) * (1 + chance)
}

const broken = (error: Error & { code?: unknown }): LineEnd => {
  const why = typeof error.code === 'string' ? error.code : 'no answer'
  return { reason: 'broken', detail: `no connection (${why})`, retry: 'backoff' }
}

const unwelcome = (status: number | undefined): LineEnd => ({
  reason: status === 401 || status === 403 ? 'refused' : 'broken',
  detail: `the server refused the connection (HTTP ${status})`,
  retry: 'backoff',
})

const closedBy = (code: number): LineEnd => ({
  reason: 'closed',
  detail: `the server closed the connection (${code})`,
  retry: 'backoff',
})

const silent: LineEnd = { reason: 'silent', detail: 'the connection went silent', retry: 0 }
const goodbye: LineEnd = { reason: 'closed', detail: 'hung up', retry: 0 }
const badAddress: LineEnd = { reason: 'broken', detail: 'the address is not a WebSocket address', retry: 'never' }

/**
 * Keeps one WebSocket at a time to a vendor: dials, listens for silence with protocol pings, and dials again after a
 * loss. Nothing here throws; the next socket is made only when the last one is gone. `close` is final until `open`.
 */
export const createLine = ({ url, talk, onWord, wall, schedule, random, quietMs = 30_000 }: LineOptions) => {
  let wanted = false
  let socket: WebSocket | undefined
  let connections = 0
  let losses = 0
  let nextTryAt: number | undefined
  let cancelTry = (): void => {}
  let hangUp = (): void => {}

  const tryIn = (ms: number): void => {
    nextTryAt = wall() + ms
    cancelTry = schedule(dial, ms)
  }

  /** The socket is gone: says why, and decides about the next. */
  const conclude = (end: LineEnd, proven: boolean): void => {
    socket = undefined
    if (!wanted) return
    if (end === goodbye) {
      dial()
      return
    }
    if (proven) losses = 0
    if (end.retry === 'never') wanted = false
    else tryIn(end.retry === 'backoff' ? backoffMs(losses++, random()) : end.retry)
    onWord('down', end.detail)
  }

  const dial = (): void => {
    nextTryAt = undefined
    try {
      socket = new WebSocket(url(), limits)
    } catch {
      conclude(badAddress, false)
      return
    }
    converse(socket)
  }

  const converse = (its: WebSocket): void => {
    let end: LineEnd | undefined
    let conversation: Talk | undefined
    let openedAt = Number.POSITIVE_INFINITY
    let isSettled = false
    let heardAt = 0
    let pingedAt = 0
    let cancelSecond = (): void => {}

    const hear = (): void => {
      heardAt = wall()
    }
    const endWith = (reason: LineEnd): void => {
      end ??= reason
      // A close frame for manners; whoever does not answer it is not waited for.
      if (its.readyState === WebSocket.OPEN) its.close(1000)
      its.terminate()
    }
    hangUp = () => endWith(goodbye)
    const wire: Wire = {
      send: (text) => {
        if (end === undefined && its.readyState === WebSocket.OPEN) its.send(text, () => {})
      },
      end: endWith,
      settled: () => {
        isSettled = true
      },
    }
    const listen = (): void => {
      const now = wall()
      if (now - heardAt >= quietMs) {
        endWith(silent)
        return
      }
      if (now - Math.max(heardAt, pingedAt) >= (quietMs * 2) / 3) {
        pingedAt = now
        its.ping(() => {})
      }
      conversation?.onSecond?.(now)
      if (end === undefined) cancelSecond = schedule(listen, secondMs)
    }

    its.on('open', () => {
      connections++
      openedAt = wall()
      hear()
      cancelSecond = schedule(listen, secondMs)
      conversation = talk(wire)
    })
    its.on('message', (bytes) => {
      hear()
      if (end === undefined) conversation?.onText(bytes.toString(), heardAt)
    })
    its.on('ping', hear)
    its.on('pong', hear)
    its.on('unexpected-response', (_request, { statusCode }) => endWith(unwelcome(statusCode)))
    its.on('error', (error) => {
      end ??= broken(error)
    })
    its.on('close', (code, reason) => {
      cancelSecond()
      end ??= conversation?.onClosed?.(code, reason.toString()) ?? closedBy(code)
      // Two programs that push each other off one account both succeed for a moment; that must not reset their back-off.
      conclude(end, end.reason !== 'kicked' && isSettled && wall() - openedAt >= provenMs)
    })
  }

  return {
    /** Connects and stays connected; does nothing when it does so already. */
    open: (): void => {
      if (wanted) return
      wanted = true
      losses = 0
      onWord('connecting', 'connecting')
      if (socket === undefined) dial()
    },
    /** Hangs up and makes no further try. */
    close: (): void => {
      wanted = false
      cancelTry()
      nextTryAt = undefined
      if (socket !== undefined) hangUp()
    },
    /** Connections made so far, and when the next try comes (epoch ms of the machine) while one is waited for. */
    state: (): { readonly connections: number; readonly nextTryAt?: number } =>
      nextTryAt === undefined ? { connections } : { connections, nextTryAt },
  }
}
