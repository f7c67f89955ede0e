import type { Bar } from '../market/bar.ts'

/** A turning point. `at` is the bar's open time; it became known only with the bar at `knownAt` (its open time). */
export type Swing = {
  readonly kind: 'high' | 'low'
  readonly price: number
  readonly at: number
  readonly knownAt: number
  /** When price first traded beyond it, undefined until then (there from the start, so that swings keep one shape). */
  readonly takenAt?: number | undefined
}

/** How far a price lies beyond a level, in points: above a high, below a low. */
export const past = (kind: Swing['kind'], price: number, level: number): number =>
  kind === 'high' ? price - level : level - price

/** A bar's price on the side of a high or of a low. */
export const furthest = (kind: Swing['kind'], { high, low }: Pick<Bar, 'high' | 'low'>): number =>
  kind === 'high' ? high : low

/** The last 2n+1 bars, oldest first, and the turns the newest of them made known. */
export type SwingState = { readonly window: readonly Bar[]; readonly confirmed: readonly Swing[] }

const none: readonly Swing[] = []

const standsOut = (window: readonly Bar[], middle: Bar, kind: Swing['kind']): boolean => {
  for (const other of window) {
    if (other === middle) continue
    if (kind === 'high' ? other.high >= middle.high : other.low <= middle.low) return false
  }
  return true
}

/** The turns of the window's middle bar. */
const turnsOf = (window: readonly Bar[], middle: Bar, knownAt: number): readonly Swing[] => {
  const isHigh = standsOut(window, middle, 'high')
  const isLow = standsOut(window, middle, 'low')
  if (!isHigh && !isLow) return none
  const stamp = { at: middle.time, knownAt, takenAt: undefined }
  const turns: Swing[] = []
  if (isHigh) turns.push({ kind: 'high', price: middle.high, ...stamp })
  if (isLow) turns.push({ kind: 'low', price: middle.low, ...stamp })
  return turns
}

/** The window one bar on: one copy, shifted in place. */
const shift = (window: readonly Bar[], bar: Bar): readonly Bar[] => {
  const next = window.slice()
  for (let i = 1; i < next.length; i++) next[i - 1] = next[i] as Bar
  next[next.length - 1] = bar
  return next
}

/** A bar whose high (low) is strictly beyond those of `n` bars on each side; `confirmed` holds what the last bar made known. */
export const swings = (n = 3) => ({
  initial: { window: [], confirmed: none } as SwingState,
  step: ({ window: before }: SwingState, bar: Bar): SwingState => {
    const window = before.length > 2 * n ? shift(before, bar) : [...before, bar]
    const middle = window[n]
    const confirmed = window.length <= 2 * n || middle === undefined ? none : turnsOf(window, middle, bar.time)
    return { window, confirmed }
  },
})
