import type { KeptLines } from './kept-lines.ts'

export type WireEvent = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly at: number
  readonly kind: string
}

export const mostEvents = 200
/** A batch stays below the 256 KiB the co-pilot takes. */
const mostChars = 200_000
const mostMarket = 1_000

/**
 * Creates what waits to be sent. What is kept is never dropped, keeps its order and survives in the file; what is
 * passing (prices, heartbeats) makes room for newer, oldest first.
 */
export const createOutbox = (lines: KeptLines) => {
  let kept: WireEvent[] = []
  let passing: WireEvent[] = []
  let dropped = 0
  const left = lines.read() as readonly WireEvent[]

  /** The first events that fit one batch. */
  const fitting = (events: readonly WireEvent[], most: number): readonly WireEvent[] => {
    let chars = 0
    const first = events.slice(0, most)
    const over = first.findIndex((event) => {
      chars += JSON.stringify(event).length
      return chars > mostChars
    })
    return over === -1 ? first : first.slice(0, Math.max(1, over))
  }

  return {
    /** Takes up again what a process before this one could not send. */
    takeUp: (): void => {
      kept.push(...left)
    },
    /** To be sent, whatever happens. */
    keep: (event: WireEvent): void => {
      lines.append(event)
      kept.push(event)
    },
    /** To be sent before all else that waits; it means nothing to the next process: a hello. */
    say: (event: WireEvent): void => {
      kept.unshift(event)
    },
    /** To be sent if there is room. */
    pass: (event: WireEvent): void => {
      passing.push(event)
      if (passing.length <= mostMarket) return
      passing.shift()
      dropped++
    },
    /** The next batch of at most so many events; `states` are asked for only once everything kept is in it, so that they speak of what was told. */
    next: (states: () => readonly WireEvent[], most = mostEvents): readonly WireEvent[] =>
      fitting(kept.length >= most ? kept : [...kept, ...states(), ...passing], most),
    /** A batch was answered: what of it was waiting is forgotten. */
    forget: (batch: readonly WireEvent[]): void => {
      const ids = new Set(batch.map(({ id }) => id))
      const before = kept.length
      kept = kept.filter(({ id }) => !ids.has(id))
      passing = passing.filter(({ id }) => !ids.has(id))
      if (kept.length === 0 && before > 0) lines.replace([])
    },
    depth: () => ({ queues: { executions: kept.length, market: passing.length }, dropped }),
  }
}

export type Outbox = ReturnType<typeof createOutbox>
