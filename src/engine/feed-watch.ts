import { lastCloseAt, sessionAt } from '#src/domain/instruments/calendar.ts'
import type { MarketGroup } from '#src/domain/instruments/instrument.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { behindMs, lagMs, type Punctuality, skewMs } from '#src/domain/market/punctuality.ts'
import { allowedSilence, allowedSilenceOfAll, heard } from '#src/domain/market/vigil.ts'
import type { FeedState, MarketReading } from '#src/domain/picture.ts'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import type { Desk } from './desk.ts'
import type { Clock, FeedWord } from './ports.ts'
import { feedAlert, lagAlert, skewAlert, stalledAlert } from './wording.ts'

/** Silence is looked at four times a second; no feed is judged by less than this of the machine's time. */
const leastPatienceMs = 2_000
/** A market at a standstill, and a recording of whole minutes, have no rate to go by. */
const plainPatienceMs = 5_000
/** A feed stale or down for this long by the machine's clock is worth an alert. */
const lostAfterMs = 10_000
const lateBeyondMs = 500
const lateForMs = 2_000
const skewBeyondMs = 1_000
const skewAgainMs = 3_600_000

type Silence = { readonly is: number; readonly allowed: number }

type WatchOptions = {
  readonly clock: Clock
  readonly desks: readonly Desk[]
  readonly grain: () => 'tick' | 'bar'
  /** A recording is not watched by what a minute of the week usually brings. */
  readonly recorded: boolean
  readonly source: string
  readonly punctuality: Punctuality
  readonly raise: (alert: NewAlert) => void
}

