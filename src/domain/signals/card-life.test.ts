import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advance,
  approachAt,
  type CardLife,
  isFinished,
  isRunning,
  type PriceStep,
  retellCard,
  stepCard,
  zoneDistance,
} from './card-life.ts'
import type { Bracket, CardState } from './focus-card.ts'
import { cardStates } from './focus-card.ts'

const level = { kind: 'vwap', name: 'VWAP', price: 100, at: 0 } as const
const shared = { level, zone: { low: 99, high: 101 }, stopTicks: 44, stopWidened: false, atr: 4 }
const brackets: Readonly<Record<CardLife['side'], Bracket>> = {
  long: { ...shared, stop: 90, target1: 112, target2: 123 },
  short: { ...shared, stop: 110, target1: 88, target2: 77 },
}
const life = (side: CardLife['side'], state: CardState, last: number): CardLife => ({
  side,
  bracket: brackets[side],
  state,
  since: 0,
  last,
})
const bar = (high: number, low: number, last: number, entriesAllowed = true): PriceStep => ({
  at: 60_000,
  high,
  low,
  last,
  entriesAllowed,
})
const trade = (price: number, entriesAllowed = true): PriceStep => bar(price, price, price, entriesAllowed)

/** The states one step leads through, the price and cause of each. */
const stepsOf = (card: CardLife, step: PriceStep) =>
  stepCard(card, step).map(({ to, price, cause }) => [to, price, ...(cause ? [cause] : [])])

describe('a waiting card', () => {
  test('is in its zone, near within half an ATR, else watching', () => {
    const at = (price: number) => approachAt(brackets.long, price)
    expect([101, 99, 101.01, 103, 97, 103.01, 96.99].map(at)).toEqual([
      'in-zone',
      'in-zone',
      'near',
      'near',
      'near',
      'watching',
      'watching',
    ])
    expect([105, 100, 95].map((price) => zoneDistance(brackets.long, price))).toEqual([4, 0, 4])
  })

  test('tells each approach once', () => {
    expect(stepsOf(life('long', 'watching', 110), trade(103))).toEqual([['near', 103]])
    expect(stepsOf(life('long', 'near', 103), trade(102))).toEqual([])
    expect(stepsOf(life('long', 'near', 102), trade(101))).toEqual([['in-zone', 101]])
    expect(stepsOf(life('long', 'in-zone', 101), trade(110))).toEqual([['watching', 110]])
  })

  test('is triggered by a trade at the zone’s middle, at the middle’s price', () => {
    expect(stepsOf(life('long', 'in-zone', 101), trade(100.01))).toEqual([])
    expect(stepsOf(life('long', 'in-zone', 101), trade(100))).toEqual([['triggered', 100]])
    expect(stepsOf(life('short', 'near', 98), trade(100.5))).toEqual([['triggered', 100]])
  })

  test('is triggered by a gap from one side of the middle to the other, traded or not', () => {
    expect(stepsOf(life('long', 'watching', 110), bar(96, 94, 95))).toEqual([['triggered', 100]])
    expect(stepsOf(life('short', 'watching', 95), trade(104))).toEqual([['triggered', 100]])
  })

  test('is triggered from the far side of its zone too', () => {
    expect(stepsOf(life('long', 'watching', 95), trade(100.5))).toEqual([['triggered', 100]])
  })

  test('gapping through zone and stop at once is entered and stopped: never the kinder reading', () => {
    expect(stepsOf(life('long', 'watching', 110), bar(89, 85, 88))).toEqual([
      ['triggered', 100],
      ['stopped', 90],
    ])
    expect(stepsOf(life('short', 'near', 97), bar(111, 96, 98))).toEqual([
      ['triggered', 100],
      ['stopped', 110],
    ])
  })

  test('reaching a target in the bar that triggers it does not count', () => {
    expect(stepsOf(life('long', 'near', 102), bar(125, 99, 124))).toEqual([['triggered', 100]])
  })

  test('is invalid when its stop trades and it may not be entered', () => {
    const gone = [['invalid', 90, 'stop-before-entry']]
    expect(stepsOf(life('long', 'watching', 95), trade(90))).toEqual(gone)
    expect(stepsOf(life('long', 'watching', 110), bar(110, 90, 100, false))).toEqual(gone)
  })

  test('is not triggered while entries are not allowed, only watched', () => {
    expect(stepsOf(life('long', 'near', 102), trade(100, false))).toEqual([['in-zone', 100]])
    expect(stepsOf(life('long', 'in-zone', 100), bar(110, 95, 110, false))).toEqual([['watching', 110]])
  })
})

