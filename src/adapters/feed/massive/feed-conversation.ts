import type { LineEnd, Talk, Wire } from '../line.ts'
import { createChannels, type Kind } from './feed-channels.ts'
import { type MarketEvent, type Refusal, readFrame, type WireStatus } from './frames.ts'

/** What was learned about the plan; it outlives a conversation. */
export type Access = { host: 'real-time' | 'delayed'; readonly denied: Set<Kind> }

const authWithinMs = 10_000
const policyViolation = 1008

const badKey: LineEnd = { reason: 'refused', detail: 'Massive does not know this API key', retry: 'never' }
const noFutures: LineEnd = { reason: 'refused', detail: 'the plan has no futures', retry: 'never' }
const delayedOnly: LineEnd = { reason: 'refused', detail: 'no real-time data in the plan: going to delayed', retry: 0 }
const noLogin: LineEnd = { reason: 'broken', detail: 'Massive did not answer the login', retry: 'backoff' }

/** The account has one connection: whoever comes last has it, so the one pushed off leaves it alone for a while. */
const kicked = (random: () => number): LineEnd => ({
  reason: 'kicked',
  detail: "another program uses this account's one connection",
  retry: 60_000 + Math.floor(random() * 15_000),
})

const isDelayedHint = (message: string): boolean => /access real-time data|delayed websocket/i.test(message)

/** One conversation with Massive: log in, subscribe, listen. `follow` changes the contracts while it goes on. */
export const converse = ({
  wire,
  apiKey,
  access,
  names,
  wall,
  now,
  random,
  onLive,
  onEvent,
  refuse,
}: {
  readonly wire: Wire
  readonly apiKey: string
  readonly access: Access
  /** The vendor's names of the contracts to listen to, asked when the login has succeeded. */
  readonly names: () => readonly string[]
  readonly wall: () => number
  /** Market time, epoch ms. */
  readonly now: () => number
  readonly random: () => number
  /** The first channel is confirmed. */
  readonly onLive: () => void
  readonly onEvent: (event: MarketEvent, isAsked: boolean, receivedTime: number) => void
  readonly refuse: (kind: Refusal) => void
}) => {
  const send = (action: string, params: string): void => wire.send(JSON.stringify({ action, params }))
  const channels = createChannels(send, access.denied)
  const openedAt = wall()
  let isIn = false
  let isLive = false

  const goDelayed = (): void => {
    const end = access.host === 'real-time' ? delayedOnly : noFutures
    access.host = 'delayed'
    wire.end(end)
  }
  /** Without minute bars there is nothing to listen to on this host. */
  const checkBars = (): void => {
    if (access.denied.delete('AM')) goDelayed()
  }
  const enter = (at: number): void => {
    if (isIn) return
    isIn = true
    channels.follow(names(), at)
  }
  const confirm = (list: string, at: number): void => {
    if (!channels.confirm(list, at)) refuse('status')
    else if (!isLive) {
      isLive = true
      wire.settled()
      onLive()
    }
  }
  const hearSuccess = (message: string, at: number): void => {
    const [, un, list = ''] = /^(un)?subscribed to:? (.+)$/i.exec(message) ?? []
    if (un === undefined) confirm(list, at)
  }
  const hearError = (message: string, at: number): void => {
    if (isDelayedHint(message)) goDelayed()
    else if (!/not authorized/i.test(message) || !channels.refuse(at)) refuse('status')
    checkBars()
  }

  const hear = new Map<string, (message: string, at: number) => void>([
    ['connected', () => {}],
    ['auth_success', (_, at) => enter(at)],
    ['auth_failed', (message) => (isDelayedHint(message) ? goDelayed() : wire.end(badKey))],
    ['auth_timeout', () => wire.end(noLogin)],
    ['max_connections', () => wire.end(kicked(random))],
    ['success', hearSuccess],
    ['error', hearError],
  ])
  const onStatus = ({ status, message }: WireStatus, at: number): void => {
    const answer = hear.get(status)
    if (answer === undefined) refuse('status')
    else answer(message, at)
  }

  send('auth', apiKey)

  const talk: Talk = {
    onText: (text, receivedTime) => {
      for (const event of readFrame(text, now(), refuse)) {
        if (event.ev === 'status') onStatus(event, receivedTime)
        else onEvent(event, channels.isAsked(`${event.ev}.${event.sym}`), receivedTime)
      }
    },
    onSecond: (at) => {
      if (!isIn) {
        if (at - openedAt >= authWithinMs) wire.end(noLogin)
        return
      }
      channels.review(at)
      checkBars()
    },
    onClosed: (code) => (code === policyViolation ? kicked(random) : undefined),
  }

  return {
    talk,
    follow: (): void => {
      if (isIn) channels.follow(names(), wall())
    },
    /** Whether trades were asked for twice in vain. */
    lacksTrades: (): boolean => channels.isUnanswered('T'),
    unanswered: channels.unanswered,
  }
}
