import { isOpen } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { Clock, FeedSink, FeedWord, LiveFeed } from '#src/engine/ports.ts'
import { pumpMs, type Schedule } from '../schedule.ts'
import type { ContractIds } from './contracts.ts'
import { createListener, type Listener } from './listener.ts'
import type { TradovateSocket } from './socket.ts'
import { createTally } from './tally.ts'

const source = 'Tradovate'
/** How long after its end a minute is given for its last trades, or for its last bar, to come in. Market ms at speed 1. */
const graceMs = { tick: 1_500, bar: 2_500 } as const
/** A vendor that beats and says nothing while the market is open has forgotten what we asked for. */
const forgottenMs = 60_000

/**
 * Creates the feed on the vendor's market-data socket: trades from tick charts, bid and ask from quotes, and whole minutes
 * where the account has no trades. `mode` is LIVE on the vendor's own hosts and REPLAY on a stand-in.
 */
export const createTradovateFeed = ({
  socket,
  ids,
  contracts,
  clock,
  schedule,
  vendor,
}: {
  readonly socket: TradovateSocket
  readonly ids: ContractIds
  readonly contracts: readonly Contract[]
  readonly clock: Clock
  readonly schedule: Schedule
  readonly vendor: boolean
}): LiveFeed => {
  const mode = vendor ? 'LIVE' : 'REPLAY'
  const tally = createTally()
  let followed = contracts
  let sink: FeedSink | undefined
  let listener: Listener | undefined
  let word: FeedWord | undefined
  let reached = Number.NEGATIVE_INFINITY
  let grain: 'tick' | 'bar' = 'tick'
  let note: string | undefined
  let leave: (() => void) | undefined
  let cancelPump = (): void => {}

  const tell = (next: FeedWord, detail: string): void => {
    if (word === next && next !== 'down') return
    word = next
    sink?.onFeedState(next, detail)
  }

  const hush = (): void => {
    listener?.stop()
    listener = undefined
  }

  const connect = (to: FeedSink): void => {
    leave ??= socket.join({
      onWord: (next, detail) => {
        hush()
        tell(next, detail)
      },
      onReady: (conversation) => {
        hush()
        listener = createListener({
          conversation,
          ids,
          clock,
          schedule,
          tally,
          sink: to,
          onStanding: (standing) => {
            grain = standing.grain
            note = standing.note
            if (standing.heard) tell('live', source)
          },
        })
        listener.follow(followed)
      },
      onEvent: (event, d, receivedTime) => listener?.onEvent(event, d, receivedTime),
    })
  }

  const isForgotten = (now: number): boolean =>
    listener !== undefined &&
    word === 'live' &&
    clock.wall() - listener.heardAt() > forgottenMs &&
    followed.some(({ id }) => isOpen(specOf(id).group, now))

  /** Market time goes on, connected or not, and never back. */
  const pump = (to: FeedSink): void => {
    const now = clock.now()
    const until = Math.floor(now - graceMs[grain] * Math.max(1, clock.speed))
    listener?.closeUntil(until)
    if (until > reached) {
      reached = until
      to.onTime(reached)
    }
    if (isForgotten(now)) listener?.giveUp()
    cancelPump = schedule(() => pump(to), pumpMs)
  }

  /** Others may stay on the socket: what was subscribed is given back. */
  const rest = (): void => {
    listener?.follow([])
    hush()
    leave?.()
    leave = undefined
  }

  return {
    mode,
    source,
    start: (to) => {
      sink = to
      connect(to)
      pump(to)
    },
    stop: async () => {
      cancelPump()
      rest()
    },
    status: () => {
      const { connections, nextTryAt, refused } = socket.state()
      const counts = createTally()
      for (const [kind, times] of [...Object.entries(refused), ...Object.entries(tally.read())])
        counts.count(kind, times)
      return {
        mode,
        grain,
        ...(note !== undefined && { note }),
        refused: counts.read(),
        connections,
        ...(nextTryAt !== undefined && { nextTryAt }),
      }
    },
    follow: (next) => {
      followed = next
      listener?.follow(next)
    },
    sleep: (detail) => {
      rest()
      tell('asleep', detail)
    },
    wake: () => {
      if (sink !== undefined) connect(sink)
    },
  }
}
