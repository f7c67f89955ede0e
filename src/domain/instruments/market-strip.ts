import type { MarketStrip, Venue } from '../picture.ts'
import { isOpen, nextChangeAt } from './calendar.ts'
import { holidayOn } from './holidays.ts'
import type { MarketGroup } from './instrument.ts'
import {
  addDays,
  easternAt,
  easternMs,
  type LocalTime,
  londonAt,
  londonMs,
  tokyoAt,
  tokyoMs,
  weekdayOf,
} from './zone.ts'

type Hours = { readonly open: number; readonly close: number }

/** A stock exchange: its clock, and its hours on a date in minutes after midnight there. */
type Exchange = {
  readonly venue: Venue
  readonly clock: (ms: number) => LocalTime
  readonly instant: (date: string, minute: number) => number
  readonly hours: (date: string) => Hours | undefined
}

const bell = 9 * 60 + 30

/** New York keeps its own holidays; on the eves it closes at 13:00. */
const newYorkHours = (date: string): Hours | undefined => {
  switch (holidayOn(date)) {
    case undefined:
      return { open: bell, close: 16 * 60 }
    case 'independence-eve':
    case 'thanksgiving-friday':
    case 'christmas-eve':
      return { open: bell, close: 13 * 60 }
    default:
      return undefined
  }
}

/** Tokyo closes half an hour later since 2024-11-05. Holidays of Japan and England are not known here. */
const exchanges: readonly Exchange[] = [
  {
    venue: 'Tokyo',
    clock: tokyoAt,
    instant: tokyoMs,
    hours: (date) => ({ open: 9 * 60, close: date < '2024-11-05' ? 15 * 60 : 15 * 60 + 30 }),
  },
  { venue: 'London', clock: londonAt, instant: londonMs, hours: () => ({ open: 8 * 60, close: 16 * 60 + 30 }) },
  { venue: 'New York', clock: easternAt, instant: easternMs, hours: newYorkHours },
]

const hoursOf = ({ hours }: Exchange, date: string): Hours | undefined =>
  weekdayOf(date) === 0 || weekdayOf(date) === 6 ? undefined : hours(date)

const readVenue = (exchange: Exchange, ms: number): MarketStrip['venues'][number] => {
  const { venue, clock, instant } = exchange
  for (let { date } = clock(ms); ; date = addDays(date, 1)) {
    const hours = hoursOf(exchange, date)
    if (hours === undefined) continue
    const open = instant(date, hours.open)
    const close = instant(date, hours.close)
    if (ms < close) return { venue, open: ms >= open, changesAt: ms >= open ? close : open }
  }
}

const hourMs = 3_600_000

type Futures = Pick<MarketStrip, 'futures' | 'futuresChangesAt'>

/** Open till the last of the groups closes. Maintenance is a break of at most an hour: one traded an hour before it opens again. */
const readFutures = (ms: number, groups: readonly MarketGroup[]): Futures => {
  const openAt = (at: number) => groups.find((group) => isOpen(group, at))
  let closesAt = ms
  for (let open = openAt(ms); open !== undefined; open = openAt(closesAt)) closesAt = nextChangeAt(open, closesAt)
  if (closesAt > ms) return { futures: 'open', futuresChangesAt: closesAt }
  const opensAt = Math.min(...groups.map((group) => nextChangeAt(group, ms)))
  return {
    futures: openAt(opensAt - hourMs - 1) !== undefined ? 'maintenance' : 'closed',
    futuresChangesAt: opensAt,
  }
}

/** Which stock exchanges are open at an instant (epoch ms), and the futures of the watched groups, with when each changes next. */
export const stripAt = (ms: number, groups: readonly MarketGroup[]): Omit<MarketStrip, 'spikes'> => {
  const venues = exchanges.map((exchange) => readVenue(exchange, ms))
  return { venues, overlap: venues.filter(({ open }) => open).length > 1, ...readFutures(ms, groups) }
}
