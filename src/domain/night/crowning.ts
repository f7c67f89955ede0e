import { benjaminiHochberg } from '../optimization/false-discovery.ts'
import type { StudyResult } from '../optimization/study-result.ts'

/** Of all challengers a night crowns, so many may owe it to chance. */
const rate = 0.1

/** A study of the night; without a result it was tried in vain, and counts as a test that failed. */
export type NightStudy = { readonly id: string; readonly result?: Pick<StudyResult, 'tests' | 'decision'> }

type Crowning = {
  readonly id: string
  /** The challenger takes over. */
  readonly crowned: boolean
  /** Why a challenger that had won was not crowned. */
  readonly overruled?: string
}

/**
 * Which challengers of a night take over: those that won their own study and whose test against chance stands among all that
 * were tested that night (Benjamini & Hochberg 1995, q ≤ 0.10). One more test that fails never crowns anybody.
 */
export const crowningsOf = (studies: readonly NightStudy[]): readonly Crowning[] => {
  const p = studies.map(({ result }) => result?.tests.permutation?.p ?? 1)
  const { q, accepted } = benjaminiHochberg(p, rate)
  return studies.map(({ id, result }, i) => {
    if (result === undefined || result.decision.effective === null) return { id, crowned: false }
    if (accepted.includes(i)) return { id, crowned: true }
    const chance = `among the ${studies.length} studies of the night chance does as well with ${(q[i] ?? 1).toFixed(2)}`
    return {
      id,
      crowned: false,
      overruled: `kept: the challenger won, but ${chance}, at most ${rate.toFixed(2)} may be`,
    }
  })
}
