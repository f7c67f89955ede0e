import { describe, expect, test } from 'vitest'
import { createChance, recordedBars, recordedTrades } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { isOpen } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { addDays, easternAt, easternMs } from '../instruments/zone.ts'
import { minuteMs } from './bar.ts'
import { allowedSilence, allowedSilenceOfAll, expectedRate, heard, learnBar, startVigil, type Vigil } from './vigil.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)

/** Six weeks of bars: 160 contracts a minute from 05:00 to 15:00 New York, else 6; `skip` leaves minutes out. */
const learned = (id: 'MGC' | 'MES' = 'MGC', skip: (minute: number) => boolean = () => false): Vigil => {
  const vigil = startVigil(id)
  for (let time = at('2026-10-05', 0); time < at('2026-11-16', 0); time += minuteMs) {
    const { minute } = easternAt(time)
    const volume = minute >= 300 && minute < 900 ? 160 : 6
    if (isOpen('metals', time) && !skip(time / minuteMs)) learnBar(vigil, { time, volume })
  }
  return vigil
}

/** Events `gapMs` apart on average, at random. */
const speak = (vigil: Vigil, from: number, to: number, gapMs: number): void => {
  const chance = createChance(3)
  for (let ms = from; ms < to; ms += -gapMs * Math.log(1 - chance())) heard(vigil, ms)
}

describe('silence of a market that trades', () => {
  test('is explained for ten seconds when it is busy and for minutes when it is not', () => {
    const [busy, quiet] = [learned(), learned()]
    speak(busy, at('2026-11-18', 9), at('2026-11-18', 10), 100)
    speak(quiet, at('2026-11-18', 9), at('2026-11-18', 10), 10_000)
    expect(allowedSilence(busy, at('2026-11-18', 10), 'tick')).toBeLessThan(10_000)
    expect(allowedSilence(quiet, at('2026-11-18', 10), 'tick')).toBeGreaterThan(300_000)
  })

  test('is explained for longer as soon as the time of the week is a quieter one', () => {
    const vigil = learned()
    speak(vigil, at('2026-11-18', 14), at('2026-11-18', 15), 500)
    const busy = allowedSilence(vigil, at('2026-11-18', 14, 59), 'tick')
    expect(allowedSilence(vigil, at('2026-11-18', 15), 'tick')).toBeGreaterThan(10 * busy)
  })

  test('is always explained while it is closed', () => {
    const closed = [at('2026-11-18', 17, 30), at('2026-11-21', 12), at('2026-11-26', 16), at('2026-12-25', 9)]
    for (const ms of closed) {
      expect(allowedSilence(learned(), ms, 'tick')).toBe(Number.POSITIVE_INFINITY)
      expect(allowedSilenceOfAll([learned()], ms, 'bar')).toBe(Number.POSITIVE_INFINITY)
    }
  })

  test('is judged anew after it was closed: the evening does not begin with the pace of the afternoon', () => {
    const vigil = learned()
    speak(vigil, at('2026-11-18', 16), at('2026-11-18', 17), 100)
    expect(allowedSilence(vigil, at('2026-11-18', 16, 59), 'tick')).toBeLessThan(10_000)
    expect(allowedSilence(vigil, at('2026-11-18', 18), 'tick')).toBeGreaterThan(600_000)
  })

  test('says nothing of the market where it was an outage', () => {
    const [whole, torn] = [learned(), learned()]
    speak(whole, at('2026-11-18', 9), at('2026-11-18', 10), 200)
    speak(torn, at('2026-11-18', 9), at('2026-11-18', 9, 50), 200)
    speak(torn, at('2026-11-18', 9, 59), at('2026-11-18', 10), 200)
    const [usual, after] = [whole, torn].map((vigil) => allowedSilence(vigil, at('2026-11-18', 10), 'tick'))
    expect(after).toBeLessThan(1.2 * (usual ?? 0))
  })

  test('is an alarm of the whole feed after two to three seconds, however many markets it has', () => {
    const markets = [1, 2, 3, 4, 5, 6].map(() => learned())
    for (const vigil of markets) speak(vigil, at('2026-11-18', 9), at('2026-11-18', 10), 300)
    expect(allowedSilenceOfAll(markets, at('2026-11-18', 10), 'tick')).toBe(2_000)
    expect(allowedSilenceOfAll(markets.slice(0, 1), at('2026-11-18', 10), 'tick')).toBeGreaterThan(5_000)
  })

  test('is explained for minutes where nothing is known yet', () => {
    expect(allowedSilence(startVigil('MGC'), at('2026-11-18', 10), 'tick')).toBe(40 * minuteMs)
    expect(allowedSilence(learned(), at('2026-11-18', 10), 'tick')).toBeCloseTo(150_000, 0)
  })
})

