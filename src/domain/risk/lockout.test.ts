import fc from 'fast-check'
import { expect, test } from 'vitest'
import { easternMs } from '../instruments/zone.ts'
import { type Locks, lockOf, lockOut, noLocks, noteTime, sessionEndAt } from './lockout.ts'

const at = (hour: number, minute = 0, date = '2026-11-20'): number => easternMs(date, hour * 60 + minute)
const locked = (account = '', until = 0): Locks => lockOut(noLocks, { account, at: at(9), until, reason: 'two losses' })

test('a lock lasts until 17:00 in New York', () => {
  expect(sessionEndAt(at(9))).toBe(Date.UTC(2026, 10, 20, 22))
  expect(sessionEndAt(at(17))).toBe(Date.UTC(2026, 10, 21, 22))
  expect(lockOf(locked(), 'Sim101', at(16, 59))).toEqual({
    account: '',
    from: at(9),
    until: at(17),
    reason: 'two losses',
  })
  expect(lockOf(locked(), 'Sim101', at(17))).toBeUndefined()
})

test('it may be asked to last longer, never shorter', () => {
  const monday = at(17, 0, '2026-11-23')
  expect(lockOf(locked('', monday), '', at(9))?.until).toBe(monday)
  expect(lockOf(locked('', at(10)), '', at(9))?.until).toBe(at(17))
})

test('a lock of one account locks that one only, a lock of all locks each', () => {
  expect(lockOf(locked('Sim101'), 'Eval50', at(10))).toBeUndefined()
  expect(lockOf(locked('Sim101'), 'Sim101', at(10))?.until).toBe(at(17))
  expect(lockOf(locked(), 'Eval50', at(10))?.until).toBe(at(17))
})

test('of several locks the one that ends last counts', () => {
  const both = lockOut(locked('', at(17, 0, '2026-11-23')), { account: 'Sim101', at: at(10), reason: 'again' })
  expect(lockOf(both, 'Sim101', at(11))?.until).toBe(at(17, 0, '2026-11-23'))
})

test('a clock set back ends no lock, shortens none and brings none back', () => {
  const late = noteTime(locked(), at(16, 30))
  expect(lockOf(late, '', at(8))?.until).toBe(at(17))
  expect(lockOf(late, '', at(8, 0, '2026-11-01'))?.until).toBe(at(17))
  expect(noteTime(late, at(8)).highest).toBe(at(16, 30))
  expect(lockOf(noteTime(late, at(17)), '', at(9))).toBeUndefined()
  // Locked at what the clock calls this morning, after the evening was seen: it is the next session that is locked.
  const evening = lockOut(noteTime(noLocks, at(17, 30)), { account: '', at: at(9), reason: 'enough' })
  expect(lockOf(evening, '', at(9))?.until).toBe(at(17, 0, '2026-11-21'))
})

test('whatever is asked and whatever the clock says, nothing frees an account earlier than before', () => {
  const hour = fc.integer({ min: -48, max: 96 }).map((hours) => at(9) + hours * 3_600_000)
  const act = fc.record({
    account: fc.constantFrom('', 'Sim101', 'Eval50'),
    at: hour,
    until: fc.option(hour, { nil: 0 }),
  })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      let state = noLocks
      for (const { account, at: now, until } of acts) {
        const before = lockOf(state, 'Sim101', now)?.until ?? 0
        state = lockOut(noteTime(state, now), { account, at: now, until, reason: 'x' })
        const after = lockOf(state, 'Sim101', now)?.until ?? 0
        // What has run out by then frees; nothing else does.
        if (before > state.highest) expect(after).toBeGreaterThanOrEqual(before)
        expect(JSON.parse(JSON.stringify(state))).toEqual(state)
      }
    }),
  )
})
