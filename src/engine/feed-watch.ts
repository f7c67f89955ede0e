import { stripAt } from '#src/domain/instruments/market-strip.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { FeedState } from '#src/domain/picture.ts'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import type { Clock } from './ports.ts'
import { feedAlert } from './wording.ts'

/** Beyond this wall-clock age of the newest event the feed is stale. */
const staleAfterMs = 5_000
/** A feed stale or down for this long by the machine's clock is worth an alert. */
const lostAfterMs = 10_000

type WatchOptions = {
  readonly clock: Clock
  readonly grain: 'tick' | 'bar'
  readonly source: string
  /** Wall clock of the newest event of any market, 0 before the first. */
  readonly newest: () => number
  readonly raise: (alert: NewAlert) => void
}

/** Watches whether prices still come. `since` is market time, epoch ms. */
export const createFeedWatch = ({ clock, grain, source, newest, raise }: WatchOptions) => {
  let said: 'live' | 'down' | 'finished' = 'down'
  let shown: { state: FeedState; since: number; wall: number } = { state: 'down', since: 0, wall: 0 }
  let spoken = false
  let lost = false

  const stateNow = (): FeedState => {
    const patience = grain === 'bar' && clock.speed > 0 ? staleAfterMs + minuteMs / clock.speed : staleAfterMs
    if (said !== 'live') return said
    if (stripAt(clock.now()).futures !== 'open') return 'closed'
    return clock.wall() - newest() > patience ? 'stale' : 'live'
  }

  /** Says once that prices are lost for good, and once that they are back; a pause of seconds is shown, not announced. */
  const announce = (at: number): void => {
    const { state, wall } = shown
    const isLost = clock.speed > 0 && (state === 'stale' || state === 'down') && clock.wall() - wall >= lostAfterMs
    if (lost ? state !== 'live' : !isLost || !spoken) return
    lost = isLost
    raise(feedAlert(source, state, at))
  }

  return {
    /** The feed's own word about itself. */
    report: (state: typeof said): void => {
      said = state
    },
    /** Looks again; true when the state changed. */
    look: (at: number): boolean => {
      const state = stateNow()
      const changed = state !== shown.state
      if (changed) shown = { state, since: at, wall: clock.wall() }
      spoken ||= state === 'live'
      announce(at)
      return changed
    },
    get shown(): { readonly state: FeedState; readonly since: number } {
      return shown
    },
  }
}
