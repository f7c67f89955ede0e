import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startThread } from './start-thread.ts'

/** How many threads of this process the system runs only while it has nothing else to do: policy 5, the 41st field of a thread's line. */
const idleThreads = (): number =>
  readdirSync('/proc/self/task').filter((thread) => {
    const line = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    // The name, in brackets, may hold spaces; the third field follows it.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[38] === '5'
  }).length

test.runIf(process.platform === 'linux')(
  'a thread that yields runs only while nobody else wants to',
  async () => {
    expect(idleThreads()).toBe(0)
    const thread = startThread('yields')
    await expect.poll(idleThreads, { timeout: 20_000 }).toBe(1)
    await thread.terminate()
  },
  30_000,
)
