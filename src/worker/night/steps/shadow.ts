import { outcomesAfter } from '#src/adapters/db/outcomes.ts'
import { shadowWords } from '#src/domain/night/step-words.ts'
import { pause } from '../../pause.ts'
import type { StepWork } from '../night.ts'
import { type NightDeps, Stopped } from '../night-deps.ts'

/** A first night plays half a year: whoever looks on sees it move. */
const tellEveryMs = 2_000

/** More cards than six markets draw on a date. */
const mostCards = 1_000

/** Rejects when the signal is aborted: what cannot be stopped itself is no longer waited for. */
const untilStopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void => reject(new Stopped('the step was stopped'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })

/** Plays the day's cards to their end, whether anybody took them or not. */
export const shadow =
  ({ db, method, playShadows, calibration, schedule }: NightDeps): StepWork =>
  async ({ night: { tradeDate }, signal, tell }) => {
    const over = new AbortController()
    const watch = async (): Promise<void> => {
      for (const ended = AbortSignal.any([signal, over.signal]); !ended.aborted; )
        await pause(tellEveryMs, schedule, ended).then(() => tell(calibration()?.job.progress ?? 0, ''))
    }
    void watch()
    await Promise.race([playShadows(), untilStopped(signal)]).finally(() => over.abort())
    if (calibration()?.job.state === 'failed') throw new Error('past cards could not be worked out')
    return shadowWords(await outcomesAfter(db, method, { after: tradeDate, until: tradeDate, limit: mostCards }))
  }
