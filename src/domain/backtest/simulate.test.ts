import { describe, expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toColumns } from '../market/series.ts'
import { type History, historyOf } from './history.ts'
import { finerOf, type Simulation, simulate } from './simulate.ts'
import type { Desk, Exits, NewOrder, Player } from './strategy.ts'
import type { Discipline, Terms } from './terms.ts'
import { exitReasons, type TradeTape } from './trade-tape.ts'

/** A tick is a point, worth a dollar; costs are named by each test. */
const spec = { ...specOf('MES'), ticksPerPoint: 1, tickValue: 10_000 }

const terms: Terms = {
  ticksPerPoint: 1,
  tickValue: 10_000,
  feePerSide: 0,
  feeShare: 0,
  slippageTicks: 0,
  spreadTicks: 0,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}

/** Bars a minute apart from Tuesday 2024-01-16 09:30 in New York, written as [open, high, low, close, volume]. */
const opening = Date.UTC(2024, 0, 16, 14, 30)
const historyAt = (at: number, rows: readonly (readonly number[])[], spanMs = 60_000): History =>
  historyOf(spec, toColumns(barsOf(rows, spanMs).map((bar) => ({ ...bar, time: bar.time + at }))))
const marketOf = (...rows: readonly (readonly number[])[]): History => historyAt(opening, rows)

/** Acts at the closes it was given something to do at. */
const script = (deeds: Readonly<Record<number, (desk: Desk) => void>>): Player => ({
  next: (from) =>
    Math.min(
      ...Object.keys(deeds)
        .map(Number)
        .filter((bar) => bar >= from),
      1e9,
    ),
  act: (bar, desk) => deeds[bar]?.(desk),
})

const sends = (...orders: readonly NewOrder[]): Player =>
  script({
    0: (desk) => {
      for (const order of orders) desk.send(order)
    },
  })

/** Each trade as one line: side and quantity, where it began and ended, and why. */
const listOf = (tape: TradeTape): readonly string[] =>
  Array.from(
    { length: tape.length },
    (_, i) =>
      `${tape.side[i] === 1 ? 'long' : 'short'} ${tape.quantity[i]}: ${tape.entry[i]} in ${tape.enteredAt[i]} → ${tape.exit[i]} in ${tape.leftAt[i]}, ${exitReasons[tape.reason[i] ?? 0]}`,
  )

const play = (history: History, player: Player, changed: Partial<Terms> = {}, rest: Partial<Simulation> = {}) =>
  listOf(simulate(history, player, { terms: { ...terms, ...changed }, ...rest }))

const long = { side: 1, quantity: 1 } as const
const short = { side: -1, quantity: 1 } as const

