import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backing } from '#src/testing/database.ts'
import { pause } from '#src/testing/processes/eventually.ts'
import { blocksOf, HopelessBlock, type TrialBlock } from './trial-block.ts'
import { createTrialQueue, createTrialWorker, type TrialQueue } from './trial-queue.ts'

const study = 'cd'.repeat(32)
const proposals = (count: number) => Array.from({ length: count }, (_, number) => ({ number, parameters: { stop: 2 } }))
/** A worker that has nothing asks Redis for a block and waits there. */
const untilItWaitsMs = 300
const silent = { warn: () => {}, error: () => {} }

let where: Parameters<typeof createTrialQueue>[0]
let queue: TrialQueue
const closing: (() => Promise<void>)[] = []

/** Until its connection listens a queue hears of nothing: blocks of nobody's are done until one was heard of. */
const listening = async (): Promise<void> => {
  let heard = false
  const stop = queue.onOver(() => {
    heard = true
  })
  const nobody = createTrialWorker({ ...where, name: 'nobody' }, async () => {})
  for (let number = 0; !heard; number += 8) {
    await queue.add([{ study: '0'.repeat(64), proposals: [{ number, parameters: {} }] }])
    await pause(20)
  }
  stop()
  await nobody.close()
}

beforeEach(async () => {
  // A queue of its own for every test, on a Redis all share.
  where = { url: await backing('redis'), prefix: `t-${randomUUID()}`, codeVersion: '0.1.0-test', log: silent }
  queue = createTrialQueue(where)
  closing.push(queue.close)
  await listening()
})
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

const work = (name: string, does: (block: TrialBlock) => Promise<unknown>, codeVersion = where.codeVersion) => {
  const worker = createTrialWorker({ ...where, codeVersion, name }, does)
  closing.push(worker.close)
  return worker
}

/** Resolves with what the next `count` blocks ended with: the reason of those given up. */
const over = (count: number): Promise<readonly (readonly [string, string | undefined])[]> =>
  new Promise((resolve) => {
    const ends: [string, string | undefined][] = []
    queue.onOver((id, reason) => {
      if (id.startsWith('0')) return
      ends.push([id, reason])
      if (ends.length === count) resolve(ends.sort())
    })
  })

test('blocks are done by whoever listens, each once however often it is added', async () => {
  const done: string[] = []
  const ended = over(3)
  const blocks = blocksOf(study, proposals(24))
  await queue.add(blocks)
  await queue.add(blocks)
  for (const name of ['first', 'second'])
    work(name, async ({ proposals: [first] }) => void done.push(`block from ${first?.number}`))
  expect(await ended).toEqual([
    [`${study}-0`, undefined],
    [`${study}-1`, undefined],
    [`${study}-2`, undefined],
  ])
  expect(done.sort()).toEqual(['block from 0', 'block from 16', 'block from 8'])
})

test('a block that no other try makes better names its reason at once', async () => {
  let tries = 0
  const ended = over(1)
  work('only', async () => {
    tries++
    throw new HopelessBlock('the bars have changed since the study was asked')
  })
  await queue.add(blocksOf(study, proposals(1)))
  expect(await ended).toEqual([[`${study}-0`, 'the bars have changed since the study was asked']])
  expect(tries).toBe(1)
})

test('what is no block of trials is given up by its field', async () => {
  const ended = over(1)
  work('only', async () => {})
  await queue.add([{ study, proposals: [{ number: 0.5, parameters: {} }] }])
  expect(await ended).toEqual([[`${study}-0`, expect.stringContaining('proposals.0.number')]])
})

test('a block that failed by accident is tried again', async () => {
  let tries = 0
  const ended = over(1)
  work('only', async () => {
    if (++tries === 1) throw new Error('connection reset')
  })
  await queue.add(blocksOf(study, proposals(1)))
  expect(await ended).toEqual([[`${study}-0`, undefined]])
  expect(tries).toBe(2)
})

test('a worker of another version is not given a block', async () => {
  const taken: string[] = []
  const ended = over(3)
  await work('old', async () => void taken.push('old'), '0.0.9-test').ready()
  await queue.add(blocksOf(study, proposals(24)))
  await work('same', async () => void taken.push('same')).ready()
  await ended
  expect(taken).toEqual(['same', 'same', 'same'])
})

test('what nobody has begun is taken back, of one study alone', async () => {
  const other = 'ef'.repeat(32)
  await queue.add([...blocksOf(study, proposals(16)), ...blocksOf(other, proposals(8))])
  await queue.withdraw(study)
  const ended = over(1)
  work('only', async () => {})
  expect(await ended).toEqual([[`${other}-0`, undefined]])
})

test('a worker that pauses takes nothing until it goes on', async () => {
  const taken: string[] = []
  const worker = work('only', async ({ study: of }) => void taken.push(of))
  await worker.ready()
  await worker.pause()
  const ended = over(1)
  await queue.add(blocksOf(study, proposals(1)))
  expect(await queue.workers()).toBe(1)
  expect(taken).toEqual([])
  await worker.resume()
  await ended
  expect(taken).toEqual([study])
})

test('a worker that was waiting for a block as it paused leaves it to another', async () => {
  const other = 'ef'.repeat(32)
  const taken: string[] = []
  const note = (name: string) => async (block: TrialBlock) => void taken.push(`${name}: ${block.study.slice(0, 2)}`)
  const first = over(1)
  const waiting = work('waiting', note('waiting'))
  await queue.add(blocksOf(study, proposals(1)))
  await first
  await pause(untilItWaitsMs)
  await waiting.pause()
  const second = over(1)
  await queue.add(blocksOf(other, proposals(1)))
  await pause(untilItWaitsMs)
  await work('other', note('other')).ready()
  expect(await second).toEqual([[`${other}-0`, undefined]])
  expect(taken).toEqual(['waiting: cd', 'other: ef'])
})
