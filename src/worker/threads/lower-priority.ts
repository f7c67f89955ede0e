import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Whether the system runs this thread only while nobody else wants the processor, and takes it back the moment somebody does. */
const becomeIdle = (thread: number): boolean =>
  spawnSync('chrt', ['--idle', '--pid', '0', `${thread}`], { stdio: 'ignore' }).status === 0

/**
 * Lets this thread run only when nobody else wants the processor. Linux schedules every thread by itself, under the number it
 * has in /proc; elsewhere the whole process would be slowed down, so nothing is done. Where the idle policy is not to be had
 * the lowest priority is: with it a thread that wakes still waits out the slice of milliseconds that this one was given.
 */
export const lowerPriority = (): void => {
  if (process.platform !== 'linux') return
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (!becomeIdle(thread)) setPriority(thread, constants.priority.PRIORITY_LOW)
  } catch {
    // Without /proc, or where priorities are not ours to set, the work is done all the same.
  }
}
