import { expect, test } from 'vitest'
import { createHealthWatch, type Pulse } from './health-watch.ts'

/** Looks at a terminal that answers as `answers` says: y ready, n not ready, x not at all. */
const pulses = async (answers: string, misses = 3): Promise<readonly Pulse[]> => {
  const told: Pulse[] = []
  let at = 0
  const watch = createHealthWatch({
    look: async () => {
      const answer = answers[at++]
      if (answer === 'x') throw new Error('refused')
      return answer === 'y'
    },
    misses,
    onChange: (pulse) => told.push(pulse),
  })
  for (const _ of answers) await watch.look()
  return told
}

test.each([
  ['yyyy', ['alive']],
  ['xxxxxx', []],
  ['nnnnnn', []],
  ['xxxxyy', ['alive']],
  ['yx', ['alive', 'missing']],
  ['yxxy', ['alive', 'missing', 'alive']],
  ['yxxx', ['alive', 'missing', 'dead']],
  ['ynnn', ['alive', 'missing', 'dead']],
  ['yxxxxxnn', ['alive', 'missing', 'dead']],
  ['yxxyxxyxx', ['alive', 'missing', 'alive', 'missing', 'alive', 'missing']],
  ['yxxxyxxx', ['alive', 'missing', 'dead', 'alive', 'missing', 'dead']],
])('answers %s are told as %j', async (answers, expected) => {
  expect(await pulses(answers)).toEqual(expected)
})

test('a look that takes long is not doubled', async () => {
  const endings: (() => void)[] = []
  const watch = createHealthWatch({
    look: () => new Promise((resolve) => endings.push(() => resolve(true))),
    misses: 2,
    onChange: () => {},
  })
  const first = watch.look()
  await watch.look()
  expect(endings).toHaveLength(1)
  endings[0]?.()
  await first
})
