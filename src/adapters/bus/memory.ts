import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Bus, BusEvent } from '#src/engine/ports.ts'
import { eventId, keptEvents } from './event-id.ts'
import { createListeners } from './listeners.ts'

/** The bus of a terminal that is one process: everything is at hand, nothing can be lost on the way. */
export const createMemoryBus = ({ wall }: { readonly wall: () => number }): Bus => {
  const picture: Partial<Picture> = {}
  const changes = createListeners<readonly Topic[]>()
  const arrivals = createListeners<BusEvent>()
  const events: BusEvent[] = []
  const startedAt = wall()
  let seenAt: number | undefined
  let last = { ms: 0, sequence: 0 }

  /** Ids ascend even when the machine's clock is set back. */
  const nextId = (): string => {
    const ms = Math.max(wall(), last.ms)
    last = { ms, sequence: ms === last.ms ? last.sequence + 1 : 0 }
    return eventId(ms, last.sequence)
  }

  return {
    put: (topic, value) => {
      picture[topic] = value
      changes.tell([topic])
    },
    picture: () => picture,
    onChange: changes.add,
    append: async (kind, body) => {
      const event = { id: nextId(), kind, body }
      events.push(event)
      if (events.length > keptEvents) events.shift()
      arrivals.tell(event)
      return event.id
    },
    onEvent: arrivals.add,
    eventsAfter: async (id, limit = keptEvents) => events.filter((event) => event.id > id).slice(0, limit),
    engineSeenAt: () => seenAt,
    beat: () => {
      seenAt = wall()
    },
    state: () => ({ state: 'ok', since: startedAt, detail: 'in this process' }),
    close: async () => {},
  }
}
