import { benjaminiHochberg } from '../optimization/false-discovery.ts'
import type { StudyResult } from '../optimization/study-result.ts'

/** Of all challengers that are crowned, and of all sets that stand against chance, so many may owe it to chance. */
export const discoveryRate = 0.1

/** A study that is judged with others; without a result it was tried in vain, and counts as a test that failed. */
export type JudgedStudy = { readonly id: string; readonly result?: Pick<StudyResult, 'tests' | 'decision'> }

type Crowning = {
  readonly id: string
  /** The challenger takes over. */
  readonly crowned: boolean
  /** Why a challenger that had won was not crowned. */
  readonly overruled?: string
}

/** Tests made together, and of each study the q-value of its challenger among them. */
type Together = { readonly words: string; readonly q: readonly number[] }

/** Every set tried, over all dates. */
const amongSets = (studies: readonly JudgedStudy[]): Together => {
  const tried = studies.map(({ result }) => result?.tests.trials?.p ?? [1])
  const all = tried.flat()
  const { q } = benjaminiHochberg(all, discoveryRate)
  let before = 0
  const own = studies.map(({ result }, i) => {
    const challenger = before + (result?.tests.trials?.chosen ?? Number.NaN)
    before += tried[i]?.length ?? 0
    return q[challenger] ?? 1
  })
  return { words: `${all.length.toLocaleString('en-US')} sets tried`, q: own }
}

/** What each study's way of choosing made on dates it had not seen. */
const amongStudies = (studies: readonly JudgedStudy[]): Together => {
  const p = studies.map(({ result }) => result?.tests.permutation?.p ?? 1)
  return { words: `${studies.length} studies`, q: benjaminiHochberg(p, discoveryRate).q }
}

/**
 * Which challengers of studies judged together take over: those that won their own study and stand against chance twice, their
 * own set among all sets tried and their test on unseen dates among all studies (Benjamini & Hochberg 1995, q ≤ 0.10). One
 * more test that fails never crowns anybody. `of` says of what the studies are: 'the night'.
 */
export const crowningsOf = (studies: readonly JudgedStudy[], of: string): readonly Crowning[] => {
  const tests = [amongSets(studies), amongStudies(studies)]
  return studies.map(({ id, result }, i) => {
    if (result === undefined || result.decision.effective === null) return { id, crowned: false }
    const failed = tests.find(({ q }) => (q[i] ?? 1) > discoveryRate)
    if (failed === undefined) return { id, crowned: true }
    const chance = `among the ${failed.words} of ${of} chance does as well with ${(failed.q[i] ?? 1).toFixed(2)}`
    return {
      id,
      crowned: false,
      overruled: `kept: the challenger won, but ${chance}, at most ${discoveryRate.toFixed(2)} may be`,
    }
  })
}