describe('an order fills', () => {
  const market = marketOf([100, 101, 99, 100], [102, 106, 97, 103], [104, 104, 104, 104])

  test('at the next open when it is at the market, slipped and half the spread worse', () => {
    expect(play(market, sends({ kind: 'market', ...long }))).toEqual(['long 1: 102 in 1 → 104 in 2, end'])
    expect(play(market, sends({ kind: 'market', ...long }), { slippageTicks: 2, spreadTicks: 3 })).toEqual([
      'long 1: 106 in 1 → 100 in 2, end',
    ])
  })

  test('at its price when it is a stop, slipped, or at the open when that lies beyond it', () => {
    expect(play(market, sends({ kind: 'stop', ...long, price: 105 }), { slippageTicks: 1 })).toEqual([
      'long 1: 106 in 1 → 103 in 2, end',
    ])
    expect(play(market, sends({ kind: 'stop', ...long, price: 101 }))).toEqual(['long 1: 102 in 1 → 104 in 2, end'])
    expect(play(market, sends({ kind: 'stop', ...short, price: 97 }))).toEqual(['short 1: 97 in 1 → 104 in 2, end'])
    expect(play(market, sends({ kind: 'stop', ...short, price: 96 }))).toEqual([])
  })

  test('at its price when it is a limit the market traded through, never slipped', () => {
    expect(play(market, sends({ kind: 'limit', ...long, price: 98 }), { slippageTicks: 1 })).toEqual([
      'long 1: 98 in 1 → 103 in 2, end',
    ])
    expect(play(market, sends({ kind: 'limit', ...long, price: 97 }))).toEqual([])
    expect(play(market, sends({ kind: 'limit', ...long, price: 97 }), { limitThrough: 0 })).toEqual([
      'long 1: 97 in 1 → 104 in 2, end',
    ])
  })

  test('at the open when that is through the limit already', () => {
    expect(play(market, sends({ kind: 'limit', ...short, price: 101 }))).toEqual(['short 1: 102 in 1 → 104 in 2, end'])
    expect(play(market, sends({ kind: 'limit', ...short, price: 102 }))).toEqual(['short 1: 102 in 1 → 104 in 2, end'])
    expect(play(market, sends({ kind: 'limit', ...short, price: 101 }), { limitThrough: 2 })).toEqual([
      'short 1: 102 in 1 → 104 in 2, end',
    ])
    expect(play(market, sends({ kind: 'limit', ...short, price: 101 }), { limitThrough: 6 })).toEqual([])
  })

  test('not after its last bar, nor when it is cancelled', () => {
    const rising = marketOf([100, 100, 100, 100], [100, 100, 100, 100], [100, 110, 100, 110])
    expect(play(rising, sends({ kind: 'stop', ...long, price: 105, until: 1 }))).toEqual([])
    expect(play(rising, sends({ kind: 'stop', ...long, price: 105, until: 2 }))).toEqual([
      'long 1: 105 in 2 → 110 in 2, end',
    ])
    const first: number[] = []
    const cancels = script({
      0: (desk) => first.push(desk.send({ kind: 'stop', ...long, price: 105 })),
      1: (desk) => desk.cancel(first[0] ?? 0),
    })
    expect(play(rising, cancels)).toEqual([])
  })

  test('and ends the others of its number', () => {
    const market = marketOf([100, 100, 100, 100], [100, 104, 99, 103], [103, 103, 90, 95])
    const either = sends(
      { kind: 'stop', ...long, price: 103, oco: 1 },
      { kind: 'stop', ...short, price: 97, oco: 1 },
      { kind: 'stop', ...short, price: 98, oco: 2 },
    )
    expect(play(market, either)).toEqual(['long 1: 103 in 1 → 98 in 2, stop'])
  })

  test('the unkind one of two when a bar reaches both: the one that stands worse at the close', () => {
    const market = marketOf([100, 100, 100, 100], [100, 106, 94, 96])
    const either = sends({ kind: 'stop', ...short, price: 95, oco: 1 }, { kind: 'stop', ...long, price: 105, oco: 1 })
    expect(play(market, either)).toEqual(['long 1: 105 in 1 → 96 in 1, end'])
    // From 100 the low is as near as the high, and is visited first.
    expect(play(market, either, { path: 'nearest-extreme' })).toEqual(['short 1: 95 in 1 → 96 in 1, end'])
  })
})

