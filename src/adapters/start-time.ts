import { previousTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'

/** Quarter to nine in New York: the plan is frozen, the day's first numbers are out, the stock market opens soon. */
const openingMinute = 8 * 60 + 45

/** Stock index futures trade on every date on which any other market does. */
const isTradeDate = (date: string): boolean => sessionOf('equity', date) !== undefined

/** The newest 08:45 New York, at or before `now` (epoch ms), of a day on which stock index futures have a trade date. */
export const latestMorning = (now: number): number => {
  const { date } = easternAt(now)
  const today = isTradeDate(date) && easternMs(date, openingMinute) <= now
  return easternMs(today ? date : previousTradeDate('equity', date), openingMinute)
}

/** Midnight New York (epoch ms) of the newest day at or before `now` on which a market has a trade date: where a day's plan begins. */
export const planDayStart = (now: number): number => {
  const { date } = easternAt(now)
  return easternMs(isTradeDate(date) ? date : previousTradeDate('equity', date), 0)
}
