import type { Dependency } from '#src/domain/picture.ts'
import type { Bus } from '#src/engine/ports.ts'
import { repeat } from './clock.ts'
import type { Database } from './db/connect.ts'
import type { Recorder } from './db/recorder.ts'

type Watched = {
  readonly database: Database
  readonly bus: Bus
  readonly wall: () => number
  readonly role: 'all' | 'engine' | 'web'
  readonly running: () => { readonly recorder: Recorder } | undefined
}

type State = Pick<Dependency, 'state' | 'detail'>

const askMs = 2_000
/** An engine in another process that has not beaten for this long is down. */
const beatLimitMs = 5_000
/** A database that has not answered by now is down, whatever it is doing. */
const answerMs = 3_000

const inTime = (answer: Promise<void>): Promise<void> =>
  Promise.race([
    answer,
    new Promise<void>((_, reject) => setTimeout(() => reject(new Error('no answer')), answerMs).unref()),
  ])

/** Watches what the process leans on and remembers since when each is as it is. */
export const createWatch = ({ database, bus, wall, role, running }: Watched) => {
  const known = new Map<Dependency['name'], Dependency>()
  let answers: State = { state: 'starting', detail: database.kind }

  const stamp = (name: Dependency['name'], { state, detail }: State): Dependency => {
    const held = known.get(name)
    const next = { name, state, detail, since: held?.state === state ? held.since : wall() }
    known.set(name, next)
    return next
  }
  const ask = (): void => {
    inTime(database.ping()).then(
      () => {
        answers = { state: 'ok', detail: database.kind }
      },
      (error: unknown) => {
        answers = { state: 'down', detail: error instanceof Error ? error.message : 'no answer' }
      },
    )
  }
  const readDatabase = (): State => {
    const recorder = running()?.recorder
    if (answers.state === 'ok' && recorder?.state().failing === true)
      return { state: 'degraded', detail: `${recorder.waiting()} entries wait to be stored` }
    return answers
  }
  const readEngine = (): State => {
    if (role !== 'web')
      return running() === undefined
        ? { state: 'starting', detail: 'recovering the day' }
        : { state: 'ok', detail: 'in this process' }
    const seen = bus.engineSeenAt()
    if (seen === undefined) return { state: 'down', detail: 'no engine was seen' }
    return wall() - seen > beatLimitMs
      ? { state: 'down', detail: 'its heartbeat stopped' }
      : { state: 'ok', detail: 'in another process' }
  }
  const readFeed = (): State => {
    const feed = bus.picture().feed
    if (feed === undefined) return { state: 'starting', detail: 'not started' }
    const states = { live: 'ok', closed: 'ok', finished: 'ok', stale: 'degraded', down: 'down' } as const
    return { state: states[feed.state], detail: `${feed.source}: ${feed.state}` }
  }
  const readBus = (): State => {
    const { state, detail } = bus.state()
    return { state, detail }
  }
  ask()
  const stop = repeat(ask, askMs)
  return {
    stop,
    /** Ready when the engine serves a current picture. */
    health: () => {
      const dependencies = [
        stamp('engine', readEngine()),
        stamp('database', readDatabase()),
        stamp('bus', readBus()),
        stamp('feed', readFeed()),
      ]
      const engine = dependencies[0]
      return { ready: engine?.state === 'ok' && bus.picture().plan !== undefined, dependencies }
    },
  }
}
