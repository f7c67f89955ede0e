import { expect, test, vi } from 'vitest'
import { createClock, machineTime } from '#src/adapters/clock.ts'
import { scheduleHistory } from './timetable.ts'

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const machine = createClock(machineTime(), 1)

const createCron = () => {
  const tasks: { readonly time: string; readonly run: () => Promise<void>; readonly timezone: unknown }[] = []
  const destroy = vi.fn()
  const cron = ((time: string, run: () => Promise<void>, { timezone }: { timezone: unknown }) => {
    tasks.push({ time, run, timezone })
    return { destroy }
  }) as never
  return { cron, tasks, destroy }
}

test('the history is gone over after the close on weekdays, by the clock of New York', async () => {
  const { cron, tasks, destroy } = createCron()
  const nightly = vi.fn(async () => {})
  const history = scheduleHistory({ nightly, clock: machine, log, cron })
  expect(tasks.map(({ time, timezone }) => [time, timezone])).toEqual([['10 17 * * 1-5', 'America/New_York']])
  await tasks[0]?.run()
  expect(nightly).toHaveBeenCalledOnce()
  history.stop()
  expect(destroy).toHaveBeenCalledOnce()
})

test('a night that fails is told and does no harm', async () => {
  const { cron, tasks } = createCron()
  const error = vi.fn()
  const nightly = async () => {
    throw new Error('the database is gone')
  }
  scheduleHistory({ nightly, clock: machine, log: { ...log, error }, cron })
  await tasks[0]?.run()
  expect(error).toHaveBeenCalledOnce()
})

test('a market with a clock of its own has no nights', () => {
  const { cron, tasks } = createCron()
  const nightly = async () => {}
  scheduleHistory({ nightly, clock: createClock(machineTime(), 20), log, cron })
  scheduleHistory({ nightly, clock: createClock(machineTime() - 86_400_000, 1), log, cron })
  expect(tasks).toEqual([])
})

test('the real timetable is understood and can be ended', () => {
  const history = scheduleHistory({ nightly: async () => {}, clock: machine, log })
  history.stop()
})
