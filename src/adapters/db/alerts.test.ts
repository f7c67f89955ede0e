import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import { databases } from '#src/testing/database.ts'
import { acknowledgeAlert, alertsAfter, latestAlerts, raiseAlerts } from './alerts.ts'
import type { Database } from './connect.ts'

const noon = Date.UTC(2026, 10, 20, 17)
const alert = (key: string, at = noon): NewAlert => ({ key, kind: 'card', severity: 'notice', at, text: `<${key}>` })

describe.each(databases)('alerts in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const keysOf = (alerts: readonly NewAlert[]) => alerts.map(({ key }) => key)

  test('are stored as raised, ids ascending', async () => {
    const gold: NewAlert = { ...alert('gold'), instrument: 'MGC' }
    const stored = await raiseAlerts(database.db, 'real', [gold, alert('flat')])
    expect(stored).toStrictEqual([
      { ...gold, id: expect.any(Number) },
      { ...alert('flat'), id: expect.any(Number) },
    ])
    expect(stored[1]?.id).toBeGreaterThan(stored[0]?.id ?? Number.POSITIVE_INFINITY)
  })

  test('raised again are not new, in this market alone', async () => {
    await raiseAlerts(database.db, 'again', [alert('a')])
    expect(keysOf(await raiseAlerts(database.db, 'again', [alert('a'), alert('b'), alert('b')]))).toEqual(['b'])
    expect(keysOf(await raiseAlerts(database.db, 'again', [alert('a')]))).toEqual([])
    expect(keysOf(await raiseAlerts(database.db, 'sim-7', [alert('a')]))).toEqual(['a'])
    expect(await raiseAlerts(database.db, 'again', [])).toEqual([])
  })

  test('are read newest first, none from after the given market time', async () => {
    await raiseAlerts(database.db, 'newest', [alert('new', noon + 2), alert('old', noon), alert('mid', noon + 1)])
    expect(keysOf(await latestAlerts(database.db, 'newest', 2, noon + 2))).toEqual(['new', 'mid'])
    expect(keysOf(await latestAlerts(database.db, 'newest', 9, noon + 1))).toEqual(['mid', 'old'])
  })

  test('missed are read in the order they were stored', async () => {
    const [a] = await raiseAlerts(database.db, 'missed', [alert('a', noon + 5), alert('b', noon), alert('c', noon + 9)])
    expect(keysOf(await alertsAfter(database.db, 'missed', a?.id ?? 0))).toEqual(['b', 'c'])
    expect(keysOf(await alertsAfter(database.db, 'missed', 0))).toEqual(['a', 'b', 'c'])
  })

  test('are acknowledged once, by the first click', async () => {
    const [a] = await raiseAlerts(database.db, 'click', [alert('a')])
    const id = a?.id ?? 0
    expect(await acknowledgeAlert(database.db, 'click', id, noon + 1000)).toBe(true)
    expect(await acknowledgeAlert(database.db, 'click', id, noon + 2000)).toBe(true)
    expect(await latestAlerts(database.db, 'click', 1, noon)).toStrictEqual([
      { ...alert('a'), id, acknowledgedAt: noon + 1000 },
    ])
    expect(await acknowledgeAlert(database.db, 'other', id, noon)).toBe(false)
    expect(await acknowledgeAlert(database.db, 'click', id + 1000, noon)).toBe(false)
  })
})
