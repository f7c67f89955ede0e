import type { KeptLines } from './kept-lines.ts'

export type ResultState = 'received' | 'working' | 'done' | 'failed'
export type Result = { readonly state: ResultState; readonly reason?: string }

/** A command as the journal has it; `bracket` is what an entry still owes: its stop and targets. */
type Entry = Result & { readonly id: string; readonly number: number }

type Line = Entry | { readonly lockedUntil: number } | { readonly bracket: unknown }

/** The watchdog's commands have ids, and so numbers, of their own range. */
export const isWatchdogs = (id: string): boolean => id.startsWith('w-')

/**
 * Creates the journal of commands and locks. A number that is in it is never executed again, whatever became of it; a
 * command that was under way when the process ended reads as failed.
 */
export const createJournal = (lines: KeptLines) => {
  const entries = new Map<string, Entry>()
  const brackets: unknown[] = []
  const highest = { copilot: 0, watchdog: 0 }
  let lockedUntil = 0
  const take = (line: Line): void => {
    if ('lockedUntil' in line) lockedUntil = Math.max(lockedUntil, line.lockedUntil)
    else if ('bracket' in line) brackets.push(line.bracket)
    else {
      entries.set(line.id, line)
      const range = isWatchdogs(line.id) ? 'watchdog' : 'copilot'
      highest[range] = Math.max(highest[range], line.number)
    }
  }
  const put = (line: Line): void => {
    lines.append(line)
    take(line)
  }
  for (const line of lines.read()) take(line as Line)

  return {
    /** The highest number executed of the co-pilot's range or of the watchdog's. */
    highest: (whose: 'copilot' | 'watchdog'): number => highest[whose],
    lockedUntil: (): number => lockedUntil,
    brackets: (): readonly unknown[] => brackets,
    resultOf: (id: string): Result | undefined => {
      const entry = entries.get(id)
      return entry && { state: entry.state, ...(entry.reason !== undefined && { reason: entry.reason }) }
    },
    /** Commands that were begun and never answered. */
    interrupted: (): readonly Entry[] =>
      [...entries.values()].filter(({ state }) => state === 'received' || state === 'working'),
    record: (command: { readonly id: string; readonly number: number }, result: Result): void =>
      put({ id: command.id, number: command.number, ...result }),
    /** A lock is only ever made longer; epoch ms. */
    lock: (until: number): void => put({ lockedUntil: until }),
    owe: (bracket: unknown): void => put({ bracket }),
  }
}

export type Journal = ReturnType<typeof createJournal>
