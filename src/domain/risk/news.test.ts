import { describe, expect, test } from 'vitest'
import { addDays, easternAt, easternMs } from '../instruments/zone.ts'
import { concerns, type NewsEvent, newsAt } from './news.ts'
import { newsOn, possibleNews, unknownNews } from './news-calendar.ts'
import { parseNewsFile } from './news-file.ts'

/** Dates of a year on which an event falls, with its time where it is not the usual one. */
const datesOf = (name: string, year: number, usual: number): readonly string[] => {
  const dates: string[] = []
  for (let date = `${year}-01-01`; date.startsWith(String(year)); date = addDays(date, 1))
    for (const event of newsOn(date).filter((one) => one.name === name)) {
      const { minute } = easternAt(event.at)
      dates.push(date.slice(5) + (minute === usual ? '' : ` ${minute}`))
    }
  return dates
}

describe('the calendar', () => {
  test('has the published decisions at 14:00', () => {
    expect(datesOf('FOMC', 2026, 840)).toEqual(['01-28', '03-18', '04-29', '06-17', '07-29', '09-16', '10-28', '12-09'])
    expect(datesOf('FOMC', 2027, 840)).toEqual(['01-27', '03-17', '04-28', '06-09', '07-28', '09-15', '10-27', '12-08'])
    expect(datesOf('FOMC', 2028, 840)).toEqual(['01-26'])
  })

  test('has the minutes three weeks later', () => {
    expect(datesOf('FOMC minutes', 2026, 840)).toEqual([
      '02-18',
      '04-08',
      '05-20',
      '07-08',
      '08-19',
      '10-07',
      '11-18',
      '12-30',
    ])
  })

  test('has the jobs report where the bureau puts it: second Fridays, the Thursday before a holiday, a late January', () => {
    expect(datesOf('NFP', 2026, 510)).toEqual([
      '01-09',
      '02-06',
      '03-06',
      '04-03',
      '05-08',
      '06-05',
      '07-02',
      '08-07',
      '09-04',
      '10-02',
      '11-06',
      '12-04',
    ])
    expect(datesOf('NFP', 2027, 510)).toEqual([
      '01-08',
      '02-05',
      '03-05',
      '04-02',
      '05-07',
      '06-04',
      '07-02',
      '08-06',
      '09-03',
      '10-08',
      '11-05',
      '12-03',
    ])
  })

  test('has crude stocks on Wednesday 10:30, Thursday 11:00 in a week with a holiday before', () => {
    const oil = datesOf('EIA crude', 2026, 630)
    expect(oil).toHaveLength(52)
    expect(oil.filter((date) => date.endsWith(' 660'))).toEqual([
      '01-22 660',
      '02-19 660',
      '05-28 660',
      '09-10 660',
      '10-15 660',
      '11-12 660',
    ])
    expect(oil.slice(-3)).toEqual(['12-16', '12-23', '12-30'])
  })

  test('has the ISM on the first and third business day at 10:00, never on 2 January', () => {
    expect(datesOf('ISM manufacturing', 2026, 600)).toEqual([
      '01-05',
      '02-02',
      '03-02',
      '04-01',
      '05-01',
      '06-01',
      '07-01',
      '08-03',
      '09-01',
      '10-01',
      '11-02',
      '12-01',
    ])
    expect(datesOf('ISM services', 2026, 600).slice(6)).toEqual(['07-06', '08-05', '09-03', '10-05', '11-04', '12-03'])
  })

  test('has claims on Thursday 08:30, on Wednesday before Thanksgiving', () => {
    expect(datesOf('Initial claims', 2026, 510).slice(-6)).toEqual([
      '11-25',
      '12-03',
      '12-10',
      '12-17',
      '12-24',
      '12-31',
    ])
  })

  test('says of each whether it is listed or by rule', () => {
    expect(newsOn('2026-12-09').map(({ name, source }) => [name, source])).toEqual([
      ['EIA crude', 'by rule: Wednesday, Thursday after a holiday'],
      ['FOMC', 'federalreserve.gov, tentative'],
    ])
    expect(newsOn('2026-12-04')[0]?.source).toBe('by rule: third Friday after the week of the 12th')
  })

  test('says what it does not know instead of guessing', () => {
    expect(newsOn('2025-12-10')).toEqual([])
    expect(unknownNews('2029-03-01')).toEqual(['events of 2029 are not known'])
    expect(unknownNews('2026-11-20')).toEqual([
      'the CPI date of 2026-11 is not known',
      'GDP and PCE dates are not known',
    ])
    expect(unknownNews('2026-12-01')).toEqual(['GDP and PCE dates are not known'])
    expect(unknownNews('2028-02-01')).toContain('FOMC dates after 2028-01 are not published')
  })

  test('says what may come out on a day nobody knows it of', () => {
    const days = ['09', '10', '11', '12', '13', '14', '15', '16']
    // Wednesday 2026-11-11 is Veterans Day, the 14th a Saturday.
    expect(days.filter((day) => possibleNews(`2026-11-${day}`, [])[0] === 'CPI date')).toEqual(['10', '12', '13'])
    expect(possibleNews('2026-12-11', [])).toEqual([])
    expect(possibleNews('2029-03-01', [])).toEqual(['news of 2029'])
  })

  test('knows what the trader wrote down', () => {
    const at = easternMs('2026-11-13', 510)
    const own = [{ name: 'US CPI', at, source: 'your news file', concerns: 'all' }] as const
    expect(possibleNews('2026-11-12', own)).toEqual([])
    expect(unknownNews('2026-11-12', own)).toEqual(['GDP and PCE dates are not known'])
    expect(possibleNews('2027-01-12', own)).toEqual(['CPI date'])
  })
})

