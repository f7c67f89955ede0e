import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { BusEvent } from '#src/engine/ports.ts'
import { keptEvents, toEventId, toStreamId } from './event-id.ts'
import type { Listeners } from './listeners.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { execute, type Names } from './redis-connection.ts'

type Entry = readonly [streamId: string, fields: readonly string[]]

type Waiting = {
  readonly fields: readonly string[]
  readonly resolve: (id: string) => void
  readonly reject: (reason: Error) => void
}

const pageSize = 500

/** Every event carries a mark of its own, by which its writer finds out whether a lost answer was a yes. */
const fieldsOf = (kind: string, body: unknown, mark: string): string[] => [
  'kind',
  kind,
  'body',
  JSON.stringify(body ?? null),
  'mark',
  mark,
]

const toEvent = ([streamId, [, kind = '', , body = 'null']]: Entry): BusEvent => ({
  id: toEventId(streamId),
  kind,
  body: JSON.parse(body),
})

/**
 * The durable half of the bus. Appended events wait in an outbox until Redis has them; a reader remembers where it
 * was and what it saw, so a broken connection repeats nothing and an emptied Redis gets back what was seen here.
 */
export const createEventStream = ({
  redis,
  names,
  arrivals,
}: {
  readonly redis: Redis
  readonly names: Names
  readonly arrivals: Listeners<BusEvent>
}) => {
  const outbox = new Map<string, Waiting>()
  const remembered = new Map<string, readonly string[]>()
  const writer = randomUUID()
  let count = 0
  let position = '0-0'

  const remember = ([streamId, fields]: Entry): void => {
    remembered.set(streamId, fields)
    const oldest = remembered.size > keptEvents ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
  }

  /** One of ours has arrived, whether its answer told us or the stream did. */
  const settle = (mark: string, streamId: string): void => {
    outbox.get(mark)?.resolve(toEventId(streamId))
    outbox.delete(mark)
  }

  const receive = (entry: Entry): void => {
    position = entry[0]
    remember(entry)
    settle(entry[1][5] ?? '', entry[0])
    arrivals.tell(toEvent(entry))
  }

  /** Delivers everything after the last event seen; a process that joins reads what is kept before anyone listens. */
  const catchUp = oneAtATime(async () => {
    let page: Entry[]
    do {
      page = await redis.xrange(names.events, `(${position}`, '+', 'COUNT', pageSize)
      page.forEach(receive)
    } while (page.length === pageSize)
  })

  /** Gives an emptied stream back what was seen here, under the old ids, so that nobody hears anything twice. */
  const restore = async (): Promise<void> => {
    const entries = [...remembered].sort(([a], [b]) => (toEventId(a) < toEventId(b) ? -1 : 1))
    const transaction = redis.multi()
    for (const [streamId, fields] of entries) transaction.xadd(names.events, streamId, ...fields)
    // Another process may have been quicker; then its entries are newer than these and Redis refuses them one by one.
    if (entries.length > 0) await transaction.publish(names.eventAppended, '').exec()
  }

  const add = async (batch: readonly Waiting[], ...options: string[]): Promise<(string | null)[]> => {
    const transaction = redis.multi()
    for (const { fields } of batch)
      transaction.xadd(names.events, ...options, 'MAXLEN', '~', `${keptEvents}`, '*', ...fields)
    const replies = await execute(transaction.publish(names.eventAppended, ''))
    return replies.slice(0, batch.length) as (string | null)[]
  }

  /** NOMKSTREAM answers null where no stream is: then the past is put back before anything new follows it. */
  const addSafely = async (batch: readonly Waiting[]): Promise<(string | null)[]> => {
    const ids = await add(batch, 'NOMKSTREAM')
    if (ids[0] !== null) return ids
    await restore()
    return add(batch)
  }

  const send = oneAtATime(async () => {
    while (outbox.size > 0) {
      const batch = [...outbox].slice(0, pageSize)
      const ids = await addSafely(batch.map(([, waiting]) => waiting))
      batch.forEach(([mark, { fields }], i) => {
        const id = ids[i]
        if (typeof id !== 'string') return
        if (!remembered.has(id)) remember([id, fields])
        settle(mark, id)
      })
    }
  })

  return {
    append: (kind: string, body: unknown): Promise<string> =>
      new Promise((resolve, reject) => {
        const mark = `${writer}:${++count}`
        outbox.set(mark, { fields: fieldsOf(kind, body, mark), resolve, reject })
      }),
    send,
    catchUp,
    /** Gives the stream back what was seen here when it is gone. */
    restoreIfLost: async (): Promise<void> => {
      if (remembered.size > 0 && (await redis.exists(names.events)) === 0) await restore()
    },
    after: async (id: string, limit = keptEvents): Promise<readonly BusEvent[]> =>
      (await redis.xrange(names.events, `(${toStreamId(id)}`, '+', 'COUNT', limit)).map(toEvent),
    close: (): void => {
      for (const { reject } of outbox.values()) reject(new Error('the bus is closed'))
      outbox.clear()
    },
  }
}
