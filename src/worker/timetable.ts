import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import type { Clock } from '#src/engine/ports.ts'

type Timetable = {
  readonly clock: Clock
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
  readonly cron?: typeof schedule
}

type Job = { readonly name: string; readonly times: readonly string[]; readonly run: () => void | Promise<void> }

/** After the exchange's close, weekdays, New York: what traded after the trader's day. The day itself is the night's. */
const historyTimes = ['10 17 * * 1-5']

/** Whether market time is the machine's: only then does a timetable of the machine's mean anything. */
export const isMachineTime = ({ now, wall, speed }: Clock): boolean => speed === 1 && Math.abs(now() - wall()) < 1_000

/** Calls back at times of New York's clock; never in a market whose clock is not the machine's. `run` never throws. */
export const onTimetable = ({ name, times, run, clock, log, cron = schedule }: Job & Timetable) => {
  const tasks = isMachineTime(clock)
    ? times.map((time) => cron(time, run, { name, timezone: 'America/New_York', noOverlap: true, logger: log }))
    : []
  return {
    stop: (): void => {
      for (const task of tasks) void task.destroy()
    },
  }
}

/** Has the history gone over at 17:10 New York on weekdays. */
export const scheduleHistory = ({ nightly, ...timetable }: Timetable & { readonly nightly: () => Promise<void> }) => {
  const run = (): Promise<void> =>
    nightly().catch((error: unknown) => timetable.log.error({ err: error }, 'The history could not be gone over'))
  return onTimetable({ name: 'history', times: historyTimes, run, ...timetable })
}
