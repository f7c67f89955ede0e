import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { stripAt } from '#src/domain/instruments/market-strip.ts'
import { phaseAt } from '#src/domain/instruments/phase.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Gate, Picture, Topic } from '#src/domain/picture.ts'
import { toFocusCard } from '#src/domain/signals/card.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { parameters as p } from '#src/domain/signals/parameters.ts'
import type { Day } from './day.ts'
import type { Desk } from './desk.ts'
import type { EngineOptions } from './engine.ts'
import type { createFeedWatch } from './feed-watch.ts'

type ReaderOptions = EngineOptions & {
  readonly desks: ReadonlyMap<InstrumentId, Desk>
  readonly day: Day
  readonly watch: ReturnType<typeof createFeedWatch>
  readonly gate: () => Gate | undefined
  readonly newest: () => number
}

/** Reads the value of a topic out of the engine's memory, as plain JSON; undefined where nothing is known yet. */
export const createReader = (options: ReaderOptions) => {
  const { desks, day, watch, gate, newest, clock, mode, source, boundaries, accountSize } = options
  const all = [...desks.values()]

  const spikes = (): Picture['strip']['spikes'] =>
    all.flatMap((desk) => {
      const reading = desk.judgement()?.reading
      return reading !== undefined && reading.volumeRatio > p.spikeRatio && clock.now() - reading.at < 2 * minuteMs
        ? [{ instrument: desk.spec.id, ratio: reading.volumeRatio, at: reading.at }]
        : []
    })

  const focus = (desk: Desk): FocusCard | undefined => {
    const judgement = desk.judgement()
    return (
      judgement &&
      toFocusCard({
        place: day.placeOf(desk),
        judgement,
        card: desk.card,
        price: desk.last?.price ?? judgement.reading.close,
        gateOpen: gate()?.open ?? false,
        rank: day.ranks.places.indexOf(desk.spec.id) + 1,
      })
    )
  }

  const feed = (): Picture['feed'] => ({
    mode,
    ...watch.shown,
    ...(newest() > 0 && { receivedAt: newest() }),
    source,
    markets: all.map((desk) => ({
      instrument: desk.spec.id,
      contract: desk.contract(clock.now()),
      ...(desk.receivedAt !== undefined && { receivedAt: desk.receivedAt }),
      rate: desk.rate(clock.wall()),
      bars: desk.bars,
      refused: desk.refused,
    })),
  })

  const clockReading = (): Picture['clock'] => {
    const at = clock.now()
    const { phase, endsAt, next } = phaseAt(at, boundaries)
    const phases = { phase, phaseEndsAt: endsAt, nextPhase: next }
    return { at, wall: clock.wall(), speed: clock.speed, mode, ...phases, tradeDate: day.date }
  }

  return (topic: Topic): Picture[Topic] | undefined => {
    const [kind, id] = topic.split(':') as [string, InstrumentId]
    const desk = desks.get(id)
    if (desk !== undefined) return kind === 'price' ? desk.price(clock.now()) : focus(desk)
    if (topic === 'clock') return clockReading()
    if (topic === 'strip') return { ...stripAt(clock.now()), spikes: spikes() }
    if (topic === 'feed') return feed()
    if (topic === 'gate') return gate()
    if (topic === 'plan') return day.read()
    if (topic === 'account') return { bridge: 'never-seen', accountSize }
    return undefined
  }
}
