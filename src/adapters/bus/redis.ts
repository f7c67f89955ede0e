import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Bus, BusEvent } from '#src/engine/ports.ts'
import { createBusState } from './bus-state.ts'
import { createListeners } from './listeners.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { connectRedis, execute, namesUnder } from './redis-connection.ts'
import { createEventStream } from './redis-events.ts'
import { createPictureReader, createPictureWriter } from './redis-picture.ts'

const pulseMs = 1_000
const heartbeatMs = 10_000
const patienceMs = 10_000

/**
 * The bus between one engine and any number of web processes. The engine (or 'all', when one process is both) alone
 * puts the picture and beats; everyone may append. Resolves once in step with Redis; throws when that takes over 10 s.
 * Afterwards a lost Redis is only a state: the bus reconnects by itself, the engine writes its whole picture again,
 * readers read all of it, and the stream goes on where it was.
 */
export const createRedisBus = async ({
  url,
  prefix,
  wall,
  log,
  role,
}: {
  readonly url: string
  readonly prefix: string
  readonly wall: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly role: 'engine' | 'web' | 'all'
}): Promise<Bus> => {
  const names = namesUnder(prefix)
  const commands = connectRedis(url)
  const wakes = connectRedis(url)
  const picture: Partial<Picture> = {}
  const changes = createListeners<readonly Topic[]>()
  const arrivals = createListeners<BusEvent>()
  const events = createEventStream({ redis: commands, names, arrivals })
  const pictureDeps = { redis: commands, names, picture, changes }
  const writer = role === 'web' ? undefined : createPictureWriter(pictureDeps)
  const reader = role === 'web' ? createPictureReader(pictureDeps) : undefined
  const state = createBusState({ wall, log })
  let seenAt: number | undefined
  let closed = false

  const see = (at: string | null): void => {
    if (at !== null) seenAt = Number(at)
  }

  const connected = ({ status }: Redis): boolean => status === 'ready'

  /** Brings this process and Redis into step; every road back from a failure leads through here. */
  const synchronize = oneAtATime(async () => {
    if (closed || !connected(commands) || !connected(wakes)) return
    try {
      await wakes.subscribe(names.topicsChanged, names.eventAppended, names.engineBeat)
      await (writer?.writeAll() ?? reader?.readAll())
      await events.catchUp()
      await events.restoreIfLost()
      await events.catchUp()
      see(await commands.get(names.heartbeat))
      // From here on whoever appends also sends; what was appended before is sent now.
      state.recover()
      await events.send()
    } catch (error) {
      state.fail(error)
    }
  })

  for (const redis of [commands, wakes]) {
    redis.on('ready', synchronize)
    redis.on('close', state.lose)
    redis.on('error', state.fail)
  }
  wakes.on('message', (channel: string, text: string) => {
    if (channel === names.topicsChanged) reader?.readChanged(text).catch(state.fail)
    if (channel === names.eventAppended) events.catchUp().catch(state.fail)
    if (channel === names.engineBeat) see(text)
  })

  /** Asks both connections something once a second: silence uncovers a dead one, and a failed step is tried again. */
  const pulse = setInterval(() => {
    if (connected(wakes)) wakes.ping().catch(state.fail)
    if (connected(commands)) commands.get(names.heartbeat).then(see, state.fail)
    if (!state.isOk()) void synchronize()
  }, pulseMs)

  const beat = async (): Promise<void> => {
    if (writer === undefined) return
    const at = String(wall())
    see(at)
    if (!connected(commands)) return
    const [, , topics] = await execute(
      commands.multi().set(names.heartbeat, at, 'PX', heartbeatMs).publish(names.engineBeat, at).hlen(names.picture),
    )
    if (writer.isMissing(Number(topics))) await writer.writeAll()
    await events.restoreIfLost()
  }

  const close = async (): Promise<void> => {
    clearInterval(pulse)
    if (connected(commands)) await Promise.allSettled([writer?.close(), events.send()])
    closed = true
    events.close()
    for (const redis of [commands, wakes]) redis.off('close', state.lose).disconnect()
  }

  if (!(await state.works(patienceMs))) {
    await close()
    throw new Error(`Redis at ${new URL(url).host} cannot be used: ${state.current().detail}`)
  }
  return {
    put: (topic, value) => {
      if (writer === undefined) throw new Error('only the engine puts the picture')
      writer.put(topic, value)
    },
    picture: () => picture,
    onChange: changes.add,
    append: (kind, body) => {
      const appended = events.append(kind, body)
      if (state.isOk()) events.send().catch(state.fail)
      return appended
    },
    onEvent: arrivals.add,
    eventsAfter: events.after,
    engineSeenAt: () => seenAt,
    beat: () => void beat().catch(state.fail),
    state: state.current,
    close,
  }
}
