import { describe, expect, test } from 'vitest'
import { easternMs } from '../instruments/zone.ts'
import type { RecordedBar } from '../market/bar.ts'
import type { CardState } from '../signals/focus-card.ts'
import type { CardTransition } from '../signals/transition.ts'
import { compareBacktest, compareDay, type DayStory, type DrawnOnce } from './parity.ts'

const tradeDate = '2026-11-20'
/** An instant of the day by New York's clock; seconds for trades. */
const at = (hour: number, minute: number, second = 0): number =>
  easternMs(tradeDate, hour * 60 + minute) + second * 1_000

const card: DrawnOnce = {
  ...{ id: '2026-11-20-MES-1', instrument: 'MES', side: 'long', zone: { low: 6000, high: 6002 } },
  ...{ stop: 5990, target1: 6015, target2: 6030, quality: 63.4, drawnAt: at(9, 30) },
}

const step = (to: CardState, when: number, price: number, rest: Partial<CardTransition> = {}): CardTransition => ({
  ...{ cardId: card.id, instrument: 'MES', tradeDate, side: 'long', from: 'watching', to, at: when, price },
  ...rest,
})

/** A minute as it was seen live, unless said otherwise. */
const bar = (time: number, low: number, high: number, rest: Partial<RecordedBar> = {}): RecordedBar => ({
  ...{ time, open: high, high, low, close: low, volume: 10, finality: 'live', asOf: time + 60_000, source: 'wire' },
  ...rest,
})

/** Down into the zone at 09:31, up through the first target at 09:33. */
const bars = [
  bar(at(9, 29), 6010, 6012),
  bar(at(9, 30), 6005, 6011),
  bar(at(9, 31), 6000.5, 6005),
  bar(at(9, 32), 6001, 6008),
  bar(at(9, 33), 6008, 6016),
]
const live: DayStory = {
  cards: [card],
  transitions: [
    step('near', at(9, 30, 20), 6006),
    step('watching', at(9, 30, 40), 6009, { from: 'near' }),
    step('near', at(9, 30, 50), 6005.25, { from: 'watching' }),
    step('triggered', at(9, 31, 5), 6001, { from: 'near' }),
    step('target-1', at(9, 33, 59), 6015, { from: 'triggered' }),
    step('expired', at(12, 0), 6020, { from: 'target-1', cause: 'flat-by' }),
  ],
}
const replayed: DayStory = {
  cards: [card],
  transitions: [
    step('near', at(9, 31), 6005),
    step('triggered', at(9, 32), 6001, { from: 'near' }),
    step('target-1', at(9, 34), 6015, { from: 'triggered' }),
    step('expired', at(12, 0), 6020, { from: 'target-1', cause: 'flat-by' }),
  ],
}

const compare = ({
  was = live,
  is = replayed,
  known = bars,
  ran = true,
}: {
  was?: DayStory
  is?: DayStory
  known?: readonly RecordedBar[]
  ran?: boolean
} = {}) => compareDay({ live: { ...was, ran }, replayed: is, bars: () => known })

const drawnAs = (change: Partial<DrawnOnce>): DayStory => ({ ...live, cards: [{ ...card, ...change }] })
const lived = (transitions: readonly CardTransition[]): DayStory => ({ cards: [card], transitions })

