import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { BusEvent } from '#src/engine/ports.ts'
import { pause } from '#src/testing/processes/eventually.ts'
import { startRedis } from '#src/testing/redis.ts'
import { createListeners } from './listeners.ts'
import { namesUnder } from './redis-connection.ts'
import { createEventStream } from './redis-events.ts'

const openStreams = async (count: number) => {
  const server = await startRedis()
  onTestFinished(server.stop)
  return Array.from({ length: count }, () => {
    const redis = new Redis(server.url)
    onTestFinished(() => redis.disconnect())
    const arrivals = createListeners<BusEvent>()
    const heard: unknown[] = []
    arrivals.add(({ body }) => void heard.push(body))
    const stream = createEventStream({ redis, names: namesUnder('p'), arrivals })
    const append = async (body: unknown): Promise<void> => {
      const appended = stream.append('n', body)
      await stream.send()
      await appended
    }
    return { redis, stream, heard, append }
  })
}

/** Streams that have all joined before anything is said. */
const joinStreams = async (count: number) => {
  const streams = await openStreams(count)
  await Promise.all(streams.map(({ stream }) => stream.catchUp()))
  return streams
}

type Open = Awaited<ReturnType<typeof openStreams>>[number]

test('an event that only its writer knew is put back, once, though another process put its own back first', async () => {
  const [engine, web] = (await joinStreams(2)) as [Open, Open]
  for (const body of [0, 1, 2]) await engine.append(body)
  await web.stream.catchUp()
  await engine.append(3)
  await web.redis.flushall()
  await web.append(4)
  await engine.stream.catchUp()
  await engine.stream.restoreIfLost()
  await engine.stream.restoreIfLost()
  await Promise.all([engine.stream.catchUp(), web.stream.catchUp()])
  expect(web.heard).toEqual([0, 1, 2, 4, 3])
  expect(engine.heard).toEqual([0, 1, 2, 4, 3])
  expect((await engine.stream.after('0-0')).map(({ body }) => body)).toEqual([0, 1, 2, 4, 3])
})

test('a stream that lost only its end is given the end back under its old ids', async () => {
  const [engine, web] = (await joinStreams(2)) as [Open, Open]
  for (const body of [0, 1, 2]) await engine.append(body)
  await web.stream.catchUp()
  const before = await engine.stream.after('0-0')
  for (const { id } of before.slice(1)) await web.redis.xdel('p:events', id.replace(/-0+(?=\d)/, '-'))
  await web.redis.call('XSETID', 'p:events', (before[0]?.id ?? '').replace(/-0+(?=\d)/, '-'))
  await web.stream.restoreIfLost()
  expect(await engine.stream.after('0-0')).toEqual(before)
})

test('a process that joins an emptied stream is not told what others put back from before', async () => {
  const [web, asleep, engine] = (await openStreams(3)) as [Open, Open, Open]
  await Promise.all([web.stream.catchUp(), asleep.stream.catchUp()])
  for (const body of ['flatten', 'kill']) await web.append(body)
  await Promise.all([web.stream.catchUp(), asleep.stream.catchUp()])
  await web.redis.flushall()
  await pause(5)
  await engine.stream.catchUp()
  await engine.append('begun')
  await asleep.stream.restoreIfLost()
  await web.append('ping')
  for (const { stream } of [engine, web, asleep]) await stream.catchUp()
  expect(engine.heard).toEqual(['begun', 'ping'])
  expect(web.heard).toEqual(['flatten', 'kill', 'begun', 'ping'])
  expect((await engine.stream.after('0-0')).map(({ body }) => body)).toEqual(['begun', 'flatten', 'kill', 'ping'])
})

test('a stream longer than what is kept is given back the end it lost', async () => {
  const [engine, web] = (await joinStreams(2)) as [Open, Open]
  const appended = Array.from({ length: 10_050 }, (_, body) => engine.stream.append('n', body))
  await engine.stream.send()
  await Promise.all(appended)
  await web.stream.catchUp()
  const all = await engine.redis.xrange('p:events', '-', '+')
  expect(all.length).toBeGreaterThan(10_000)
  await web.redis.xdel('p:events', ...all.slice(-20).map(([id]) => id))
  await web.stream.restoreIfLost()
  const numbers = (await web.stream.after('0-0', 20_000)).map(({ body }) => body)
  expect(numbers.slice(-3)).toEqual([10_047, 10_048, 10_049])
  await web.stream.restoreIfLost()
  expect(await web.redis.xlen('p:events')).toBe(numbers.length)
})

test('what is appended to a closed stream is refused at once', async () => {
  const [stream] = (await joinStreams(1)) as [Open]
  stream.stream.close()
  await expect(stream.stream.append('n', 1)).rejects.toThrow('the bus is closed')
})
