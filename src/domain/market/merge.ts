import { finalities, type RecordedBar } from './bar.ts'

const rank = ({ finality }: RecordedBar): number => finalities.indexOf(finality)

const tieBreak = (bar: RecordedBar): string => [bar.source, bar.close, bar.volume, bar.high, bar.low, bar.open].join()

/**
 * Whether `candidate` replaces `held` for the same minute: the later finality wins, then the newer `asOf`.
 * A last tie is broken by content alone, so that the outcome never depends on the order of arrival.
 */
export const supersedes = (candidate: RecordedBar, held: RecordedBar): boolean => {
  if (rank(candidate) !== rank(held)) return rank(candidate) > rank(held)
  if (candidate.asOf !== held.asOf) return candidate.asOf > held.asOf
  return tieBreak(candidate) > tieBreak(held)
}

/** Merges bars that arrived late into those held; ascending in time, one bar a minute. Order of arrival does not matter. */
export const mergeBars = (held: readonly RecordedBar[], late: readonly RecordedBar[]): readonly RecordedBar[] => {
  const byTime = new Map<number, RecordedBar>()
  for (const bar of [...held, ...late]) {
    const known = byTime.get(bar.time)
    if (known === undefined || supersedes(bar, known)) byTime.set(bar.time, bar)
  }
  return [...byTime.values()].sort((a, b) => a.time - b.time)
}
