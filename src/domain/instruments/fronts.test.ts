import { describe, expect, test } from 'vitest'
import { contractMonth, contractOf } from './contract-code.ts'
import { createFronts, decideRoll, type Roll } from './fronts.ts'
import type { InstrumentId } from './instrument.ts'

const roll = (instrument: InstrumentId, tradeDate: string, contract: number): Roll => ({
  instrument,
  tradeDate,
  contract,
  reason: 'volume',
})

const months = (rolls: readonly Roll[], id: InstrumentId, ...dates: readonly string[]): readonly number[] => {
  const fronts = createFronts(rolls)
  return dates.map((date) => contractMonth(fronts(id, date)))
}

describe('fronts', () => {
  test('follow the calendar where nothing was decided', () => {
    expect(months([], 'MGC', '2026-11-23', '2026-11-24')).toEqual([202612, 202702])
  })

  test('follow a decision from its trade date on, for its market alone', () => {
    const rolls = [roll('MGC', '2026-11-19', 202702)]
    expect(months(rolls, 'MGC', '2026-11-18', '2026-11-19', '2026-11-24', '2027-01-20')).toEqual([
      202612, 202702, 202702, 202702,
    ])
    expect(months(rolls, 'GC', '2026-11-19')).toEqual([202612])
  })

  test('go with the calendar once it is past the decision', () => {
    const rolls = [roll('MCL', '2026-11-12', 202701)]
    expect(months(rolls, 'MCL', '2026-11-11', '2026-11-12', '2026-12-11', '2026-12-14')).toEqual([
      202612, 202701, 202701, 202702,
    ])
  })

  test('take the newest decision, in whatever order they were kept', () => {
    const rolls = [roll('MCL', '2026-12-10', 202702), roll('MCL', '2026-11-12', 202701)]
    expect(months(rolls, 'MCL', '2026-11-20', '2026-12-10')).toEqual([202701, 202702])
  })
})

describe('a roll', () => {
  const decide = (tradeDate: string, current: number, volumes?: { front: number; next: number }) =>
    decideRoll({ id: 'MGC', tradeDate, current: contractOf('MGC', current), volumes })

  test('comes with the calendar whatever the volumes say', () => {
    const expected = { instrument: 'MGC', tradeDate: '2026-11-24', contract: 202702, reason: 'calendar' }
    expect(decide('2026-11-24', 202612)).toEqual(expected)
    expect(decide('2026-11-24', 202612, { front: 9, next: 1 })).toEqual(expected)
    expect(decide('2026-11-23', 202612)).toBeUndefined()
  })

  test('comes earlier when more of the next was traded, not when as much was', () => {
    expect(decide('2026-11-18', 202612, { front: 1000, next: 1001 })).toEqual({
      instrument: 'MGC',
      tradeDate: '2026-11-18',
      contract: 202702,
      reason: 'volume',
      volumes: { front: 1000, next: 1001 },
    })
    expect(decide('2026-11-18', 202612, { front: 1000, next: 1000 })).toBeUndefined()
  })

  test('is not made twice: of the contract rolled into the next is the one after it', () => {
    expect(decide('2026-11-19', 202702, { front: 5000, next: 10 })).toBeUndefined()
    expect(decide('2026-11-24', 202702)).toBeUndefined()
    expect(decide('2027-01-25', 202702, { front: 10, next: 5000 })?.contract).toBe(202704)
  })

  test('never comes of volumes more than ten trade dates before the calendar, nor of missing ones', () => {
    expect(decide('2026-11-09', 202612, { front: 1, next: 1000 })).toBeUndefined()
    expect(decide('2026-11-10', 202612, { front: 1, next: 1000 })?.contract).toBe(202702)
    expect(decide('2026-11-18', 202612, { front: 0, next: 1000 })).toBeUndefined()
  })

  test('made up by the calendar after weeks away leads to the front of the day', () => {
    expect(decide('2027-02-10', 202612)?.contract).toBe(202704)
  })
})
