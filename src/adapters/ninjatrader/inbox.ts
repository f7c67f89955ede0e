import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { durableKinds, type PlatformEvent, type Speaker } from '#src/domain/trading/platform-event.ts'
import { numberCommandsAbove } from '../db/commands.ts'
import type { Db } from '../db/connect.ts'
import { bookOfBoot, storeBatch } from '../db/platform.ts'
import { type Rejection, toPlatformEvent } from './to-domain.ts'
import { type Answer, answerWire, type Batch, readBatch, type WireReason } from './wire.ts'

/** A batch was taken; `resend` asks the bridge to say hello, its accounts and its positions again. */
type Taken = { readonly ok: true; readonly answer: Answer; readonly resend: boolean }
/** A batch was not taken, none of it. */
type NotTaken = {
  readonly ok: false
  readonly status: 400 | 409
  readonly field: string
  readonly reason: WireReason | 'bridge-differs' | 'batch-reused' | 'hello-missing'
}

export type Inbox = {
  /** Takes the bytes a bridge sent; resolves once everything that is to be kept is on disk and the engine was told. */
  readonly take: (bridge: string, body: Uint8Array) => Promise<Taken | NotTaken>
}

/** What this process remembers of one start of a bridge. */
type Boot = {
  speaker?: Speaker
  /** The engine of this process was told its hello. */
  greeted: boolean
  askedAt: number
  /** The highest number seen; 0 before the first. */
  last: number
  /** The newest batches, with what a repetition is answered. */
  readonly seen: Map<number, Repeat>
  /** The number of the batch that was told before it was stored; 0 before the first. */
  toldAhead: number
}
type Repeat = { readonly digest: string; readonly answer: Answer }

const keptBatches = 1_000
const keptBoots = 50
/** A bridge that was asked to say hello is not asked again for this long, ms. */
const askEveryMs = 5_000

const dropOldest = (map: Map<unknown, unknown>, most: number): void => {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}

/** Runs what is asked for one name in the order it was asked, never two at once. */
const createTurns = () => {
  const tails = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const run = (tails.get(name) ?? Promise.resolve()).then(work, work)
    tails.set(name, run)
    const leave = (): void => {
      if (tails.get(name) === run) tails.delete(name)
    }
    run.then(leave, leave)
    return run
  }
}

const isDurable = ({ kind }: PlatformEvent): boolean => durableKinds.includes(kind)

const isHello = (event: unknown): event is { readonly simulator?: unknown } =>
  typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'hello'

/** Each event of a batch once: a fill by its ExecutionId, everything else by its id. */
const eachOnce = (events: readonly PlatformEvent[]): readonly PlatformEvent[] =>
  [...new Map(events.map((event) => [keyOf(event), event] as const).toReversed()).values()].toReversed()
const keyOf = (event: PlatformEvent): string =>
  event.kind === 'execution' ? JSON.stringify([event.fill.account, event.fill.executionId]) : event.id

type Judged = { readonly events: readonly PlatformEvent[]; readonly rejected: Answer['rejected'] }

const judge = ({ events }: Batch, receivedAt: number, { simulator }: Speaker): Judged => {
  const read = events.map((wire, index) => ({ index, ...toPlatformEvent(wire, { receivedAt, simulator }) }))
  return {
    events: read.flatMap((each) => (each.ok ? [each.value] : [])),
    rejected: read.flatMap((each) => (each.ok ? [] : [toRejected(each)])),
  }
}
const toRejected = ({ index, reason, field }: Rejection & { readonly index: number }) => ({ index, reason, field })

/**
 * Creates the co-pilot's ear for bridges. Each batch is stored whole or not at all and told to the engine before it is
 * answered; the same batch again is answered alike, and told only where this process cannot know that it was. What is
 * certainly new is told while it is stored: a fill is on the screen when the platform says it, not when a disk has turned.
 * A start nobody knows is refused until it says hello. `tell` must not throw.
 */
