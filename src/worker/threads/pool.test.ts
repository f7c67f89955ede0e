import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { createPool, type Pool, ThreadLost } from './pool.ts'
import { startThread } from './start-thread.ts'

/** A thread with tasks of every fate. */
const program = `
const { parentPort, threadId } = require('node:worker_threads')
const tasks = {
  who: () => threadId,
  double: (n) => n * 2,
  fail: (why) => { throw new Error(why) },
  die: () => process.exit(3),
  dieOnce: (deaths) => Atomics.add(new Int32Array(deaths), 0, 1) === 0 ? process.exit(3) : 'alive',
  explode: () => { setImmediate(() => { throw new Error('out of memory') }); return new Promise(() => {}) },
  never: () => new Promise(() => {}),
}
parentPort.on('message', async ({ id, task, input }) => {
  try { parentPort.postMessage({ id, ok: true, output: await tasks[task](input) }) }
  catch (error) { parentPort.postMessage({ id, ok: false, reason: error.message }) }
})`

const pools: Pool[] = []
const open = (threads: number, start = () => new Worker(program, { eval: true })): Pool => {
  const pool = createPool({ threads, start })
  pools.push(pool)
  return pool
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

test('tasks are answered, whatever the number of threads', async () => {
  const pool = open(2)
  expect(await Promise.all([1, 2, 3, 4, 5].map((n) => pool.ask('double', n)))).toEqual([2, 4, 6, 8, 10])
})

test('no more threads are started than asked for, and none that is not needed', async () => {
  let started = 0
  const pool = open(2, () => {
    started++
    return new Worker(program, { eval: true })
  })
  await pool.ask('double', 1)
  await pool.ask('double', 2)
  expect(started).toBe(1)
  await Promise.all([1, 2, 3, 4, 5, 6].map((n) => pool.ask('double', n)))
  expect(started).toBe(2)
})

test('what a task throws is told, and its thread goes on', async () => {
  const pool = open(1)
  const before = await pool.ask('who', null)
  await expect(pool.ask('fail', 'no such strategy')).rejects.toThrow('no such strategy')
  expect(await pool.ask('who', null)).toBe(before)
})

test('a thread that dies costs nothing but time: another takes its task', async () => {
  const pool = open(1)
  const before = await pool.ask('who', null)
  const deaths = new SharedArrayBuffer(4)
  expect(await Promise.all([pool.ask('dieOnce', deaths), pool.ask('double', 21)])).toEqual(['alive', 42])
  expect(await pool.ask('who', null)).not.toBe(before)
})

test.each(['die', 'explode'])('a task that ends every thread is given up, and it alone: %s', async (end) => {
  const pool = open(1)
  const before = await pool.ask('who', null)
  const [lost, waiting] = await Promise.allSettled([pool.ask(end, null), pool.ask('double', 21)])
  expect(lost).toMatchObject({ status: 'rejected', reason: expect.any(ThreadLost) })
  expect(waiting).toEqual({ status: 'fulfilled', value: 42 })
  expect(await pool.ask('who', null)).not.toBe(before)
})

test('a task that is taken back ends at once, and its thread with it', async () => {
  const pool = open(1)
  const stop = new AbortController()
  const before = await pool.ask('who', null)
  const taken = pool.ask('never', null, stop.signal)
  const waiting = pool.ask('never', null, stop.signal)
  stop.abort()
  await expect(taken).rejects.toThrow(ThreadLost)
  await expect(waiting).rejects.toThrow(ThreadLost)
  expect(await pool.ask('who', null)).not.toBe(before)
})

test('closing gives up what runs and what waits', async () => {
  const pool = open(1)
  const asked = Promise.allSettled([pool.ask('never', null), pool.ask('double', 1)])
  await pool.close()
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(pool.ask('double', 1)).rejects.toThrow('the threads are closed')
})

test('a thread of the program starts from source and knows the program’s tasks', async () => {
  const pool = open(1, () => startThread('shares'))
  await expect(pool.ask('gamble', null)).rejects.toThrow('no such task: gamble')
})
