import type { Bar } from '../market/bar.ts'

/** A turning point. `at` is the bar's open time; it became known only with the bar at `knownAt` (its open time). */
export type Swing = {
  readonly kind: 'high' | 'low'
  readonly price: number
  readonly at: number
  readonly knownAt: number
}

export type SwingState = { readonly window: readonly Bar[]; readonly confirmed: readonly Swing[] }

/** A bar whose high (low) is strictly beyond those of `n` bars on each side; `confirmed` holds what the last bar made known. */
export const swings = (n = 3) => ({
  initial: { window: [], confirmed: [] } as SwingState,
  step: ({ window: before }: SwingState, bar: Bar): SwingState => {
    const window = before.length > 2 * n ? [...before.slice(1), bar] : [...before, bar]
    const middle = window[n]
    if (window.length <= 2 * n || middle === undefined) return { window, confirmed: [] }
    const others = window.filter((each) => each !== middle)
    const confirmed: Swing[] = []
    const stamp = { at: middle.time, knownAt: bar.time }
    if (others.every(({ high }) => high < middle.high)) confirmed.push({ kind: 'high', price: middle.high, ...stamp })
    if (others.every(({ low }) => low > middle.low)) confirmed.push({ kind: 'low', price: middle.low, ...stamp })
    return { window, confirmed }
  },
})
