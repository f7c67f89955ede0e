import type { Money } from '../money.ts'
import { floorOf, maxMicrosAt } from '../risk/floor.ts'
import { microsOf } from '../risk/guards.ts'
import { closeDay, type StandingState, startStanding, stepStanding } from '../risk/headroom.ts'
import type { Standing } from '../risk/standing.ts'
import type { History } from './history.ts'
import type { AccountRules } from './terms.ts'

/** How a run's account went. Money; `broken.at` is the first instant of the bar, epoch ms. */
export type AccountCourse = {
  readonly balance: Money
  /** The least equity ever had above the floor, at or below 0 when it was touched. */
  readonly lowestHeadroom: Money
  /** Trade dates on which the firm's daily limit was touched. */
  readonly lockedDates: number
  readonly broken?: NonNullable<Standing['broken']>
}

/**
 * Follows an account through a run by the same standing that follows a live one. Bars are asked for in their order, and what
 * is open is told as what closing it would add, the fees of both sides taken off; Money.
 */
export const createAccount = (history: History, { instrument, rules }: AccountRules) => {
  const { date, dates } = history
  const { time } = history.columns
  const { dailyLoss, drawdown, startBalance, maxContracts } = rules
  const microsEach = microsOf(instrument, 1, maxContracts.microsPerMini)
  const endsDay = dailyLoss?.basis === 'equity'
  let balance = startBalance
  let state: StandingState = startStanding(rules, { at: time[0] ?? 0, balance })
  let today = -1
  let lowestHeadroom = balance - floorOf(rules, state.peak)
  const locked = new Set<number>()

  const isTouched = (): boolean => state.daily?.touched === true

  const tell = (bar: number, openNet: Money, exitFees: Money): boolean => {
    state = stepStanding(state, rules, { at: time[bar] as number, balance, openNet, exitFees })
    lowestHeadroom = Math.min(lowestHeadroom, balance + openNet - floorOf(rules, state.peak))
    if (isTouched()) locked.add(today)
    return state.broken !== undefined || (endsDay && isTouched())
  }

  const close = (): void => {
    if (today >= 0) state = closeDay(state, rules, dates[today] as string, balance)
  }

  /** Days are counted as their first bar is asked for. */
  const begin = (bar: number): void => {
    if (date[bar] === today && (time[bar] as number) < state.dayEndsAt) return
    if (date[bar] !== today) close()
    today = date[bar] as number
    tell(bar, state.openNet, state.exitFees ?? 0)
  }

  const isOver = (bar: number): boolean => {
    begin(bar)
    return state.flatByAt !== undefined && (time[bar] as number) >= state.flatByAt
  }

  return {
    /** Whether the firm wants everything left at this bar's open. */
    isOver,
    isBroken: (): boolean => state.broken !== undefined,
    mayEnter: (bar: number): boolean => !isOver(bar) && state.broken === undefined && !isTouched(),
    /** The most contracts the firm allows, by the profit before today. */
    cap: (): number => Math.floor(maxMicrosAt(rules, state.dayStart - startBalance) / microsEach),
    /** What is open at an instant of this bar; whether a limit of the firm wants it left. */
    tell,
    /** What is open when a limit that is watched within the day is touched; −Infinity where none is. */
    leastOpenNet: (): Money => {
      const floor = drawdown.checkedIntraday ? floorOf(rules, state.peak) : Number.NEGATIVE_INFINITY
      const day = endsDay && state.daily ? state.daily.base - dailyLoss.amount : Number.NEGATIVE_INFINITY
      return Math.max(floor, day) - balance
    },
    closed: (net: Money): void => {
      balance += net
    },
    /** How it all went; ends the last day. */
    course: (): AccountCourse => {
      close()
      return {
        balance,
        lowestHeadroom,
        lockedDates: locked.size,
        ...(state.broken && { broken: state.broken }),
      }
    },
  }
}
