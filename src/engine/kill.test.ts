import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlatformCommand } from '#src/domain/trading/platform-event.ts'
import { type AccountTruth, createKill } from './kill.ts'

const start = Date.UTC(2026, 10, 20, 14)

const room = () => {
  let now = start
  let reachable = true
  const truth = new Map<string, AccountTruth>()
  const issued: (PlatformCommand & { by: string })[] = []
  const said: string[] = []
  const aimed: string[] = []
  const kill = createKill({
    wall: () => now,
    truth: () => truth,
    reachable: () => reachable,
    issue: (command, by) => issued.push({ ...command, by }),
    onAims: (accounts) => aimed.push(accounts.map((account) => account || 'all').join(' ')),
    onChange: ({ state, detail }) => said.push(`${state} ${detail}`),
  })
  return {
    kill,
    issued,
    said,
    aimed,
    hear: (account: string, positions: number, working: number, busyAt = start) => {
      truth.set(account, { heardAt: now, busyAt, positions, working })
      kill.look()
    },
    pass: (ms: number) => {
      now += ms
      kill.look()
    },
    reach: (is: boolean) => {
      reachable = is
    },
    get now() {
      return now
    },
  }
}

test('an account is flat once a snapshot after the order shows it, not when the command was answered', () => {
  const { kill, issued, hear, pass } = room()
  hear('Sim101', 1, 2)
  kill.flatten('Sim101', 'the trader')
  expect(issued).toEqual([{ kind: 'flattenAccount', account: 'Sim101', by: 'the trader' }])
  expect(kill.reading).toMatchObject({ state: 'flattening', detail: 'Sim101' })
  pass(500)
  hear('Sim101', 0, 1)
  expect(kill.reading.state).toBe('flattening')
  pass(1_000)
  hear('Sim101', 0, 0)
  expect(kill.reading).toMatchObject({ state: 'flat', detail: 'Sim101' })
})

test('what is being closed is told whenever it changes, though the words about it stay the same', () => {
  const { kill, aimed, said, hear, pass, reach } = room()
  hear('Sim101', 1, 0)
  hear('Eval50', 1, 0)
  reach(false)
  kill.flatten('Sim101', 'the trader')
  pass(2_000)
  kill.flatten('', 'kill switch')
  kill.flatten('', 'kill switch')
  expect(said).toEqual([
    'flattening Sim101',
    'escalated NinjaTrader does not answer; Sim101: 1 position, 0 working orders',
  ])
  expect(aimed).toEqual(['Sim101', 'Sim101 all'])
  reach(true)
  pass(1_000)
  pass(2_000)
  hear('Sim101', 0, 0)
  expect(aimed.slice(2)).toEqual(['all'])
  hear('Eval50', 0, 0)
  expect(aimed.slice(3)).toEqual([''])
})

test('that an account is flat is told for a minute, and nothing afterwards', () => {
  const { kill, said, hear, pass } = room()
  hear('Sim101', 1, 0)
  kill.flatten('Sim101', 'the trader')
  pass(2_000)
  hear('Sim101', 0, 0)
  pass(59_999)
  expect(kill.reading).toMatchObject({ state: 'flat', detail: 'Sim101' })
  pass(1)
  expect(kill.reading).toMatchObject({ state: 'off', detail: '' })
  pass(60_000)
  expect(said).toEqual(['flattening Sim101', 'flat Sim101', 'off '])
})

test('a snapshot from before the order proves nothing', () => {
  const { kill, hear } = room()
  hear('Sim101', 0, 0)
  kill.flatten('Sim101', 'the trader')
  expect(kill.reading.state).toBe('flattening')
})

test('a flat snapshot within a second of an execution is not believed: another fill may be on its way', () => {
  const room1 = room()
  room1.hear('Sim101', 2, 1)
  room1.kill.flatten('', 'kill switch')
  room1.pass(400)
  room1.hear('Sim101', 0, 0, room1.now)
  expect(room1.kill.reading.state).toBe('flattening')
  room1.pass(1_100)
  room1.hear('Sim101', 0, 0, room1.now - 1_100)
  expect(room1.kill.reading.state).toBe('flat')
})

