import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PlatformCommand } from '#src/domain/trading/platform-event.ts'
import { databases } from '#src/testing/database.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import * as told from '#src/testing/ninjatrader/told.ts'
import { createMemoryBus } from '../bus/memory.ts'
import { issueCommand, latestCommands, takeCommands } from '../db/commands.ts'
import type { Database } from '../db/connect.ts'
import { createOutbox } from './outbox.ts'
import { signCommand } from './signature.ts'

const { toldAt } = told
const flatten = { kind: 'flattenAccount', account: 'Sim101' } as const satisfies PlatformCommand
let bridges = 0

describe.each(databases)('commands, on $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  let bridge: string
  beforeEach(() => {
    bridge = `pc-${++bridges}`
  })

  const openDesk = (bus = createMemoryBus({ wall: () => toldAt })) => {
    const hand = createHandClock(0)
    const changed: string[] = []
    const outbox = createOutbox({
      db: database.db,
      bus,
      token,
      wall: hand.clock.wall,
      schedule: hand.schedule,
      changed: (book) => changed.push(book),
      log: { warn: () => {} },
    })
    const to = { bridge, book: `sim:${bridge}`, by: 'the trader' }
    return {
      outbox,
      changed,
      wall: hand.clock.wall,
      pass: hand.pass,
      issue: (command: PlatformCommand = flatten, lifeMs?: number) =>
        outbox.issue(command, lifeMs === undefined ? to : { ...to, lifeMs }),
      poll: (after: number, waitMs: number, signal = new AbortController().signal) =>
        outbox.poll({ bridge, after, waitMs, signal }),
    }
  }
  const states = async () =>
    (await latestCommands(database.db, `sim:${bridge}`, 10)).map(({ state, reason }) => [state, reason])
  /** Long enough for a query to be answered, were anything to come of it. */
  const settle = () => takeCommands(database.db, 'nobody', 0, 0)

  test('are numbered upwards, signed, and live ten seconds at most', async () => {
    const { issue, poll, wall } = openDesk()
    const first = await issue(flatten, 60_000)
    const second = await issue({ kind: 'ping', account: '' }, 2_000)
    expect(first).toEqual({
      ...flatten,
      id: `c-${first.number}`,
      number: first.number,
      issuedAt: wall(),
      expiresAt: wall() + 10_000,
    })
    expect(second.number).toBeGreaterThan(first.number)
    expect(second.expiresAt).toBe(wall() + 2_000)
    expect(await poll(0, 0)).toEqual([
      { ...first, signature: signCommand(token, first) },
      { ...second, signature: signCommand(token, second) },
    ])
  })

  test('survive being kept: what is signed is what was issued', async () => {
    const { issue, poll } = openDesk()
    const bracket: PlatformCommand = {
      kind: 'placeBracket',
      account: 'Sim101',
      instrument: 'MHG 12-26',
      side: 'sell',
      quantity: 3,
      entry: 'limit',
      limit: 5.1205,
      stop: 5.1335,
      target1: 5.1,
      target2: 0,
      tag: 'card “é” 7',
    }
    const issued = await issue(bracket)
    expect(await poll(0, 0)).toEqual([{ ...issued, ...bracket, signature: signCommand(token, issued) }])
  })

  test('wake the bridge that waits, and no other', async () => {
    const { issue, poll, outbox } = openDesk()
    const waiting = poll(0, 25_000)
    let other: readonly unknown[] | undefined
    const stranger = outbox.poll({ bridge: 'pc-x', after: 0, waitMs: 25_000, signal: new AbortController().signal })
    stranger.then((found) => {
      other = found
    })
    const issued = await issue()
    expect((await waiting).map(({ id }) => id)).toEqual([issued.id])
    expect(other).toBeUndefined()
    outbox.close()
    expect(await stranger).toEqual([])
  })

  test('wake a bridge that waits in another process, by the bus', async () => {
    const bus = createMemoryBus({ wall: () => toldAt })
    const [engine, web] = [openDesk(bus), openDesk(bus)]
    const waiting = web.poll(0, 25_000)
    const issued = await engine.issue()
    expect(await waiting).toMatchObject([{ number: issued.number }])
  })

  test('are found within a second even if nobody says that they are there', async () => {
    const { poll, pass, wall } = openDesk()
    const waiting = poll(0, 25_000)
    await settle()
    const times = { issuedAt: wall(), expiresAt: wall() + 10_000, by: 'the engine' }
    const issued = await issueCommand(database.db, { bridge, book: `sim:${bridge}` }, flatten, times)
    await pass(1_000)
    expect(await waiting).toMatchObject([{ number: issued.number }])
  })

  test('are not waited for longer than asked', async () => {
    const { poll, pass } = openDesk()
    let found: readonly unknown[] | undefined
    const waiting = poll(0, 25_000).then((commands) => {
      found = commands
    })
    await pass(24_000)
    await settle()
    expect(found).toBeUndefined()
    await pass(1_000)
    await waiting
    expect(found).toEqual([])
  })

  test('go to the newest call of a bridge alone', async () => {
    const { issue, poll } = openDesk()
    const first = poll(0, 25_000)
    const second = poll(0, 25_000)
    expect(await first).toEqual([])
    const issued = await issue()
    expect(await second).toMatchObject([{ number: issued.number }])
  })

  test('are given once, though a bridge asks anew while they are looked up', async () => {
    const { issue, poll } = openDesk()
    const { number } = await issue()
    const [first, second] = [poll(0, 25_000), poll(0, 25_000)]
    expect(await first).toEqual([])
    expect(await second).toMatchObject([{ number }])
  })

  test('are not taken by a call that was given up', async () => {
    const { issue, poll } = openDesk()
    const line = new AbortController()
    const waiting = poll(0, 25_000, line.signal)
    line.abort()
    expect(await waiting).toEqual([])
    await issue()
    expect(await states()).toEqual([['queued', undefined]])
    expect(await poll(0, 25_000, AbortSignal.abort())).toEqual([])
    expect(await states()).toEqual([['queued', undefined]])
  })

  test('count as sent before they are handed out, and are given again while nobody answers', async () => {
    const { issue, poll, changed } = openDesk()
    const issued = await issue()
    expect(await states()).toEqual([['queued', undefined]])
    for (const _ of ['once', 'lost on the way'])
      expect(await poll(issued.number - 1, 0)).toMatchObject([{ number: issued.number }])
    expect(await states()).toEqual([['sent', undefined]])
    expect(await poll(issued.number, 0)).toEqual([])
    expect(new Set(changed)).toEqual(new Set([`sim:${bridge}`]))
  })

  test('are never handed out once they expired', async () => {
    const { issue, poll, pass } = openDesk()
    await issue()
    await pass(9_999)
    expect(await poll(0, 0)).toHaveLength(1)
    await pass(1)
    expect(await poll(0, 0)).toEqual([])
  })

  test('that were sent and not answered are unknown five seconds after their end; one never sent has failed', async () => {
    const { issue, poll, pass, outbox } = openDesk()
    await issue()
    await poll(0, 0)
    await issue()
    await pass(14_999)
    await outbox.lapse()
    expect(await states()).toEqual([
      ['queued', undefined],
      ['sent', undefined],
    ])
    await pass(1)
    await outbox.lapse()
    expect(await states()).toEqual([
      ['failed', 'expired'],
      ['unknown', undefined],
    ])
  })

  describe('answered by the bridge', () => {
    const answering = () => {
      const desk = openDesk()
      const { app, heard } = createBridgeApp({ db: database.db, wall: () => toldAt })
      const boot = new Date(toldAt + bridges * 1_000).toISOString()
      const sender = createSender({ ask: app.request, token, bridge, boot, wall: () => toldAt })
      let batch = 0
      const tell = async (...events: readonly unknown[]) => (await sender.post(sender.body(++batch, events))).json()
      const issue = () => desk.outbox.issue(flatten, { bridge, book: `sim:${boot}`, by: 'the trader' })
      const stateOf = async () => {
        const [newest] = await latestCommands(database.db, `sim:${boot}`, 1)
        return [newest?.state, newest?.reason]
      }
      const greet = (more: object = {}) => tell(told.hello('h', { simulator: true, ...more }))
      return { ...desk, tell, issue, stateOf, heard, greet, boot }
    }

    test('go on, never back, and what ended stays', async () => {
      const { greet, tell, issue, stateOf, poll, heard } = answering()
      await greet()
      const { id } = await issue()
      await poll(0, 0)
      await tell(told.resultTold('1', id, 'received'))
      expect(await stateOf()).toEqual(['received', undefined])
      expect(await poll(0, 0)).toEqual([])
      await tell(told.resultTold('2', id, 'working'), told.resultTold('3', id, 'received'))
      expect(await stateOf()).toEqual(['working', undefined])
      await tell(told.resultTold('4', id, 'failed', { reason: 'not-flat' }))
      await tell(told.resultTold('5', id, 'done'))
      expect(await stateOf()).toEqual(['failed', 'not-flat'])
      expect(heard.map(({ event }) => event.id)).toEqual(['h', '1', '2', '3', '4', '5'])
    })

    test('in one breath are where they came to', async () => {
      const { greet, tell, issue, stateOf } = answering()
      await greet()
      const { id } = await issue()
      await tell(...['received', 'working', 'done'].map((state, i) => told.resultTold(String(i), id, state)))
      expect(await stateOf()).toEqual(['done', undefined])
    })

    test('that are done are done, whatever is said later', async () => {
      const { greet, tell, issue, stateOf } = answering()
      await greet()
      const { id } = await issue()
      await tell(told.resultTold('1', id, 'done'))
      await tell(told.resultTold('2', id, 'failed', { reason: 'exception' }))
      expect(await stateOf()).toEqual(['done', undefined])
    })

    test('after a silence are known again', async () => {
      const { greet, tell, issue, stateOf, poll, pass, outbox } = answering()
      await greet()
      const { id } = await issue()
      await poll(0, 0)
      await pass(15_000)
      await outbox.lapse()
      expect(await stateOf()).toEqual(['unknown', undefined])
      await tell(told.resultTold('1', id, 'done'))
      expect(await stateOf()).toEqual(['done', undefined])
    })

    test('by the wrong bridge, or never issued, change nothing', async () => {
      const { greet, tell, issue, stateOf } = answering()
      await greet()
      const { id } = await issue()
      bridge = `pc-${++bridges}`
      const other = answering()
      await other.greet()
      await other.tell(told.resultTold('1', id, 'done'))
      await tell(told.resultTold('2', 'c-999999999', 'done'), told.resultTold('3', 'thirteen', 'done'))
      expect(await stateOf()).toEqual(['queued', undefined])
    })

    test('are numbered above everything the bridge has ever executed', async () => {
      const { greet, issue } = answering()
      const { number } = await issue()
      await greet({ commandsAfter: number + 500 })
      expect((await issue()).number).toBe(number + 501)
    })
  })
})
