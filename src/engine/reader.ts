import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { stripAt } from '#src/domain/instruments/market-strip.ts'
import { phaseAt } from '#src/domain/instruments/phase.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { BarFault } from '#src/domain/market/bar-guard.ts'
import { lagMs, type Punctuality, skewMs } from '#src/domain/market/punctuality.ts'
import { expectedRate } from '#src/domain/market/vigil.ts'
import type { BrokerHoldings, Gate, MarketReading, Picture, Topic } from '#src/domain/picture.ts'
import type { Barrier } from '#src/domain/signals/action.ts'
import { toFocusCard } from '#src/domain/signals/card.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { parameters as p } from '#src/domain/signals/parameters.ts'
import type { Day } from './day.ts'
import type { Desk } from './desk.ts'
import type { EngineOptions } from './engine.ts'
import type { createFeedWatch } from './feed-watch.ts'
import type { Floor } from './floor.ts'
import type { createNewsDesk } from './news-desk.ts'
import type { createSecondOpinion } from './second-opinion.ts'
import type { createSizes } from './sizes.ts'

type ReaderOptions = Omit<EngineOptions, 'floor'> & {
  readonly floor: Pick<Floor, 'reading'>
  readonly news: Pick<ReturnType<typeof createNewsDesk>, 'concerns'>
  readonly desks: ReadonlyMap<InstrumentId, Desk>
  readonly day: Day
  readonly watch: ReturnType<typeof createFeedWatch>
  readonly second: ReturnType<typeof createSecondOpinion>
  readonly sizes: ReturnType<typeof createSizes>
  readonly punctuality: Punctuality
  readonly gate: () => Gate | undefined
  readonly broker: () => BrokerHoldings | undefined
  readonly newest: () => number
}

const rollPreviewDates = 5

/** Reads the value of a topic out of the engine's memory, as plain JSON; undefined where nothing is known yet. */
export const createReader = (options: ReaderOptions) => {
  const { desks, day, watch, sizes, second, news, punctuality, gate, newest, clock, status, source, boundaries, live } =
    options
  const all = [...desks.values()]
  const groups = [...new Set(all.map(({ spec }) => spec.group))]

  const spikes = (): Picture['strip']['spikes'] =>
    all.flatMap((desk) => {
      const reading = desk.judgement()?.reading
      if (reading === undefined || clock.now() - reading.at >= 2 * minuteMs) return []
      // Against the same minute of the last days; against the last twenty minutes while those are not known.
      const { relativeVolume } = reading.flow
      const ratio = Number.isNaN(relativeVolume) ? reading.volumeRatio : relativeVolume
      return ratio >= p.spikeRatio ? [{ instrument: desk.spec.id, ratio, at: reading.at }] : []
    })

  const barrierOf = (desk: Desk): Barrier | undefined => {
    if (!(gate()?.open ?? false)) return 'gate-closed'
    if (news.concerns(desk.spec.id, clock.now())) return 'news-due'
    return watch.isStalled(desk) ? 'price-stale' : undefined
  }

  /** The change of contract, from five trade dates before it on. */
  const rollOf = (desk: Desk): Pick<FocusCard, 'roll'> => {
    const { next, tradeDates } = desk.roll(clock.now())
    return tradeDates <= rollPreviewDates ? { roll: { next, tradeDates } } : {}
  }

  const focus = (desk: Desk): FocusCard | undefined => {
    const judgement = desk.judgement()
    return (
      judgement && {
        ...rollOf(desk),
        ...toFocusCard({
          place: day.placeOf(desk),
          judgement,
          card: desk.card,
          size: sizes.of(desk),
          price: desk.last?.price ?? judgement.reading.close,
          barrier: barrierOf(desk),
          rank: day.ranks.places.indexOf(desk.spec.id) + 1,
          method: options.method,
        }),
      }
    )
  }

  const market = (desk: Desk, at: number): MarketReading => {
    const other = second.read(desk.spec.id)
    const expected = live ? expectedRate(desk.vigil, at) : undefined
    return {
      instrument: desk.spec.id,
      contract: desk.contract(at),
      ...(desk.receivedAt !== undefined && { receivedAt: desk.receivedAt }),
      rate: desk.rate(clock.wall()),
      ...(expected !== undefined && { expectedRate: expected * clock.speed }),
      state: watch.marketState(desk, at),
      bars: desk.bars,
      refused: desk.refused,
      ...(other && { second: other }),
    }
  }

  const faults = (): Picture['feed']['faults'] => {
    const counts = new Map<BarFault, number>()
    for (const desk of all)
      for (const [fault, count] of desk.faults) counts.set(fault, (counts.get(fault) ?? 0) + count)
    return [...counts].map(([fault, count]) => ({ fault, count }))
  }

  const feed = (): Picture['feed'] => {
    const { mode, grain, refused, note: standing } = status()
    const note = [watch.detail, standing].filter((each) => each !== undefined && each !== '').join('; ')
    const [lag, skew] = live ? [lagMs(punctuality), skewMs(punctuality)] : []
    return {
      mode,
      ...watch.shown,
      ...(newest() > 0 && { receivedAt: newest() }),
      source,
      grain,
      ...(note !== '' && { note }),
      ...(lag !== undefined && { lagMs: lag / clock.speed }),
      ...(skew !== undefined && { skewMs: skew }),
      refused: Object.entries(refused).map(([kind, count]) => ({ kind, count })),
      faults: faults(),
      markets: all.map((desk) => market(desk, clock.now())),
    }
  }

  const account = (): Picture['account'] => {
    const broker = options.broker()
    return { ...options.floor.reading(), ...(broker && { broker }) }
  }

  const clockReading = (): Picture['clock'] => {
    const at = clock.now()
    const { phase, endsAt, next } = phaseAt(at, boundaries)
    const phases = { phase, phaseEndsAt: endsAt, nextPhase: next }
    return { at, wall: clock.wall(), speed: clock.speed, mode: status().mode, ...phases, tradeDate: day.date }
  }

  return (topic: Topic): Picture[Topic] | undefined => {
    const [kind, id] = topic.split(':') as [string, InstrumentId]
    const desk = desks.get(id)
    if (desk !== undefined && kind === 'minute') return desk.minute()
    if (desk !== undefined) return kind === 'price' ? desk.price(clock.now()) : focus(desk)
    if (topic === 'clock') return clockReading()
    if (topic === 'strip') return { ...stripAt(clock.now(), groups), spikes: spikes() }
    if (topic === 'feed') return feed()
    if (topic === 'gate') return gate()
    if (topic === 'plan') return day.read()
    if (topic === 'account') return account()
    return undefined
  }
}
