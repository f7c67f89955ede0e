import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { BusEvent } from '#src/engine/ports.ts'
import { keptEvents, toEventId, toStreamId } from './event-id.ts'
import type { Listeners } from './listeners.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { execute, type Names } from './redis-connection.ts'

type Entry = readonly [streamId: string, fields: readonly string[]]

/** An entry that is known here, and whether its listeners were told. */
type Known = { readonly entry: Entry; readonly told: boolean }

type Waiting = {
  readonly fields: readonly string[]
  readonly resolve: (id: string) => void
  readonly reject: (reason: Error) => void
}

const pageSize = 500

const redisMs = async (redis: Redis): Promise<number> => {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
}

/** Every event carries a mark of its own, by which its writer finds out whether a lost answer was a yes. */
const fieldsOf = (kind: string, body: unknown, mark: string): string[] => [
  'kind',
  kind,
  'body',
  JSON.stringify(body ?? null),
  'mark',
  mark,
]

/**
 * Adds the entries that are not there: under their old ids, so that nobody hears them twice; under new ones where another
 * process, which knew less, was quicker and the stream has moved on. `was` keeps the id an entry had first. A script,
 * because several processes do it at once.
 */
const putBack = `
  local present = {}
  for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do present[entry[2][6]] = true end
  for i = 1, #ARGV, 8 do
    if not present[ARGV[i + 6]] then
      local fields = { ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], 'was', ARGV[i + 7] }
      local added = redis.pcall('XADD', KEYS[1], ARGV[i], unpack(fields))
      if type(added) == 'table' and added.err then redis.call('XADD', KEYS[1], '*', unpack(fields)) end
    end
  end`

const markOf = ([streamId, fields]: Entry): string => fields[5] ?? streamId
const firstIdOf = ([streamId, fields]: Entry): string => fields[7] ?? streamId
/** When Redis first had an entry, by its own clock. */
const addedMs = (entry: Entry): number => Number.parseInt(firstIdOf(entry), 10)
const isBefore = (a: string, b: string): boolean => toEventId(a) < toEventId(b)

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
  const remembered = new Map<string, Known>()
  const writer = randomUUID()
  let count = 0
  let position = '0-0'
  /** When this process began to read, by Redis's clock: what is older was asked of another. */
  let joinedMs: number | undefined
  let closed = false

  const remember = (entry: Entry, told: boolean): void => {
    remembered.set(markOf(entry), { entry, told })
    const oldest = remembered.size > keptEvents ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
  }

  /** One of ours has arrived, whether its answer told us or the stream did. */
  const settle = (mark: string, streamId: string): void => {
    outbox.get(mark)?.resolve(toEventId(streamId))
    outbox.delete(mark)
  }

  /**
   * What was put back under a new id may have been told here under the old one; and what others knew from before this
   * process joined is no news to it: an order of that time was carried out by whoever was there.
   */
  const receive = (entry: Entry): void => {
    const mark = markOf(entry)
    position = entry[0]
    settle(mark, entry[0])
    if (remembered.get(mark)?.told) return
    remember(entry, true)
    if (addedMs(entry) >= (joinedMs ?? 0)) arrivals.tell(toEvent(entry))
  }

  /** Delivers everything after the last event seen; a process that joins reads what is kept before anyone listens. */
  const catchUp = oneAtATime(async () => {
    joinedMs ??= await redisMs(redis)
    let page: Entry[]
    do {
      page = await redis.xrange(names.events, `(${position}`, '+', 'COUNT', pageSize)
      page.forEach(receive)
    } while (page.length === pageSize)
  })

  /** Gives a stream back what is known here and it has lost. */
  const restore = async (): Promise<void> => {
    const known = [...remembered.values()].map(({ entry }) => entry).sort(([a], [b]) => (isBefore(a, b) ? -1 : 1))
    const written = known.flatMap((entry) => [entry[0], ...entry[1].slice(0, 6), firstIdOf(entry)])
    await redis.eval(putBack, 1, names.events, ...written)
    await redis.publish(names.eventAppended, '')
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
        if (!remembered.has(mark)) remember([id, fields], false)
        settle(mark, id)
      })
    }
  })

  /** Whether the newest entry read here is gone though nothing was cut off at the front up to it. */
  const lacksNewest = async (): Promise<boolean> => {
    const read = position
    const [first, there] = await Promise.all([
      redis.xrange(names.events, '-', '+', 'COUNT', 1),
      redis.xrange(names.events, read, read),
    ])
    const oldest = first[0]?.[0] ?? '0-0'
    return read !== '0-0' && there.length === 0 && isBefore(oldest, read)
  }

  return {
    append: (kind: string, body: unknown): Promise<string> =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('the bus is closed'))
        const mark = `${writer}:${++count}`
        outbox.set(mark, { fields: fieldsOf(kind, body, mark), resolve, reject })
      }),
    send,
    catchUp,
    /** Gives the stream back what is known here where it holds less: Redis died, was emptied, or lost its last second. */
    restoreIfLost: async (): Promise<void> => {
      if ((await redis.xlen(names.events)) < remembered.size || (await lacksNewest())) await restore()
    },
    after: async (id: string, limit = keptEvents): Promise<readonly BusEvent[]> =>
      (await redis.xrange(names.events, `(${toStreamId(id)}`, '+', 'COUNT', limit)).map(toEvent),
    close: (): void => {
      closed = true
      for (const { reject } of outbox.values()) reject(new Error('the bus is closed'))
      outbox.clear()
    },
  }
}
