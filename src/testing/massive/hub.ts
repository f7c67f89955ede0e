import type { WebSocket } from 'ws'
import { schedule } from '#src/adapters/clock.ts'
import type { Counts } from './counts.ts'
import { type Channel, type Faults, garbageFrame } from './faults.ts'
import type { Outgoing } from './frames.ts'
import { isEntitled, isRealTime, type Plan } from './plan.ts'

/** One host of the vendor: all conversations on it. */
export type Hub = {
  readonly accept: (socket: WebSocket) => void
  /** Tells everyone what they asked for. */
  readonly deliver: (due: readonly Outgoing[]) => void
  /** Misbehaves as the faults demand; `elapsedMs` of the machine since the last call. */
  readonly misbehave: (elapsedMs: number) => void
  /** Throws the accepted connections out as if another program had taken their place. */
  readonly kick: () => void
  /** Cuts every connection without a word. */
  readonly drop: () => void
  /** Leaves the connections open now unread and unanswered; `thaw` takes them up again. */
  readonly freeze: () => void
  readonly thaw: () => void
  readonly hasListeners: () => boolean
}

type Seat = { readonly socket: WebSocket; accepted: boolean; frozen: boolean; readonly wanted: Set<string> }

const mostPerFrame = 100
/** A key must come within this time, ms. */
const authMs = 10_000
/** The vendor ends a connection whose reader leaves this much unread, bytes. */
const mostUnread = 32 * 1024 * 1024
const policyViolation = 1008
const limitReached =
  'Maximum number of websocket connections exceeded. You have reached the connection limit for your account. Please contact support at https://massive.com/contact'

const statusText = (status: string, message: string): string => JSON.stringify([{ ev: 'status', status, message }])

const parseRequest = (text: string): { readonly action: string; readonly params: string } | undefined => {
  try {
    const { action, params } = JSON.parse(text) as Record<string, unknown>
    return typeof action === 'string' && typeof params === 'string' ? { action, params } : undefined
  } catch {
    return undefined
  }
}

