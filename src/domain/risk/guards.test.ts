import { describe, expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import { easternMs } from '../instruments/zone.ts'
import { dollars } from '../money.ts'
import type { Decision } from '../trading/decision.ts'
import { courseOf, hastyReentry, isSizeUpAfterLoss, isStopMoveAllowed, microsOf } from './guards.ts'
import { defaultLimits } from './limits.ts'

const at = (hour: number, minute: number): number => easternMs('2026-11-20', hour * 60 + minute)
const trade = (closedAt: number, net: number, quantity = 2): Decision => ({
  ...{ instrument: 'MES', side: 'long', openedAt: closedAt - 60_000, isOpen: false },
  closedAt,
  net: dollars(net),
  quantity,
})
/** Begun at nine, and nothing of it closed. */
const running: Decision = {
  ...{ instrument: 'MES', side: 'long', quantity: 9, net: 0, isOpen: true },
  openedAt: at(9, 0),
}

describe('the course of the day', () => {
  test('is nothing before the first trade', () => {
    expect(courseOf([], defaultLimits)).toEqual({ trades: 0, lossesInRow: 0 })
  })

  test('counts losses since the last trade that did not lose, and cools down for 15 minutes after the last loss', () => {
    const trades = [trade(at(9, 0), -50), trade(at(9, 10), 20), trade(at(9, 20), -10), trade(at(9, 30), -10.01)]
    expect(courseOf(trades, defaultLimits)).toEqual({ trades: 4, lossesInRow: 2, cooldownUntil: at(9, 45) })
  })

  test('a win ends the row, not the cooldown of the loss before it', () => {
    expect(courseOf([trade(at(9, 0), -50), trade(at(9, 5), 60)], defaultLimits)).toEqual({
      trades: 2,
      lossesInRow: 0,
      cooldownUntil: at(9, 15),
    })
  })

  test('counts what is open from its first fill, and judges it by what is closed of it', () => {
    expect(courseOf([running], defaultLimits)).toEqual({ trades: 1, lossesInRow: 0 })
    expect(courseOf([trade(at(9, 10), -50), running], defaultLimits)).toMatchObject({ trades: 2, lossesInRow: 1 })
    const stoppedInOne = { ...trade(at(9, 12), -50), isOpen: true }
    expect(courseOf([stoppedInOne, trade(at(9, 10), 20)], defaultLimits)).toEqual({
      trades: 2,
      lossesInRow: 1,
      cooldownUntil: at(9, 27),
    })
  })

  test('a trade that makes exactly nothing lost nothing', () => {
    expect(courseOf([trade(at(9, 0), 0)], defaultLimits)).toEqual({ trades: 1, lossesInRow: 0 })
  })
})

describe('size', () => {
  test('ten micros are one mini, five SIL one SI', () => {
    expect([microsOf('MES', 3), microsOf('ES', 1), microsOf('SIL', 5), microsOf('SI', 1), microsOf('SIL', 1)]).toEqual([
      3, 10, 10, 10, 2,
    ])
  })

  test('may not grow after a loss, across markets and sizes', () => {
    const lost = [trade(at(9, 0), -50, 2)]
    expect(isSizeUpAfterLoss(lost, { instrument: 'MGC', quantity: 2 })).toBe(false)
    expect(isSizeUpAfterLoss(lost, { instrument: 'MGC', quantity: 3 })).toBe(true)
    expect(isSizeUpAfterLoss(lost, { instrument: 'ES', quantity: 1 })).toBe(true)
    expect(isSizeUpAfterLoss([...lost, trade(at(9, 30), 10, 1)], { instrument: 'MGC', quantity: 5 })).toBe(false)
    expect(isSizeUpAfterLoss([...lost, trade(at(9, 30), 0, 1)], { instrument: 'MGC', quantity: 5 })).toBe(false)
    expect(isSizeUpAfterLoss([...lost, running], { instrument: 'MGC', quantity: 3 })).toBe(true)
    expect(isSizeUpAfterLoss([], { instrument: 'MGC', quantity: 5 })).toBe(false)
  })
})

test('coming back to the same market within five minutes asks why, its full size included', () => {
  const trades = [trade(at(9, 0), 30)]
  expect(hastyReentry(trades, 'MES', at(9, 5) - 1, defaultLimits)).toEqual(trades[0])
  expect(hastyReentry(trades, 'ES', at(9, 4), defaultLimits)).toEqual(trades[0])
  expect(hastyReentry(trades, 'MES', at(9, 5), defaultLimits)).toBeUndefined()
  expect(hastyReentry(trades, 'MNQ', at(9, 1), defaultLimits)).toBeUndefined()
})

test('a stop moves toward profit or stays', () => {
  const mes = specOf('MES')
  expect(isStopMoveAllowed(mes, 'long', 6_700, 6_700.25)).toBe(true)
  expect(isStopMoveAllowed(mes, 'long', 6_700, 6_700)).toBe(true)
  expect(isStopMoveAllowed(mes, 'long', 6_700, 6_699.75)).toBe(false)
  expect(isStopMoveAllowed(mes, 'short', 6_700, 6_699.75)).toBe(true)
  expect(isStopMoveAllowed(mes, 'short', 6_700, 6_700.25)).toBe(false)
})
