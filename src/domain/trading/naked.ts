/** After a fill, its stop is on the way. */
const settlingMs = 1_000
const toleratedMs = 2_000

/** Since when (wall clock) a position is without stops for all of it; undefined while it has them or is flat. */
export type Uncovered = number | undefined

/**
 * Folds whether stops cover the whole position. The count begins when they no longer do, but not within a second of a fill;
 * once it runs, a further fill does not set it back.
 */
export const watchCover = (
  since: Uncovered,
  now: { readonly held: number; readonly covered: number; readonly filledAt: number; readonly wall: number },
): Uncovered => {
  if (now.held === 0 || now.covered >= now.held) return undefined
  return since ?? Math.max(now.wall, now.filledAt + settlingMs)
}

/** Whether that has lasted for more than two seconds, so that the position counts as naked. */
export const isNaked = (since: Uncovered, wall: number): boolean => since !== undefined && wall - since > toleratedMs