describe('within one bar', () => {
  const bracket = { exits: { stop: 95, targets: [{ price: 105 }] } }

  test('a stop comes before a target', () => {
    const market = marketOf([100, 100, 100, 100], [100, 101, 100, 100], [100, 110, 95, 108])
    expect(play(market, sends({ kind: 'market', ...long, ...bracket }))).toEqual(['long 1: 100 in 1 → 95 in 2, stop'])
  })

  test('an entry at the open has its stop hit, and its target only when the stop is not', () => {
    const entry = sends({ kind: 'market', ...long, ...bracket })
    expect(play(marketOf([100, 100, 100, 100], [100, 110, 95, 108]), entry)).toEqual([
      'long 1: 100 in 1 → 95 in 1, stop',
    ])
    expect(play(marketOf([100, 100, 100, 100], [100, 110, 96, 100]), entry)).toEqual([
      'long 1: 100 in 1 → 105 in 1, target',
    ])
  })

  test('an entry on the way has its stop hit when the range holds it', () => {
    const limit = sends({ kind: 'limit', ...long, price: 98, ...bracket })
    expect(play(marketOf([100, 100, 100, 100], [100, 110, 95, 108]), limit)).toEqual([
      'long 1: 98 in 1 → 95 in 1, stop',
    ])
    const stop = sends({ kind: 'stop', ...long, price: 102, ...bracket })
    expect(play(marketOf([100, 100, 100, 100], [100, 103, 95, 103]), stop)).toEqual([
      'long 1: 102 in 1 → 95 in 1, stop',
    ])
  })

  test('an entry on the way has its target only when the close proves it', () => {
    const limit = sends({ kind: 'limit', ...long, price: 98, ...bracket })
    expect(play(marketOf([100, 100, 100, 100], [100, 110, 96, 105]), limit)).toEqual([
      'long 1: 98 in 1 → 105 in 1, end',
    ])
    expect(play(marketOf([100, 100, 100, 100], [100, 110, 96, 106]), limit)).toEqual([
      'long 1: 98 in 1 → 105 in 1, target',
    ])
  })

  test("TradingView's path decides where it is asked for", () => {
    const entry = sends({ kind: 'market', ...long, ...bracket })
    const highFirst = marketOf([100, 100, 100, 100], [102, 107, 94, 96])
    expect(play(highFirst, entry, { path: 'nearest-extreme' })).toEqual(['long 1: 102 in 1 → 105 in 1, target'])
    const lowFirst = marketOf([100, 100, 100, 100], [98, 107, 94, 106])
    expect(play(lowFirst, entry, { path: 'nearest-extreme' })).toEqual(['long 1: 98 in 1 → 95 in 1, stop'])
    // Reached at 96 on the way to the low; the target lies on the way back.
    const limit = sends({ kind: 'limit', ...long, price: 97, exits: { targets: [{ price: 99 }] } })
    expect(play(marketOf([100, 100, 100, 100], [100, 109, 96, 100]), limit, { path: 'nearest-extreme' })).toEqual([
      'long 1: 97 in 1 → 99 in 1, target',
    ])
  })

  test('an exit the market is through already fills where the market stands', () => {
    const orders = sends({ kind: 'limit', ...short, price: 90, reduces: true }, { kind: 'limit', ...long, price: 97 })
    const market = marketOf([100, 100, 100, 100], [100, 101, 95, 99])
    expect(play(market, orders, { path: 'nearest-extreme' })).toEqual(['long 1: 97 in 1 → 96 in 1, limit'])
  })

  test('finer bars show what came first', () => {
    const coarse = historyAt(
      opening,
      [
        [100, 100, 100, 100],
        [100, 110, 95, 108],
      ],
      300_000,
    )
    const minutes = historyAt(opening + 300_000, [
      [100, 107, 100, 107],
      [107, 110, 101, 101],
      [101, 108, 95, 108],
    ])
    const entry = sends({ kind: 'market', ...long, ...bracket })
    expect(play(coarse, entry)).toEqual(['long 1: 100 in 1 → 95 in 1, stop'])
    expect(play(coarse, entry, {}, { finer: finerOf(coarse, minutes) })).toEqual([
      'long 1: 100 in 1 → 105 in 1, target',
    ])
  })
})

