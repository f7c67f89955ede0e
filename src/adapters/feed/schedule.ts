/** Runs a function once after `ms` milliseconds; what it returns calls that off. */
export type Schedule = (run: () => void, ms: number) => () => void

/** How often a feed that makes its own time looks at the clock. */
export const pumpMs = 100

/** Longest a feed works on at a stretch when it is behind, so that pages and timers get their turn. */
export const turnMs = 25
