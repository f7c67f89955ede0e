import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import type { Clock } from '#src/engine/ports.ts'

/** After the trader's day, and after the exchange's close; weekdays, New York. */
const times = ['15 12 * * 1-5', '10 17 * * 1-5']

type Options = {
  readonly keeper: { readonly nightly: () => Promise<void> }
  readonly clock: Clock
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
  readonly cron?: typeof schedule
}

/** Whether market time is the machine's: only then does a timetable of the machine's mean anything. */
const isMachineTime = ({ now, wall, speed }: Clock): boolean => speed === 1 && Math.abs(now() - wall()) < 1_000

/** Has the history gone over at 12:15 and 17:10 New York on weekdays; never in a market whose clock is not the machine's. */
export const scheduleNight = ({ keeper, clock, log, cron = schedule }: Options): { readonly stop: () => void } => {
  const goOver = (): Promise<void> =>
    keeper.nightly().catch((error: unknown) => log.error({ err: error }, 'The history could not be gone over'))
  const tasks = isMachineTime(clock)
    ? times.map((time) =>
        cron(time, goOver, { name: 'history', timezone: 'America/New_York', noOverlap: true, logger: log }),
      )
    : []
  return {
    stop: () => {
      for (const task of tasks) void task.destroy()
    },
  }
}
