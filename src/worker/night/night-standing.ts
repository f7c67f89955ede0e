import { lostRun, type Run } from '#src/adapters/db/runs.ts'
import type { NightStep, StepReading } from '#src/domain/lab-reading.ts'
import { stoppedRun } from '../held-run.ts'

/** Times a step is tried before it is given up. */
export const mostTries = 3

/** The job of a step in `runs`. */
export const jobOf = (step: NightStep): string => `night:${step}`

/** What a run came to, or why it failed. */
const wordsOf = (run: Run | undefined): string =>
  typeof run?.detail === 'string' ? run.detail : String((run?.detail as { reason?: string } | undefined)?.reason ?? '')

/** A run that was stopped, or whose process died, says nothing against its step. */
const hasFailed = (run: Run): boolean => run.state === 'failed' && ![stoppedRun, lostRun].includes(wordsOf(run))

/** How far a step is by the runs of its night, whoever did them. */
export const standingOf = (
  step: NightStep,
  runs: readonly Run[],
): Pick<StepReading, 'state' | 'words' | 'tries'> & { readonly endedAt?: number } => {
  const own = runs.filter(({ job }) => job === jobOf(step))
  const failed = own.filter(hasFailed)
  const tries = failed.length
  const done = own.find(({ state }) => state === 'done')
  if (done !== undefined) return { state: 'done', words: wordsOf(done), tries, endedAt: done.endedAt ?? 0 }
  if (own.some(({ state }) => state === 'running')) return { state: 'running', words: '', tries }
  return { state: tries >= mostTries ? 'failed' : 'waiting', words: wordsOf(failed.at(-1)), tries }
}