describe('a position', () => {
  test('is left in parts: the last target takes the rest, and gaps fill at the open', () => {
    const market = marketOf([100, 100, 100, 100], [100, 100, 100, 100], [100, 104, 100, 104], [120, 120, 120, 120])
    const order = { kind: 'market', side: 1, quantity: 3 } as const
    const exits = { stop: 90, targets: [{ price: 103, quantity: 1 }, { price: 110 }] }
    expect(play(market, sends({ ...order, exits }))).toEqual([
      'long 1: 100 in 1 → 103 in 2, target',
      'long 2: 100 in 1 → 120 in 3, target',
    ])
  })

  test('is left at the open when that is beyond its stop', () => {
    const market = marketOf([100, 100, 100, 100], [100, 100, 100, 100], [80, 85, 75, 80])
    const order = { kind: 'market', ...long, exitsFromFill: { stop: 10, target: 10 } } as const
    expect(play(market, sends(order), { slippageTicks: 1 })).toEqual(['long 1: 101 in 1 → 79 in 2, stop'])
  })

  test('of several entries is left first in, first out, unless exits belong to their entry', () => {
    const market = marketOf(
      [100, 100, 100, 100],
      [100, 100, 100, 100],
      [105, 105, 105, 105],
      [110, 110, 110, 110],
      [111, 112, 104, 104],
    )
    const stacks = script({
      0: (desk) => desk.send({ kind: 'market', side: 1, quantity: 2 }),
      1: (desk) => desk.send({ kind: 'market', ...long, exits: { stop: 104 }, setup: 7 }),
      2: (desk) => desk.send({ kind: 'market', ...short, reduces: true }),
    })
    expect(play(market, stacks)).toEqual([
      'long 1: 100 in 1 → 110 in 3, signal',
      'long 1: 105 in 2 → 104 in 4, stop',
      'long 1: 100 in 1 → 104 in 4, end',
    ])
  })

  test('turns when the order against it is larger, and never by one that only reduces', () => {
    const market = marketOf([100, 100, 100, 100], [100, 100, 100, 100], [90, 90, 90, 90])
    const turn = (reduces: boolean) =>
      script({
        0: (desk) => desk.send({ kind: 'market', ...long }),
        1: (desk) => desk.send({ kind: 'market', side: -1, quantity: 3, reduces }),
      })
    expect(play(market, turn(false))).toEqual(['long 1: 100 in 1 → 90 in 2, signal', 'short 2: 90 in 2 → 90 in 2, end'])
    expect(play(market, turn(true))).toEqual(['long 1: 100 in 1 → 90 in 2, signal'])
  })

  test('gets other exits, and is left at the market with what waits taken back', () => {
    const market = marketOf(
      [100, 100, 100, 100],
      [100, 100, 100, 100],
      [100, 100, 96, 96],
      [97, 120, 97, 120],
      [120, 120, 90, 90],
    )
    const protects = script({
      0: (desk) => desk.send({ kind: 'market', side: 1, quantity: 2, exits: { stop: 90 } }),
      1: (desk) => desk.protect({ stop: 97, targets: [{ price: 110, quantity: 1 }] }),
    })
    expect(play(market, protects)).toEqual(['long 2: 100 in 1 → 97 in 2, stop'])
    const leaves = script({
      0: (desk) => desk.send({ kind: 'market', ...long }),
      1: (desk) => desk.send({ kind: 'stop', ...short, price: 95 }),
      2: (desk) => desk.leave(),
    })
    expect(play(market, leaves)).toEqual(['long 1: 100 in 1 → 97 in 3, signal'])
  })

  test('is told with its money: gross, fees, slippage, what it risked, the best and the worst it saw', () => {
    const market = marketOf([100, 100, 100, 100], [100, 103, 98, 101], [101, 107, 97, 104], [104, 112, 99, 111])
    const order = { kind: 'market', side: 1, quantity: 2, exits: { stop: 96, targets: [{ price: 110 }] } } as const
    const costs = { ...terms, feePerSide: 5_000, slippageTicks: 1, spreadTicks: 2 }
    const tape = simulate(market, sends({ ...order, setup: 3, grade: 1, regime: 2 }), { terms: costs })
    expect(listOf(tape)).toEqual(['long 2: 102 in 1 → 110 in 3, target'])
    expect({ ...tape }).toMatchObject({
      length: 1,
      gross: new Float64Array([160_000]),
      fees: new Float64Array([20_000]),
      slipped: new Float64Array([40_000]),
      // From 102 to 96 and two ticks of slippage: 8 ticks × 2 contracts × $1, and $2 of fees.
      risked: new Float64Array([180_000]),
      best: new Float64Array([8]),
      worst: new Float64Array([-5]),
      setup: new Int32Array([3]),
      grade: new Int8Array([1]),
      regime: new Int8Array([2]),
    })
  })

  test('pays a share of what is traded where the market charges so, in fractions of a contract', () => {
    const market = marketOf([100, 100, 100, 100], [100, 100, 100, 100], [200, 200, 200, 200])
    const order = { kind: 'market', side: 1, quantity: 0.5 } as const
    const tape = simulate(market, sends(order), { terms: { ...terms, feeShare: 0.001 } })
    // Half a contract of $100 bought and of $200 sold: 0.1 % of $50 and of $100.
    expect([tape.gross[0], tape.fees[0], tape.risked[0]]).toEqual([500_000, 1_500, Number.NaN])
  })
})