/** Creates the conversations of one host, real-time or delayed. */
export const createHub = ({
  realTime,
  delayedUrl,
  plan,
  key,
  faults,
  counts,
  random,
  onSubscribed,
}: {
  readonly realTime: boolean
  readonly delayedUrl: () => string
  readonly plan: Plan
  readonly key: string
  readonly faults: Faults
  readonly counts: Counts
  readonly random: () => number
  /** A channel was taken in: it is told from this instant on. */
  readonly onSubscribed: () => void
}): Hub => {
  const seats = new Set<Seat>()
  const accepted = (): readonly Seat[] => [...seats].filter((seat) => seat.accepted && !seat.frozen)

  const say = (seat: Seat, status: string, message: string): void => {
    if (!seat.frozen) seat.socket.send(statusText(status, message))
  }
  const turnOut = (seat: Seat, status: string, message: string): void => {
    if (!seats.delete(seat)) return
    say(seat, status, message)
    seat.socket.close(policyViolation, message.slice(0, 100))
  }
  const kickOut = (seat: Seat): void => {
    if (seats.has(seat)) counts.kicked++
    turnOut(seat, 'max_connections', limitReached)
  }

  const takeIn = (seat: Seat): void => {
    for (const older of accepted()) kickOut(older)
    seat.accepted = true
    counts.authenticated++
    say(seat, 'auth_success', 'authenticated')
    const kicked = faults.of('kicked')
    if (kicked) schedule(() => kickOut(seat), kicked.afterMs)
  }

  const authenticate = (seat: Seat, given: string): void => {
    const timeout = faults.of('auth-timeout')
    if (timeout) schedule(() => turnOut(seat, 'auth_timeout', 'authentication timed out'), timeout.afterMs)
    else if (given !== key || faults.of('auth-refused')) turnOut(seat, 'auth_failed', 'authentication failed')
    else takeIn(seat)
  }

  /** Why a channel is not told, in the vendor's words; undefined when it is. */
  const objectionTo = (channel: string): string | undefined => {
    const [, kind] = /^(AM|A|T|Q)\.(?:\*|[A-Z0-9-]+)$/.exec(channel) ?? []
    if (kind === undefined) return 'invalid params'
    if (realTime && !isRealTime(plan))
      return `You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at ${delayedUrl()}`
    return isEntitled(plan, kind as Channel, faults) ? undefined : 'not authorized'
  }

  const subscribe = (seat: Seat, channel: string): void => {
    const objection = objectionTo(channel)
    if (objection !== undefined) {
      say(seat, 'error', objection)
      return
    }
    seat.wanted.add(channel)
    say(seat, 'success', `subscribed to: ${channel}`)
    onSubscribed()
  }

  const unsubscribe = (seat: Seat, channel: string): void => {
    seat.wanted.delete(channel)
    say(seat, 'success', `unsubscribed to: ${channel}`)
  }

  const act = (seat: Seat, action: string, params: string): void => {
    const channels = params.split(',').map((channel) => channel.trim())
    if (action === 'subscribe') for (const channel of channels) subscribe(seat, channel)
    else if (action === 'unsubscribe') for (const channel of channels) unsubscribe(seat, channel)
    else if (action !== 'auth') say(seat, 'error', 'unknown action')
  }

  const answer = (seat: Seat, text: string): void => {
    const request = parseRequest(text)
    if (request === undefined) say(seat, 'error', 'invalid message')
    else if (seat.accepted) act(seat, request.action, request.params)
    else if (request.action === 'auth') authenticate(seat, request.params)
    else counts.tooEarly++
  }

  const send = (seat: Seat, frames: readonly Outgoing[]): void => {
    const plain = faults.of('strings') === undefined && faults.of('clock-skew') === undefined
    for (let start = 0; start < frames.length; start += mostPerFrame) {
      const part = frames.slice(start, start + mostPerFrame)
      for (const { kind } of part) counts.events[kind]++
      counts.frames++
      seat.socket.send(`[${part.map((frame) => (plain ? frame.text : frame.rewrite(faults))).join(',')}]`)
    }
    if (seat.socket.bufferedAmount > mostUnread) {
      counts.tooSlow++
      seat.socket.terminate()
    }
  }

  const harass = (seat: Seat, elapsedMs: number): void => {
    const happens = (perSecond = 0): boolean => random() < (perSecond * elapsedMs) / 1000
    if (happens(faults.of('garbage')?.perSecond)) {
      counts.garbage++
      seat.socket.send(garbageFrame(random))
    }
    if (happens(faults.of('storm')?.perSecond)) {
      seats.delete(seat)
      if (random() < 0.5) seat.socket.terminate()
      else seat.socket.close(random() < 0.5 ? 1001 : 1011)
    }
  }

  return {
    accept: (socket) => {
      const seat: Seat = { socket, accepted: false, frozen: false, wanted: new Set() }
      seats.add(seat)
      counts.connections++
      counts.open++
      const forget = schedule(() => seat.accepted || turnOut(seat, 'auth_timeout', 'authentication timed out'), authMs)
      socket.on('message', (bytes) => answer(seat, String(bytes)))
      socket.on('error', () => socket.terminate())
      socket.on('close', () => {
        forget()
        seats.delete(seat)
        counts.open--
      })
      say(seat, 'connected', 'Connected Successfully')
    },
    deliver: (due) => {
      if (faults.of('stalled') || due.length === 0) return
      for (const seat of accepted()) {
        const wants = ({ channel, kind }: Outgoing): boolean => seat.wanted.has(channel) || seat.wanted.has(`${kind}.*`)
        send(seat, due.filter(wants))
      }
    },
    misbehave: (elapsedMs) => {
      for (const seat of accepted()) harass(seat, elapsedMs)
    },
    kick: () => {
      for (const seat of accepted()) kickOut(seat)
    },
    drop: () => {
      for (const { socket } of [...seats]) socket.terminate()
    },
    freeze: () => {
      for (const seat of seats) {
        seat.frozen = true
        seat.socket.pause()
      }
    },
    thaw: () => {
      for (const seat of seats) {
        seat.frozen = false
        seat.socket.resume()
      }
    },
    hasListeners: () => accepted().some(({ wanted }) => wanted.size > 0),
  }
}
