import { expect, test } from 'vitest'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { createDesk } from './desk.ts'

const start = Date.UTC(2013, 9, 9, 13, 30)

const open = () => {
  const desk = createDesk({
    spec: specOf('MES'),
    source: 'test',
    tradeDateOf: () => '2013-10-09',
    contractOn: () => ({ id: 'MES', year: 2013, month: 12 }),
    rollOn: () => ({ instrument: 'MES', contract: 'MES Z3', next: 'MES H4', rollsOn: '2013-12-16', tradeDates: 47 }),
    entriesAllowedAt: () => true,
    events: { onClosed: () => {}, onFlow: () => {}, onDoubt: () => {}, onLife: () => {} },
  })
  desk.watchFrom(start)
  const tick = (ms: number, price: number, size = 1): boolean =>
    desk.onTick({ instrument: 'MES', eventTime: start + ms, receivedTime: start + ms + 5, price, size })
  return { desk, tick }
}
const one = { open: 5000, high: 5000, low: 5000, close: 5000, volume: 1 }

test('the growing minute is told with the one closed last and the time of the bar before that', () => {
  const { desk, tick } = open()
  expect(desk.minute()).toEqual({ instrument: 'MES', revision: 0 })
  tick(0, 5000)
  expect(desk.minute()).toEqual({ instrument: 'MES', revision: 0, forming: { time: start, ...one } })
  tick(minuteMs, 5000)
  // Nothing came before the first trade of all, so nobody knows who crossed the spread.
  const flow = { buy: 0, sell: 0, basis: 'estimated' }
  expect(desk.minute().closed).toEqual({ time: start, ...one, flow: { time: start, ...flow } })
  tick(3 * minuteMs, 5000)
  expect(desk.minute()).toEqual({
    instrument: 'MES',
    revision: 0,
    forming: { time: start + 3 * minuteMs, ...one },
    closed: { time: start + minuteMs, ...one, after: start, flow: { time: start + minuteMs, ...flow } },
  })
})

test('a closed bar that is corrected makes another revision, and one told again as it was does not', () => {
  const { desk, tick } = open()
  tick(0, 5000)
  tick(minuteMs, 5000)
  const bar = { time: start, ...one, finality: 'settled' as const, asOf: start + minuteMs, source: 'vendor' }
  desk.onVendorBar({ time: start, ...one }, start + minuteMs, start + minuteMs)
  expect(desk.minute().revision).toBe(0)
  desk.onHistory([{ ...bar, high: 5002 }])
  expect(desk.minute()).toMatchObject({ revision: 1, closed: { high: 5002 } })
})