describe('what was seen of a trade', () => {
  const seen = (history: History, player: Player, path: Terms['path'] = 'stop-first') => {
    const tape = simulate(history, player, { terms: { ...terms, path } })
    return Array.from({ length: tape.length }, (_, i) => [tape.best[i], tape.worst[i]])
  }

  test('of the bar it is stopped in is the open and the stop', () => {
    const market = marketOf([100, 100, 100, 100], [100, 104, 99, 100], [102, 109, 90, 100])
    expect(seen(market, sends({ kind: 'market', ...long, exits: { stop: 95 } }))).toEqual([[4, -5]])
  })

  test('of the bar it is entered in on the way is what surely came after', () => {
    const market = marketOf([100, 100, 100, 100], [100, 104, 96, 101])
    expect(seen(market, sends({ kind: 'limit', ...long, price: 98 }))).toEqual([[3, -2]])
    expect(seen(market, sends({ kind: 'stop', ...long, price: 102 }))).toEqual([[2, -6]])
  })

  test('of a bar it is left in at the open is the open', () => {
    const market = marketOf([100, 100, 100, 100], [100, 104, 99, 100], [101, 120, 80, 100])
    const leaves = script({ 0: (desk) => desk.send({ kind: 'market', ...short }), 1: (desk) => desk.leave() })
    expect(seen(market, leaves)).toEqual([[1, -4]])
  })

  test('along a path is what the path visits', () => {
    const market = marketOf([100, 100, 100, 100], [100, 108, 97, 107], [107, 107, 107, 107])
    const order = { kind: 'limit', ...long, price: 98, exits: { targets: [{ price: 105 }] } } as const
    expect(seen(market, sends(order), 'nearest-extreme')).toEqual([[8, -1]])
  })
})

