import type { Dependency } from '#src/domain/picture.ts'
import type { Bus } from '#src/engine/ports.ts'
import { schedule } from './clock.ts'
import type { Database } from './db/connect.ts'
import type { Recorder } from './db/recorder.ts'

type Watched = {
  readonly database: Database
  readonly bus: Bus
  readonly wall: () => number
  readonly role: 'all' | 'engine' | 'web'
  readonly running: () => { readonly recorder: Recorder } | undefined
}

/** `since` where what is watched knows it better than the watch. */
type State = Pick<Dependency, 'state' | 'detail'> & Partial<Pick<Dependency, 'since'>>

const askMs = 2_000
/** An engine in another process that has not beaten for this long is down. */
const beatLimitMs = 4_000
/** A database that has not answered by now is down. The embedded one has one line, where a long question may stand before ours. */
const answerMs = { postgres: 3_000, pglite: 10_000 } as const

/** A failed query names its text; why it failed is the cause. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? reasonOf(error.cause ?? error.message) : String(error)

/** Whether the database answers in time; what it says later is not heard. */
const askDatabase = async ({ ping, kind }: Database): Promise<State> => {
  let giveUp = (): void => {}
  const silence = new Promise<State>((resolve) => {
    giveUp = schedule(() => resolve({ state: 'down', detail: 'no answer' }), answerMs[kind])
  })
  const answer = ping().then(
    (): State => ({ state: 'ok', detail: kind }),
    (error: unknown): State => ({ state: 'down', detail: reasonOf(error) }),
  )
  const state = await Promise.race([answer, silence])
  giveUp()
  return state
}

/** Watches what the process leans on and remembers since when each is as it is. */
export const createWatch = ({ database, bus, wall, role, running }: Watched) => {
  const known = new Map<Dependency['name'], Dependency>()
  let answers: State = { state: 'starting', detail: database.kind }

  let stopped = false
  let cancel = (): void => {}

  const stamp = (name: Dependency['name'], { state, detail, since }: State): Dependency => {
    const held = known.get(name)
    const next = { name, state, detail, since: since ?? (held?.state === state ? held.since : wall()) }
    known.set(name, next)
    return next
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
    const line = bus.state()
    if (line.state === 'down') return { state: 'down', detail: 'not heard without the bus', since: line.since }
    const seen = bus.engineSeenAt()
    if (seen === undefined) return { state: 'down', detail: 'no engine was seen' }
    return wall() - seen > beatLimitMs
      ? { state: 'down', detail: 'its heartbeat stopped', since: seen }
      : { state: 'ok', detail: 'in another process' }
  }
  const readFeed = (engine: State): State => {
    if (engine.state === 'down') return { state: 'down', detail: 'nothing is known without the engine' }
    const feed = bus.picture().feed
    if (feed === undefined) return { state: 'starting', detail: 'not started' }
    const states = {
      asleep: 'ok',
      connecting: 'starting',
      live: 'ok',
      closed: 'ok',
      finished: 'ok',
      stale: 'degraded',
      down: 'down',
    } as const
    return { state: states[feed.state], detail: `${feed.source}: ${feed.state}` }
  }
  const look = (): readonly Dependency[] => {
    const engine = readEngine()
    return [
      stamp('engine', engine),
      stamp('database', readDatabase()),
      stamp('bus', bus.state()),
      stamp('feed', readFeed(engine)),
    ]
  }
  /** Asks, answer by answer, and looks at everything else too: a change has its time even when nobody reads it. */
  const ask = async (): Promise<void> => {
    answers = await askDatabase(database)
    look()
    if (!stopped) cancel = schedule(() => void ask(), askMs)
  }
  look()
  void ask()
  return {
    stop: (): void => {
      stopped = true
      cancel()
    },
    /** Ready when the engine serves a current picture and what happens can be stored. */
    health: () => {
      const dependencies = look()
      const isCurrent = readEngine().state === 'ok' && bus.picture().plan !== undefined
      return { ready: isCurrent && readDatabase().state !== 'down', dependencies }
    },
  }
}