describe('a day lived again', () => {
  test('is the same though its trades came within the minutes its bars tell of', () => {
    expect(compare()).toEqual({ cards: 1, transitions: 6, differences: [] })
  })

  test('is the same where a trade fell on the first instant of its minute', () => {
    const onTheDot = [
      step('triggered', at(9, 31), 6001, { from: 'near' }),
      step('target-1', at(9, 33), 6015, { from: 'triggered' }),
    ]
    const first = [...live.transitions.slice(0, 3), ...onTheDot, ...live.transitions.slice(5)]
    expect(compare({ was: lived(first) }).differences).toEqual([])
  })

  test('names each number of a card that was drawn otherwise', () => {
    expect(compare({ was: drawnAs({ stop: 5990.25, quality: 63.5 }) }).differences).toEqual([
      {
        ...{ cardId: card.id, what: 'drawn' },
        ...{ live: 'stop 5,990.25, quality 63.5', replayed: 'stop 5,990.00, quality 63.4' },
      },
    ])
    expect(compare({ was: drawnAs({ side: 'short', zone: { low: 6000.25, high: 6002 } }) }).differences).toMatchObject([
      { live: 'short, zone 6,000.25–6,002.00', replayed: 'long, zone 6,000.00–6,002.00' },
    ])
  })

  test('finds a card that only one side drew', () => {
    const words =
      'long, zone 6,000.00–6,002.00, stop 5,990.00, target1 6,015.00, target2 6,030.00, quality 63.4, drawn at 09:30 ET'
    const none: DayStory = { cards: [], transitions: [] }
    expect(compare({ was: none }).differences).toEqual([
      { cardId: card.id, what: 'drawn', live: 'not drawn', replayed: words },
    ])
    expect(compare({ is: none }).differences).toEqual([
      { cardId: card.id, what: 'drawn', live: words, replayed: 'not drawn' },
    ])
  })

  test('finds a change that only one side knows, and compares nothing after it', () => {
    const transitions = live.transitions.filter(({ to }) => to !== 'triggered')
    expect(compare({ was: lived(transitions) })).toEqual({
      ...{ cards: 1, transitions: 5 },
      differences: [
        {
          ...{ cardId: card.id, what: 'transition' },
          ...{ live: '09:32 ET: stays near', replayed: '09:32 ET: triggered at 6,001.00' },
        },
      ],
    })
  })

  test('finds a change at another price, another minute or for another cause', () => {
    const changed = (to: CardState, change: Partial<CardTransition>) =>
      lived(live.transitions.map((each) => (each.to === to ? { ...each, ...change } : each)))
    expect(compare({ was: changed('target-1', { price: 6015.25 }) }).differences).toMatchObject([
      { live: '09:34 ET: target-1 at 6,015.25', replayed: '09:34 ET: target-1 at 6,015.00' },
    ])
    expect(compare({ was: changed('target-1', { at: at(9, 35, 30) }) }).differences).toMatchObject([
      { live: '09:34 ET: stays triggered', replayed: '09:34 ET: target-1 at 6,015.00' },
    ])
    expect(compare({ was: changed('expired', { cause: 'excluded' }) }).differences).toMatchObject([
      { live: '12:00 ET: expired at 6,020.00 (excluded)', replayed: '12:00 ET: expired at 6,020.00 (flat-by)' },
    ])
  })

  test('finds a minute that ends in another approach', () => {
    const transitions = live.transitions.filter((_, i) => i !== 2)
    expect(compare({ was: lived(transitions) }).differences).toEqual([
      {
        ...{ cardId: card.id, what: 'transition', replayed: '09:31 ET: near at 6,005.00' },
        live: '09:31 ET: near at 6,006.00, watching at 6,009.00',
      },
    ])
  })

  test('finds a change of approach at a price its minute never traded at', () => {
    const [first, ...rest] = live.transitions
    const planted = [{ ...(first as CardTransition), price: 6004 }, ...rest]
    expect(compare({ was: lived(planted) }).differences).toMatchObject([{ what: 'transition' }])
  })
})

describe('a day the backtest walked', () => {
  const [, triggered, first, expired] = replayed.transitions as readonly [unknown, ...CardTransition[]]
  const walked = lived([{ ...(triggered as CardTransition), from: 'watching' }, first, expired] as CardTransition[])
  const against = (was: DayStory) =>
    compareBacktest({ live: { ...was, ran: true }, replayed: walked, bars: () => bars })

  test('is the same though it tells of no approach', () => {
    expect(against(live)).toEqual({ cards: 1, transitions: 3, differences: [] })
  })

  test('parts where live was filled at another price, and nothing explains it', () => {
    const planted = live.transitions.map((each) => (each.to === 'triggered' ? { ...each, price: 6001.25 } : each))
    expect(against(lived(planted)).differences).toEqual([
      {
        ...{ cardId: card.id, what: 'transition' },
        ...{ live: '09:32 ET: triggered at 6,001.25', replayed: '09:32 ET: triggered at 6,001.00' },
      },
    ])
  })

  test('parts where live drew another stop, and nothing explains it', () => {
    expect(against(drawnAs({ stop: 5990.25 })).differences).toEqual([
      { cardId: card.id, what: 'drawn', live: 'stop 5,990.25', replayed: 'stop 5,990.00' },
    ])
  })
})

