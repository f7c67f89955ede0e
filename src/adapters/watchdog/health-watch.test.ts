import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHealthWatch, createLook, type Pulse } from './health-watch.ts'

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

test('a terminal lives as long as it answers that its engine runs, ready or not', async () => {
  const engineIn = (engine: string, database = 'ok'): string =>
    JSON.stringify({
      dependencies: [
        { name: 'engine', state: engine },
        { name: 'database', state: database },
      ],
    })
  const answers: (readonly [number, string])[] = [
    [200, engineIn('ok')],
    [503, engineIn('ok', 'down')],
    [503, engineIn('down')],
    [503, engineIn('starting')],
  ]
  const server = createServer((_, response) => {
    const [status, body] = answers.shift() ?? [502, 'bad gateway']
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const look = createLook(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 2_000)
  expect([await look(), await look(), await look(), await look()]).toEqual([true, true, false, false])
  await expect(look()).rejects.toThrow()
})
