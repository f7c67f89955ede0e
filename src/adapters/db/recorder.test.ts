import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'
import { databases } from '#src/testing/database.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { alertsAfter } from './alerts.ts'
import { readBars } from './bars.ts'
import type { Database, Db } from './connect.ts'
import { planVersions } from './plans.ts'
import { createRecorder } from './recorder.ts'
import { transitionsOf } from './transitions.ts'

type Entry = Parameters<ReturnType<typeof createRecorder>['add']>[0]

const tradeDate = '2026-11-20'
const minute = Date.UTC(2026, 10, 20, 14, 30)

const alert = (key: string): Entry => ({
  kind: 'alert',
  alert: { key, kind: 'card', severity: 'notice', at: minute, text: key } satisfies NewAlert,
})
const bar = (index: number, close: number): Entry => ({
  kind: 'bar',
  instrument: 'MGC',
  contract: 202612,
  bar: {
    time: minute + index * 60_000,
    ...{ open: close, high: close, low: close, close, volume: 1 },
    ...{ finality: 'live', asOf: minute, source: 'synthetic market, seed 7' },
  },
})
/** The database refuses it: no bar begins within a minute. */
const unstorable: Entry = bar(0.5, 1)
const transition = (from: CardTransition['from'], to: CardTransition['to'], at = minute): Entry => ({
  kind: 'transition',
  transition: { cardId: '2026-11-20-MGC-1', instrument: 'MGC', tradeDate, side: 'long', from, to, at, price: 4100.5 },
})
const plan = (version: number, hash: string): Entry => ({
  kind: 'plan',
  version: { tradeDate, version, hash, drawnAt: minute, reason: 'freeze', cards: [] } satisfies PlanVersion,
})

