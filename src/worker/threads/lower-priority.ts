import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * Lets this thread run only when nobody else wants the processor. Linux gives every thread a priority of its own, by the
 * number it has in /proc; elsewhere the whole process would be slowed down, so nothing is done.
 */
export const lowerPriority = (): void => {
  if (process.platform !== 'linux') return
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(thread, constants.priority.PRIORITY_LOW)
  } catch {
    // Without /proc, or where priorities are not ours to set, the work is done all the same.
  }
}
