import { expect, test } from 'vitest'
import { account } from '#src/testing/fills.ts'
import { accountOn, leaveWatch } from './watched.ts'

const leaving = account({ unwatchedFrom: '2026-11-23' })
const unwatched = account({ watched: false })

test('an account that leaves the watch is watched until the trade date comes', () => {
  expect(accountOn(leaving, '2026-11-20')).toEqual(leaving)
  expect(accountOn(leaving, '2026-11-23')).toEqual(unwatched)
  expect(accountOn(account(), '2026-11-23')).toEqual(account())
})

test('who traded leaves with the next trade date, who is idle at once', () => {
  expect(leaveWatch(account(), unwatched, '2026-11-23', false)).toEqual(leaving)
  expect(leaveWatch(account(), unwatched, '2026-11-23', true)).toEqual(unwatched)
})

test('a leaving that waits keeps its date, and is taken back at once', () => {
  expect(leaveWatch(leaving, unwatched, '2026-11-24', false)).toEqual(leaving)
  expect(leaveWatch(leaving, unwatched, '2026-11-24', true)).toEqual(leaving)
  expect(leaveWatch(leaving, account(), '2026-11-24', false)).toEqual(account())
})

test('what is new, or is not watched, is kept as wanted', () => {
  expect(leaveWatch(undefined, unwatched, '2026-11-23', false)).toEqual(unwatched)
  expect(leaveWatch(unwatched, unwatched, '2026-11-23', false)).toEqual(unwatched)
})
