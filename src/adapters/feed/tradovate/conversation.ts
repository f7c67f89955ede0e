import type { Refused } from '#src/engine/ports.ts'
import type { LineEnd, Talk, Wire } from '../line.ts'
import type { Schedule } from '../schedule.ts'
import { type Loose, looseOf, type Message, readFrame, writeRequest } from './frames.ts'
import { captchaWords, penaltyOf } from './penalty.ts'
import type { Token, TradovateSession } from './session.ts'
import type { Tally } from './tally.ts'
import { createTimers } from './timers.ts'

/** What a request on the socket brought: the object in `d`, empty where there was none. */
export type Answer = { readonly ok: true; readonly value: Loose } | Refused

/** An authorized conversation: ask, and be called in the turn the answer comes; a lost connection answers too. */
export type Conversation = {
  readonly ask: (operation: string, body: Loose, onAnswer?: (answer: Answer) => void) => void
  readonly end: (end: LineEnd) => void
  /** Quotes of a contract by its vendor name; they go on until everybody who asked has let go. */
  readonly subscribeQuote: (name: string, onAnswer?: (answer: Answer) => void) => void
  readonly unsubscribeQuote: (name: string) => void
}

/** Counts who listens to which quotes, because one who leaves must not silence another. */
const shareQuotes = (ask: Conversation['ask']): Pick<Conversation, 'subscribeQuote' | 'unsubscribeQuote'> => {
  const listeners = new Map<string, number>()
  return {
    subscribeQuote: (name, onAnswer) => {
      listeners.set(name, (listeners.get(name) ?? 0) + 1)
      ask('md/subscribeQuote', { symbol: name }, onAnswer)
    },
    unsubscribeQuote: (name) => {
      const left = (listeners.get(name) ?? 0) - 1
      if (left > 0) listeners.set(name, left)
      else if (listeners.delete(name)) ask('md/unsubscribeQuote', { symbol: name })
    },
  }
}

type Request = {
  readonly operation: string
  readonly body: Loose
  readonly onAnswer: (answer: Answer) => void
  readonly tries: number
}

/** The server drops a client that says nothing for some seconds, and itself speaks at least as often. */
const beatMs = 2_500
const silenceMs = 10_000
const answerMs = 20_000
const mostTries = 5
/** A seat taken by another program is left to it for at least this long, or the two would throw each other out forever. */
const kickedWaitMs = 60_000

const lost: Refused = { ok: false, reason: 'unavailable', detail: 'the connection was lost' }
const unanswered: Refused = { ok: false, reason: 'unavailable', detail: 'Tradovate left a request unanswered' }

/**
 * Holds one conversation on one socket: authorizes, keeps the heartbeat, notices a server that fell silent, and pairs
 * answers with requests. A penalty in an answer is waited out and the request sent again. `stop` is for whoever saw the
 * socket go, and leaves no timer behind.
 */
