import { sessionOf } from './calendar.ts'
import { addDays, easternAt, easternMs } from './zone.ts'

/** The part of the trader's day. */
export type Phase = 'PRE-MARKET' | 'ACTIVE' | 'WIND DOWN' | 'OFF-HOURS'

/** The day's boundaries in minutes after midnight, New York. */
export type PhaseBoundaries = {
  /** Pre-market opens; the plan is drawn. */
  readonly preMarket: number
  /** The plan freezes and entries are allowed. */
  readonly active: number
  /** No new entries. */
  readonly windDown: number
  /** Everything must be flat. */
  readonly flatBy: number
}

/** The trader's usual day: 00:00, 05:00, 10:00 and 12:00. */
export const defaultBoundaries: PhaseBoundaries = { preMarket: 0, active: 300, windDown: 600, flatBy: 720 }

type PhaseReading = { readonly phase: Phase; readonly endsAt: number; readonly next: Phase }

const groups = ['equity', 'metals', 'energy'] as const

const isTradeDate = (date: string): boolean => groups.some((group) => sessionOf(group, date) !== undefined)

const followingTradeDate = (date: string): string => {
  let next = addDays(date, 1)
  while (!isTradeDate(next)) next = addDays(next, 1)
  return next
}

/**
 * The phase at an instant (epoch ms), when it ends, and what follows. A date on which no market has a trade date —
 * weekends and holidays — is OFF-HOURS until the pre-market of the next one.
 */
export const phaseAt = (ms: number, boundaries: PhaseBoundaries): PhaseReading => {
  const { preMarket, active, windDown, flatBy } = boundaries
  const { date, minute } = easternAt(ms)
  if (!isTradeDate(date) || minute >= flatBy)
    return { phase: 'OFF-HOURS', endsAt: easternMs(followingTradeDate(date), preMarket), next: 'PRE-MARKET' }
  if (minute < preMarket) return { phase: 'OFF-HOURS', endsAt: easternMs(date, preMarket), next: 'PRE-MARKET' }
  if (minute < active) return { phase: 'PRE-MARKET', endsAt: easternMs(date, active), next: 'ACTIVE' }
  if (minute < windDown) return { phase: 'ACTIVE', endsAt: easternMs(date, windDown), next: 'WIND DOWN' }
  return { phase: 'WIND DOWN', endsAt: easternMs(date, flatBy), next: 'OFF-HOURS' }
}
