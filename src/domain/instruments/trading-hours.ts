import { holidayOn } from './holidays.ts'
import type { MarketGroup } from './instrument.ts'
import { weekdayOf } from './zone.ts'

/** When a market trades on one exchange day, 18:00 of the evening before to 18:00. */
type Hours = {
  /** Minutes after midnight, New York, of the date; the first opens at -360, the evening before. */
  readonly spans: readonly { readonly open: number; readonly close: number }[]
  /** Whether the day is a trade date; a bank holiday is not, its trades belong to the next one. */
  readonly settles: boolean
  readonly early: boolean
}

const sunday = 0
const friday = 5
const saturday = 6

const at = (hour: number, minute: number): number => hour * 60 + minute

type Era = readonly [from: string, minute: number]

/** A rule and what later replaced it, each with its first date. */
type Eras = readonly [Era, ...Era[]]

const eraOf = ([first, ...later]: Eras, date: string): number => (later.findLast(([from]) => from <= date) ?? first)[1]

type Rules = {
  readonly regular: Eras
  readonly bankHoliday: Eras
  readonly thanksgivingFriday: Eras
  readonly christmasEve: number
}

const equity: Rules = {
  regular: [
    ['2009-01-01', at(17, 30)],
    ['2012-11-19', at(17, 15)],
    ['2015-09-21', at(17, 0)],
  ],
  bankHoliday: [
    ['2009-01-01', at(11, 30)],
    ['2014-05-01', at(13, 0)],
  ],
  thanksgivingFriday: [['2009-01-01', at(13, 15)]],
  christmasEve: at(13, 15),
}

const commodities: Rules = {
  regular: [
    ['2009-01-01', at(17, 15)],
    ['2015-09-21', at(17, 0)],
  ],
  bankHoliday: [
    ['2009-01-01', at(17, 15)],
    ['2009-05-01', at(13, 15)],
    ['2014-05-01', at(13, 0)],
    ['2022-01-01', at(14, 30)],
  ],
  thanksgivingFriday: [
    ['2009-01-01', at(13, 45)],
    ['2024-01-01', at(14, 45)],
  ],
  christmasEve: at(13, 45),
}

/** Closes of single days that no rule gives. */
const equityExceptions: ReadonlyMap<string, number> = new Map([
  // Hurricane Sandy: the stock exchanges stayed shut.
  ['2012-10-29', at(9, 15)],
  ['2012-10-30', at(9, 15)],
  // Days of mourning for George H. W. Bush and Jimmy Carter: the stock exchanges stayed shut.
  ['2018-12-05', at(9, 30)],
  ['2025-01-09', at(9, 30)],
])

const commodityExceptions: ReadonlyMap<string, number> = new Map([
  // Until January 2011 the day before a long weekend ended an hour early.
  ['2009-05-22', at(16, 15)],
  ['2009-09-04', at(16, 15)],
  ['2009-10-09', at(16, 15)],
  ['2010-01-15', at(16, 15)],
  ['2010-02-12', at(16, 15)],
  ['2010-05-28', at(16, 15)],
  ['2010-07-02', at(16, 15)],
  ['2010-09-03', at(16, 15)],
  ['2010-10-08', at(16, 15)],
  ['2010-12-31', at(16, 15)],
  ['2011-01-14', at(16, 15)],
  // Independence Day kept on a Friday, before Fridays had a halt of their own.
  ['2009-07-03', at(13, 30)],
])

/** With April's first days the Good Friday is a jobs Friday: equity trades on until the report has been digested. */
const isJobsFriday = (date: string): boolean => date.slice(5) <= '04-07' && date.slice(5) >= '04-01'

const rulesOf = (group: MarketGroup): Rules => (group === 'equity' ? equity : commodities)

/** Close of a day with nothing particular; before November 2012 equity's week ended with the stock market's. */
const regularCloseOf = (group: MarketGroup, date: string): number =>
  group === 'equity' && weekdayOf(date) === friday && date < '2012-11-19'
    ? at(16, 15)
    : eraOf(rulesOf(group).regular, date)

/** Close of a date in minutes after midnight, or undefined when the market stays shut. */
const closeOf = (group: MarketGroup, date: string): number | undefined => {
  const rules = rulesOf(group)
  const exception = (group === 'equity' ? equityExceptions : commodityExceptions).get(date)
  if (exception !== undefined) return exception
  switch (holidayOn(date)) {
    case 'new-year':
    case 'christmas':
      return undefined
    case 'good-friday':
      return group === 'equity' && isJobsFriday(date) ? at(9, 15) : undefined
    case 'bank-holiday':
      // Nothing reopens on a Friday evening, so its halt is the end of the week and comes no later than 13:00.
      return Math.min(eraOf(rules.bankHoliday, date), weekdayOf(date) === friday ? at(13, 0) : Number.POSITIVE_INFINITY)
    case 'independence-eve':
      return group === 'equity' ? at(13, 15) : regularCloseOf(group, date)
    case 'thanksgiving-friday':
      return eraOf(rules.thanksgivingFriday, date)
    case 'christmas-eve':
      return rules.christmasEve
    default:
      return regularCloseOf(group, date)
  }
}

/** Until June 2021 equity paused from 16:15 to 16:30, after the stock exchanges' close. */
const pause = { from: at(16, 15), to: at(16, 30), until: '2021-06-28' }

const spansOf = (group: MarketGroup, date: string, close: number): Hours['spans'] =>
  group === 'equity' && date < pause.until && close > pause.to
    ? [
        { open: -360, close: pause.from },
        { open: pause.to, close },
      ]
    : [{ open: -360, close }]

/**
 * When a market group trades on a date, undefined when it does not; New York time, valid from 2009. From the exchange's
 * holiday notices; before 2012-11-19 equity's last hour (16:30–17:30) is counted to the day it follows.
 */
export const hoursOn = (group: MarketGroup, date: string): Hours | undefined => {
  const weekday = weekdayOf(date)
  const close = weekday === sunday || weekday === saturday ? undefined : closeOf(group, date)
  if (close === undefined) return undefined
  return {
    spans: spansOf(group, date, close),
    settles: holidayOn(date) !== 'bank-holiday',
    early: close < regularCloseOf(group, date),
  }
}
