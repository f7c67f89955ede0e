import type { Redis } from 'ioredis'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Listeners } from './listeners.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { execute, type Names } from './redis-connection.ts'

/** Long enough to gather the topics of one market event, too short to see. */
const gatherMs = 25
const retryMs = 250

type Deps = {
  readonly redis: Redis
  readonly names: Names
  readonly picture: Partial<Picture>
  readonly changes: Listeners<readonly Topic[]>
}

/** The engine's side: the picture in memory is the truth, the hash a copy written a few moments later. */
export const createPictureWriter = ({ redis, names, picture, changes }: Deps) => {
  const dirty = new Set<Topic>()
  const written = new Set<Topic>()
  let timer: NodeJS.Timeout | undefined

  const hashOf = (topics: readonly Topic[]): Record<string, string> =>
    Object.fromEntries(topics.map((topic) => [topic, JSON.stringify(picture[topic])]))

  /** Writes everything and drops what an earlier engine left, in one step, so that no reader sees a gap. */
  const writeAll = async (): Promise<void> => {
    const topics = Object.keys(picture) as Topic[]
    dirty.clear()
    const transaction = redis.multi().del(names.picture)
    if (topics.length > 0) transaction.hset(names.picture, hashOf(topics))
    await execute(transaction.publish(names.topicsChanged, '*'))
    written.clear()
    for (const topic of topics) written.add(topic)
  }

  const flush = oneAtATime(async () => {
    const topics = [...dirty]
    if (topics.length === 0) return
    dirty.clear()
    try {
      await execute(redis.multi().hset(names.picture, hashOf(topics)).publish(names.topicsChanged, topics.join(' ')))
      for (const topic of topics) written.add(topic)
    } catch {
      // Kept for later; after a lost connection everything is written anew anyway.
      for (const topic of topics) dirty.add(topic)
      schedule(retryMs)
    }
  })

  const schedule = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      void flush()
    }, ms)
  }

  return {
    put: <T extends Topic>(topic: T, value: Picture[T]): void => {
      picture[topic] = value
      dirty.add(topic)
      schedule(gatherMs)
      changes.tell([topic])
    },
    writeAll,
    /** True when the hash holds fewer topics than were written: someone emptied it. */
    isMissing: (topicsInHash: number): boolean => topicsInHash < written.size,
    close: async (): Promise<void> => {
      clearTimeout(timer)
      await flush()
      clearTimeout(timer)
    },
  }
}

/** A reader's side: changed topics are read from the hash, all of them after a lost connection. */
export const createPictureReader = ({ redis, names, picture, changes }: Deps) => {
  const texts = new Map<string, string>()
  let stale = new Set<string>()
  let allStale = true

  /** Takes a topic's text over; false when it is what was known already. */
  const take = (topic: string, text: string | null | undefined): boolean => {
    if (text === (texts.get(topic) ?? null)) return false
    if (typeof text === 'string') {
      texts.set(topic, text)
      Object.assign(picture, { [topic]: JSON.parse(text) })
    } else {
      texts.delete(topic)
      delete picture[topic as Topic]
    }
    return true
  }

  const readAll = async (): Promise<Map<string, string | null>> => {
    const hash = await redis.hgetall(names.picture)
    return new Map([...texts.keys(), ...Object.keys(hash)].map((topic) => [topic, hash[topic] ?? null]))
  }
  const readSome = async (topics: readonly string[]): Promise<Map<string, string | null>> => {
    const found = await redis.hmget(names.picture, ...topics)
    return new Map(topics.map((topic, i) => [topic, found[i] ?? null]))
  }

  const read = oneAtATime(async () => {
    const topics = [...stale]
    const all = allStale
    if (!all && topics.length === 0) return
    stale = new Set()
    allStale = false
    try {
      const found = await (all ? readAll() : readSome(topics))
      const changed = [...found].filter(([topic, text]) => take(topic, text)).map(([topic]) => topic as Topic)
      if (changed.length > 0) changes.tell(changed)
    } catch (error) {
      allStale = true
      throw error
    }
  })

  return {
    readAll: (): Promise<void> => {
      allStale = true
      return read()
    },
    /** Reads what the engine said has changed: topics separated by spaces, or '*'. */
    readChanged: (text: string): Promise<void> => {
      if (text === '*') allStale = true
      else for (const topic of text.split(' ')) stale.add(topic)
      return read()
    },
  }
}
