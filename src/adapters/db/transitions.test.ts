import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CardTransition } from '#src/domain/signals/transition.ts'
import { databases } from '#src/testing/database.ts'
import type { Database } from './connect.ts'
import { saveTransitions, transitionsOf } from './transitions.ts'

const near: CardTransition = {
  cardId: '2026-11-20-MGC-1',
  instrument: 'MGC',
  tradeDate: '2026-11-20',
  side: 'long',
  from: 'watching',
  to: 'near',
  at: Date.UTC(2026, 10, 20, 10, 15),
  price: 4102.3,
}
const invalid: CardTransition = { ...near, from: 'near', to: 'invalid', at: near.at + 60_000, cause: 'bias-lost' }

describe.each(databases)('card transitions in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('come back in market-time order', async () => {
    await saveTransitions(database.db, 'real', [invalid, near])
    expect(await transitionsOf(database.db, 'real', '2026-11-20')).toStrictEqual([near, invalid])
    expect(await transitionsOf(database.db, 'real', '2026-11-23')).toEqual([])
  })

  test('saved again change nothing', async () => {
    await saveTransitions(database.db, 'again', [near])
    await saveTransitions(database.db, 'again', [{ ...near, price: 1 }, invalid])
    expect(await transitionsOf(database.db, 'again', '2026-11-20')).toStrictEqual([near, invalid])
  })

  test('into a state entered before are kept too', async () => {
    const back: CardTransition = { ...near, from: 'near', to: 'watching', at: near.at + 1_000 }
    const again: CardTransition = { ...near, at: near.at + 2_000 }
    await saveTransitions(database.db, 'twice', [near, back])
    await saveTransitions(database.db, 'twice', [near, back, again])
    expect(await transitionsOf(database.db, 'twice', '2026-11-20')).toStrictEqual([near, back, again])
  })

  test('at one instant come back in the order they were stored, in one call or in two', async () => {
    const path = ['near', 'in-zone', 'triggered', 'stopped', 'invalid', 'expired'] as const
    const jump = path.map((to, i): CardTransition => ({ ...near, from: path[i - 1] ?? 'watching', to }))
    await saveTransitions(database.db, 'jump', jump.slice(0, 4))
    await saveTransitions(database.db, 'jump', jump.slice(4))
    expect(await transitionsOf(database.db, 'jump', '2026-11-20')).toStrictEqual(jump)
  })

  test('may be none', async () => {
    await saveTransitions(database.db, 'none', [])
    expect(await transitionsOf(database.db, 'none', '2026-11-20')).toEqual([])
  })
})
