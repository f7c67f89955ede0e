import { nextChangeAt, sessionAt } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { minuteOf } from './aggregate.ts'
import { type Bar, minuteMs } from './bar.ts'
import { emptyShareAt, learnVolume, startUsualVolume, type UsualVolume, usualVolumeAt } from './usual-volume.ts'

/** An open stretch of the calendar, or a closed one, where `open` is undefined. Epoch ms. */
type Hours = { readonly from: number; readonly to: number; readonly open: number | undefined }

/** Events heard in one minute; `whole` when the minute was listened to from its start. */
type Minute = { readonly start: number; events: number; readonly whole: boolean }

/** A watch over one market's silence. It changes in place: 50,000 events a second pass through it. */
export type Vigil = {
  readonly id: InstrumentId
  readonly usual: UsualVolume
  /** Market time of the newest event, epoch ms; 0 before the first. */
  heardAt: number
  hours: Hours
  /** The quarter-second last heard in, counted from 1970, and the instant of its first event. */
  bin: number
  binAt: number
  /** Quarter-seconds heard in, the ms they were heard over, and the contracts usual for these; all fading. */
  bins: number
  span: number
  contracts: number
  minute: Minute
  minuteBefore: Minute
  /** Events and contracts of the minutes that were heard whole, fading. */
  events: number
  traded: number
}

/** How the events come: trade by trade, or as one bar a minute. */
export type Grain = 'tick' | 'bar'

const binMs = 250
/** How far back the market's present pace is measured. */
const memoryMs = 10 * minuteMs
/** What is assumed before a market was heard counts as much as half a minute of hearing it. */
const priorMs = 30_000
/** Quarter-seconds heard for each contract of the usual volume, cautiously; at most one in two seconds. */
const binsPerContract = 0.1
const mostAssumedPerMs = 0.5 / 1000
const unknownPerMs = 1 / minuteMs
const pairFade = 1 - 1 / 240

/**
 * Quarter-seconds missed before silence is an alarm. Chance alone would need 15 for one false alarm in years; three days
 * of real gold trades (October 2013) hold a silence of 25. The busier it is, the rarer are long pauses beyond the pace.
 */
const missed = 40
const missedWhenBusy = 50
/** A network pauses too: no silence below this is an alarm, ms. */
const shortest = { one: 5_000, all: 2_000 }

/** A bar comes a minute after the one before, and a little late. */
const barPatienceMs = minuteMs + 15_000
/** Minutes are missed by chance alone less often than once in e¹⁴, a million. */
const missedBars = 14
/** The chance of a minute without a trade falls with e to the power of its usual contracts times this. */
const barsPerContract = 0.1

const noMinute: Minute = { start: 0, events: 0, whole: false }

/** Starts the watch over a market, with nothing heard or known. */
export const startVigil = (id: InstrumentId): Vigil => ({
  id,
  usual: startUsualVolume(),
  heardAt: 0,
  hours: { from: 0, to: 0, open: undefined },
  bin: 0,
  binAt: 0,
  bins: 0,
  span: 0,
  contracts: 0,
  minute: noMinute,
  minuteBefore: noMinute,
  events: 0,
  traded: 0,
})

const hoursAt = (id: InstrumentId, at: number): Hours => {
  const { group } = specOf(id)
  const open = sessionAt(group, at)?.segments.find((each) => at >= each.open && at < each.close)
  return open === undefined
    ? { from: at, to: nextChangeAt(group, at), open: undefined }
    : { from: open.open, to: open.close, open: open.open }
}

/** Since when the market has been open at an instant, undefined while it is closed. */
const openSince = (vigil: Vigil, at: number): number | undefined => {
  if (at < vigil.hours.from || at >= vigil.hours.to) vigil.hours = hoursAt(vigil.id, at)
  return vigil.hours.open
}

const assumedPace = (usual: number | undefined): number =>
  usual === undefined ? unknownPerMs : Math.min(mostAssumedPerMs, (binsPerContract * usual) / minuteMs)

/**
 * Quarter-seconds to be heard a millisecond: the pace of the last ten minutes, less where the time of the week usually
 * brings less than those did; before the market was heard, a cautious guess from its usual volume.
 */
const paceAt = (vigil: Vigil, at: number, opened: number): number => {
  const usual = usualVolumeAt(vigil.usual, at)
  if (vigil.heardAt < opened) return assumedPace(usual)
  const pace = vigil.bins / vigil.span
  return usual === undefined || vigil.contracts === 0
    ? pace
    : pace * Math.min(1, usual / (vigil.contracts / vigil.span))
}

