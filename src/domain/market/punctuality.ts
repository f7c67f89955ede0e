/** How late events come. It changes in place: every event passes through it. */
export type Punctuality = {
  /** Smallest delay of each of the last 60 seconds of wall time, ms, by second modulo 60. */
  readonly least: Float64Array
  /** The second being filled, counted from 1970, and its largest delay. */
  second: number
  most: number
  /** Bounds of how far this machine's clock is ahead of a server's, ms; absent before a server told its time. */
  ahead: { readonly from: number; readonly to: number } | undefined
}

const kept = 60

/** Starts with nothing heard. */
export const startPunctuality = (): Punctuality => ({
  least: new Float64Array(kept).fill(Number.POSITIVE_INFINITY),
  second: 0,
  most: Number.NEGATIVE_INFINITY,
  ahead: undefined,
})

const turnSecond = (state: Punctuality, second: number): void => {
  const skipped = Math.min(kept, second - state.second)
  for (let i = 0; i < skipped; i++) state.least[(second - i) % kept] = Number.POSITIVE_INFINITY
  state.second = second
  state.most = Number.NEGATIVE_INFINITY
}

/** Notes when an event happened and when it was received (epoch ms, the exchange's clock and this machine's). */
export const arrive = (state: Punctuality, eventTime: number, receivedTime: number): void => {
  const second = Math.floor(receivedTime / 1000)
  // A machine's clock that was set back begins anew: its past seconds are in the future now.
  if (second < state.second) state.least.fill(Number.POSITIVE_INFINITY)
  if (second !== state.second) turnSecond(state, second)
  const delay = receivedTime - eventTime
  const at = second % kept
  if (delay < (state.least[at] as number)) state.least[at] = delay
  if (delay > state.most) state.most = delay
}

/**
 * Notes a server's own time, `serverMs`, in whole seconds as an HTTP Date header gives it, and this machine's before and
 * after the request (Cristian's algorithm): the server cut its second somewhere between the two. Bounds of several answers
 * narrow each other down; when they contradict, the clock was set, and the newest counts.
 */
export const serverTime = (state: Punctuality, serverMs: number, wallBefore: number, wallAfter: number): void => {
  const from = wallBefore - serverMs - 1000
  const to = wallAfter - serverMs
  const { ahead = { from, to } } = state
  const narrowed = { from: Math.max(from, ahead.from), to: Math.min(to, ahead.to) }
  state.ahead = narrowed.from <= narrowed.to ? narrowed : { from, to }
}

/** The smallest delay of the last minute, ms: the way from the exchange, and whatever the machine's clock is off. */
const usualDelayMs = ({ least }: Punctuality): number => Math.min(...least)

/** The smallest delay of the last minute where there is one, 0 where nothing was heard, ms: what the market's news is behind. */
export const behindMs = (state: Punctuality): number => {
  const usual = usualDelayMs(state)
  return Number.isFinite(usual) ? Math.max(0, usual) : 0
}

/** How far events of the newest second heard in came later than the usual, at most, ms; undefined before the first. */
export const lagMs = (state: Punctuality): number | undefined =>
  state.second === 0 ? undefined : state.most - usualDelayMs(state)

/**
 * How far this machine's clock is ahead, negative when behind, ms: an estimate, the middle of what servers told, and never
 * more than the smallest delay, for nothing is received before it happened. Undefined while nothing tells.
 */
export const skewMs = (state: Punctuality): number | undefined => {
  const usual = usualDelayMs(state)
  if (state.ahead === undefined) return usual < 0 ? usual : undefined
  return Math.min(usual, (state.ahead.from + state.ahead.to) / 2)
}
