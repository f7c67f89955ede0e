import type { Writable } from 'node:stream'
import type { Logger } from 'pino'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Alert } from '#src/domain/signals/transition.ts'
import type { Bus } from '#src/engine/ports.ts'
import { alertFrame, beatFrame, idFrame, liveFrame, livePart } from './frame.ts'
import { createReader, type Reader } from './reader.ts'

/** Fans changed fragments out to every open page. */
export type Hub = {
  /** Pages that are open now. */
  readonly size: number
  readonly hasPage: (page: string) => boolean
  /** Takes a page on: its whole picture at once, the alerts after `after`, then every change. */
  readonly join: (page: string, outgoing: Writable, after?: number) => void
  /** Ends every stream; pages that come later are ended at once. */
  readonly close: () => void
}

type HubDeps<Page extends string> = {
  readonly bus: Pick<Bus, 'picture' | 'onChange' | 'onEvent'>
  /** The topics of each page, outer fragments before those inside them. */
  readonly pages: Readonly<Partial<Record<Page, readonly Topic[]>>>
  /** What a page shows of a topic. */
  readonly render: (topic: Topic, picture: Partial<Picture>, page: Page) => string
  /** A topic whose stamp is no longer the one last sent is sent at once; undefined when it can always wait. */
  readonly urgent: (topic: Topic, picture: Partial<Picture>) => unknown
  /** Alerts after an id, oldest first. */
  readonly alertsAfter: (id: number) => Promise<readonly Alert[]>
  readonly schedule: (run: () => void, everyMs: number) => () => void
  readonly wall: () => number
  /** Takes the ms from the first change of a flush until its last page was written to; a flush nobody sees counts not. */
  readonly record: (hop: string, ms: number) => void
  readonly log: Pick<Logger, 'error'>
}

/** All pages of one kind; they show the same topics, so one buffer serves them all. */
type Group = {
  readonly topics: readonly Topic[]
  readonly readers: Map<Writable, Reader>
  /** What was rendered since the last flush, as bytes: a string of many small ones is dear to the garbage collector. */
  readonly rendered: Map<Topic, Buffer>
  readonly render: (topic: Topic) => string
  whole?: Buffer | undefined
  sentAt: number
}

const flushMs = 250
const beatMs = 9_500

const newestId = (alerts: readonly Alert[] | undefined): number | undefined =>
  alerts && Math.max(0, ...alerts.map((alert) => alert.id))

/** A page may come back with an id from a database that no longer exists; the list on the screen knows better. */
const startAfter = (newest: number | undefined, after: number | undefined): number | undefined =>
  newest ? Math.min(after ?? newest, newest) : after

const partOf = ({ rendered, render }: Group, topic: Topic): Buffer => {
  const part = rendered.get(topic) ?? livePart(render(topic))
  rendered.set(topic, part)
  return part
}

const frameOf = (group: Group, topics: ReadonlySet<Topic>): Buffer =>
  liveFrame(group.topics.filter((topic) => topics.has(topic)).map((topic) => partOf(group, topic)))

/**
 * Creates the hub. Four times a second each changed fragment is rendered once for each kind of page, its frame is encoded
 * once, and that one buffer goes to every page of the kind; the newest value of a topic wins. When something urgent changed
 * it goes at once, with what changed in the same turn and nothing else: the rest can wait, and it cannot. What was rendered
 * since the last flush is kept until the next, so a crowd of pages that connect or drain at once costs one rendering.
 */
export const createHub = <Page extends string>(deps: HubDeps<Page>): Hub => {
  const { bus, pages, render, urgent, alertsAfter, schedule, wall, record, log } = deps
  /** The topics to be sent, and since when. */
  const changed = new Map<Topic, number>()
  const sentStamps = new Map<Topic, unknown>()
  /** Those that changed in this turn of the event loop. */
  const turn = new Set<Topic>()
  let hurried = false
  let closed = false

  /** A fragment that cannot be rendered leaves the others alive. */
  const tryRender = (topic: Topic, page: Page): string => {
    try {
      return render(topic, bus.picture(), page)
    } catch (error) {
      log.error({ err: error, topic, page }, 'A fragment could not be rendered')
      return ''
    }
  }
  const openGroup = (page: Page): Group => ({
    topics: pages[page] ?? [],
    readers: new Map(),
    rendered: new Map(),
    render: (topic) => tryRender(topic, page),
    sentAt: wall(),
  })
  const groups = new Map<string, Group>((Object.keys(pages) as Page[]).map((page) => [page, openGroup(page)]))
  const eachReader = (visit: (reader: Reader) => void): void => {
    for (const group of groups.values()) group.readers.forEach(visit)
  }

  const flushGroup = (group: Group, due: ReadonlySet<Topic>): void => {
    group.whole = undefined
    group.rendered.clear()
    if (group.readers.size === 0) return
    const topics = group.topics.filter((topic) => due.has(topic))
    if (topics.length === 0 && wall() - group.sentAt < beatMs) return
    group.sentAt = wall()
    const frame = topics.length === 0 ? beatFrame : frameOf(group, due)
    for (const reader of group.readers.values()) reader.offer(frame, topics)
  }
  const sizeNow = (): number => [...groups.values()].reduce((size, group) => size + group.readers.size, 0)
  const stampOf = (topic: Topic): unknown => urgent(topic, bus.picture())
  const send = (due: ReadonlySet<Topic>): void => {
    for (const group of groups.values()) flushGroup(group, due)
    let since = Number.POSITIVE_INFINITY
    for (const topic of due) {
      since = Math.min(since, changed.get(topic) ?? since)
      sentStamps.set(topic, stampOf(topic))
      changed.delete(topic)
    }
    if (since < Number.POSITIVE_INFINITY && sizeNow() > 0) record('change → page', wall() - since)
    eachReader((reader) => reader.check())
  }
  /** All that changed with what is urgent is there, and nothing else has had its turn. */
  const endTurn = (): void => {
    if (hurried && !closed) send(turn)
    hurried = false
    turn.clear()
  }

  const stops = [
    schedule(() => send(new Set(changed.keys())), flushMs),
    bus.onChange((topics) => {
      if (turn.size === 0) queueMicrotask(endTurn)
      for (const topic of topics) {
        turn.add(topic)
        if (!changed.has(topic)) changed.set(topic, wall())
        hurried ||= stampOf(topic) !== sentStamps.get(topic)
      }
    }),
    bus.onEvent((event) => {
      if (event.kind !== 'alert') return
      const alert = event.body as Alert
      const frame = alertFrame(alert)
      eachReader((reader) => reader.alert(alert, frame))
    }),
  ]
  return {
    get size() {
      return sizeNow()
    },
    hasPage: (page) => groups.has(page),
    join: (page, outgoing, after) => {
      const group = groups.get(page)
      if (closed || group === undefined) return void outgoing.end()
      group.whole ??= frameOf(group, new Set(group.topics))
      const alertId = startAfter(newestId(bus.picture().alerts), after)
      const whole = alertId === undefined ? group.whole : Buffer.concat([idFrame(alertId), group.whole])
      const reader = createReader(whole, {
        outgoing,
        wall,
        alertId,
        alertsAfter,
        frameOf: (topics) => frameOf(group, topics),
      })
      const leave = (): void => void group.readers.delete(outgoing)
      group.readers.set(outgoing, reader)
      outgoing.on('close', leave).on('error', leave)
    },
    close: () => {
      closed = true
      for (const stop of stops) stop()
      for (const group of groups.values()) for (const outgoing of group.readers.keys()) outgoing.end()
    },
  }
}
