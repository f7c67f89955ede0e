import { describe, expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import type { GateFact } from '#src/domain/picture.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { createEngineRoom } from '#src/testing/engine-room.ts'
import { account } from '#src/testing/fills.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { eastern, recordedDay, startRecordedDay } from '#src/testing/recorded-day.ts'

type Room = Pick<ReturnType<typeof createEngineRoom>, 'engine' | 'read'>

const factOf = ({ read }: Room, id: string): GateFact | undefined => read('gate').facts.find((fact) => fact.id === id)

/** Opens the real book with one account that has not traded. */
const keep = ({ engine }: Room, rules: Partial<Account['rules']>): void =>
  engine.openBook({
    book: 'real',
    accounts: [
      account({ rules: { ...account().rules, ...rules }, anchor: { balance: dollars(50_000), at: eastern(0) } }),
    ],
    ...{ fills: [], orders: [], foreign: [], peaks: new Map(), standings: new Map(), closing: [] },
  })

const staticDrawdown = (amount: number): Partial<Account['rules']> => ({
  drawdown: { ...account().rules.drawdown, amount: dollars(amount) },
})

describe.skipIf(!hasOracles)('with a plan', () => {
  test('an account that could not bear its dearest card closes the gate', () => {
    const [day, room] = [recordedDay(), startRecordedDay(recordedDay())]
    room.playBars(day, eastern(5, 9))
    expect(room.read('gate').open).toBe(true)
    keep(room, staticDrawdown(2_000))
    expect(factOf(room, 'drawdown')).toMatchObject({ ok: true, reason: 'enough-headroom' })
    expect(room.read('gate').open).toBe(true)
    keep(room, staticDrawdown(50))
    expect(factOf(room, 'drawdown')).toMatchObject({ ok: false, reason: 'headroom-too-small' })
    expect(room.read('gate').open).toBe(false)
  })
})

test('prices that come three seconds late for longer than a hiccup close the gate, and in time again do not', () => {
  const room = createEngineRoom({ instruments: ['MES'], grain: 'tick', live: true })
  room.start(eastern(8))
  let now = eastern(8)
  const trade = (seconds: number, lateMs: number): void => {
    for (const until = now + seconds * 1_000; now < until; now += 500) {
      room.setClock(now)
      const eventTime = now - lateMs
      room.engine.sink.onTick({ instrument: 'MES', eventTime, receivedTime: now, price: 1650, size: 1 })
      room.engine.glance()
    }
  }
  trade(30, 0)
  expect(factOf(room, 'feed')?.reason).toBe('feed-live')
  trade(10, 3_000)
  expect(factOf(room, 'feed')).toMatchObject({ ok: false, reason: 'feed-late' })
  expect(room.read('gate').open).toBe(false)
  trade(10, 0)
  expect(factOf(room, 'feed')?.reason).toBe('feed-live')
})

test('a firm’s wider window around the news closes the gate where the trader’s own has not begun', () => {
  const room = createEngineRoom({ instruments: ['MES'], live: true })
  room.start(eastern(9))
  const release = { name: 'CPI', at: eastern(9, 20), source: 'your news file', concerns: 'all' } as const
  room.engine.setNews([release])
  keep(room, {})
  expect(factOf(room, 'news')).toMatchObject({ ok: true, reason: 'no-news' })
  keep(room, { news: { events: ['CPI'], minutesBefore: 30, minutesAfter: 1 } })
  expect(factOf(room, 'news')).toMatchObject({ ok: false, reason: 'news-window', expiresAt: eastern(9, 21) })
  expect(room.read('gate').open).toBe(false)
  keep(room, { news: { events: ['NFP'], minutesBefore: 30, minutesAfter: 1 } })
  expect(factOf(room, 'news')?.reason).toBe('no-news')
})