export const converse = ({
  wire,
  session,
  use,
  wall,
  schedule,
  random,
  tally,
  onReady,
  onEvent,
}: {
  readonly wire: Wire
  readonly session: TradovateSession
  /** Which of the two tokens this host takes. */
  readonly use: (token: Token) => string
  readonly wall: () => number
  readonly schedule: Schedule
  readonly random: () => number
  readonly tally: Tally
  readonly onReady: (conversation: Conversation) => void
  readonly onEvent: (event: string, d: unknown, receivedTime: number) => void
}): { readonly talk: Talk; readonly stop: () => void } => {
  const waiting = new Map<number, Request & { readonly until: number }>()
  const { later, clear } = createTimers(schedule)
  let nextId = 1
  let heardAt = wall()
  let over = false
  let opened = false

  const finish = (): void => {
    if (over) return
    over = true
    clear()
    const left = [...waiting.values()]
    waiting.clear()
    for (const { onAnswer } of left) onAnswer(lost)
  }

  const end = (reason: LineEnd): void => {
    if (over) return
    finish()
    wire.end(reason)
  }

  const send = (request: Request): void => {
    if (over) {
      request.onAnswer(lost)
      return
    }
    const id = nextId++
    waiting.set(id, { ...request, until: wall() + answerMs })
    wire.send(writeRequest(request.operation, id, request.body))
  }

  const again = (request: Request, more: Loose, ms: number): void => {
    if (request.tries + 1 >= mostTries) request.onAnswer(unanswered)
    else later(() => send({ ...request, body: { ...request.body, ...more }, tries: request.tries + 1 }), ms)
  }

  const refusalOf = (status: number, said: unknown): Refused => {
    const words = session.words(said)
    if (status === 401 || status === 403)
      return { ok: false, reason: 'not-entitled', detail: `Tradovate denies this to the account: ${words}` }
    return { ok: false, reason: status >= 500 ? 'unavailable' : 'garbage', detail: `Tradovate answers: ${words}` }
  }

  const settle = (request: Request, status: number, d: unknown): void => {
    const penalty = penaltyOf(d)
    const value = looseOf(d) ?? {}
    const said = value['errorText'] ?? value['failureText'] ?? value['failureReason']
    if (penalty?.captcha === true) request.onAnswer({ ok: false, reason: 'unavailable', detail: captchaWords })
    else if (penalty !== undefined) again(request, { 'p-ticket': penalty.ticket }, penalty.waitMs)
    else if (status === 429) again(request, {}, 5_000 * 2 ** request.tries * (0.5 + random() / 2))
    else if (status !== 200) request.onAnswer(refusalOf(status, said ?? d))
    else if (said !== undefined) request.onAnswer(refusalOf(/denied/i.test(String(said)) ? 403 : 400, said))
    else {
      wire.settled()
      request.onAnswer({ ok: true, value })
    }
  }

  const ask: Conversation['ask'] = (operation, body, onAnswer = () => {}) =>
    send({ operation, body, onAnswer, tries: 0 })

  const authorized = (token: Token, status: number): void => {
    if (status === 200) onReady({ ask, end, ...shareQuotes(ask) })
    else if (status === 429) end({ reason: 'refused', detail: 'Tradovate asks for fewer requests', retry: 30_000 })
    else {
      session.discard(token.access)
      end({ reason: 'refused', detail: 'Tradovate did not take the access token', retry: 'backoff' })
    }
  }

  let onAuthorized: ((status: number) => void) | undefined

  const authorize = async (): Promise<void> => {
    const token = await session.token()
    if (over) return
    if (!token.ok) {
      end({ reason: 'refused', detail: token.detail, retry: Math.max(1_000, token.retryAt - wall()) })
      return
    }
    onAuthorized = (status) => authorized(token, status)
    wire.send(writeRequest('authorize', 0, use(token)))
  }

  const beat = (): void => {
    wire.send('[]')
    later(beat, beatMs)
  }

  const begin = (): void => {
    opened = true
    beat()
    void authorize()
  }

  const shutDown = (d: unknown): void => {
    const { reasonCode, reason } = looseOf(d) ?? {}
    if (reasonCode === 'ConnectionQuotaReached' || reasonCode === 'IPQuotaReached') {
      const detail = 'Tradovate closed the connection: too many programs use this account at once'
      end({ reason: 'kicked', detail, retry: kickedWaitMs + random() * 15_000 })
      return
    }
    const why = reasonCode === 'Maintenance' ? 'Tradovate is under maintenance' : 'Tradovate shut the connection down'
    end({ reason: 'closed', detail: `${why}: ${session.words(reason)}`, retry: 'backoff' })
  }

  const onMessage = (message: Message, receivedTime: number): void => {
    if ('event' in message) {
      if (message.event === 'shutdown') shutDown(message.d)
      else onEvent(message.event, message.d, receivedTime)
      return
    }
    const request = waiting.get(message.id)
    if (waiting.delete(message.id) && request !== undefined) settle(request, message.status, message.d)
    else if (message.id === 0 && onAuthorized !== undefined) {
      const tell = onAuthorized
      onAuthorized = undefined
      tell(message.status)
    } else tally.count('unasked-answer')
  }

  const talk: Talk = {
    onText: (text, receivedTime) => {
      if (over) return
      heardAt = wall()
      const frame = readFrame(text)
      if (frame.kind === 'refused') tally.count(frame.why)
      else if (frame.kind === 'open') {
        if (opened) tally.count('unknown-frame')
        else begin()
      } else if (frame.kind === 'close')
        end({ reason: 'closed', detail: `Tradovate closed the connection (${frame.code})`, retry: 'backoff' })
      else if (frame.kind === 'messages') {
        tally.count('unknown-message', frame.unknown)
        for (const message of frame.messages) if (!over) onMessage(message, receivedTime)
      }
    },
    onSecond: (now) => {
      if (over) return
      if (now - heardAt > silenceMs)
        end({ reason: 'silent', detail: 'Tradovate fell silent on an open connection', retry: 'backoff' })
      for (const [id, { until, onAnswer }] of [...waiting]) if (now > until && waiting.delete(id)) onAnswer(unanswered)
    },
  }
  return { talk, stop: finish }
}
