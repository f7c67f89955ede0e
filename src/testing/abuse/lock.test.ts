import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { sessionEndAt } from '#src/domain/risk/lockout.ts'
import { databases } from '../database.ts'
import { day, hour, type LockRoom, minute, openLockRoom } from './lock-room.ts'

/** When the trader locks himself out: UTC, and when the session ends in New York. */
const moments = [
  ['a morning', '2026-11-20T14:30:00Z', '2026-11-20T22:00:00Z'],
  ['a minute before the session ends', '2026-11-20T21:59:00Z', '2026-11-20T22:00:00Z'],
  ['the evening after the close', '2026-11-18T23:10:00Z', '2026-11-19T22:00:00Z'],
  ['the night the clocks go forward', '2026-03-08T06:30:00Z', '2026-03-08T21:00:00Z'],
  ['the night the clocks go back', '2026-11-01T05:30:00Z', '2026-11-01T22:00:00Z'],
  ['the day before Thanksgiving', '2026-11-25T15:00:00Z', '2026-11-25T22:00:00Z'],
] as const

type Attempt = (room: LockRoom) => unknown

const shorten = 'update lockouts set until_time = from_time + 1'
const forget = 'delete from lockouts'
const cutLog = 'delete from audit_log'
const emptyLog = "update audit_log set body = '{}'"

/** What a trader who wants to trade might try; after none of it he may. */
const attempts: readonly (readonly [string, Attempt])[] = [
  ['restarts', (room) => room.restart()],
  [
    'restarts five times',
    async (room) => {
      for (let i = 0; i < 5; i++) await room.restart(undefined, 1_000)
    },
  ],
  ['sets the clock back an hour', (room) => room.setClock(room.clock() - hour)],
  [
    'sets the clock back to before the lock, and restarts',
    (room) => room.restart(() => room.setClock(room.clock() - 3 * day)),
  ],
  ['sets the clock a minute past the end', (room) => room.setClock(room.clock() + 20 * hour)],
  ['sets the clock a week ahead', (room) => room.setClock(room.clock() + 7 * day)],
  ['sets the clock ahead and restarts', (room) => room.restart(() => room.setClock(room.clock() + 20 * hour))],
  [
    'sets the clock ahead, restarts, and sets it right',
    async (room) => {
      await room.restart(() => room.setClock(room.clock() + 20 * hour))
      room.isLocked('')
      room.setClock(room.truth())
    },
  ],
  [
    'sets the clock ahead little by little',
    (room) => {
      for (let i = 0; i < 100; i++) {
        room.setClock(room.clock() + 15 * minute)
        room.isLocked('')
      }
    },
  ],
  [
    'sets the clock ahead and back',
    (room) => {
      for (const by of [20 * hour, -20 * hour, 40 * hour, -60 * hour]) {
        room.setClock(room.clock() + by)
        room.isLocked('')
      }
    },
  ],
  [
    'asks for a shorter lock',
    (room) => room.keeper().lock({ account: '', reason: '', until: room.clock() + 1_000 }, 'me'),
  ],
  [
    'asks for a lock that is over',
    (room) => room.keeper().lock({ account: '', reason: '', until: room.clock() - 1 }, 'me'),
  ],
  [
    'asks for a lock until nothing that is a number',
    (room) => room.keeper().lock({ account: '', reason: '', until: Number.NaN }, 'me'),
  ],
  [
    'locks another account, shorter',
    (room) => room.keeper().lock({ account: 'Eval50', reason: '', until: room.clock() + 1 }, 'me'),
  ],
  [
    'asks fifty times at once, from two browsers, and reads again meanwhile',
    async (room) => {
      const other = await room.openKeeper()
      await Promise.all([
        ...Array.from({ length: 25 }, (_, i) =>
          room.keeper().lock({ account: '', reason: `${i}`, until: room.clock() + i }, 'me'),
        ),
        ...Array.from({ length: 25 }, (_, i) =>
          other.lock({ account: '', reason: `${i}`, until: room.clock() + i }, 'me'),
        ),
        room.keeper().reload(),
      ])
      await room.restart()
    },
  ],
  [
    'uses the simulator meanwhile',
    async (room) => {
      await (await room.openKeeper('sim:1')).lock({ account: '', reason: '' }, 'me')
      await room.restart()
    },
  ],
  ['shortens the row', (room) => room.restart(() => room.byHand('lockouts', shorten))],
  [
    'shortens the row while the terminal runs',
    async (room) => {
      await room.byHand('lockouts', shorten)
      await room.keeper().reload()
    },
  ],
  [
    'moves the row to another account',
    (room) => room.restart(() => room.byHand('lockouts', "update lockouts set account = 'Eval50'")),
  ],
  [
    'moves the row to another book',
    (room) => room.restart(() => room.byHand('lockouts', "update lockouts set book = 'sim:1'")),
  ],
  [
    'copies the seal to a shorter row',
    (room) =>
      room.restart(() =>
        room.byHand(
          'lockouts',
          `insert into lockouts (book, account, from_time, until_time, reason, seal) select book, account, from_time, from_time + 1, reason, seal from lockouts`,
          'delete from lockouts where until_time <> from_time + 1',
        ),
      ),
  ],
  ['deletes the row', (room) => room.restart(() => room.byHand('lockouts', forget))],
  [
    'deletes the row and its line',
    (room) =>
      room.restart(async () => {
        await room.byHand('lockouts', forget)
        await room.byHand('audit_log', cutLog)
      }),
  ],
  [
    'deletes the row and empties its line',
    (room) =>
      room.restart(async () => {
        await room.byHand('lockouts', forget)
        await room.byHand('audit_log', emptyLog)
      }),
  ],
  [
    'deletes the row in the simulator first',
    async (room) => {
      await room.byHand('lockouts', forget)
      await room.byHand('audit_log', cutLog)
      await room.openKeeper('sim:1')
      await room.restart()
    },
  ],
  [
    'deletes the row, its line and the head',
    (room) =>
      room.restart(async () => {
        await room.byHand('lockouts', forget)
        await room.byHand('audit_log', cutLog)
        rmSync(join(room.folder, 'audit-head'))
      }),
  ],
  [
    'deletes the row, its line, and writes an older head',
    (room) =>
      room.restart(async () => {
        await room.byHand('lockouts', forget)
        await room.byHand('audit_log', emptyLog)
        writeFileSync(join(room.folder, 'audit-head'), '{"number":0,"hash":""}')
      }),
  ],
  ['deletes the key', (room) => room.restart(() => rmSync(join(room.folder, 'audit-key')))],
  [
    'deletes the key and the row',
    (room) =>
      room.restart(async () => {
        rmSync(join(room.folder, 'audit-key'))
        await room.byHand('lockouts', forget)
      }),
  ],
  [
    'shortens the row twice, a restart between',
    async (room) => {
      await room.restart(() => room.byHand('lockouts', shorten))
      await room.restart(() => room.byHand('lockouts', shorten))
    },
  ],
  [
    'deletes what the first restart answered',
    async (room) => {
      for (let i = 0; i < 3; i++)
        await room.restart(async () => {
          await room.byHand('lockouts', forget)
          await room.byHand('audit_log', 'delete from audit_log where number = (select max(number) from audit_log)')
        })
    },
  ],
  [
    'sets the stored market time ahead',
    (room) => room.restart(() => room.byHand('settings', `update settings set value = value || '{"time": 9e12}'`)),
  ],
  [
    'deletes the lock, its line and the market time, and sets the clock ahead',
    (room) =>
      room.restart(async () => {
        await room.byHand('lockouts', forget)
        await room.byHand('audit_log', cutLog)
        await room.byHand('settings', 'delete from settings')
        room.setClock(room.clock() + 20 * hour)
      }),
  ],
  [
    'deletes the stored market time and sets the clock ahead',
    (room) =>
      room.restart(async () => {
        await room.byHand('settings', 'delete from settings')
        room.setClock(room.clock() + 20 * hour)
      }),
  ],
  [
    'shortens the row and sets the clock ahead',
    (room) =>
      room.restart(async () => {
        await room.byHand('lockouts', shorten)
        room.setClock(room.clock() + 20 * hour)
      }),
  ],
]