export const createInbox = ({
  db,
  wall,
  tell,
  stored: hearStored,
  log,
}: {
  readonly db: Db
  readonly wall: () => number
  /** Hears what nobody knew, in the order the bridge said it; should the batch be refused a place, it is said again. */
  readonly tell: (events: readonly PlatformEvent[], speaker: Speaker) => void
  /** Hears what was new of a batch once it is on disk, before the bridge is answered. */
  readonly stored: (news: readonly PlatformEvent[], speaker: Speaker) => void
  readonly log: Pick<Logger, 'error' | 'warn'>
}): Inbox => {
  const boots = new Map<string, Boot>()
  const inTurn = createTurns()

  const bootOf = ({ bridge, boot }: Batch): Boot => {
    const key = `${bridge} ${boot}`
    const known = boots.get(key)
    if (known !== undefined) return known
    const made: Boot = { greeted: false, askedAt: 0, last: 0, seen: new Map(), toldAhead: 0 }
    boots.set(key, made)
    dropOldest(boots, keptBoots)
    return made
  }

  /**
   * A hello says who speaks, even one that is refused for something else: a simulator never gets into the real book. Who has
   * said none, here or in what is kept, is nobody yet.
   */
  const speakerOf = async (memory: Boot, { bridge, boot, events }: Batch): Promise<Speaker | undefined> => {
    const hello = memory.greeted ? undefined : events.find(isHello)
    if (hello === undefined && memory.speaker !== undefined) return memory.speaker
    const said = hello && (hello.simulator === true ? `sim:${boot}` : 'real')
    const book = said ?? (await bookOfBoot(db, bridge, boot))
    if (book !== undefined) memory.speaker = { bridge, boot, book, simulator: book !== 'real' }
    return memory.speaker
  }

  const remember = (memory: Boot, batch: number, repeat: Repeat): void => {
    memory.seen.set(batch, repeat)
    memory.last = Math.max(memory.last, batch)
    dropOldest(memory.seen, keptBatches)
  }

  /** Nobody waits for a listener's faults: what is stored is answered, and the log says what the engine missed. */
  const tellSafely = (news: readonly PlatformEvent[], speaker: Speaker): void => {
    if (news.length === 0) return
    try {
      tell(news, speaker)
    } catch (error) {
      log.error({ err: error, bridge: speaker.bridge }, 'What a bridge said is stored but could not be told')
    }
  }

  /**
   * The next batch of a bridge whose hello this process heard cannot be an old one told again, and the engine knows every
   * execution it has heard; a hello waits, as commands are numbered above what it names first.
   */
  const tellAhead = async (memory: Boot, batch: Batch, events: readonly PlatformEvent[], speaker: Speaker) => {
    const isNext = memory.greeted && batch.batch === memory.last + 1
    if (!isNext || memory.toldAhead === batch.batch || events.some(isHello)) return
    memory.toldAhead = batch.batch
    tellSafely(eachOnce(events), speaker)
    // An embedded database keeps the thread to itself: what is on its way to the pages goes first.
    await turn()
  }

  const greet = async (news: readonly PlatformEvent[]): Promise<void> => {
    for (const event of news)
      if (event.kind === 'hello' && event.commandsAfter > 0) await numberCommandsAbove(db, event.commandsAfter)
  }

  /** A process that never heard the hello, or missed batches, knows too little of this bridge. */
  const asksAgain = (memory: Boot, gap: boolean, now: number): boolean => {
    if (memory.greeted && !gap) return false
    if (now - memory.askedAt < askEveryMs) return false
    memory.askedAt = now
    return true
  }

  const store = async (
    { batch }: Batch,
    events: readonly PlatformEvent[],
    kept: Repeat & { readonly speaker: Speaker; readonly receivedAt: number },
  ): ReturnType<typeof storeBatch> =>
    events.length === 0 ? { fresh: true, news: [] } : storeBatch(db, { ...kept, batch }, events)

  const refuse = (field: string, reason: NotTaken['reason']): NotTaken => ({ ok: false, status: 409, field, reason })

  const repeated = (kept: Repeat, digest: string): NotTaken | Answer =>
    kept.digest === digest ? kept.answer : refuse('batch', 'batch-reused')

  /** Takes a batch this process has not seen. */
  const takeNew = async (
    memory: Boot,
    batch: Batch,
    digest: string,
    receivedAt: number,
  ): Promise<NotTaken | Answer> => {
    const speaker = await speakerOf(memory, batch)
    if (speaker === undefined) return refuse('boot', 'hello-missing')
    const { events, rejected } = judge(batch, receivedAt, speaker)
    const durable = events.filter(isDurable)
    const repeat: Repeat = {
      digest,
      answer: { batch: batch.batch, accepted: 0, alreadyKnown: events.length, rejected },
    }
    await tellAhead(memory, batch, events, speaker)
    const stored = await store(batch, durable, { ...repeat, speaker, receivedAt })
    if (!stored.fresh) {
      const kept: Repeat = { digest: stored.digest, answer: answerWire.parse(stored.answer) }
      const answer = repeated(kept, digest)
      // Whoever stored it may have ended before the engine was told, which knows what it has heard by its ids. The hello in
      // it is no greeting: accounts and positions came with it and are not kept, so it is asked for.
      const isNewest = batch.batch > memory.last && memory.toldAhead !== batch.batch
      if (!('ok' in answer) && isNewest) tellSafely(durable, speaker)
      remember(memory, batch.batch, kept)
      return answer
    }
    const fresh = new Set(stored.news)
    const news = events.filter((event) => !isDurable(event) || fresh.has(event))
    remember(memory, batch.batch, repeat)
    await greet(news)
    if (news.some(isHello)) memory.greeted = true
    if (memory.toldAhead !== batch.batch) tellSafely(news, speaker)
    hearStored(news, speaker)
    return { ...repeat.answer, accepted: news.length, alreadyKnown: events.length - news.length }
  }

  const takeInTurn = async (batch: Batch, body: Uint8Array, receivedAt: number): Promise<Taken | NotTaken> => {
    const memory = bootOf(batch)
    const digest = createHash('sha256').update(body).digest('hex')
    const gap = memory.last > 0 && batch.batch > memory.last + 1
    const seen = memory.seen.get(batch.batch)
    const answer = seen === undefined ? await takeNew(memory, batch, digest, receivedAt) : repeated(seen, digest)
    return 'ok' in answer ? answer : { ok: true, answer, resend: asksAgain(memory, gap, receivedAt) }
  }

  return {
    take: async (bridge, body) => {
      const receivedAt = wall()
      const read = readBatch(body)
      if (!read.ok) return { ok: false, status: 400, field: read.field, reason: read.reason }
      const batch = read.value
      if (batch.bridge !== bridge) return { ok: false, status: 400, field: 'bridge', reason: 'bridge-differs' }
      return inTurn(bridge, () => takeInTurn(batch, body, receivedAt))
    },
  }
}