describe('a difference is explained', () => {
  const late = { finality: 'settled', asOf: at(9, 45) } as const
  const withBar = (index: number, change: Partial<RecordedBar>) =>
    bars.map((each, i) => (i === index ? { ...each, ...change } : each))

  test('where a bar was corrected after the card was drawn, and not where it was drawn after the correction', () => {
    const was = drawnAs({ stop: 5990.25 })
    expect(compare({ was, known: withBar(0, late) }).differences).toMatchObject([
      { explained: 'the bar of 09:29 ET was corrected at 09:45 ET' },
    ])
    expect(compare({ was, known: withBar(0, { ...late, asOf: at(9, 30) }) }).differences[0]).not.toHaveProperty(
      'explained',
    )
    expect(compare({ was, known: withBar(1, late) }).differences[0]).not.toHaveProperty('explained')
  })

  test('where the minute was fetched afterwards: nobody saw it live', () => {
    const was = lived(live.transitions.slice(0, 3))
    const known = withBar(2, { finality: 'history', asOf: at(12, 15) })
    expect(compare({ was, known }).differences).toMatchObject([
      { explained: 'the minute 09:31 ET was not seen live: its bar came at 12:15 ET' },
    ])
  })

  test('where the terminal kept no plan of the date', () => {
    expect(compare({ was: { cards: [], transitions: [] }, ran: false }).differences).toMatchObject([
      { explained: 'the terminal kept no plan of this date: it was not running' },
    ])
  })

  test('where one minute traded at two levels and its bar hides which came first', () => {
    const known = withBar(2, { low: 5989, close: 6003 })
    const stopped = lived([
      ...replayed.transitions.slice(0, 2),
      step('stopped', at(9, 32), 5990, { from: 'triggered' }),
    ])
    expect(compare({ is: stopped, known }).differences).toEqual([
      {
        ...{ cardId: card.id, what: 'transition', live: '09:32 ET: triggered at 6,001.00' },
        replayed: '09:32 ET: triggered at 6,001.00, stopped at 5,990.00',
        explained: 'the minute 09:31 ET traded at 6,001.00 and 5,990.00: a bar hides which came first',
      },
    ])
    // At the entry alone nothing was hidden.
    expect(compare({ is: stopped }).differences[0]).not.toHaveProperty('explained')
  })

  test('not where the price that decided was traded by neither', () => {
    const known = withBar(2, { low: 5989, close: 6003 })
    const planted = lived([...live.transitions.slice(0, 3), step('stopped', at(9, 31, 9), 5991, { from: 'near' })])
    expect(compare({ was: planted, known }).differences[0]).not.toHaveProperty('explained')
  })

  test('where the next card was drawn at another minute because the one before ended otherwise', () => {
    const second = { ...card, id: '2026-11-20-MES-2', drawnAt: at(10, 30) }
    const follows = (change: Partial<DrawnOnce>) => {
      const was = { ...drawnAs({ drawnAt: at(9, 31) }), transitions: replayed.transitions }
      return compare({
        was: { ...was, cards: [...was.cards, { ...second, ...change }] },
        is: { ...replayed, cards: [card, second] },
        known: withBar(0, late),
      }).differences[1]
    }
    expect(follows({ drawnAt: at(10, 36) })).toMatchObject({
      explained: 'follows from 2026-11-20-MES-1, which went another way before',
    })
    // The same minute on the same bars: what is on the card owes nothing to the one before.
    expect(follows({ target1: 6020 })).not.toHaveProperty('explained')
  })
})
