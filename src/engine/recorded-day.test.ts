import { beforeAll, describe, expect, test } from 'vitest'
import { minuteMs } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import type { PlannedCard } from '#src/domain/signals/transition.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { eastern, recordedDay, startRecordedDay } from '#src/testing/recorded-day.ts'

/*
 * Wednesday 2013-10-09 played as a replay, the S&P 500 as MES and gold as MGC. Every card, transition and word below was
 * computed by a separate program written from the written rules alone, in plain arithmetic that starts anew at every
 * minute, and checked again in 50-digit decimals.
 */

/** 'hh:mm', New York. */
const clockOf = (at: number): string => new Date(at - eastern(0)).toISOString().slice(11, 16)

const play = () => {
  const day = recordedDay()
  const room = startRecordedDay(day)
  const moments = new Map<string, ReturnType<typeof look>>()
  const look = () => ({ MES: room.read('focus:MES'), MGC: room.read('focus:MGC'), plan: room.read('plan') })
  room.playBars(day, eastern(12, 5), () => {
    const at = room.read('clock').at
    if (at % (5 * minuteMs) === 0) moments.set(clockOf(at), look())
  })
  return { ...room, moments }
}

describe.skipIf(!hasOracles)('the recorded day', () => {
  let day: ReturnType<typeof play>
  const at = (time: string) => {
    const moment = day.moments.get(time)
    if (moment === undefined) throw new RangeError(`nothing seen at ${time}`)
    return moment
  }
  beforeAll(() => {
    day = play()
  })

  test('draws five cards, in this order', () => {
    const drawn = new Map<string, PlannedCard & { readonly at: string }>()
    for (const { drawnAt, cards } of day.told.plans)
      for (const card of cards) if (!drawn.has(card.id)) drawn.set(card.id, { at: clockOf(drawnAt), ...card })
    const mes = { instrument: 'MES', contract: 'MES Z3' } as const
    const mgc = { instrument: 'MGC', contract: 'MGC Z3' } as const
    expect([...drawn.values()]).toEqual([
      {
        ...mgc,
        at: '05:00',
        id: '2013-10-09-MGC-1',
        side: 'short',
        zone: { low: 1317.8, high: 1318.2 },
        stop: 1321,
        target1: 1312.7,
        target2: 1306.4,
        contracts: 4,
        quality: 48.6,
      },
      {
        ...mgc,
        at: '05:09',
        id: '2013-10-09-MGC-2',
        side: 'short',
        zone: { low: 1312.4, high: 1312.9 },
        stop: 1318.1,
        target1: 1306.4,
        target2: 1297.3,
        contracts: 2,
        quality: 70.8,
      },
      {
        ...mes,
        at: '05:40',
        id: '2013-10-09-MES-1',
        side: 'long',
        zone: { low: 1656, high: 1656.5 },
        stop: 1653.75,
        target1: 1663,
        target2: 1671.5,
        contracts: 10,
        quality: 57.8,
      },
      {
        ...mes,
        at: '08:16',
        id: '2013-10-09-MES-2',
        side: 'short',
        zone: { low: 1653.75, high: 1654.25 },
        stop: 1657,
        target1: 1650.5,
        target2: 1646,
        contracts: 9,
        quality: 63.4,
      },
      {
        ...mgc,
        at: '08:19',
        id: '2013-10-09-MGC-3',
        side: 'short',
        zone: { low: 1309.8, high: 1310.4 },
        stop: 1314.3,
        target1: 1297.3,
        target2: 1292.8,
        contracts: 3,
        quality: 85.7,
      },
    ])
  })

  test('leads them through these states, each stamped with its minute and price', () => {
    const said = day.told.transitions.map(
      ({ at: when, cardId, from, to, price, cause }) =>
        `${clockOf(when)} ${cardId.slice(11)} ${from} → ${to} ${price}${cause === undefined ? '' : ` ${cause}`}`,
    )
    expect(said).toEqual([
      '05:01 MGC-1 near → watching 1317.1',
      '05:04 MGC-1 watching → invalid 1313.8 left-behind',
      '05:10 MGC-2 watching → near 1312.1',
      '05:11 MGC-2 near → watching 1310.6',
      '05:41 MES-1 in-zone → triggered 1656.25',
      '06:10 MGC-2 watching → near 1311.8',
      '06:11 MGC-2 near → watching 1311.4',
      '06:36 MGC-2 watching → near 1312',
      '06:38 MGC-2 near → watching 1311.6',
      '06:39 MGC-2 watching → near 1311.7',
      '06:40 MGC-2 near → watching 1311.6',
      '06:41 MGC-2 watching → near 1311.9',
      '06:51 MGC-2 near → watching 1311.6',
      '06:53 MGC-2 watching → near 1311.7',
      '06:59 MGC-2 near → watching 1311.5',
      '07:09 MGC-2 watching → near 1311.7',
      '07:10 MGC-2 near → watching 1311.5',
      '07:11 MGC-2 watching → near 1311.8',
      '07:15 MGC-2 near → watching 1311.1',
      '07:16 MGC-2 watching → near 1312.2',
      '07:17 MGC-2 near → watching 1311.5',
      '07:27 MGC-2 watching → near 1312',
      '07:33 MGC-2 near → in-zone 1312.4',
      '07:34 MGC-2 in-zone → near 1311.7',
      '07:35 MGC-2 near → watching 1311.5',
      '07:40 MGC-2 watching → near 1311.8',
      '07:41 MGC-2 near → watching 1311.5',
      '08:01 MES-1 triggered → stopped 1653.75',
      '08:14 MGC-2 watching → invalid 1307 left-behind',
      '08:17 MES-2 in-zone → triggered 1654',
      '08:21 MGC-3 watching → invalid 1304.7 left-behind',
      '09:34 MES-2 triggered → target-1 1650.5',
      '10:54 MES-2 target-1 → target-2 1646',
    ])
  })
})
