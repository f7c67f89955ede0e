import { expect, test } from 'vitest'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { isOpen, sessionAt, tradeDateAt } from './calendar.ts'
import type { MarketGroup } from './instrument.ts'
import { addDays, easternAt, easternMs, weekdayOf } from './zone.ts'

const minutes = (hhmm: string): number => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(-2))
const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** How a weekday ends for us: 'closed', or the New York time of its last close before 18:00. */
const ours = (group: MarketGroup, date: string): string => {
  const evening = easternMs(date, 18 * 60)
  const session = sessionAt(group, easternMs(date, 0))
  const close = session?.segments.findLast((segment) => segment.close < evening)?.close
  return close === undefined ? 'closed' : clock(easternAt(close).minute)
}

const weekdays = (from: string, to: string): string[] => {
  const dates: string[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) if (weekdayOf(date) % 6 !== 0) dates.push(date)
  return dates
}

/** Regular closes are all 'full': most sources do not follow them back in time. */
const plain = (group: MarketGroup, close: string, date: string): string => {
  const endsWithStocks = group === 'equity' && weekdayOf(date) === 5 && date < '2012-11-19'
  return ['17:00', '17:15', '17:30', endsWithStocks ? '16:15' : ''].includes(close) ? 'full' : close
}

test.skipIf(!hasOracles).each([
  ['ES_2022_2023Q1', 'equity', 317],
  ['MGC_2024_2025', 'metals', 510],
] as const)('every session observed in %s opens and closes with its first and last bar', (series, group, count) => {
  const rows = oracleRows(
    `oracles/calendars/observed_sessions_${series}.csv.gz`,
    'session_date_et',
    'first_bar_et',
    'last_bar_et',
  )
  const instant = (text: string): number => easternMs(text.slice(0, 10), minutes(text.slice(11)))
  const wrong = rows.flatMap((row) => {
    const first = instant(row.first_bar_et)
    const last = instant(row.last_bar_et)
    const close = ours(group, row.session_date_et)
    const opens = isOpen(group, first) && !isOpen(group, first - 1)
    // A minute may pass without a trade: on 2024-07-29 the last micro gold bar is the one before the last.
    const closes = isOpen(group, last) && clock(easternAt(last).minute + 1) === close
    const quiet = row.last_bar_et === '2024-07-29T16:58' && close === '17:00'
    return opens && (closes || quiet) ? [] : [`${row.session_date_et} ${close}`]
  })
  expect(wrong).toEqual([])
  expect(rows).toHaveLength(count)
  const observed = new Set(rows.map((row) => row.session_date_et))
  const span = weekdays(rows[0]?.session_date_et ?? '', rows.at(-1)?.session_date_et ?? '')
  expect(span.filter((date) => !observed.has(date) && ours(group, date) !== 'closed')).toEqual([])
})

test.skipIf(!hasOracles).each([
  ['ES', 'equity'],
  ['GC', 'metals'],
] as const)('every bar %s traded in October 2013 falls into an open market', (root, group) => {
  const rows = oracleRows(`data/lean-futures/${root}_1m_trade.csv.gz`, 'ts_utc').filter((row) =>
    row.ts_utc.startsWith('2013-10'),
  )
  const stray = rows.filter((row) => !isOpen(group, Date.parse(row.ts_utc)))
  expect(stray.map((row) => row.ts_utc)).toEqual([])
  expect(new Set(rows.map((row) => tradeDateAt(group, Date.parse(row.ts_utc)))).has('2013-10-09')).toBe(true)
})

/** LEAN by the reading its source asks for: the product wins, a wildcard holiday closes unless the product closes early. */
const lean = (product: string, wildcard: string): ((date: string) => string) => {
  const rows = oracleRows(
    'oracles/lean/market_hours_exceptions.csv.gz',
    'market_symbol',
    'date',
    'kind',
    'time_exchange_tz',
  )
  const early = new Map<string, string>()
  const shut = new Set<string>()
  for (const row of rows) {
    const date = row.date
    const of = row.market_symbol
    if (of === product && row.kind === 'earlyClose') early.set(date, row.time_exchange_tz.slice(0, 5))
    if ((of === product || of === wildcard) && row.kind === 'holiday') shut.add(date)
  }
  return (date) => early.get(date) ?? (shut.has(date) ? 'closed' : '17:00')
}