describe('a window', () => {
  const at = (hour: number, minute = 0, second = 0): number =>
    easternMs('2026-12-09', hour * 60 + minute) + second * 1_000
  const events = newsOn('2026-12-09')
  const own = { minutesBefore: 5, minutesAfter: 5 }

  test('opens before the event and ends after it', () => {
    expect(newsAt(events, [own], at(13, 54, 59)).inside).toBeUndefined()
    expect(newsAt(events, [own], at(13, 55)).inside).toMatchObject({
      event: { name: 'FOMC' },
      from: at(13, 55),
      until: at(14, 5),
    })
    expect(newsAt(events, [own], at(14, 5)).inside).toBeUndefined()
  })

  test('of one market closes that market and no other', () => {
    expect(newsAt(events, [own], at(10, 30)).inside).toBeUndefined()
    expect(newsAt(events, [own], at(10, 30), 'MGC').inside).toBeUndefined()
    expect(newsAt(events, [own], at(10, 30), 'MCL').inside?.event.name).toBe('EIA crude')
  })

  test('of a firm counts for the events it names, the longer one wins', () => {
    const firm = { minutesBefore: 1, minutesAfter: 10, events: ['FOMC'] }
    expect(newsAt(events, [own, firm], at(14, 4)).inside?.until).toBe(at(14, 10))
    expect(newsAt(events, [{ ...firm, events: ['NFP'] }], at(14, 4)).inside).toBeUndefined()
  })

  test('names the next one', () => {
    expect(newsAt(events, [own], at(9)).next?.event.name).toBe('FOMC')
    expect(newsAt(events, [own], at(9), 'CL').next?.event.name).toBe('EIA crude')
    expect(newsAt(events, [own], at(15)).next).toBeUndefined()
  })
})

describe('the trader’s own file', () => {
  test('has one event a line', () => {
    const text =
      '# mine\n\n2026-11-24 08:30 America/New_York | GDP | all\r\n2026-11-24 16:00 Europe/Prague|OPEC|MCL, metals\n'
    const parsed = parseNewsFile(text)
    expect(parsed).toEqual({
      ok: true,
      value: [
        { name: 'GDP', at: Date.UTC(2026, 10, 24, 13, 30), source: 'own file', concerns: 'all' },
        { name: 'OPEC', at: Date.UTC(2026, 10, 24, 15), source: 'own file', concerns: ['MCL', 'metals'] },
      ],
    })
    const opec = (parsed as { value: readonly NewsEvent[] }).value[1] as NewsEvent
    expect([concerns(opec, 'MCL'), concerns(opec, 'CL'), concerns(opec, 'MGC'), concerns(opec, 'MES')]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  test.each([
    ['2026-11-24 08:30 America/New_York | GDP', 'not-three-parts'],
    ['2026-11-24 08:30 America/New_York | GDP | all | twice', 'not-three-parts'],
    ['24.11.2026 08:30 America/New_York | GDP | all', 'not-a-date'],
    ['2026-02-30 08:30 America/New_York | GDP | all', 'not-a-date'],
    ['2026-11-24 8:30 America/New_York | GDP | all', 'not-a-time'],
    ['2026-11-24 08:30 EST | GDP | all', 'unknown-zone'],
    ['2026-11-24 08:30 America/New_York |  | all', 'no-name'],
    ['2026-11-24 08:30 America/New_York | GDP | everything', 'unknown-market'],
    ['2026-11-24 08:30 America/New_York | GDP | MCL, BTC', 'unknown-market'],
  ])('%s is refused by its line: %s', (line, reason) => {
    expect(parseNewsFile(`# first\n2026-11-23 10:00 America/New_York | x | all\n${line}\n`)).toEqual({
      ok: false,
      line: 3,
      reason,
    })
  })
})