describe('silence of bars', () => {
  const noon = at('2026-11-18', 10)

  test('is an alarm fifteen seconds after the minute where every minute trades', () => {
    expect(allowedSilence(learned(), noon, 'bar')).toBe(75_000)
    expect(allowedSilenceOfAll([learned(), learned()], noon, 'bar')).toBe(75_000)
  })

  test('waits for as many minutes as are empty once in a million', () => {
    const everyTenth = (minute: number): boolean => minute % 10 === 0
    expect(allowedSilence(learned('MGC', everyTenth), noon, 'bar')).toBe(75_000 + 6 * minuteMs)
    const everyOther = (minute: number): boolean => minute % 2 === 0
    expect(allowedSilence(learned('MGC', everyOther), noon, 'bar')).toBe(75_000 + 20 * minuteMs)
  })

  test('waits longer at night, where few contracts trade', () => {
    expect(allowedSilence(learned(), at('2026-11-18', 22), 'bar')).toBe(75_000 + 23 * minuteMs)
  })

  test('waits longer on a day with more empty minutes than usual', () => {
    const vigil = learned()
    for (let i = 0; i < 60; i += 3) learnBar(vigil, { time: at('2026-11-18', 9) + i * minuteMs, volume: 160 })
    expect(allowedSilence(vigil, noon, 'bar')).toBeGreaterThan(75_000 + 20 * minuteMs)
  })

  test('takes a long hole in the history for unknown, not for quiet', () => {
    const lost = (minute: number): boolean => minute >= 29_700_000 && Math.floor(minute / 240) % 2 === 0
    expect(allowedSilence(learned('MGC', lost), noon, 'bar')).toBe(75_000)
  })
})

describe('the rate expected of a minute', () => {
  test('is its usual volume at the events a contract brings, known after some live minutes', () => {
    const vigil = learned()
    expect(expectedRate(vigil, at('2026-11-18', 10))).toBeUndefined()
    for (let minute = 0; minute < 10; minute++) {
      const start = at('2026-11-18', 10, minute)
      for (let i = 0; i < 240; i++) heard(vigil, start + 250 * i)
      learnBar(vigil, { time: start, volume: 160 })
    }
    expect(expectedRate(vigil, at('2026-11-18', 10, 10))).toBeCloseTo(4, 6)
    expect(expectedRate(vigil, at('2026-11-18', 22))).toBeCloseTo(0.15, 2)
    expect(expectedRate(vigil, at('2026-11-18', 17, 30))).toBeUndefined()
  })

  test('leaves out a minute that was not heard from its start', () => {
    const vigil = learned()
    const start = at('2026-11-18', 10)
    for (let i = 120; i < 480; i++) heard(vigil, start + 250 * i)
    learnBar(vigil, { time: start, volume: 160 })
    expect(expectedRate(vigil, start)).toBeUndefined()
    learnBar(vigil, { time: start + minuteMs, volume: 160 })
    expect(expectedRate(vigil, start)).toBeCloseTo(4, 6)
  })

  test('does not fall because today is quiet: the display shows both', () => {
    const vigil = learned()
    for (let minute = 0; minute < 30; minute++) {
      const start = at('2026-11-18', 10, minute)
      for (let i = 0; i < 24; i++) heard(vigil, start + 2_500 * i)
      learnBar(vigil, { time: start, volume: 16 })
    }
    expect(expectedRate(vigil, at('2026-11-18', 10, 30))).toBeGreaterThan(3.4)
  })

  test('keeps New York time over the change of the clocks', () => {
    const vigil = startVigil('MES')
    for (let day = 0; day < 28; day++)
      for (let minute = 0; minute < 30; minute++)
        learnBar(vigil, { time: at(addDays('2026-10-04', day), 9, 30) + minute * minuteMs, volume: 1000 })
    heard(vigil, at('2026-11-02', 9, 29))
    heard(vigil, at('2026-11-02', 9, 30), 500)
    learnBar(vigil, { time: at('2026-11-02', 9, 30), volume: 1000 })
    expect(expectedRate(vigil, at('2026-11-02', 9, 45))).toBeCloseTo(500 / 60, 1)
    expect(expectedRate(vigil, at('2026-11-02', 8, 45))).toBeUndefined()
    expect(expectedRate(vigil, at('2026-11-02', 10, 45))).toBeUndefined()
  })
})

describe.skipIf(!hasOracles)('the real markets of October 2013', () => {
  test('gives no false alarm in three days of trades, the nights included', () => {
    const vigil = startVigil('GC')
    const bars = recordedBars('GC', '2013-10-12').values()
    let bar = bars.next().value
    let worst = 0
    for (const { eventTime } of recordedTrades()) {
      for (; bar !== undefined && bar.time + minuteMs <= eventTime; bar = bars.next().value) learnBar(vigil, bar)
      const silence = eventTime - 1 - vigil.heardAt
      const opened = isOpen('metals', vigil.heardAt) && isOpen('metals', eventTime - 1) && silence < 2_000_000
      if (opened) worst = Math.max(worst, silence / allowedSilence(vigil, eventTime - 1, 'tick'))
      heard(vigil, eventTime)
    }
    expect(worst).toBeGreaterThan(0.3)
    expect(worst).toBeLessThan(0.7)
  })

  test.each(['GC', 'ES'] as const)('gives no false alarm in a week of %s bars', (id) => {
    const vigil = startVigil(id)
    const { group } = specOf(id)
    const bars = recordedBars(id, '2013-10-12')
    let last = bars[0]?.time ?? 0
    let worst = 0
    for (const bar of bars) {
      const silence = bar.time - last
      const open = isOpen(group, last + minuteMs) && silence < 30 * minuteMs
      if (open) worst = Math.max(worst, silence / allowedSilence(vigil, bar.time + minuteMs - 1, 'bar'))
      learnBar(vigil, bar)
      last = bar.time
    }
    expect(bars.length).toBeGreaterThan(5_000)
    expect(worst).toBeLessThan(1)
  })
})
