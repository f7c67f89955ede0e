import type { Logger } from 'pino'
import type { IssuedCommand, PlatformCommand } from '#src/domain/trading/platform-event.ts'
import type { Bus } from '#src/engine/ports.ts'
import { issueCommand, lapseCommands, takeCommands } from '../db/commands.ts'
import type { Db } from '../db/connect.ts'
import { signCommand } from './signature.ts'

type SignedCommand = IssuedCommand & { readonly signature: string }

export type Outbox = {
  /**
   * Writes a command down for one bridge and wakes whoever waits for it, in every process; `by` says who asked, `lifeMs`
   * (at most 10 s) how long it may be obeyed.
   */
  readonly issue: (
    command: PlatformCommand,
    to: { readonly bridge: string; readonly book: string; readonly by: string; readonly lifeMs?: number },
  ) => Promise<IssuedCommand>
  /**
   * The commands of a bridge numbered above `after`, signed, as soon as there are any; none after `waitMs`, when `signal`
   * aborts, or when the same bridge asks again meanwhile. An expired command is never among them.
   */
  readonly poll: (ask: {
    readonly bridge: string
    readonly after: number
    readonly waitMs: number
    readonly signal: AbortSignal
  }) => Promise<readonly SignedCommand[]>
  /** Ends the silence of commands nobody answered; call it about once a second. */
  readonly lapse: () => Promise<void>
  /** Ends every waiting poll, and all to come, with an empty answer. */
  readonly close: () => void
}

const longestLifeMs = 10_000
/** Should the word of a command be lost on the bus, it is found by looking this often, ms. */
const lookEveryMs = 1_000
const commandIssued = 'command-issued'

type Word = 'look' | 'late' | 'gone'

/** What one waiting call is told; a word said while it does not listen is kept, and the last of them outdoes the others. */
const createEar = (first: Word) => {
  const order: readonly (Word | undefined)[] = [undefined, 'look', 'late', 'gone']
  let word: Word | undefined = first
  let wake = (): void => {}
  return {
    say: (next: Word): void => {
      if (order.indexOf(next) > order.indexOf(word)) word = next
      wake()
    },
    /** The next word; the first is there at once. */
    heard: async (): Promise<Word | undefined> => {
      if (word === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const said = word
      if (word !== 'gone') word = undefined
      return said
    },
    isGone: (): boolean => word === 'gone',
  }
}
type Ear = ReturnType<typeof createEar>

/** Creates the co-pilot's mouth: commands wait here for the bridge's long poll. `changed` hears the books whose commands moved. */
export const createOutbox = ({
  db,
  bus,
  token,
  wall,
  schedule,
  changed,
  log,
}: {
  readonly db: Db
  readonly bus: Pick<Bus, 'append' | 'onEvent'>
  readonly token: string
  readonly wall: () => number
  readonly schedule: (run: () => void, ms: number) => () => void
  readonly changed: (book: string) => void
  readonly log: Pick<Logger, 'warn'>
}): Outbox => {
  const waiting = new Map<string, Ear>()
  let closed = false

  const wake = (bridge: unknown): void => {
    if (typeof bridge === 'string') waiting.get(bridge)?.say('look')
  }
  const stopHearing = bus.onEvent(({ kind, body }) => {
    if (kind === commandIssued && typeof body === 'object' && body !== null && 'bridge' in body) wake(body.bridge)
  })

  const take = async (bridge: string, after: number): Promise<readonly SignedCommand[]> => {
    const taken = await takeCommands(db, bridge, after, wall())
    for (const book of new Set(taken.map(({ book }) => book))) changed(book)
    return taken.map(({ command }) => ({ ...command, signature: signCommand(token, command) }))
  }

  const nextWord = async (ear: Ear): Promise<Word | undefined> => {
    const stopLooking = schedule(() => ear.say('look'), lookEveryMs)
    const word = await ear.heard()
    stopLooking()
    return word
  }

  /** Looks at every word until there is something, or the call is late or gone; who is gone is given nothing. */
  const listen = async (ear: Ear, bridge: string, after: number): Promise<readonly SignedCommand[]> => {
    for (;;) {
      const word = await nextWord(ear)
      if (word === 'gone') return []
      const found = await take(bridge, after)
      if (ear.isGone()) return []
      if (found.length > 0 || word === 'late') return found
    }
  }

  return {
    issue: async (body, { bridge, book, by, lifeMs = longestLifeMs }) => {
      const issuedAt = wall()
      const expiresAt = issuedAt + Math.min(lifeMs, longestLifeMs)
      const command = await issueCommand(db, { bridge, book }, body, { issuedAt, expiresAt, by })
      wake(bridge)
      changed(book)
      bus.append(commandIssued, { bridge }).catch((error: unknown) => {
        log.warn({ err: error }, 'A command could not be announced; it is found by looking')
      })
      return command
    },
    poll: async ({ bridge, after, waitMs, signal }) => {
      if (closed || signal.aborted) return []
      const ear = createEar(waitMs > 0 ? 'look' : 'late')
      waiting.get(bridge)?.say('gone')
      waiting.set(bridge, ear)
      const leave = (): void => ear.say('gone')
      const stopWaiting = schedule(() => ear.say('late'), waitMs)
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await listen(ear, bridge, after)
      } finally {
        stopWaiting()
        signal.removeEventListener('abort', leave)
        if (waiting.get(bridge) === ear) waiting.delete(bridge)
      }
    },
    lapse: async () => {
      for (const book of await lapseCommands(db, wall())) changed(book)
    },
    close: () => {
      closed = true
      stopHearing()
      for (const ear of waiting.values()) ear.say('gone')
    },
  }
}
