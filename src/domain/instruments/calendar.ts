import type { MarketGroup } from './instrument.ts'
import { hoursOn } from './trading-hours.ts'
import { dateOf, dayOf, easternMs, easternOffset } from './zone.ts'

type Segment = { readonly open: number; readonly close: number }

/**
 * One trade date of a market group: from its open (18:00 New York of the evening before) to its close. Segments are in
 * order and never touch; a merged session also holds the short days before it that do not settle. Epoch ms.
 */
export type Session = {
  readonly tradeDate: string
  readonly segments: readonly Segment[]
  readonly open: number
  readonly close: number
  readonly kind: 'normal' | 'early-close' | 'merged'
}

const minuteMs = 60_000
const dayMs = 86_400_000
const eveningMs = 6 * 3_600_000

const isTradeDay = (group: MarketGroup, day: number): boolean => hoursOn(group, dateOf(day))?.settles === true

const segmentsOf = (group: MarketGroup, day: number): readonly Segment[] =>
  (hoursOn(group, dateOf(day))?.spans ?? []).map(({ open, close }) => ({
    open: easternMs(dateOf(day), open),
    close: easternMs(dateOf(day), close),
  }))

/** The session of trade day `last`, with what traded since the trade day before it. */
const build = (group: MarketGroup, last: number): Session => {
  const own = segmentsOf(group, last)
  const segments = [...own]
  for (let day = last - 1; !isTradeDay(group, day); day--) segments.unshift(...segmentsOf(group, day))
  const early = hoursOn(group, dateOf(last))?.early === true
  return {
    tradeDate: dateOf(last),
    segments,
    open: (segments[0] as Segment).open,
    close: (segments.at(-1) as Segment).close,
    kind: segments.length > own.length ? 'merged' : early ? 'early-close' : 'normal',
  }
}

/** The session each exchange day (18:00 to 18:00) counts to; filled as days are asked for. */
const sessions: Readonly<Record<MarketGroup, Map<number, Session>>> = {
  equity: new Map(),
  metals: new Map(),
  energy: new Map(),
}

/** The session an exchange day counts to: its own when it is a trade day, else the next one's. */
const covering = (group: MarketGroup, day: number): Session => {
  const known = sessions[group].get(day)
  if (known !== undefined) return known
  const session = isTradeDay(group, day) ? build(group, day) : covering(group, day + 1)
  sessions[group].set(day, session)
  return session
}

/** The exchange day of an instant, counted from 1970-01-01: at 18:00 New York the next one begins. */
const exchangeDayAt = (ms: number): number => Math.floor((ms + easternOffset(ms) * minuteMs + eveningMs) / dayMs)

/** The session an instant belongs to; while closed, the one that opens next. */
const currentOrNext = (group: MarketGroup, ms: number): Session => {
  const day = exchangeDayAt(ms)
  const session = covering(group, day)
  return ms < session.close ? session : covering(group, day + 1)
}

/**
 * The session of a trade date, undefined when the group does not settle on that date. Valid from 2009;
 * throws RangeError when the text is no date.
 */
export const sessionOf = (group: MarketGroup, tradeDate: string): Session | undefined => {
  const session = covering(group, dayOf(tradeDate))
  return session.tradeDate === tradeDate ? session : undefined
}

/** The session in which the market is open at an instant (epoch ms), undefined while it is closed. */
export const sessionAt = (group: MarketGroup, ms: number): Session | undefined => {
  const session = currentOrNext(group, ms)
  return session.segments.some(({ open, close }) => ms >= open && ms < close) ? session : undefined
}

/** The trade date an instant (epoch ms) belongs to; while closed, the one that opens next. */
export const tradeDateAt = (group: MarketGroup, ms: number): string => currentOrNext(group, ms).tradeDate

/** The trade date a print counts to: as `tradeDateAt`, but what comes between the close and 18:00 stays with the day. */
export const dateOfBar = (group: MarketGroup, ms: number): string => covering(group, exchangeDayAt(ms)).tradeDate

/** Whether the market trades at an instant (epoch ms); a segment includes its open and excludes its close. */
export const isOpen = (group: MarketGroup, ms: number): boolean => sessionAt(group, ms) !== undefined

/** The epoch ms of the next open or close after an instant. */
export const nextChangeAt = (group: MarketGroup, ms: number): number => {
  for (const { open, close } of currentOrNext(group, ms).segments) {
    if (ms < open) return open
    if (ms < close) return close
  }
  throw new Error(`no session after ${ms}`)
}

/** The epoch ms of the last close up to an instant. */
export const lastCloseAt = (group: MarketGroup, ms: number): number => {
  const current = currentOrNext(group, ms)
  const before = covering(group, dayOf(previousTradeDate(group, current.tradeDate)))
  return Math.max(
    ...[before, current].flatMap(({ segments }) => segments.map(({ close }) => close)).filter((at) => at <= ms),
  )
}

/** The first trade date after a date. */
export const nextTradeDate = (group: MarketGroup, date: string): string => covering(group, dayOf(date) + 1).tradeDate

/** The last trade date before a date. */
export const previousTradeDate = (group: MarketGroup, date: string): string => {
  let day = dayOf(date) - 1
  while (!isTradeDay(group, day)) day--
  return dateOf(day)
}
