import { defaultBoundaries, phaseAt } from '../../instruments/phase.ts'
import { minuteMs } from '../../market/bar.ts'
import type { History } from '../history.ts'

/** One trader's day in a history: midnight in New York (epoch ms), its first bar, and the first bar at or after flat-by. */
export type Morning = { readonly midnight: number; readonly first: number; readonly end: number }

/** The minute of New York's day at which everything must be flat, unless another is said. */
export const { flatBy } = defaultBoundaries

/** The mornings of a history on which the trader works, in order: a holiday that counts to another date has none. */
export const morningsOf = ({ columns: { time }, minute }: History, until = flatBy): readonly Morning[] => {
  const mornings: Morning[] = []
  let midnight = Number.NaN
  let first = -1
  const close = (end: number): void => {
    if (first >= 0) mornings.push({ midnight, first, end })
    first = -1
  }
  for (let i = 0; i < time.length; i++) {
    const at = time[i] as number
    const day = at - (minute[i] as number) * minuteMs
    const isMorning = (minute[i] as number) < until
    if (isMorning && day === midnight) continue
    close(i)
    midnight = isMorning ? day : Number.NaN
    if (isMorning && phaseAt(at, defaultBoundaries).phase !== 'OFF-HOURS') first = i
  }
  close(time.length)
  return mornings
}