describe.each(databases)('the recorder on $name', ({ open }) => {
  let database: Database
  let market = ''
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(({ task }) => {
    market = task.name
  })

  /** A recorder whose database can be taken away; `rounds` counts the transactions it began. */
  const createRoom = () => {
    const hands = createHandClock(0)
    const line = { up: true, rounds: 0 }
    const transaction: Db['transaction'] = (run, config) => {
      line.rounds++
      return line.up ? database.db.transaction(run, config) : Promise.reject(new Error('the line is dead'))
    }
    const told: string[][] = []
    const heard: (() => void)[] = []
    const error = vi.fn()
    const recorder = createRecorder({
      db: new Proxy(database.db, { get: (db, name) => (name === 'transaction' ? transaction : Reflect.get(db, name)) }),
      market,
      wall: hands.clock.wall,
      schedule: hands.schedule,
      onRaised: (alerts) => {
        told.push(alerts.map(({ key }) => key))
        for (const hear of heard) hear()
      },
      log: { error },
    })
    return { recorder, line, hands, told, heard, error }
  }
  const settled = (recorder: ReturnType<typeof createRecorder>) => vi.waitUntil(() => recorder.waiting() === 0, 15_000)
  const failed = (recorder: ReturnType<typeof createRecorder>) => vi.waitUntil(() => recorder.state().failing, 15_000)

  const storedAlerts = async () => (await alertsAfter(database.db, market, 0)).map(({ key }) => key)
  const storedStates = async () => (await transitionsOf(database.db, market, tradeDate)).map(({ to }) => to)
  const storedHashes = async () => (await planVersions(database.db, market, tradeDate)).map(({ hash }) => hash)
  const storedCloses = async () => {
    const range = { from: 0, to: Number.MAX_SAFE_INTEGER }
    return [...(await readBars(database.db, { market, instrument: 'MGC', contract: 202612, ...range })).close]
  }

  test('stores everything in the order it was said', async () => {
    const { recorder, told } = createRoom()
    for (const key of ['a', 'b', 'c']) recorder.add(alert(key))
    recorder.add(plan(1, 'one'))
    recorder.add(transition('watching', 'near'))
    recorder.add(transition('near', 'in-zone'))
    recorder.add(bar(0, 1))
    recorder.add(bar(1, 2))
    recorder.add(plan(2, 'two'))
    expect(recorder.waiting()).toBe(9)
    await settled(recorder)
    expect(await storedAlerts()).toEqual(['a', 'b', 'c'])
    expect(await storedStates()).toEqual(['near', 'in-zone'])
    expect(await storedHashes()).toEqual(['one', 'two'])
    expect(await storedCloses()).toEqual([1, 2])
    expect(told.flat()).toEqual(['a', 'b', 'c'])
    expect(recorder.state()).toEqual({ failing: false, since: 1_000_000 })
  })

  test('keeps contracts of a market apart', async () => {
    const { recorder } = createRoom()
    // The first entry is written at once; the two bars make one batch.
    recorder.add(alert('a'))
    recorder.add(bar(0, 1))
    recorder.add({ ...bar(1, 9), contract: 202702 } as Entry)
    await settled(recorder)
    expect(await storedCloses()).toEqual([1])
  })

  test('writes a batch whole or not at all', async () => {
    const { recorder, line, hands, told, error } = createRoom()
    line.up = false
    recorder.add(alert('a'))
    await failed(recorder)
    for (const entry of [transition('watching', 'near'), plan(1, 'one'), unstorable]) recorder.add(entry)
    line.up = true
    await hands.pass(1_000)
    await vi.waitUntil(() => error.mock.calls.length === 2, 15_000)
    expect([await storedAlerts(), await storedStates(), await storedHashes()]).toEqual([[], [], []])
    expect(told).toEqual([])
    expect(recorder.waiting()).toBe(4)
  })

  test('tries again while the database is away, and then stores all, once and in order', async () => {
    const { recorder, line, hands, told, error } = createRoom()
    recorder.add(alert('before'))
    await settled(recorder)
    line.up = false
    await hands.pass(5_000)
    recorder.add(alert('a'))
    await failed(recorder)
    for (let second = 0; second < 3; second++) {
      recorder.add(alert(`b${second}`))
      recorder.add(bar(second, second))
      await hands.pass(1_000)
    }
    expect(line.rounds).toBe(5)
    expect(recorder.waiting()).toBe(7)
    expect(recorder.state()).toEqual({ failing: true, since: 1_005_000 })
    expect(error).toHaveBeenCalledTimes(4)
    expect(error).toHaveBeenLastCalledWith(
      { err: new Error('the line is dead'), waiting: 7 },
      'The database did not take a batch',
    )
    line.up = true
    await hands.pass(1_000)
    await settled(recorder)
    expect(await storedAlerts()).toEqual(['before', 'a', 'b0', 'b1', 'b2'])
    expect(await storedCloses()).toEqual([0, 1, 2])
    expect(told).toEqual([['before'], ['a', 'b0', 'b1', 'b2']])
    expect(recorder.state()).toEqual({ failing: false, since: 1_009_000 })
    expect(hands.pending()).toBe(0)
  })

  test('tells of an alert once, when it is stored, and not of one that was stored before', async () => {
    const first = createRoom()
    first.recorder.add(alert('a'))
    await settled(first.recorder)
    const { recorder, told, heard } = createRoom()
    const stored: Promise<string[]>[] = []
    heard.push(() => stored.push(storedAlerts()))
    for (const key of ['a', 'b', 'b']) recorder.add(alert(key))
    await settled(recorder)
    expect(told).toEqual([['b']])
    expect(await Promise.all(stored)).toEqual([['a', 'b']])
  })

  test('stores on when a listener breaks', async () => {
    const { recorder, told, heard, error } = createRoom()
    heard.push(() => {
      throw new Error('nobody is listening')
    })
    recorder.add(alert('a'))
    recorder.add(alert('b'))
    await settled(recorder)
    expect(await storedAlerts()).toEqual(['a', 'b'])
    expect(told).toEqual([['a'], ['b']])
    expect(recorder.state().failing).toBe(false)
    expect(error).toHaveBeenCalledWith({ err: new Error('nobody is listening') }, 'Stored alerts could not be told')
  })

  test('is not held up by a plan version whose number is taken', async () => {
    const { recorder, error } = createRoom()
    for (const entry of [plan(1, 'one'), plan(1, 'other'), plan(2, 'two'), alert('a')]) recorder.add(entry)
    await settled(recorder)
    expect(await storedHashes()).toEqual(['one', 'two'])
    expect(await storedAlerts()).toEqual(['a'])
    expect(recorder.state().failing).toBe(false)
    expect(error.mock.calls).toEqual([
      [{ market, tradeDate, version: 1, hash: 'other' }, 'The plan has another version of this number; not stored'],
    ])
  })

  test('closes when all is stored, also what is added meanwhile', async () => {
    const { recorder } = createRoom()
    recorder.add(alert('a'))
    recorder.add(alert('b'))
    const closed = recorder.close()
    recorder.add(alert('c'))
    await closed
    expect(recorder.waiting()).toBe(0)
    expect(await storedAlerts()).toEqual(['a', 'b', 'c'])
  })

  test('closes with one more try instead of waiting for the next', async () => {
    const { recorder, line, hands } = createRoom()
    line.up = false
    recorder.add(alert('a'))
    await failed(recorder)
    line.up = true
    await recorder.close()
    expect(await storedAlerts()).toEqual(['a'])
    expect(hands.pending()).toBe(0)
  })

  test('closes although the database stays away, says what is lost, and tries no more', async () => {
    const { recorder, line, hands, error } = createRoom()
    line.up = false
    recorder.add(alert('a'))
    await recorder.close()
    expect(error).toHaveBeenLastCalledWith({ waiting: 1 }, 'Closed before everything was stored')
    expect(hands.pending()).toBe(0)
    expect(line.rounds).toBe(2)
  })
})
