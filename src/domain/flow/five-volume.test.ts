import { expect, test } from 'vitest'
import { nextTradeDate } from '../instruments/calendar.ts'
import { easternMs } from '../instruments/zone.ts'
import { fiveVolumes } from './five-volume.ts'
import { relativeVolume } from './relative-volume.ts'

const volumes = relativeVolume('equity')
const tenOClock = 600

type Traded = readonly (readonly [minute: number, volume: number])[]

/** What the 5m bar at ten is said to have traded, after trade dates that traded so in their minutes. */
const ratioAfter = (days: readonly Traded[]): number => {
  let date = '2013-09-09'
  let [minutes, state, at] = [volumes.initial, fiveVolumes.initial, 0]
  for (const traded of days) {
    at = easternMs(date, tenOClock)
    for (const [minute, volume] of traded) {
      const bar = { time: easternMs(date, minute), open: 1, high: 1, low: 1, close: 1, volume }
      minutes = volumes.step(minutes, { bar, tradeDate: date })
      state = fiveVolumes.step(state, bar, minutes)
    }
    date = nextTradeDate('equity', date)
  }
  return fiveVolumes.ratioOf(state, { time: at })
}

const even: Traded = [600, 601, 602, 603, 604].map((minute) => [minute, 100])
const tenDays = Array<Traded>(10).fill(even)

test('five minutes are weighed against what is usual of all of them, the silent ones too', () => {
  expect(ratioAfter([...tenDays, even.slice(4)])).toBe(0.2)
  expect(
    ratioAfter([
      ...tenDays,
      [
        [601, 300],
        [603, 450],
      ],
    ]),
  ).toBe(1.5)
})

test('a minute that is silent as a rule asks for nothing', () => {
  expect(
    ratioAfter([
      ...Array<Traded>(10).fill([[602, 80]]),
      [
        [600, 60],
        [602, 100],
      ],
    ]),
  ).toBe(2)
})

test('nothing is said of minutes in which nobody trades as a rule, nor before ten trade dates', () => {
  expect(ratioAfter([...Array<Traded>(10).fill([[700, 80]]), even])).toBeNaN()
  expect(ratioAfter([...tenDays.slice(1), even])).toBeNaN()
})

test('the five minutes before are known with the first bar after them, those before that are not', () => {
  expect(ratioAfter([...tenDays, [...even, [605, 7]]])).toBe(1)
  expect(ratioAfter([...tenDays, [...even, [605, 7], [610, 7]]])).toBeNaN()
})