describe('a day trader', () => {
  const discipline: Discipline = { entriesFrom: 570, entriesUntil: 600, flatBy: 605 }
  const flat = (minutes: number): readonly (readonly number[])[] =>
    Array.from({ length: minutes }, (_, i) => [100 + i, 100 + i, 100 + i, 100 + i])
  const on = (history: History, player: Player, changed: Partial<Discipline> = {}) =>
    play(history, player, {}, { discipline: { ...discipline, ...changed } })

  test('is flat at the open of the first bar at or after flat-by', () => {
    const market = marketOf(...flat(50))
    expect(on(market, sends({ kind: 'market', ...long }))).toEqual(['long 1: 101 in 1 → 135 in 35, flat-by'])
  })

  test("is flat at the close of the date's last bar when none begins at flat-by", () => {
    // 18:00 on: the next trade date.
    const evening = flat(2).map((row) => row)
    const bars = [
      ...barsOf(flat(10)).map((bar) => ({ ...bar, time: bar.time + opening })),
      ...barsOf(evening).map((bar) => ({ ...bar, time: bar.time + Date.UTC(2024, 0, 16, 23) })),
    ]
    const market = historyOf(spec, toColumns(bars))
    expect(on(market, sends({ kind: 'market', ...long }))).toEqual(['long 1: 101 in 1 → 109 in 9, flat-by'])
  })

  test('enters nothing on a holiday, whose bars count to the next trade date', () => {
    // Martin Luther King's Monday closes at 13:00 and belongs to Tuesday.
    const monday = Date.UTC(2024, 0, 15, 14, 30)
    const bars = [monday, opening].flatMap((at) => barsOf(flat(40)).map((bar) => ({ ...bar, time: bar.time + at })))
    const market = historyOf(spec, toColumns(bars))
    expect(market.dates).toEqual(['2024-01-16'])
    const daily = script({
      0: (desk) => desk.send({ kind: 'market', ...long }),
      40: (desk) => desk.send({ kind: 'market', ...long }),
    })
    expect(on(market, daily, { tradesPerDay: 1 })).toEqual(['long 1: 101 in 41 → 135 in 75, flat-by'])
  })

  test('enters within his window only; what waits beyond it is taken back', () => {
    const market = marketOf(...flat(50))
    const late = script({ 29: (desk) => desk.send({ kind: 'market', ...long }) })
    expect(on(market, late)).toEqual([])
    const waits = sends({ kind: 'stop', ...long, price: 131 })
    expect(on(market, waits)).toEqual([])
    expect(on(market, waits, { entriesUntil: 602 })).toEqual(['long 1: 131 in 31 → 135 in 35, flat-by'])
    expect(on(market, sends({ kind: 'market', ...long }), { entriesFrom: 572 })).toEqual([])
  })

  test('enters nothing so many minutes after a loss, counted from the end of its bar; a win needs no rest', () => {
    const rows = [...flat(3), [103, 103, 95, 96], ...flat(30).map(() => [96, 96, 96, 96])]
    const again = (exits: Exits) =>
      script({
        0: (desk) => desk.send({ kind: 'market', ...long, exits }),
        13: (desk) => desk.send({ kind: 'market', ...long }),
        18: (desk) => desk.send({ kind: 'market', ...long }),
      })
    const lost = 'long 1: 101 in 1 → 96 in 3, stop'
    expect(on(marketOf(...rows), again({ stop: 96 }), { cooldownMinutes: 15 })).toEqual([
      lost,
      'long 1: 96 in 19 → 96 in 33, end',
    ])
    expect(on(marketOf(...rows), again({ stop: 96 }), { cooldownMinutes: 16 })).toEqual([lost])
    expect(on(marketOf(...rows), again({ stop: 96 }))).toEqual([
      lost,
      'long 1: 96 in 14 → 96 in 33, end',
      'long 1: 96 in 19 → 96 in 33, end',
    ])
    const won = { targets: [{ price: 102 }] }
    expect(on(marketOf(...rows), again(won), { cooldownMinutes: 16 })).toHaveLength(3)
  })

  test('enters nothing around the news of his market, and takes back what waits', () => {
    // A Wednesday, 10:20 in New York: crude oil's report comes at 10:30.
    const market = historyAt(Date.UTC(2026, 2, 4, 15, 20), flat(30))
    const hours = { entriesUntil: 700, flatBy: 705 }
    const news = (instrument: 'MCL' | 'MES') => ({
      ...hours,
      news: { instrument, rules: [{ minutesBefore: 5, minutesAfter: 5 }] },
    })
    const buys = (bar: number) => script({ [bar]: (desk) => desk.send({ kind: 'market', ...long }) })
    expect(on(market, buys(3), news('MCL'))).toEqual(['long 1: 104 in 4 → 129 in 29, end'])
    for (const bar of [4, 13]) expect(on(market, buys(bar), news('MCL'))).toEqual([])
    expect(on(market, buys(14), news('MCL'))).toEqual(['long 1: 115 in 15 → 129 in 29, end'])
    expect(on(market, buys(4), news('MES'))).toEqual(['long 1: 105 in 5 → 129 in 29, end'])
    const waits = sends({ kind: 'stop', ...long, price: 117 })
    expect(on(market, waits, hours)).toEqual(['long 1: 117 in 17 → 129 in 29, end'])
    expect(on(market, waits, news('MCL'))).toEqual([])
  })

  test('turns to flat, no further, when he may not enter', () => {
    const market = marketOf(...flat(50))
    const turns = script({
      0: (desk) => desk.send({ kind: 'market', ...long }),
      31: (desk) => desk.send({ kind: 'market', side: -1, quantity: 2 }),
    })
    expect(on(market, turns)).toEqual(['long 1: 101 in 1 → 132 in 32, signal'])
  })

  const daily = (side: 1 | -1) =>
    script(
      Object.fromEntries(
        [0, 3, 6, 9, 12].map((bar) => [
          bar,
          (desk: Desk) => desk.send({ kind: 'market', side, quantity: 1, exitsFromFill: { stop: 1, target: 1 } }),
        ]),
      ),
    )

  test('trades as often as he may', () => {
    expect(on(marketOf(...flat(50)), daily(1), { tradesPerDay: 2 })).toEqual([
      'long 1: 101 in 1 → 103 in 3, target',
      'long 1: 104 in 4 → 106 in 6, target',
    ])
  })

  test('stops after so many losses in a row, after a loss and after a goal', () => {
    const rises = marketOf(...flat(50))
    expect(on(rises, daily(-1), { lossesInRow: 2 })).toEqual([
      'short 1: 101 in 1 → 102 in 2, stop',
      'short 1: 104 in 4 → 105 in 5, stop',
    ])
    expect(on(rises, daily(-1), { dailyLoss: 30_000 })).toHaveLength(3)
    expect(on(rises, daily(1), { dailyGoal: 40_000 })).toHaveLength(2)
  })
})

