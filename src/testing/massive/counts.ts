/** What the stand-in has seen and told since its start. */
export type Counts = {
  /** Sockets accepted, and how many are open now. */
  connections: number
  open: number
  authenticated: number
  /** Connections thrown out because another took their place, and those whose reader was too slow. */
  kicked: number
  tooSlow: number
  /** Subscriptions sent before the key was accepted; they are ignored. */
  tooEarly: number
  frames: number
  /** Events told, by kind. */
  events: { T: number; Q: number; A: number; AM: number }
  garbage: number
  /** REST answers by status. */
  answers: Record<number, number>
}

/** Creates counts of nothing. */
export const createCounts = (): Counts => ({
  connections: 0,
  open: 0,
  authenticated: 0,
  kicked: 0,
  tooSlow: 0,
  tooEarly: 0,
  frames: 0,
  events: { T: 0, Q: 0, A: 0, AM: 0 },
  garbage: 0,
  answers: {},
})
