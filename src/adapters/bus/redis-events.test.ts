import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { BusEvent } from '#src/engine/ports.ts'
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
    const append = async (body: number): Promise<void> => {
      const appended = stream.append('n', body)
      await stream.send()
      await appended
    }
    return { redis, stream, heard, append }
  })
}

type Open = Awaited<ReturnType<typeof openStreams>>[number]

test('an event that only its writer knew is put back, once, though another process put its own back first', async () => {
  const [engine, web] = (await openStreams(2)) as [Open, Open]
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
  const [engine, web] = (await openStreams(2)) as [Open, Open]
  for (const body of [0, 1, 2]) await engine.append(body)
  await web.stream.catchUp()
  const before = await engine.stream.after('0-0')
  for (const { id } of before.slice(1)) await web.redis.xdel('p:events', id.replace(/-0+(?=\d)/, '-'))
  await web.redis.call('XSETID', 'p:events', (before[0]?.id ?? '').replace(/-0+(?=\d)/, '-'))
  await web.stream.restoreIfLost()
  expect(await engine.stream.after('0-0')).toEqual(before)
})