describe('realism', () => {
  test('an order that is late fills at the first bar that begins after it arrived', () => {
    const coarse = historyAt(
      opening,
      [
        [100, 100, 100, 100],
        [100, 110, 95, 108],
        [108, 108, 108, 108],
      ],
      300_000,
    )
    const late = { latencyMs: 60_001 }
    expect(play(coarse, sends({ kind: 'market', ...long }), late)).toEqual(['long 1: 108 in 2 → 108 in 2, end'])
    const minutes = historyAt(opening + 300_000, [
      [100, 107, 100, 107],
      [107, 110, 101, 101],
      [102, 108, 95, 108],
    ])
    const finer = finerOf(coarse, minutes)
    expect(play(coarse, sends({ kind: 'market', ...long }), late, { finer })).toEqual([
      'long 1: 102 in 1 → 108 in 2, end',
    ])
  })

  test('an order takes its share of the volume, the rest waits', () => {
    const market = marketOf(
      [100, 100, 100, 100, 9],
      [101, 101, 101, 101, 25],
      [102, 102, 102, 102, 9],
      [103, 103, 90, 95, 49],
    )
    const order = { kind: 'market', side: 1, quantity: 4, exits: { stop: 99 } } as const
    expect(play(market, sends(order), { volumeShare: 0.1 })).toEqual([
      'long 2: 101 in 1 → 99 in 3, stop',
      'long 2: 103 in 3 → 99 in 3, stop',
    ])
  })
})

test('a player cannot act at a bar that has passed', () => {
  const market = marketOf([100, 100, 100, 100], [100, 100, 100, 100])
  const late: Player = { next: (from) => from - 1, act: () => undefined }
  expect(() => play(market, late)).toThrow('asked from bar 0 on, the player wants to act at -1')
})

test('a limit needs a price', () => {
  const market = marketOf([100, 100, 100, 100], [100, 100, 100, 100])
  expect(() => play(market, sends({ kind: 'limit', ...long }))).toThrow('a limit order needs a price')
})
