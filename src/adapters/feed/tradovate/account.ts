import { type BrokerReading, createAccountState } from './account-state.ts'
import type { Conversation } from './conversation.ts'
import type { Read } from './reader.ts'
import type { TradovateSession } from './session.ts'
import type { TradovateSocket } from './socket.ts'
import { createTally } from './tally.ts'

const deniedWaitMs = 30 * 60_000

/** How the view into the account stands. `asOf` is the wall clock of its newest change. */
export type AccountState = {
  readonly word: 'off' | 'connecting' | 'live' | 'down'
  readonly detail: string
  readonly asOf?: number
  readonly refused: Readonly<Record<string, number>>
}

/**
 * Creates the view into the broker's accounts over the user-data socket: the whole picture first, then every change.
 * It reads and never orders. After a lost connection the picture is taken anew.
 */
export const createTradovateAccount = ({
  socket,
  session,
  read,
  wall,
  onChange,
}: {
  readonly socket: TradovateSocket
  readonly session: TradovateSession
  readonly read: Read
  readonly wall: () => number
  readonly onChange: (reading: BrokerReading) => void
}) => {
  const fold = createAccountState()
  const tally = createTally()
  const asked = new Set<number>()
  let word: AccountState['word'] = 'off'
  let detail = ''
  let asOf: number | undefined
  let stopping = new AbortController()
  let leave: (() => void) | undefined

  /** Asks once for the name of each contract that nothing has named; a position without a name says nothing. */
  const nameContracts = async (): Promise<void> => {
    for (const id of fold.nameless().filter((id) => !asked.has(id))) {
      asked.add(id)
      const found = await read('/contract/item', { id: String(id) }, stopping.signal)
      if (found.ok) take(fold.apply({ entityType: 'contract', eventType: 'Created', entity: found.value }))
    }
  }

  const take = (refused: readonly string[]): void => {
    for (const kind of refused) tally.count(kind)
    asOf = wall()
    onChange(fold.reading())
    void nameContracts()
  }

  const begin = async (conversation: Conversation): Promise<void> => {
    const token = await session.token()
    if (!token.ok) return
    conversation.ask('user/syncrequest', { users: [token.userId] }, (answer) => {
      if (answer.ok) {
        word = 'live'
        detail = ''
        asked.clear()
        take(fold.reset(answer.value))
      } else {
        const retry = answer.reason === 'unavailable' ? 'backoff' : deniedWaitMs
        conversation.end({ reason: 'refused', detail: answer.detail, retry })
      }
    })
  }

  return {
    start: (): void => {
      leave ??= socket.join({
        onWord: (next, text) => {
          word = next
          detail = text
        },
        onReady: (conversation) => void begin(conversation),
        onEvent: (event, d) => {
          if (event !== 'props') return
          const refused = fold.apply(d)
          if (refused.length > 0) for (const kind of refused) tally.count(kind)
          else take([])
        },
      })
    },
    stop: (): void => {
      stopping.abort()
      stopping = new AbortController()
      leave?.()
      leave = undefined
      word = 'off'
    },
    reading: (): BrokerReading => fold.reading(),
    state: (): AccountState => ({ word, detail, ...(asOf !== undefined && { asOf }), refused: tally.read() }),
  }
}