test('silence is asked again after fifteen seconds and told loudly after thirty', () => {
  const { kill, issued, hear, pass } = room()
  hear('Sim101', 3, 0)
  kill.flatten('', 'kill switch')
  pass(14_999)
  expect(issued).toHaveLength(1)
  pass(1)
  expect(issued).toHaveLength(2)
  expect(kill.reading.state).toBe('flattening')
  pass(15_000)
  expect(kill.reading).toMatchObject({
    state: 'escalated',
    detail: 'not confirmed flat; Sim101: 3 positions, 0 working orders',
  })
  pass(5_000)
  hear('Sim101', 0, 0)
  expect(kill.reading.state).toBe('flat')
})

test('a platform that cannot be reached is told at once, and asked the moment it is back', () => {
  const { kill, issued, hear, pass, reach } = room()
  hear('Sim101', 1, 0)
  reach(false)
  kill.flatten('', 'kill switch')
  expect(issued).toEqual([])
  pass(1_000)
  expect(kill.reading).toMatchObject({
    state: 'escalated',
    detail: 'NinjaTrader does not answer; Sim101: 1 position, 0 working orders',
  })
  reach(true)
  pass(1_000)
  expect(issued).toHaveLength(1)
})

test('the kill switch waits for every account', () => {
  const { kill, hear, pass } = room()
  hear('Sim101', 0, 0)
  hear('Eval50', 1, 0)
  kill.flatten('', 'kill switch')
  pass(2_000)
  hear('Sim101', 0, 0)
  expect(kill.reading.state).toBe('flattening')
  hear('Eval50', 0, 0)
  expect(kill.reading.state).toBe('flat')
})

test('what was under way goes on after a restart', () => {
  const { kill, issued, hear } = room()
  hear('Sim101', 1, 0)
  kill.resume([''], start - 5_000)
  expect(issued).toEqual([{ kind: 'flattenAll', account: '', by: 'resumed after a restart' }])
  expect(kill.aims()).toEqual([''])
})

/** A platform that fills, cancels, loses commands and goes away as it pleases. */
test('whatever happens on the way, it ends flat or is escalated, and flat is never said of an open account', () => {
  const happening = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 50, max: 9_000 }) }),
    fc.record({ kind: fc.constantFrom('fill', 'cancel', 'done', 'gone', 'back', 'tell') }),
  )
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const { kill, issued, hear, pass, reach } = room()
      let [positions, working, busyAt, away] = [2, 2, start, false]
      const tell = (): void => {
        if (!away) hear('Sim101', positions, working, busyAt)
      }
      const touch = (): void => {
        busyAt = start + elapsed
      }
      let elapsed = 0
      const wait = (ms: number): void => {
        elapsed += ms
        pass(ms)
      }
      tell()
      kill.flatten('', 'kill switch')
      for (const each of happenings) {
        if (each.kind === 'pass') wait(each.ms)
        if (each.kind === 'fill' && working > 0) [working, positions] = [working - 1, positions + 1]
        if (each.kind === 'fill') touch()
        if (each.kind === 'cancel' && working > 0) working--
        if (each.kind === 'done' && !away && issued.length > 0) {
          ;[positions, working] = [0, 0]
          touch()
        }
        if (each.kind === 'gone' || each.kind === 'back') away = each.kind === 'gone'
        reach(!away)
        tell()
        if (kill.reading.state === 'flat') expect([positions, working]).toEqual([0, 0])
        if (kill.reading.state === 'flat') return
      }
      expect(['flattening', 'escalated']).toContain(kill.reading.state)
      reach(true)
      away = false
      wait(60_000)
      expect(kill.reading.state).toBe('escalated')
      ;[positions, working] = [0, 0]
      touch()
      wait(2_000)
      tell()
      expect(kill.reading.state).toBe('flat')
    }),
    { numRuns: 1_000 },
  )
})
