import { expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

/** Work that ends when told to, and counts how many of it run. */
const createWork = () => {
  const endings: (() => void)[] = []
  let running = 0
  let most = 0
  const run = oneAtATime(async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => endings.push(resolve))
    running--
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { run, endings, settled, most: () => most }
}

test('calls during a run share one run after it', async () => {
  const { run, endings, settled } = createWork()
  const first = run()
  const second = run()
  expect(run()).toBe(second)
  expect(endings).toHaveLength(1)
  endings[0]?.()
  await first
  await settled()
  expect(endings).toHaveLength(2)
  endings[1]?.()
  await second
})

test('a caller who calls again the moment a run ends starts no second beside the next', async () => {
  const { run, endings, settled, most } = createWork()
  const again = run().then(run)
  const next = run()
  for (let i = 0; i < 4; i++) {
    endings[i]?.()
    await settled()
  }
  await Promise.all([again, next])
  expect(most()).toBe(1)
})

test('a run that fails fails its callers and none after them', async () => {
  let runs = 0
  const run = oneAtATime(async () => {
    if (++runs === 1) throw new Error('no')
  })
  const first = run()
  const second = run()
  await expect(first).rejects.toThrow('no')
  await second
  await run()
})
