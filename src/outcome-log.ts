import { z } from 'zod'
import type { Audit, AuditEntry } from '#src/adapters/db/audit.ts'
import { tellNextEnd } from '#src/adapters/db/commands.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { readSetting, writeSetting } from '#src/adapters/db/settings.ts'
import { nextWord } from '#src/adapters/watchdog/journal.ts'

type Options = {
  readonly audit: Pick<Audit, 'along'>
  /** Where a watchdog of this machine keeps its words. */
  readonly dataDir: string
  /** Machine time. */
  readonly wall: () => number
  readonly schedule: (run: () => void, ms: number) => () => void
  readonly onError: (error: unknown) => void
}

const readKey = 'watchdog-words-read'
const count = z.int().min(0)
/** What is on its way to the platform or the pages goes first, ms. */
const afterMs = 500

/**
 * Writes into the audit log what became of commands, and what a watchdog did while the terminal was dead. Each line is stored
 * with the mark that it was told, so that a restart neither loses one nor tells it twice.
 */
export const createOutcomeLog = ({ audit, dataDir, wall, schedule, onError }: Options) => {
  let queue: Promise<unknown> = Promise.resolve()
  let cancel: (() => void) | undefined

  const nextEnd = async (tx: Db): Promise<AuditEntry | undefined> => {
    const end = await tellNextEnd(tx)
    return end && { at: wall(), kind: 'command-end', who: 'the program', body: end }
  }
  const nextOfWatchdog = async (tx: Db): Promise<AuditEntry | undefined> => {
    const next = nextWord(dataDir, (await readSetting(tx, readKey, count)) ?? 0)
    if (next === undefined) return undefined
    await writeSetting(tx, readKey, count, next.read, wall())
    return { at: wall(), kind: 'watchdog', who: 'the watchdog', body: next.word ?? { text: 'a line nobody can read' } }
  }
  const tellAll = async (): Promise<void> => {
    for (const next of [nextEnd, nextOfWatchdog]) while ((await audit.along(next)) !== undefined);
  }

  return {
    /** Looks for what is not told yet; whoever calls waits for nothing. */
    look: (): void => {
      cancel ??= schedule(() => {
        cancel = undefined
        queue = queue.then(tellAll).catch(onError)
      }, afterMs)
    },
    /** Looks no more, and resolves when what is being told is stored; the next start tells the rest. */
    close: async (): Promise<void> => {
      cancel?.()
      await queue
    },
  }
}
