import { describe, expect, test } from 'vitest'
import { latestMorning, planDayStart } from './start-time.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

describe('the latest morning', () => {
  test.each([
    ['a weekday after 08:45', '2026-11-20T13:46:00Z', '2026-11-20T13:45:00.000Z'],
    ['a weekday at 08:45', '2026-11-20T13:45:00Z', '2026-11-20T13:45:00.000Z'],
    ['a weekday before 08:45', '2026-11-20T13:44:59Z', '2026-11-19T13:45:00.000Z'],
    ['late in the evening, when UTC has the next day', '2026-11-21T03:00:00Z', '2026-11-20T13:45:00.000Z'],
    ['a Saturday', '2026-11-21T18:00:00Z', '2026-11-20T13:45:00.000Z'],
    ['a Sunday evening, though the market is open', '2026-11-23T00:00:00Z', '2026-11-20T13:45:00.000Z'],
    ['a Monday before 08:45', '2026-11-23T13:00:00Z', '2026-11-20T13:45:00.000Z'],
    ['a Monday after 08:45', '2026-11-23T14:00:00Z', '2026-11-23T13:45:00.000Z'],
    ['Thanksgiving, which settles nothing', '2026-11-26T16:00:00Z', '2026-11-25T13:45:00.000Z'],
    ['the short Friday after it', '2026-11-27T16:00:00Z', '2026-11-27T13:45:00.000Z'],
    ['Christmas on a Friday', '2026-12-25T16:00:00Z', '2026-12-24T13:45:00.000Z'],
    ['the Monday after the clocks went forward', '2026-03-09T12:45:00Z', '2026-03-09T12:45:00.000Z'],
    [
      'before 08:45 on that Monday: the morning before still had winter time',
      '2026-03-09T12:44:59Z',
      '2026-03-06T13:45:00.000Z',
    ],
    ['the Monday after the clocks went back', '2026-11-02T13:45:00Z', '2026-11-02T13:45:00.000Z'],
  ])('on %s', (_, now, morning) => {
    expect(iso(latestMorning(Date.parse(now)))).toBe(morning)
  })
})

describe("the plan's day begins at midnight", () => {
  test.each([
    ['of a weekday, from its first instant', '2026-11-20T05:00:00Z', '2026-11-20T05:00:00.000Z'],
    ['of the day before, up to its last', '2026-11-20T04:59:59Z', '2026-11-19T05:00:00.000Z'],
    ['of the weekday, also after the next trade date opened', '2026-11-19T23:30:00Z', '2026-11-19T05:00:00.000Z'],
    ['of Friday, on a Saturday', '2026-11-21T18:00:00Z', '2026-11-20T05:00:00.000Z'],
    ['of Friday, on Sunday evening', '2026-11-23T00:00:00Z', '2026-11-20T05:00:00.000Z'],
    ['of the day before Thanksgiving, on Thanksgiving', '2026-11-26T16:00:00Z', '2026-11-25T05:00:00.000Z'],
    ['of Thursday, on Good Friday', '2027-03-26T16:00:00Z', '2027-03-25T04:00:00.000Z'],
    ['of Good Friday itself, when stock index futures settle', '2026-04-03T16:00:00Z', '2026-04-03T04:00:00.000Z'],
    ['of Friday, on the Sunday the clocks go forward', '2026-03-08T15:00:00Z', '2026-03-06T05:00:00.000Z'],
    ['of the Monday after it, in summer time', '2026-03-09T04:00:00Z', '2026-03-09T04:00:00.000Z'],
    ['of Friday, on the Sunday the clocks go back', '2026-11-01T15:00:00Z', '2026-10-30T04:00:00.000Z'],
    ['of the Monday after it, in winter time', '2026-11-02T05:00:00Z', '2026-11-02T05:00:00.000Z'],
  ])('%s', (_, now, start) => {
    expect(iso(planDayStart(Date.parse(now)))).toBe(start)
  })
})
