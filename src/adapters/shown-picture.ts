import { inOutage, outageOf } from '#src/domain/outage.ts'
import type { Dependency, Outage, Picture, Topic } from '#src/domain/picture.ts'
import type { Bus } from '#src/engine/ports.ts'
import { createListeners } from './bus/listeners.ts'

type Deps = {
  readonly bus: Pick<Bus, 'picture' | 'onChange'>
  /** What this process leans on, as it is now. */
  readonly dependencies: () => readonly Dependency[]
  readonly wall: () => number
  readonly schedule: (run: () => void, everyMs: number) => () => void
}

/** With the silence it takes to miss an engine and the hub's own pace, an outage is on the screen within five seconds. */
const lookMs = 500

/**
 * The picture as this process may show it: as the bus has it, but of what the process leans on it says what it sees itself,
 * and in an outage that nothing is to be traded on. While a picture stands still its ages are told anew all the time.
 */
export const createShownPicture = ({ bus, dependencies, wall, schedule }: Deps) => {
  const shown: Partial<Picture> = {}
  const changes = createListeners<readonly Topic[]>()
  let outage: Outage | undefined

  const restated = (): Partial<Picture> => {
    const { system } = bus.picture()
    return { ...(system && { system: { ...system, dependencies: dependencies() } }) }
  }
  const take = (topics: readonly Topic[]): void => {
    const picture = bus.picture()
    const own = { ...inOutage(picture, outage, wall()), ...(topics.includes('system') && restated()) }
    for (const topic of topics) {
      const value = own[topic] ?? picture[topic]
      if (value === undefined) delete shown[topic]
      else Object.assign(shown, { [topic]: value })
    }
    changes.tell(topics)
  }
  const look = (): void => {
    const had = outage
    outage = outageOf(dependencies(), bus.picture().clock)
    if (outage !== undefined || had !== undefined) take(['outage', 'clock', 'feed', 'gate', 'system'])
  }

  take(Object.keys(bus.picture()) as Topic[])
  look()
  const stops = [bus.onChange(take), schedule(look, lookMs)]
  return {
    picture: () => shown,
    onChange: changes.add,
    stop: (): void => {
      for (const stop of stops) stop()
    },
  }
}
