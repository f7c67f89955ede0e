import { beforeAll, describe, expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
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
  const look = () => ({ MES: room.read('focus:MES'), MGC: room.read('focus:MGC'), plan: room.read('plan') })
  const moments = new Map<string, ReturnType<typeof look>>()
  const words: Record<'MES' | 'MGC', string[]> = { MES: [], MGC: [] }
  room.playBars(day, eastern(12, 5), () => {
    const time = clockOf(room.read('clock').at)
    const seen = look()
    if (['08:00', '09:45', '11:00'].includes(time)) moments.set(time, seen)
    if (time < '05:00') return
    for (const id of ['MES', 'MGC'] as const) {
      const word = `${seen[id].action}: ${seen[id].reason}`
      if (words[id].at(-1)?.endsWith(` ${word}`) !== true) words[id].push(`${time} ${word}`)
    }
  })
  return { ...room, moments, words }
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
  test('says these words from minute to minute', () => {
    expect(day.words).toEqual({
      MES: [
        '05:00 wait: no-bias',
        // The long is the better side by 57.8 to 31.4, on a wave ratio of 0.605.
        '05:15 wait: waves-against',
        '05:40 enter: price-in-zone',
        '05:41 wait: trade-running',
        '08:01 skip: finished',
        '08:16 enter: price-in-zone',
        '08:17 wait: trade-running',
        '10:54 skip: finished',
      ],
      MGC: [
        '05:00 wait: quality-too-low',
        '05:04 skip: finished',
        '05:09 limit: price-beyond-zone',
        '05:10 skip: too-volatile',
        '06:05 limit: price-beyond-zone',
        '06:17 wait: nothing-near',
        '06:18 limit: price-beyond-zone',
        '06:19 wait: nothing-near',
        '06:21 limit: price-beyond-zone',
        '06:28 wait: nothing-near',
        '06:29 limit: price-beyond-zone',
        '07:01 wait: nothing-near',
        '07:03 limit: price-beyond-zone',
        '07:33 enter: price-in-zone',
        '07:34 limit: price-beyond-zone',
        '07:40 wait: quality-too-low',
        '07:45 wait: momentum-against',
        '07:55 wait: nothing-near',
        '07:56 limit: price-beyond-zone',
        '07:58 wait: nothing-near',
        '07:59 limit: price-beyond-zone',
        '08:02 wait: nothing-near',
        '08:04 limit: price-beyond-zone',
        '08:08 wait: nothing-near',
        '08:09 limit: price-beyond-zone',
        '08:11 wait: nothing-near',
        '08:14 skip: finished',
        '08:19 wait: nothing-near',
        '08:20 skip: too-volatile',
        '08:21 skip: finished',
      ],
    })
  })

  const near = (value: number) => expect.closeTo(value, 9)
  const pointsOf = ({ components }: FocusCard['quality']): readonly number[] => components.map(({ points }) => points)

  test('shows a losing long and a waiting short at 08:00', () => {
    const { MES, MGC, plan } = at('08:00')
    expect(MES).toMatchObject({
      id: '2013-10-09-MES-1',
      name: 'S&P 500',
      contract: 'MES Z3',
      place: 2,
      bias: 'long',
      state: 'triggered',
      stateSince: eastern(5, 41),
      drawnAt: eastern(5, 40),
      action: 'wait',
      reason: 'trade-running',
      quality: { score: 20.2 },
      otherQuality: 68.9,
      ratio: near(1.0456591312450996),
      waves: 'neutral',
      confluence: 0,
      volatility: { percentile: near(0.4546742209631728), cluster: 'LOW', atr: near(0.814946436736801) },
      regime: 'CHOPPY',
      excluded: false,
      asOf: eastern(8),
    })
    expect(pointsOf(MES.quality)).toEqual([1.3, 0, 0, 0, 5.6, 11.1, 2.2])
    expect(MES.bracket).toEqual({
      level: { kind: 'gap', name: 'bull gap', price: 1656.25, at: Date.parse('2013-10-09T09:15:00Z') },
      zone: { low: 1656, high: 1656.5 },
      stop: 1653.75,
      target1: 1663,
      target2: 1671.5,
      stopTicks: 11,
      stopWidened: false,
      atr: near(0.8852568185069254),
    })
    expect(MES.size).toEqual({
      contracts: 10,
      startWith: 2,
      risk: dollars(174.9),
      riskPerContract: dollars(17.49),
      budget: dollars(375),
      multiplier: 1.2,
      halved: true,
    })
    // Half of 1R, 5.5 ticks beyond 1656.50, on the next tick.
    expect(MES.stack).toEqual({ addAt: 1658, minRatio: 1.8, ratioAllows: false })
    expect(MGC).toMatchObject({
      id: '2013-10-09-MGC-2',
      contract: 'MGC Z3',
      place: 1,
      bias: 'short',
      state: 'watching',
      stateSince: eastern(7, 41),
      drawnAt: eastern(5, 9),
      action: 'limit',
      reason: 'price-beyond-zone',
      quality: { score: 91.2 },
      otherQuality: 7.8,
      ratio: near(2.6320725704727996),
      waves: 'strong',
      confluence: 3,
      volatility: { percentile: near(0.7848837209302325), cluster: 'MEDIUM', atr: near(1.3359041903343425) },
      regime: 'CHOPPY',
      excluded: false,
    })
    expect(pointsOf(MGC.quality)).toEqual([27.8, 16.7, 11.1, 16.7, 11.1, 5.6, 2.2])
    expect(MGC.bracket).toMatchObject({
      level: { kind: 'pivot', name: 'S1', price: near(1312.6666666666667) },
      zone: { low: 1312.4, high: 1312.9 },
      stop: 1318.1,
      stopTicks: 57,
      stopWidened: true,
    })
    expect(MGC.size).toEqual({
      contracts: 2,
      startWith: 2,
      risk: dollars(120.88),
      riskPerContract: dollars(60.44),
      budget: dollars(312.5),
      multiplier: 1,
      halved: true,
    })
    expect(MGC.stack).toEqual({ addAt: 1309.5, minRatio: 1.8, ratioAllows: true })
    expect(plan).toMatchObject({ tradeDate: '2013-10-09', version: 3, places: ['MGC', 'MES'], bestQuality: 91.2 })
  })

  test('shows a winning short and an excluded market at 09:45', () => {
    const { MES, MGC } = at('09:45')
    expect(MES).toMatchObject({
      id: '2013-10-09-MES-2',
      place: 1,
      bias: 'short',
      state: 'target-1',
      stateSince: eastern(9, 34),
      action: 'wait',
      reason: 'trade-running',
      quality: { score: 57.9 },
      otherQuality: 41.2,
      ratio: near(0.37529517772985965),
      waves: 'against',
      confluence: 3,
      volatility: { percentile: near(0.8294360385144429), cluster: 'MEDIUM', atr: near(1.6008706996445883) },
      regime: 'CHOPPY',
      bracket: { zone: { low: 1653.75, high: 1654.25 }, stop: 1657, target1: 1650.5, target2: 1646, stopTicks: 13 },
      size: {
        contracts: 9,
        budget: dollars(375),
        riskPerContract: dollars(19.99),
        risk: dollars(179.91),
        halved: true,
      },
      stack: { addAt: 1652, ratioAllows: false },
    })
    expect(pointsOf(MES.quality)).toEqual([0, 16.7, 11.1, 16.7, 5.6, 5.6, 2.2])
    expect(MGC).toMatchObject({
      id: '2013-10-09-MGC-3',
      place: 2,
      bias: 'short',
      state: 'invalid',
      stateSince: eastern(8, 21),
      action: 'skip',
      reason: 'finished',
      quality: { score: 52.3 },
      otherQuality: 16.7,
      ratio: near(3.4455875831384097),
      confluence: 1,
      volatility: { percentile: near(0.9026798307475318), cluster: 'HIGH', atr: near(1.8186973377218054) },
      regime: 'VOLATILE',
      excluded: true,
      size: { contracts: 3, budget: dollars(187.5), riskPerContract: dollars(48.44), multiplier: 0.6, halved: false },
      stack: { addAt: 1307.5, ratioAllows: true },
    })
    expect(pointsOf(MGC.quality)).toEqual([27.8, 7.8, 0, 5.6, 11.1, 0, 0])
  })

  test('shows two finished cards in two wild markets at 11:00', () => {
    const { MES, MGC } = at('11:00')
    expect(MES).toMatchObject({
      state: 'target-2',
      stateSince: eastern(10, 54),
      action: 'skip',
      reason: 'finished',
      quality: { score: 51.8 },
      otherQuality: 0,
      ratio: near(1.060716065303231),
      volatility: { percentile: near(0.9811320754716981), cluster: 'HIGH', atr: near(2.433954968394725) },
      regime: 'VOLATILE',
      excluded: true,
    })
    expect(pointsOf(MES.quality)).toEqual([1.7, 16.7, 11.1, 16.7, 5.6, 0, 0])
    expect(MGC).toMatchObject({
      state: 'invalid',
      action: 'skip',
      reason: 'finished',
      quality: { score: 74.5 },
      otherQuality: 0,
      ratio: near(4.693738087109505),
      volatility: { percentile: near(0.9599447513812155), cluster: 'HIGH', atr: near(2.0736531276370034) },
      regime: 'VOLATILE',
      excluded: true,
    })
    expect(pointsOf(MGC.quality)).toEqual([27.8, 7.8, 11.1, 16.7, 11.1, 0, 0])
  })
})