/** Days on which LEAN is wrong, for which markets, and what happened. Its rows after 2026 are not complete. */
const leanErrors: readonly (readonly [date: string, products: string, reason: string])[] = [
  ['2012-10-29', 'MES MYM MGC MCL', 'Sandy: equity traded to 09:15, metals and energy all day'],
  ['2012-10-30', 'MES MYM MGC MCL', 'as the day before'],
  ['2018-12-05', 'MES MYM MGC MCL', 'mourning: equity traded to 09:30, metals and energy all day'],
  ['2023-07-03', 'MES MYM', 'equity closed at 13:15 on the eve of Independence Day'],
  ['2023-12-25', 'MES', 'Christmas: only the evening’s open is listed'],
  ['2024-01-01', 'MES', 'New Year: only the evening’s open is listed'],
  ['2024-07-03', 'MES MYM', 'equity closed at 13:15 on the eve of Independence Day'],
  ['2024-11-29', 'MES MYM MGC MCL', 'the day after Thanksgiving is not listed; gold’s last bar is 14:44'],
  ['2024-12-25', 'MES', 'Christmas: only the evening’s open is listed'],
  ['2025-01-01', 'MES MYM MGC MCL', 'New Year: only the evening’s open is listed; gold has no bar'],
  ['2025-01-09', 'MES MYM MGC', 'mourning: equity traded to 09:30, gold’s bars fill the day'],
  ['2025-12-25', 'MES MYM MGC MCL', 'Christmas: only the evening’s open is listed; gold has no bar'],
  ['2026-01-01', 'MES MYM MGC MCL', 'New Year: only the evening’s open is listed'],
]

test.skipIf(!hasOracles)('every weekday closes as in LEAN from 2009 to 2026, but for the days listed', () => {
  const wrong: Record<string, string> = {}
  for (const [exchange, product, group] of [
    ['cme', 'MES', 'equity'],
    ['cbot', 'MYM', 'equity'],
    ['comex', 'MGC', 'metals'],
    ['nymex', 'MCL', 'energy'],
  ] as const) {
    const theirs = lean(`${exchange}-${product}`, `${exchange}-[*]`)
    for (const date of weekdays('2009-01-02', '2026-12-31'))
      if (plain(group, theirs(date), date) !== plain(group, ours(group, date), date))
        wrong[date] = wrong[date] === undefined ? product : `${wrong[date]} ${product}`
  }
  expect(wrong).toEqual(Object.fromEntries(leanErrors.map(([date, products]) => [date, products])))
})

test.skipIf(!hasOracles)('equity closes as in pandas_market_calendars', () => {
  const rows = oracleRows('oracles/calendars/pmc_cme_globex_day_status.csv.gz', 'calendar', 'date', 'status').filter(
    (row) => row.calendar === 'equities',
  )
  const wrong = rows.flatMap((row) => {
    const date = row.date
    const status = row.status
    const theirs = status === 'open' ? 'full' : status === 'closed' ? status : clock(minutes(status) + 60)
    return plain('equity', ours('equity', date), date) === theirs
      ? []
      : [`${date} ${ours('equity', date)}, theirs ${theirs}`]
  })
  expect(wrong).toEqual([])
  expect(rows).toHaveLength(404)
})

test.skipIf(!hasOracles)(
  'metals and energy close as in pandas_market_calendars 2020–2022, but for one Labor Day',
  () => {
    const rows = oracleRows('oracles/calendars/pmc_cme_globex_metals_energy_fx.csv.gz', 'timestamp')
    const wrong = rows.flatMap((row) => {
      const [date = '', time = ''] = row.timestamp.split(' ')
      const afternoon = /^(\d+):(\d+)PM$/.exec(time)
      const theirs =
        afternoon === null ? 'closed' : clock((Number(afternoon[1]) % 12) * 60 + 13 * 60 + Number(afternoon[2]))
      return [ours('metals', date), ours('energy', date)].every((close) => close === theirs)
        ? []
        : [`${date} ${ours('metals', date)}, theirs ${theirs}`]
    })
    // Its rule halts Labor Day an hour and a half before every other holiday of 2022; gold's bars of 2024 and 2025 do not.
    expect(wrong).toEqual(['2022-09-05 14:30, theirs 13:00'])
    expect(rows).toHaveLength(30)
  },
)

test.skipIf(!hasOracles)('equity trades on the days of exchange_calendars, but for its known simplifications', () => {
  const rows = oracleRows('oracles/calendars/exchange_calendars_cmes.csv.gz', '', 'close')
  const closes = new Map(rows.map((row) => [row[''].slice(0, 10), easternAt(Date.parse(row.close)).minute]))
  const wrong: Record<string, number> = {}
  for (const date of weekdays('2009-01-02', '2027-07-16')) {
    const close = closes.get(date)
    const theirs = close === undefined ? 'closed' : close === 18 * 60 ? 'full' : clock(close)
    const pair = `${plain('equity', ours('equity', date), date)}, theirs ${theirs}`
    if (plain('equity', ours('equity', date), date) !== theirs) wrong[pair] = (wrong[pair] ?? 0) + 1
  }
  expect(wrong).toEqual({
    // The holiday halt was 11:30 until February 2014.
    '11:30, theirs 13:00': 32,
    // The days after Thanksgiving and before Christmas end at 13:15: the last bar of 2022-11-25 is 13:14.
    '13:15, theirs 13:00': 29,
    // The eve of Independence Day is left out.
    '13:15, theirs full': 9,
    // Good Fridays with a jobs report.
    '09:15, theirs closed': 6,
    // Hurricane Sandy.
    '09:15, theirs full': 2,
    // Days of mourning.
    '09:30, theirs closed': 2,
  })
})