/** Watches whether prices still come, and come in time. `since` is market time, epoch ms. */
export const createFeedWatch = (options: WatchOptions) => {
  const { clock, desks, grain, recorded, source, punctuality, raise } = options
  let said: FeedWord = 'connecting'
  let detail = ''
  /** Wall clock of the last word 'live': no silence is older than the connection. */
  let liveSince = 0
  let shown: { state: FeedState; since: number; wall: number } = { state: 'connecting', since: 0, wall: 0 }
  let spoken = false
  let lost = false
  let lateSince: number | undefined
  let toldLate = false
  let toldSkew = Number.NEGATIVE_INFINITY
  const stalled = new Set<Desk>()
  let openings = { minute: -1, since: new Map<MarketGroup, number>() }

  /** Since when a market group is open, market time; undefined while it is closed. */
  const openSince = (group: MarketGroup, at: number): number | undefined => {
    const minute = minuteOf(at)
    if (openings.minute !== minute) openings = { minute, since: new Map() }
    if (!openings.since.has(group)) {
      const segment = sessionAt(group, at)?.segments.find(({ open, close }) => at >= open && at < close)
      openings.since.set(group, segment?.open ?? Number.NaN)
    }
    const since = openings.since.get(group)
    return since === undefined || Number.isNaN(since) ? undefined : since
  }

  const openDesks = (at: number): readonly Desk[] => desks.filter(({ spec }) => openSince(spec.group, at) !== undefined)

  /** Silence and what of it is explained, ms of the machine's clock, of a source that keeps its own pace. */
  const recordedSilence = (of: readonly Desk[], at: number): Silence => {
    const newest = Math.max(liveSince, ...of.map(({ receivedAt }) => receivedAt ?? 0))
    const opened = Math.min(...of.map(({ spec }) => openSince(spec.group, at) ?? at))
    const sinceOpen = clock.speed > 0 ? (at - opened) / clock.speed : Number.POSITIVE_INFINITY
    const paced = grain() === 'bar' && clock.speed > 0 ? plainPatienceMs + minuteMs / clock.speed : plainPatienceMs
    return { is: Math.min(clock.wall() - newest, sinceOpen), allowed: paced }
  }

  /** The same of a wire, by what each market usually says at this time of the week. */
  const liveSilence = (of: readonly Desk[], at: number, whole: boolean): Silence => {
    const vigils = of.map(({ vigil }) => vigil)
    const [only] = vigils
    const heardTo = at - behindMs(punctuality)
    const allowed =
      only !== undefined && !whole
        ? allowedSilence(only, heardTo, grain())
        : allowedSilenceOfAll(vigils, heardTo, grain())
    // What it was silent before it opened is no silence.
    const heardAt = (desk: Desk): number => Math.max(desk.vigil.heardAt, openSince(desk.spec.group, heardTo) ?? 0)
    const is = (heardTo - Math.max(...of.map(heardAt))) / clock.speed
    return { is, allowed: Math.max(leastPatienceMs, allowed / clock.speed) }
  }

  const silenceOf = (of: readonly Desk[], at: number, whole = false): Silence =>
    recorded ? recordedSilence(of, at) : liveSilence(of, at, whole)

  const isSilent = (of: readonly Desk[], at: number, whole = false): boolean => {
    const { is, allowed } = silenceOf(of, at, whole)
    return is > allowed
  }

  const stateNow = (): FeedState => {
    const at = clock.now()
    const open = openDesks(at)
    if (said === 'asleep' && open.length === 0) return 'closed'
    if (said !== 'live') return said
    if (open.length === 0) return 'closed'
    if (desks.every(({ receivedAt }) => receivedAt === undefined)) return 'connecting'
    return isSilent(open, at, true) ? 'stale' : 'live'
  }

  /** Since when a state just seen holds: markets closed when the last of them did, however late that was seen. */
  const since = (state: FeedState, at: number): number =>
    state === 'closed' ? Math.max(...desks.map(({ spec }) => lastCloseAt(spec.group, at))) : at

  /** The silence before was the connection's own; a market heard since counts from there. */
  const listenAnew = (since: number): void => {
    if (recorded) return
    const now = clock.now() - behindMs(punctuality)
    // Before anything was heard it is not known what time it is at the other end.
    for (const { vigil } of desks) if (vigil.heardAt > 0 && vigil.heardAt <= since) heard(vigil, now, 0)
  }

  /** Says once that prices are lost for good, and once that they are back; a pause of seconds is shown, not announced. */
  const announce = (at: number): void => {
    const { state, wall } = shown
    const isLost = clock.speed > 0 && (state === 'stale' || state === 'down') && clock.wall() - wall >= lostAfterMs
    if (lost ? state !== 'live' : !isLost || !spoken) return
    lost = isLost
    raise(feedAlert(source, state, at, said === 'live' ? '' : detail))
  }

  const watchLag = (at: number): void => {
    const lag = (lagMs(punctuality) ?? 0) / clock.speed
    const late = shown.state === 'live' && !recorded && lag > lateBeyondMs
    lateSince = late ? (lateSince ?? clock.wall()) : undefined
    const forLong = lateSince !== undefined && clock.wall() - lateSince >= lostAfterMs
    if (forLong && !toldLate) raise(lagAlert(lag, at))
    toldLate = forLong || (toldLate && late)
  }

  const watchSkew = (at: number): void => {
    const skew = recorded ? undefined : skewMs(punctuality)
    if (skew === undefined || Math.abs(skew) < skewBeyondMs || clock.wall() - toldSkew < skewAgainMs) return
    toldSkew = clock.wall()
    raise(skewAlert(skew, at))
  }

  /** A single market that fell silent while the others speak. Minutes are told late, silence is always of this moment. */
  const watchMarkets = (at: number): boolean => {
    const now = clock.now()
    let changed = false
    for (const desk of desks) {
      const open = openSince(desk.spec.group, now) !== undefined
      const silent = shown.state === 'live' && open && desk.receivedAt !== undefined && isSilent([desk], now)
      if (silent === stalled.has(desk)) continue
      changed = true
      if (silent) {
        stalled.add(desk)
        if (!recorded) raise(stalledAlert(desk.spec, desk.contract(at), at))
      } else stalled.delete(desk)
    }
    return changed
  }

  return {
    /** The feed's own word about itself. */
    report: (word: FeedWord, why: string): void => {
      detail = why
      if (word === 'live' && said !== 'live') {
        liveSince = clock.wall()
        listenAnew(Number.POSITIVE_INFINITY)
      }
      said = word
    },
    get said() {
      return said
    },
    /** Why it is not heard, in the feed's own words; nothing while it is, or where the words only name it. */
    get detail() {
      return said === 'live' || detail === source ? undefined : detail
    },
    /** Looks again; true when the state of the feed or of a market changed. */
    look: (at: number): boolean => {
      const state = stateNow()
      const changed = state !== shown.state
      if (changed && state === 'live' && shown.state === 'stale') listenAnew(shown.since)
      if (changed) shown = { state, since: since(state, at), wall: clock.wall() }
      spoken ||= state === 'live'
      announce(at)
      watchLag(at)
      watchSkew(at)
      return watchMarkets(at) || changed
    },
    get shown(): { readonly state: FeedState; readonly since: number } {
      return { state: shown.state, since: shown.since }
    },
    /** How long the feed has been stale, ms of the machine's clock; 0 when it is not. */
    get staleFor() {
      return shown.state === 'stale' ? clock.wall() - shown.wall : 0
    },
    /** Whether events have come late for longer than a hiccup. */
    get late() {
      return lateSince !== undefined && clock.wall() - lateSince >= lateForMs
    },
    marketState: (desk: Desk, at: number): MarketReading['state'] => {
      if (openSince(desk.spec.group, at) === undefined) return 'closed'
      if (desk.receivedAt === undefined || ['asleep', 'connecting', 'down'].includes(shown.state)) return 'unheard'
      return stalled.has(desk) ? 'stalled' : 'live'
    },
    isStalled: (desk: Desk): boolean => stalled.has(desk),
  }
}
