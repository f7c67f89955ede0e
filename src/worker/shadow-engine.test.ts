import { beforeAll, describe, expect, test } from 'vitest'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { eastern, recordedDay, startRecordedDay } from '#src/testing/recorded-day.ts'
import { createShadow } from './shadow-engine.ts'

type Market = 'MES' | 'MGC'

/** Plays 2013-10-09 of a market, five minutes at a time, after the days before it. */
const play = (instrument: Market, bars: readonly Bar[]) => {
  const shadow = createShadow({
    instrument,
    fronts: frontContract,
    boundaries: defaultBoundaries,
    accountSize: dollars(50_000),
    limits: defaultLimits,
  })
  shadow.warm(bars.filter(({ time }) => time < eastern(0)))
  for (let at = eastern(0); at < eastern(12); at += 5 * minuteMs)
    shadow.live(
      bars.filter(({ time }) => time >= at && time < at + 5 * minuteMs),
      at,
      at + 5 * minuteMs,
    )
  return shadow.take()
}

describe.skipIf(!hasOracles)('the shadow of the recorded day', () => {
  let bars: ReturnType<typeof recordedDay>
  let shadows: Record<Market, ReturnType<typeof play>>
  beforeAll(() => {
    bars = recordedDay()
    shadows = { MES: play('MES', bars.MES), MGC: play('MGC', bars.MGC) }
  })

  test('has the cards and transitions of the day that was lived, each market by itself', () => {
    const room = startRecordedDay(bars)
    room.playBars(bars, eastern(12))
    const both = [...shadows.MES.transitions, ...shadows.MGC.transitions].sort((a, b) => a.at - b.at)
    expect(both).toEqual([...room.told.transitions].sort((a, b) => a.at - b.at))
    const planned = new Map(room.told.plans.flatMap(({ cards }) => cards.map((card) => [card.id, card.quality])))
    const drawn = [...shadows.MES.outcomes, ...shadows.MGC.outcomes].map(({ cardId, quality }) => [cardId, quality])
    expect(drawn.sort()).toEqual([...planned].sort())
  })

  test('tells what became of each card, and how much of its risk it made', () => {
    const told = [...shadows.MES.outcomes, ...shadows.MGC.outcomes]
    expect(
      told.map(({ cardId, enteredAt, endedAt, endedAs, won, r }) => [
        cardId,
        enteredAt,
        endedAt,
        endedAs,
        won,
        r?.toFixed(4),
      ]),
    ).toEqual([
      // From 1656.25 to the stop 1653.75, of a risk of 1656.50 − 1653.75.
      ['2013-10-09-MES-1', eastern(5, 41), eastern(8, 1), 'stopped', false, '-0.9091'],
      // From 1654.00 to the target 1650.50, of a risk of 1657.00 − 1653.75.
      ['2013-10-09-MES-2', eastern(8, 17), eastern(9, 34), 'target-1', true, '1.0769'],
      ['2013-10-09-MGC-1', undefined, eastern(5, 4), 'invalid', false, undefined],
      ['2013-10-09-MGC-2', undefined, eastern(8, 14), 'invalid', false, undefined],
      ['2013-10-09-MGC-3', undefined, eastern(8, 21), 'invalid', false, undefined],
    ])
  })

  test('knows what the quality was made of when the card was drawn', () => {
    for (const { quality, components } of [...shadows.MES.outcomes, ...shadows.MGC.outcomes])
      expect(components.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(quality, 6)
  })

  test('uses no bar after a card’s end', () => {
    const [first] = shadows.MES.outcomes
    const end = first?.endedAt ?? 0
    const turned = bars.MES.map((bar) =>
      bar.time < end ? bar : { ...bar, open: 1600, high: 1700, low: 1500, close: 1600 },
    )
    expect(play('MES', turned).outcomes[0]).toEqual(first)
  })
})
