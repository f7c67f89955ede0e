import type { Worker } from 'node:worker_threads'

/** What a thread is asked, and what it answers; `id` pairs them. */
export type Asked = { readonly id: number; readonly task: string; readonly input: unknown }
export type Answered =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string }

type Waiting = {
  readonly asked: Asked
  readonly resolve: (output: unknown) => void
  readonly reject: (error: Error) => void
  readonly signal: AbortSignal | undefined
  /** Threads that ended over it. */
  losses: number
}

type Hand = { readonly thread: Worker; busy: Waiting | undefined }

/** A thread ended, or was stopped, before it had answered. */
export class ThreadLost extends Error {}

type Options = { readonly threads: number; readonly start: () => Worker }

/** A thread that the system has ended is no fault of its task; a second one is. */
const mostLosses = 2

/**
 * Creates threads for heavy work: each does one task at a time, in the order asked. When a thread dies another takes its
 * place and its task; every task gives the same whoever does it.
 */
export const createPool = ({ threads, start }: Options) => {
  const queue: Waiting[] = []
  const hands: Hand[] = []
  let asked = 0
  let closed = false

  const settle = (hand: Hand, answer: Answered): void => {
    const { busy } = hand
    if (busy === undefined || busy.asked.id !== answer.id) return
    hand.busy = undefined
    hand.thread.unref()
    if (answer.ok) busy.resolve(answer.output)
    else busy.reject(new Error(answer.reason))
    feed()
  }

  const lose = (hand: Hand, cause: unknown): void => {
    const at = hands.indexOf(hand)
    if (at >= 0) hands.splice(at, 1)
    const { busy } = hand
    hand.busy = undefined
    if (busy !== undefined) {
      const isWanted = !closed && busy.signal?.aborted !== true
      if (isWanted && ++busy.losses < mostLosses) queue.unshift(busy)
      else busy.reject(new ThreadLost('a thread ended before it had answered', { cause }))
    }
    feed()
  }

  const hire = (): Hand => {
    const hand: Hand = { thread: start(), busy: undefined }
    hand.thread.on('message', (answer: Answered) => settle(hand, answer))
    hand.thread.on('error', (error) => lose(hand, error))
    hand.thread.on('exit', () => lose(hand, 'exit'))
    hands.push(hand)
    return hand
  }

  const feed = (): void => {
    while (queue.length > 0 && !closed) {
      const free = hands.find(({ busy }) => busy === undefined) ?? (hands.length < threads ? hire() : undefined)
      if (free === undefined) return
      free.busy = queue.shift()
      // A thread at work keeps the process alive, an idle one does not.
      free.thread.ref()
      free.thread.postMessage(free.busy?.asked)
    }
  }

  return {
    threads,
    /** Has a task done; rejects with what it threw, and with ThreadLost as soon as `signal` is aborted: what ran is ended. */
    ask: (task: string, input: unknown, signal?: AbortSignal): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new ThreadLost('the threads are closed'))
        if (signal?.aborted) return reject(new ThreadLost('the task was taken back'))
        const id = asked++
        const takeBack = (): void => {
          const at = queue.findIndex((waiting) => waiting.asked.id === id)
          if (at >= 0) queue.splice(at, 1)
          reject(new ThreadLost('the task was taken back'))
          void hands.find(({ busy }) => busy?.asked.id === id)?.thread.terminate()
        }
        const over =
          <T>(settled: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener('abort', takeBack)
            settled(value)
          }
        signal?.addEventListener('abort', takeBack)
        queue.push({ asked: { id, task, input }, resolve: over(resolve), reject: over(reject), signal, losses: 0 })
        feed()
      }),
    /** Gives up what waits and ends what runs, at once. */
    close: async (): Promise<void> => {
      closed = true
      for (const { reject } of queue.splice(0)) reject(new ThreadLost('the threads are closed'))
      await Promise.all([...hands].map(({ thread }) => thread.terminate()))
    },
  }
}

export type Pool = ReturnType<typeof createPool>