const cases = moments.flatMap(([when, from, until]) =>
  attempts.map(([what, attempt]) => ({ what, when, from: Date.parse(from), until: Date.parse(until), attempt })),
)

test('there are at least two hundred attempts', () => {
  expect(cases.length).toBeGreaterThanOrEqual(200)
})

describe('a trader who locked himself out', () => {
  let database: Database
  beforeAll(async () => {
    database = await databases[1].open()
  })
  afterAll(() => database.close())

  /** The accounts that may be traded at an instant before the lock ends. */
  const free = (room: LockRoom): readonly string[] =>
    ['', 'Sim101', 'Eval50'].filter((account) => !room.isLocked(account))

  test.each(cases)('and $what, on $when, stays locked out', async ({ from, until, attempt }) => {
    const room = await openLockRoom(database, from)
    expect(free(room)).toHaveLength(3)
    await room.keeper().lock({ account: '', reason: 'two losses' }, 'the trader')
    const bypasses: string[] = [...free(room)]
    await attempt(room)
    bypasses.push(...free(room))
    while (room.truth() < until - 2_000) {
      room.pass(Math.min(90 * minute, until - 1_000 - room.truth()))
      bypasses.push(...free(room))
    }
    if (room.truth() < until) {
      await room.restart(undefined, 1)
      bypasses.push(...free(room))
    }
    expect(bypasses).toEqual([])
    await room.close()
  })

  test.each(moments)('may trade again when the session ends: on %s', async (_, from, until) => {
    const room = await openLockRoom(database, Date.parse(from))
    await room.keeper().lock({ account: '', reason: 'two losses' }, 'the trader')
    expect(sessionEndAt(Date.parse(from))).toBe(Date.parse(until))
    room.pass(Date.parse(until) - room.truth() - 1)
    expect(free(room)).toEqual([])
    room.pass(1)
    expect(free(room)).toHaveLength(3)
    await room.restart()
    expect(free(room)).toHaveLength(3)
    await room.close()
  })

  test('for a week stays so when he deletes the row, and then the key', async () => {
    const room = await openLockRoom(database, Date.parse(moments[0][1]))
    await room.keeper().lock({ account: '', reason: 'a bad week', until: room.truth() + 7 * day }, 'the trader')
    await room.restart(() => room.byHand('lockouts', forget))
    room.pass(3 * day)
    expect(free(room)).toEqual([])
    await room.restart(() => rmSync(join(room.folder, 'audit-key')))
    room.pass(3 * day)
    expect(free(room)).toEqual([])
    room.pass(day)
    expect(free(room)).toHaveLength(3)
    await room.close()
  })

  test('keeps to one account what was locked for one', async () => {
    const room = await openLockRoom(database, Date.parse(moments[0][1]))
    await room.keeper().lock({ account: 'Sim101', reason: 'two losses' }, 'the trader')
    expect(free(room)).toEqual(['', 'Eval50'])
    await room.close()
  })
})
