import { Queue, QueueEvents, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import type { Logger } from 'pino'
import { schedule } from '../clock.ts'
import { blockId, HopelessBlock, parseBlock, type TrialBlock } from './trial-block.ts'

type Options = {
  readonly url: string
  /** Before every key, so that two terminals share one Redis. */
  readonly prefix: string
  /** Only a worker of the same version gives the same numbers. */
  readonly codeVersion: string
  readonly log: Pick<Logger, 'warn' | 'error'>
}

/** What a block is worth before it is given up: a worker that dies costs one, one that fails another. */
const attempts = 5
/** A worker that has not renewed its lock for so long is taken for dead. The computing is done by threads: a living one is in time. */
const lockMs = 5_000
const stalledMs = 2_500

/** Redis may be away at the end: nobody waits longer for its farewell. */
const farewellMs = 5_000

const within = (ms: number, closing: Promise<unknown>): Promise<void> =>
  new Promise((resolve) => {
    const cancel = schedule(resolve, ms)
    closing
      .catch(() => {})
      .finally(() => {
        cancel()
        resolve()
      })
  })

const nameOf = (codeVersion: string): string => `trials-${codeVersion.replaceAll(':', '-')}`
const connectionTo = (url: string) => ({ url, maxRetriesPerRequest: null })

/** Creates the asking side: hands blocks of trials to whatever workers there are. */
export const createTrialQueue = ({ url, prefix, codeVersion, log }: Options) => {
  const connection = connectionTo(url)
  const name = nameOf(codeVersion)
  const queue = new Queue<TrialBlock>(name, {
    connection,
    prefix,
    defaultJobOptions: {
      attempts,
      backoff: { type: 'exponential', delay: 500 },
      removeOnComplete: true,
      removeOnFail: true,
    },
  })
  const events = new QueueEvents(name, { connection, prefix })
  const complain = (err: Error): void => log.warn({ err }, 'The queue of trials does not answer')
  queue.on('error', complain)
  events.on('error', complain)
  return {
    /** Adds blocks; one that waits or runs already is not added twice. */
    add: async (blocks: readonly TrialBlock[]): Promise<void> => {
      await queue.addBulk(blocks.map((block) => ({ name: 'trials', data: block, opts: { jobId: blockId(block) } })))
    },
    /** Hears of every block that is done or given up, with the reason of the latter. Returns how to stop. */
    onOver: (hear: (jobId: string, reason?: string) => void): (() => void) => {
      const done = ({ jobId }: { jobId: string }): void => hear(jobId)
      const failed = ({ jobId, failedReason }: { jobId: string; failedReason: string }): void =>
        hear(jobId, failedReason)
      events.on('completed', done)
      events.on('failed', failed)
      return () => {
        events.off('completed', done)
        events.off('failed', failed)
      }
    },
    /** Takes back the blocks of a study that nobody has begun. */
    withdraw: async (study: string): Promise<void> => {
      for (const job of await queue.getJobs(['waiting', 'delayed', 'prioritized']))
        if (job?.data.study === study) await job.remove().catch(() => {})
    },
    /** How many workers listen. */
    workers: (): Promise<number> => queue.getWorkersCount(),
    close: (): Promise<void> => within(farewellMs, Promise.all([events.close(), queue.close()])),
  }
}

export type TrialQueue = ReturnType<typeof createTrialQueue>

/**
 * Creates the working side: takes blocks and has them done, `concurrency` at a time. A worker that dies loses its lock, and
 * the block goes to another. `name` is what it is known by on the queue.
 */
export const createTrialWorker = (
  { url, prefix, codeVersion, log, name }: Options & { readonly name: string },
  work: (block: TrialBlock) => Promise<unknown>,
  concurrency = 1,
) => {
  let paused = false
  const worker = new Worker(
    nameOf(codeVersion),
    async (job, token) => {
      // Who waits for a block as it pauses is still handed the next one: it goes back, to whoever may.
      if (paused) {
        await job.moveToWait(token)
        throw new WaitingError()
      }
      try {
        await work(parseBlock(job.data))
      } catch (error) {
        if (error instanceof HopelessBlock) throw new UnrecoverableError(error.message)
        throw error
      }
    },
    {
      connection: connectionTo(url),
      prefix,
      name,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledMs,
      maxStalledCount: attempts,
    },
  )
  worker.on('error', (err) => log.warn({ err }, 'The queue of trials does not answer'))
  worker.on('failed', (job, err) => log.warn({ err, job: job?.id }, 'Trials failed'))
  return {
    /** Resolves when the queue answers. */
    ready: async (): Promise<void> => {
      await worker.waitUntilReady()
    },
    /** Takes no more blocks; those at hand are done. `resume` goes on. */
    pause: (): Promise<void> => {
      paused = true
      return worker.pause(true)
    },
    resume: (): Promise<void> => {
      paused = false
      return worker.resume()
    },
    /** Ends after the blocks at hand; one that takes longer than some seconds goes to another worker. */
    close: (): Promise<void> => within(farewellMs, worker.close()),
  }
}
