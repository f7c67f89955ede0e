import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import { minuteBars, rollAll, tickBar } from '#src/domain/market/aggregate.ts'
import { barAt, toColumns } from '#src/domain/market/series.ts'
import { createMinutes } from './minutes.ts'
import { opening } from './rehearsal.ts'
import { tapeFromBars, tradesOfBar } from './stored-tape.ts'
import { createSyntheticTape } from './synthetic-tape.ts'
import type { Tape, TapeEvent } from './tape.ts'

const gold: Contract = { id: 'MGC', year: 2026, month: 12 }
const nextGold: Contract = { id: 'MGC', year: 2027, month: 2 }
const hourMs = 3_600_000

const barsOfTrades = (events: Iterable<TapeEvent>) =>
  rollAll(
    minuteBars,
    [...events].filter((event) => event.kind === 'trade').map((event) => tickBar({ ...event, eventTime: event.time })),
  )

const trades = (tape: Tape, contract: Contract) =>
  [...tape.events(contract, opening, opening + hourMs)].filter((event) => event.kind === 'trade')

/** The trades that are neither at the bid nor at the ask last quoted. */
const offMarket = (events: Iterable<TapeEvent>): readonly TapeEvent[] => {
  let met: readonly number[] = []
  return [...events].filter((event) => {
    if (event.kind === 'quote') met = [event.bid, event.ask]
    return event.kind === 'trade' && !met.includes(event.price)
  })
}

/** A sound bar in ticks: as many contracts as its shape needs at least. */
const soundBar = fc
  .record({
    open: fc.integer({ min: 40_000, max: 40_050 }),
    close: fc.integer({ min: 40_000, max: 40_050 }),
    above: fc.nat({ max: 30 }),
    below: fc.nat({ max: 30 }),
    volume: fc.integer({ min: 4, max: 5_000 }),
  })
  .map(({ open, close, above, below, volume }) => ({
    time: opening,
    open: open / 10,
    close: close / 10,
    high: (Math.max(open, close) + above) / 10,
    low: (Math.min(open, close) - below) / 10,
    volume,
  }))

describe('a tape of stored bars', () => {
  test('the trades of any sound bar fold to exactly that bar, on the grid and in order', () => {
    fc.assert(
      fc.property(soundBar, fc.integer(), (bar, seed) => {
        const made = tradesOfBar(bar, specOf('MGC'), createStream(seed))
        expect(barsOfTrades(made)).toEqual([bar])
        expect(made.length).toBeGreaterThanOrEqual(3)
        expect(made.every(({ price, size }) => isOnGrid(specOf('MGC'), price) && size >= 1)).toBe(true)
        expect(made.every(({ time }, i) => i === 0 || time >= (made[i - 1]?.time ?? 0))).toBe(true)
        expect(made.at(-1)?.time).toBeLessThan(opening + 60_000)
      }),
    )
  })

  test('a bar of one contract is one trade, one without volume none', () => {
    const bar = { time: opening, open: 4100.1, high: 4100.1, low: 4100.1, close: 4100.1, volume: 1 }
    expect(tradesOfBar(bar, specOf('MGC'), createStream(1)).map(({ price, size }) => [price, size])).toEqual([
      [4100.1, 1],
    ])
    expect(tradesOfBar({ ...bar, volume: 0 }, specOf('MGC'), createStream(1))).toEqual([])
  })

  test('it plays the contract that was stored, the same for the same seed, and each trade at the bid or the ask', () => {
    const bars = [
      { time: opening, open: 4100, high: 4102.5, low: 4099.1, close: 4101, volume: 120 },
      { time: opening + 180_000, open: 4101.2, high: 4101.2, low: 4100.4, close: 4100.4, volume: 7 },
    ]
    const tape = tapeFromBars([{ contract: gold, bars: toColumns(bars) }], 3)
    const played = [...tape.events(gold, opening, opening + hourMs)]
    expect(barsOfTrades(played)).toEqual(bars)
    expect([...tape.events(gold, opening, opening + hourMs)]).toEqual(played)
    expect([...tape.events(nextGold, opening, opening + hourMs)]).toEqual([])
    expect(tape.startsAt).toBe(opening)
    expect(offMarket(played)).toEqual([])
  })
})

describe('a tape of the synthetic market', () => {
  test('the front folds to exactly the bars of the market', () => {
    const tape = createSyntheticTape({ seed: 7, from: opening })
    const columns = createSyntheticMarket({ seed: 7 }).minutes('MGC', '2026-11-20')
    const bars = [...columns.time.keys()]
      .map((i) => barAt(columns, i))
      .filter(({ time }) => time >= opening && time < opening + hourMs)
    expect(bars).toHaveLength(60)
    expect(barsOfTrades(tape.events(gold, opening, opening + hourMs))).toEqual(bars)
  })

  test('the next contract has one trade in twenty, and costs what two months cost', () => {
    const tape = createSyntheticTape({ seed: 7, from: opening })
    const [front, next] = [trades(tape, gold), trades(tape, nextGold)]
    expect(Math.abs(next.length * 20 - front.length)).toBeLessThan(20 * 60)
    const byNumber = new Map(front.map((trade) => [trade.sequence, trade]))
    expect(
      new Set(next.map((trade) => Math.round((trade.price - (byNumber.get(trade.sequence)?.price ?? 0)) * 10))),
    ).toEqual(new Set([246]))
  })

  test.each([gold, nextGold])('each trade is at the bid or the ask last quoted', (contract) => {
    const tape = createSyntheticTape({ seed: 7, from: opening })
    expect(offMarket(tape.events(contract, opening, opening + hourMs))).toEqual([])
  })

  test('a crossover can be rehearsed: volume goes to whichever contract the option says', () => {
    const volumeOf = (contract: Contract, tradeDate: string): number =>
      (contract.month === 2) === tradeDate >= '2026-11-20' ? 1 : 0.1
    const tape = createSyntheticTape({ seed: 7, from: opening, volumeOf })
    expect(trades(tape, nextGold).length).toBeGreaterThan(8 * trades(tape, gold).length)
  })

  test('any cut of the time gives the same events', () => {
    const tape = createSyntheticTape({ seed: 7, from: opening })
    const cut = opening + 12_345
    const whole = [...tape.events(nextGold, opening, opening + 60_000)]
    expect(whole.length).toBeGreaterThan(4)
    expect([...tape.events(nextGold, opening, cut), ...tape.events(nextGold, cut, opening + 60_000)]).toEqual(whole)
  })

  test('the minutes read backward are those read forward, over the weekend too', () => {
    const minutes = createMinutes(createSyntheticTape({ seed: 7, from: opening }))
    const [from, to] = [Date.UTC(2026, 10, 20, 21, 30), Date.UTC(2026, 10, 22, 23, 30)]
    const forward = [...minutes(gold, from, to, false)]
    expect(
      forward.map(({ time }) => new Date(time).toISOString()).filter((time) => time.endsWith('00:00.000Z')),
    ).toEqual(['2026-11-22T23:00:00.000Z'])
    expect([...minutes(gold, from, to, true)]).toEqual(forward.toReversed())
  })
})
