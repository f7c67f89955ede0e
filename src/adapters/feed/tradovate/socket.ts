import { createLine } from '../line.ts'
import type { Schedule } from '../schedule.ts'
import { type Conversation, converse } from './conversation.ts'
import type { Token, TradovateSession } from './session.ts'
import { createTally } from './tally.ts'

/** Somebody who needs the socket. Events come to every member; each knows its own. */
export type Member = {
  /** An authorized conversation began: everything has to be asked for anew. Called at once where one is running. */
  readonly onReady: (conversation: Conversation) => void
  readonly onEvent: (event: string, d: unknown, receivedTime: number) => void
  readonly onWord?: (word: 'connecting' | 'down', detail: string) => void
}

export type TradovateSocket = ReturnType<typeof createTradovateSocket>

/**
 * Creates the one socket to a host of the vendor, shared by all who need it: it opens with the first member, keeps itself
 * connected, and closes with the last.
 */
export const createTradovateSocket = ({
  url,
  session,
  use,
  wall,
  schedule,
  random,
}: {
  /** 'wss://md.tradovateapi.com/v1/websocket' */
  readonly url: string
  readonly session: TradovateSession
  /** Which of the two tokens this host takes. */
  readonly use: (token: Token) => string
  readonly wall: () => number
  readonly schedule: Schedule
  readonly random: () => number
}) => {
  const members = new Set<Member>()
  const tally = createTally()
  let conversation: Conversation | undefined
  let current: ReturnType<typeof converse> | undefined
  let detail = ''

  /** However a conversation ended, nothing of it goes on. */
  const hush = (): void => {
    conversation = undefined
    current?.stop()
    current = undefined
  }

  const line = createLine({
    url: () => url,
    wall,
    schedule,
    random,
    onWord: (word, text) => {
      hush()
      detail = text
      for (const member of [...members]) member.onWord?.(word, text)
    },
    talk: (wire) => {
      hush()
      current = converse({
        wire,
        session,
        use,
        wall,
        schedule,
        random,
        tally,
        onReady: (ready) => {
          conversation = ready
          for (const member of [...members]) member.onReady(ready)
        },
        onEvent: (event, d, receivedTime) => {
          for (const member of [...members]) member.onEvent(event, d, receivedTime)
        },
      })
      return current.talk
    },
  })

  return {
    /** Takes a seat; what it returns gives the seat up. */
    join: (member: Member): (() => void) => {
      members.add(member)
      if (members.size === 1) line.open()
      else if (conversation !== undefined) member.onReady(conversation)
      return () => {
        if (!members.delete(member) || members.size > 0) return
        hush()
        line.close()
      }
    },
    /** Connections made, the next try, messages not taken, and the newest word on why there is no connection. */
    state: () => ({ ...line.state(), refused: tally.read(), detail }),
  }
}
