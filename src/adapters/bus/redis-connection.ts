import { type ChainableCommander, Redis } from 'ioredis'

/**
 * A connection that never queues and never repeats: what cannot be sent fails at once, what was under way when the
 * connection broke fails too. Whoever sent it knows what to do next; the client would only guess.
 */
export const connectRedis = (url: string): Redis =>
  new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    // A reply this late means the other end is gone without a word: a half-open socket.
    socketTimeout: 5_000,
    retryStrategy: (times) => Math.min(times * 50, 1_000),
  })

/** Runs a transaction and returns its replies; throws when any of its commands failed. */
export const execute = async (transaction: ChainableCommander): Promise<unknown[]> => {
  const replies = await transaction.exec()
  if (replies === null) throw new Error('the transaction was discarded')
  return replies.map(([error, reply]) => {
    if (error !== null) throw error
    return reply
  })
}

/** The names of a bus inside one Redis: keys and, for what wakes the others, channels. */
export const namesUnder = (prefix: string) => ({
  /** Hash of topic to JSON. */
  picture: `${prefix}:picture`,
  /** Stream of events. */
  events: `${prefix}:events`,
  /** Wall clock of the engine's last beat; expires. */
  heartbeat: `${prefix}:heartbeat`,
  /** The topics that changed, separated by spaces, or '*' when all may have. */
  topicsChanged: `${prefix}:topics-changed`,
  eventAppended: `${prefix}:event-appended`,
  engineBeat: `${prefix}:engine-beat`,
})

export type Names = ReturnType<typeof namesUnder>
