import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import type { Clock } from '#src/engine/ports.ts'

/** After the trader's day, and after the exchange's close; weekdays, New York. */
const historyTimes = ['15 12 * * 1-5', '10 17 * * 1-5']
/** Once the history of the day has been gone over. */
const shadowTimes = ['40 17 * * 1-5']

type Timetable = {
  readonly clock: Clock
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
  readonly cron?: typeof schedule
}

type Job = { readonly name: string; readonly times: readonly string[]; readonly run: () => Promise<void> }

/** Whether market time is the machine's: only then does a timetable of the machine's mean anything. */
const isMachineTime = ({ now, wall, speed }: Clock): boolean => speed === 1 && Math.abs(now() - wall()) < 1_000

const plan = ({ name, times, run }: Job, { clock, log, cron = schedule }: Timetable): { readonly stop: () => void } => {
  const tasks = isMachineTime(clock)
    ? times.map((time) => cron(time, run, { name, timezone: 'America/New_York', noOverlap: true, logger: log }))
    : []
  return {
    stop: () => {
      for (const task of tasks) void task.destroy()
    },
  }
}

/** Has the history gone over at 12:15 and 17:10 New York on weekdays; never in a market whose clock is not the machine's. */
export const scheduleNight = ({
  keeper,
  ...timetable
}: Timetable & { readonly keeper: { readonly nightly: () => Promise<void> } }): { readonly stop: () => void } => {
  const run = (): Promise<void> =>
    keeper
      .nightly()
      .catch((error: unknown) => timetable.log.error({ err: error }, 'The history could not be gone over'))
  return plan({ name: 'history', times: historyTimes, run }, timetable)
}

/** Has the day's cards judged at 17:40 New York on weekdays; `run` never throws. Elsewhere only a start does that. */
export const scheduleShadow = ({
  run,
  ...timetable
}: Timetable & { readonly run: () => Promise<void> }): { readonly stop: () => void } =>
  plan({ name: 'shadow', times: shadowTimes, run }, timetable)