describe('a running card', () => {
  test('reaches target 1, then target 2', () => {
    expect(stepsOf(life('long', 'triggered', 100), trade(111.9))).toEqual([])
    expect(stepsOf(life('long', 'triggered', 100), trade(112))).toEqual([['target-1', 112]])
    expect(stepsOf(life('long', 'target-1', 112), trade(113))).toEqual([])
    expect(stepsOf(life('long', 'target-1', 112), trade(123))).toEqual([['target-2', 123]])
    expect(stepsOf(life('short', 'triggered', 100), trade(88))).toEqual([['target-1', 88]])
    expect(stepsOf(life('short', 'target-1', 88), trade(70))).toEqual([['target-2', 77]])
  })

  test('reaches both in one step', () => {
    expect(stepsOf(life('long', 'triggered', 100), bar(130, 111, 129))).toEqual([
      ['target-1', 112],
      ['target-2', 123],
    ])
  })

  test('is stopped on its stop, at the stop', () => {
    expect(stepsOf(life('long', 'triggered', 95), trade(90))).toEqual([['stopped', 90]])
    expect(stepsOf(life('short', 'triggered', 105), trade(112))).toEqual([['stopped', 110]])
    expect(stepsOf(life('long', 'target-1', 113), trade(89))).toEqual([['stopped', 90]])
  })

  test('a bar that holds both stop and target was stopped', () => {
    expect(stepsOf(life('long', 'triggered', 100), bar(130, 90, 129))).toEqual([['stopped', 90]])
    expect(stepsOf(life('short', 'target-1', 88), bar(110, 70, 75))).toEqual([['stopped', 110]])
  })

  test('runs on when entries are no longer allowed', () => {
    expect(stepsOf(life('long', 'triggered', 100), trade(112, false))).toEqual([['target-1', 112]])
  })
})

test('nothing happens to a finished card', () => {
  const ends = cardStates.filter(isFinished)
  expect(ends).toEqual(['target-2', 'stopped', 'invalid', 'expired'])
  for (const state of ends) expect(stepsOf(life('long', state, 100), bar(200, 1, 100))).toEqual([])
  expect(cardStates.filter(isRunning)).toEqual(['triggered', 'target-1'])
})

test('a step moves the price, and the state with its time only when it changed', () => {
  const card = life('long', 'near', 102)
  expect(advance(card, [], trade(102.5))).toEqual({ ...card, last: 102.5 })
  const step = bar(130, 99, 120)
  expect(advance(card, stepCard(card, step), step)).toEqual({ ...card, state: 'triggered', since: 60_000, last: 120 })
  expect(
    advance(
      card,
      [
        { to: 'triggered', price: 100 },
        { to: 'stopped', price: 90 },
      ],
      step,
    ).state,
  ).toBe('stopped')
})

describe('a minute lived again', () => {
  const retold = (card: CardLife, recorded: Parameters<typeof retellCard>[1], last: number) =>
    retellCard(card, recorded, { last }).map(({ to, price }) => [to, price])

  test('is told as it was recorded, not guessed from its bar', () => {
    expect(retold(life('long', 'near', 102), [{ to: 'triggered', price: 100 }], 124)).toEqual([['triggered', 100]])
    expect(retold(life('long', 'triggered', 100), [], 85)).toEqual([])
    expect(retold(life('long', 'stopped', 90), [], 100)).toEqual([])
  })

  test('leaves a waiting card where the minute left it, recorded or not', () => {
    expect(retold(life('long', 'near', 102), [], 110)).toEqual([['watching', 110]])
    expect(retold(life('long', 'watching', 110), [{ to: 'near', price: 103 }], 101)).toEqual([
      ['near', 103],
      ['in-zone', 101],
    ])
    expect(retold(life('long', 'watching', 110), [{ to: 'near', price: 103 }], 102)).toEqual([['near', 103]])
  })

  test('keeps the instant a change was recorded with', () => {
    const step = bar(102, 99, 101)
    const card = advance(life('long', 'near', 102), [{ to: 'triggered', price: 100, at: 12_345 }], step)
    expect(card).toMatchObject({ state: 'triggered', since: 12_345, last: 101 })
  })
})

const walk = fc.array(
  fc.record({ move: fc.integer({ min: -14, max: 14 }), up: fc.nat(12), down: fc.nat(12), allowed: fc.boolean() }),
  { maxLength: 60 },
)
const order: Readonly<Record<CardState, number>> = {
  watching: 0,
  near: 0,
  'in-zone': 0,
  triggered: 1,
  'target-1': 2,
  'target-2': 3,
  stopped: 3,
  invalid: 3,
  expired: 3,
}

test('on any walk a card only moves forward, never enters when it may not, and mirrors its other side', () => {
  fc.assert(
    fc.property(walk, (moves) => {
      let long = life('long', 'watching', 108)
      let short = life('short', 'watching', 92)
      for (const { move, up, down, allowed } of moves) {
        const last = long.last + move
        const step = bar(Math.max(long.last, last) + up, Math.min(long.last, last) - down, last, allowed)
        const steps = stepCard(long, step)
        let before: CardState = long.state
        for (const { to } of steps) {
          expect(order[to]).toBeGreaterThanOrEqual(order[before])
          if (to === 'triggered') expect(allowed).toBe(true)
          before = to
        }
        const mirror = { ...step, high: 200 - step.low, low: 200 - step.high, last: 200 - last }
        const mirrored = stepCard(short, mirror)
        expect(mirrored.map(({ to }) => to)).toEqual(steps.map(({ to }) => to))
        long = advance(long, steps, step)
        short = advance(short, mirrored, mirror)
      }
    }),
    { numRuns: 300 },
  )
})