/** The silence that is explained at a pace (a millisecond) of one market or of all together, ms. */
const patience = (pace: number, of: keyof typeof shortest): number => {
  const perSecond = pace * 1000
  return Math.max(shortest[of], 1000 * Math.min(missed / perSecond, missedWhenBusy / perSecond ** 1.5))
}

const beginPace = (vigil: Vigil, at: number): void => {
  const usual = usualVolumeAt(vigil.usual, at)
  vigil.span = priorMs
  vigil.bins = priorMs * assumedPace(usual)
  vigil.contracts = priorMs * (usual ?? 0)
}

/** What exceeds the patience was the feed's silence and says nothing of the market's. */
const keepPace = (vigil: Vigil, at: number, opened: number): void => {
  const passed = Math.min(at - vigil.binAt, patience(paceAt(vigil, at, opened), 'one'))
  const kept = Math.exp(-passed / memoryMs)
  const heard = memoryMs * (1 - kept)
  vigil.span = vigil.span * kept + heard
  vigil.contracts = vigil.contracts * kept + heard * (usualVolumeAt(vigil.usual, at) ?? 0)
  vigil.bins = vigil.bins * kept + 1
}

const turnMinute = (vigil: Vigil, start: number): void => {
  vigil.minuteBefore = vigil.minute
  vigil.minute = { start, events: 0, whole: vigil.heardAt >= start - minuteMs }
}

/** Hears `count` live events at an instant of market time (epoch ms); those before the newest change nothing but counts. */
export const heard = (vigil: Vigil, at: number, count = 1): void => {
  const start = minuteOf(at)
  if (start > vigil.minute.start) turnMinute(vigil, start)
  vigil.minute.events += count
  const bin = Math.floor(at / binMs)
  const opened = bin > vigil.bin ? openSince(vigil, at) : undefined
  if (opened !== undefined) {
    if (vigil.heardAt < opened) beginPace(vigil, at)
    else keepPace(vigil, at, opened)
    vigil.bin = bin
    vigil.binAt = at
  }
  vigil.heardAt = Math.max(vigil.heardAt, at)
}

/** Learns a closed 1m bar, from history or live, oldest first: what its half-hour of the week usually trades. */
export const learnBar = (vigil: Vigil, bar: Pick<Bar, 'time' | 'volume'>): void => {
  const minute = [vigil.minute, vigil.minuteBefore].find(({ start, whole }) => whole && start === bar.time)
  if (minute !== undefined && bar.time > vigil.usual.learnedTo) {
    vigil.events = vigil.events * pairFade + minute.events
    vigil.traded = vigil.traded * pairFade + bar.volume
  }
  learnVolume(vigil.usual, bar)
}

/** Events a second that this minute of the week usually brings; undefined until its volume and some live minutes are known. */
export const expectedRate = (vigil: Vigil, at: number): number | undefined => {
  const usual = usualVolumeAt(vigil.usual, at)
  if (usual === undefined || vigil.traded === 0 || openSince(vigil, at) === undefined) return undefined
  return (vigil.events / vigil.traded) * (usual / 60)
}

/** Bars missed count for this much each: −ln of the chance that a minute has none. */
const barPaceAt = ({ usual }: Vigil, at: number): number => {
  const empty = emptyShareAt(usual, at) ?? 0.1
  return Math.min(-Math.log(empty), barsPerContract * (usualVolumeAt(usual, at) ?? Number.POSITIVE_INFINITY))
}

const barPatience = (pace: number): number => barPatienceMs + minuteMs * Math.floor(missedBars / pace)

/**
 * Milliseconds of open market time for which silence is explained, as of an instant (epoch ms); Infinity while the market
 * is closed. Neither the time before it opened nor that before the feed was connected is silence: the caller leaves it out.
 */
export const allowedSilence = (vigil: Vigil, at: number, grain: Grain): number => {
  const opened = openSince(vigil, at)
  if (opened === undefined) return Number.POSITIVE_INFINITY
  return grain === 'bar' ? barPatience(barPaceAt(vigil, at)) : patience(paceAt(vigil, at, opened), 'one')
}

/** As `allowedSilence`, of all markets together: their paces add up. */
export const allowedSilenceOfAll = (vigils: readonly Vigil[], at: number, grain: Grain): number => {
  let pace = 0
  let open = false
  for (const vigil of vigils) {
    const opened = openSince(vigil, at)
    if (opened === undefined) continue
    open = true
    pace += grain === 'bar' ? barPaceAt(vigil, at) : paceAt(vigil, at, opened)
  }
  if (!open) return Number.POSITIVE_INFINITY
  return grain === 'bar' ? barPatience(pace) : patience(pace, 'all')
}
