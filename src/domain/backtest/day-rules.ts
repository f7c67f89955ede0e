import { easternMs } from '../instruments/zone.ts'
import { minuteMs } from '../market/bar.ts'
import type { Money } from '../money.ts'
import { type NewsWindow, newsWindows } from '../risk/news.ts'
import { newsOn } from '../risk/news-calendar.ts'
import { createAccount } from './firm-account.ts'
import type { History } from './history.ts'
import type { Discipline } from './terms.ts'
import { spanOf } from './working-order.ts'

const dayMinutes = 1440
/** 18:00 of the evening before, when a date's own session begins. */
const openingMinute = -360

/** Minutes since 18:00 New York, when a session begins. */
const sinceOpening = (minute: number): number => (minute - openingMinute) % dayMinutes

/** Like `sinceOpening` for an end: 18:00 is the end of a session, not its beginning. */
const untilClosing = (minute: number): number => sinceOpening(minute) || dayMinutes

/** The first bar from `from` on that begins at `ms` or later, `to` when none before it does. */
const firstBarAt = (time: Float64Array, ms: number, from: number, to: number): number => {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((time[middle] as number) < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** Follows what a day trader's discipline allows as his dates go by. Bars are asked for in their order. */
export const createDay = (history: History, discipline: Discipline) => {
  const { date, dates, minute, firstOf } = history
  const { time } = history.columns
  const opensAt = sinceOpening(discipline.entriesFrom)
  const closesAt = untilClosing(discipline.entriesUntil)
  const flatAt = untilClosing(discipline.flatBy)
  const {
    tradesPerDay = Number.POSITIVE_INFINITY,
    lossesInRow = Number.POSITIVE_INFINITY,
    dailyLoss = Number.POSITIVE_INFINITY,
    dailyGoal = Number.POSITIVE_INFINITY,
    cooldownMinutes = 0,
    news,
  } = discipline
  const account = discipline.account && createAccount(history, discipline.account)
  const span = cooldownMinutes > 0 || news !== undefined ? spanOf(time) : 0
  let today = -1
  let ownSession = 0
  let trades = 0
  let losses = 0
  let made = 0
  let trip = 0
  let coolsUntil = 0
  let windows: readonly NewsWindow[] = []
  let leaves = -1
  let windowEnds = -1

  const begin = (bar: number): void => {
    if (date[bar] === today) return
    today = date[bar] as number
    ownSession = easternMs(dates[today] as string, openingMinute)
    trades = losses = made = coolsUntil = 0
    if (news !== undefined) windows = newsWindows(newsOn(dates[today] as string), news.rules, news.instrument)
  }

  const minuteOf = (bar: number): number => sinceOpening(minute[bar] as number)

  const isOver = (bar: number): boolean => minuteOf(bar) >= flatAt || account?.isOver(bar) === true

  const isNews = (bar: number): boolean => {
    const at = time[bar] as number
    return windows.some(({ from, until }) => at < until && at + span > from)
  }

  /** The first bar from `bar` on, within its date, that reaches into a window of news. */
  const newsAfter = (bar: number): number => {
    const at = time[bar] as number
    const next = Math.min(...windows.map(({ from }) => (from > at ? from : Number.POSITIVE_INFINITY)))
    return firstBarAt(time, next - span + 1, bar, firstOf[(date[bar] as number) + 1] as number)
  }

  /** The last bar of a trade date that is known to be its last. */
  const isLast = (bar: number): boolean => bar + 1 < date.length && date[bar + 1] !== date[bar]

  /** The first bar from `bar` on, within its date, that begins so many minutes after its session's opening or in a later one. */
  const firstAfter = (bar: number, minutes: number): number =>
    firstBarAt(
      time,
      (time[bar] as number) + (minutes - minuteOf(bar)) * minuteMs,
      bar,
      firstOf[(date[bar] as number) + 1] as number,
    )

  const mayEnter = (bar: number, opens: boolean): boolean => {
    begin(bar)
    const at = minuteOf(bar)
    return (
      // A holiday's bars count to the next trade date, but its trader stays away.
      (time[bar] as number) >= ownSession &&
      at >= opensAt &&
      at < closesAt &&
      !isOver(bar) &&
      losses < lossesInRow &&
      made > -dailyLoss &&
      made < dailyGoal &&
      (time[bar] as number) >= coolsUntil &&
      !isNews(bar) &&
      (account === undefined || account.mayEnter(bar)) &&
      (!opens || trades < tradesPerDay)
    )
  }

  return {
    /** Whether everything is left at this bar's open. */
    isOver,
    /** Whether everything is left at this bar's close. */
    isLast,
    /** Whether an entry may fill in this bar; `opens` when nothing is held. */
    mayEnter,
    account,
    /** How much of what is wanted may be entered in this bar beside what is held, contracts. */
    allowed: (bar: number, wanted: number, held: number): number => {
      if (!mayEnter(bar, held === 0)) return 0
      return account === undefined ? wanted : Math.max(0, Math.min(wanted, account.cap() - held))
    },
    /** The first bar from `bar` on at whose open or close everything is left. */
    leavesAt: (bar: number): number => {
      if (bar > leaves)
        leaves = isOver(bar)
          ? bar
          : Math.min(firstAfter(bar, flatAt), (firstOf[(date[bar] as number) + 1] as number) - 1)
      return leaves
    },
    /** The first bar from `bar` on in which what waits to enter may no longer do so. */
    withdrawsAt: (bar: number, opens: boolean): number => {
      if (!mayEnter(bar, opens)) return bar
      if (bar > windowEnds) windowEnds = Math.min(firstAfter(bar, closesAt), newsAfter(bar))
      return windowEnds
    },
    opened: (bar: number): void => {
      begin(bar)
      trades++
      trip = 0
    },
    closed: (bar: number, net: Money): void => {
      begin(bar)
      made += net
      trip += net
      account?.closed(net)
    },
    /** Nothing is held any more: the trade is won or lost. A bar does not tell when, so the cooldown counts from its end. */
    flat: (bar: number): void => {
      losses = trip < 0 ? losses + 1 : 0
      if (trip < 0 && cooldownMinutes > 0) coolsUntil = (time[bar] as number) + span + cooldownMinutes * minuteMs
      account?.tell(bar, 0, 0)
    },
  }
}

export type Day = ReturnType<typeof createDay>
