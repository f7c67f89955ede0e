import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { DataMode } from '#src/domain/picture.ts'
import type { Clock, FeedSink, FeedStatus, FeedWord, LiveFeed } from '#src/engine/ports.ts'
import { createLine } from '../line.ts'
import { pumpMs, type Schedule } from '../schedule.ts'
import { type Access, converse } from './feed-conversation.ts'
import { createDelivery } from './feed-delivery.ts'
import { createFeedTime } from './feed-time.ts'
import type { MarketEvent, Refusal } from './frames.ts'
import { toTicker } from './tickers.ts'

type MassiveFeedOptions = {
  readonly wsUrl: string
  /** Where a plan without real-time data listens. */
  readonly delayedUrl: string
  readonly apiKey: string
  /** One a market. */
  readonly contracts: readonly Contract[]
  readonly clock: Clock
  readonly schedule: Schedule
  readonly random: () => number
  /** Whether the addresses are the vendor's own; anything else plays a recording, whatever it says. */
  readonly vendor: boolean
}

const source = 'massive'

const noteOf = ({ host, denied }: Access, unanswered: readonly string[]): string | undefined => {
  const [trades, quotes] = [denied.has('T'), denied.has('Q')]
  const notes = [
    host === 'delayed' ? 'the plan has delayed data only' : '',
    trades ? `the plan has no trades: minute bars ${quotes ? 'only' : 'and quotes'}` : '',
    quotes && !trades ? 'the plan has no quotes' : '',
    unanswered.length > 0 ? `Massive did not confirm ${unanswered.join(', ')}` : '',
  ].filter((note) => note !== '')
  return notes.length > 0 ? notes.join('; ') : undefined
}

/**
 * Creates the feed on Massive's WebSocket: trades, quotes and minute bars as far as the plan has them, of the contracts
 * followed and no others. It goes to the delayed host by itself when the plan has nothing else, and keeps market time
 * going whatever the connection does.
 */
export const createMassiveFeed = (options: MassiveFeedOptions): LiveFeed => {
  const { wsUrl, delayedUrl, apiKey, clock, schedule, random, vendor } = options
  const access: Access = { host: 'real-time', denied: new Set() }
  const refused: Partial<Record<Refusal, number>> = {}
  let names: readonly string[] = []
  let sink: FeedSink | undefined
  /** Why it sleeps, for the trader; undefined while it is awake. */
  let asleep: string | undefined
  let conversation: ReturnType<typeof converse> | undefined
  /** Whether it is known which host this plan listens to; until then it is not known what time it is there. */
  let isPlaced = false
  let cancelPump = (): void => {}

  const refuse = (kind: Refusal): void => {
    refused[kind] = (refused[kind] ?? 0) + 1
  }
  const delivery = createDelivery(refuse)
  const grain = (): 'tick' | 'bar' => (access.denied.has('T') || conversation?.lacksTrades() ? 'bar' : 'tick')
  const time = createFeedTime(clock, () => access.host === 'delayed', grain)

  const say = (word: FeedWord, detail: string): void => {
    isPlaced ||= word !== 'connecting'
    sink?.onFeedState(word, detail)
  }

  const modeNow = (): DataMode => {
    if (!vendor) return 'REPLAY'
    return access.host === 'real-time' ? 'LIVE' : 'DELAYED'
  }

  const onEvent = (event: MarketEvent, isAsked: boolean, receivedTime: number): void => {
    if (sink === undefined) return
    const eventTime = delivery.take(event, isAsked, receivedTime, sink)
    if (eventTime !== undefined) time.measure(eventTime)
  }

  const line = createLine({
    url: () => (access.host === 'real-time' ? wsUrl : delayedUrl),
    talk: (wire) => {
      conversation = converse({
        wire,
        apiKey,
        access,
        names: () => names,
        wall: clock.wall,
        now: clock.now,
        random,
        onLive: () => say('live', source),
        onEvent,
        refuse,
      })
      return conversation.talk
    },
    onWord: (word, detail) => {
      conversation = undefined
      say(word, detail)
    },
    wall: clock.wall,
    schedule,
    random,
  })

  const pump = (to: FeedSink): void => {
    if (isPlaced) time.advance(to.onTime)
    cancelPump = schedule(() => pump(to), pumpMs)
  }

  const follow = (contracts: readonly Contract[]): void => {
    names = contracts.map(toTicker)
    delivery.follow(contracts)
    conversation?.follow()
  }
  follow(options.contracts)

  return {
    get mode(): DataMode {
      return modeNow()
    },
    source,
    start: (to) => {
      sink = to
      pump(to)
      if (asleep === undefined) line.open()
      else say('asleep', asleep)
    },
    stop: async () => {
      sink = undefined
      cancelPump()
      line.close()
    },
    follow,
    sleep: (detail) => {
      asleep = detail
      conversation = undefined
      line.close()
      say('asleep', detail)
    },
    wake: () => {
      if (asleep === undefined) return
      asleep = undefined
      // A plan may have been changed since.
      access.denied.clear()
      if (sink !== undefined) line.open()
    },
    status: (): FeedStatus => {
      const note = noteOf(access, conversation?.unanswered() ?? [])
      return {
        mode: modeNow(),
        grain: grain(),
        ...(note === undefined ? {} : { note }),
        refused: { ...refused },
        ...(access.host === 'delayed' && { delayMs: time.delayMs() }),
        ...line.state(),
      }
    },
  }
}
