import { afterEach, expect, test } from 'vitest'
import { minuteMs } from '#src/domain/market/bar.ts'
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts'
import { eventually } from './eventually.ts'

const from = Date.UTC(2026, 10, 20, 14)

let rehearsal: Rehearsal | undefined
afterEach(() => rehearsal?.stop())

const start = async (options: Partial<Parameters<typeof startRehearsal>[0]>): Promise<Rehearsal> => {
  rehearsal = await startRehearsal({ from, speed: 60, instruments: ['MES'], env: { HISTORY_DAYS: '2' }, ...options })
  return rehearsal
}

test('a plan with delayed minute bars only is listened to on the delayed host, and its limits are told on the screen', async () => {
  const running = await start({ plan: 'starter' })
  const { screen } = running
  await eventually('live', () => screen.state() === 'live' || undefined)
  const { grain, note, markets } = await running.readFeed()
  expect([grain, note]).toEqual(['bar', 'the plan has delayed data only; the plan has no trades: minute bars only'])
  await eventually('told', () => screen.alerts().some((text) => text.includes('the plan has no trades')) || undefined)
  const bars = markets[0]?.bars ?? 0
  await eventually('more bars', async () => ((await running.readFeed()).markets[0]?.bars ?? 0) > bars + 2 || undefined)
  const behind = Math.floor(running.clock.now() / minuteMs) * minuteMs - 14 * minuteMs
  await eventually('every minute', async () => {
    const differences = await running.differences('MES', from - 60 * minuteMs, behind)
    return differences.length === 0 || undefined
  })
}, 60_000)

test('a key the vendor does not know is told in words, and not tried again', async () => {
  const running = await start({ faults: [{ kind: 'auth-refused' }], speed: 1 })
  const { screen, massive } = running
  await eventually('down', () => screen.state() === 'down' || undefined)
  expect((await running.readFeed()).note).toBe('Massive does not know this API key')
  await eventually('told', () => screen.alerts().some((text) => text.includes('the key is not known')) || undefined)
  const { connections } = massive.counts()
  expect(connections).toBe(1)
}, 60_000)
