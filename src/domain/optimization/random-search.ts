import type { Axis, Point } from './grid.ts'

/** A point as a key of a set. */
export const nameOf = (point: Point): string => point.join(' ')

/** A point drawn uniformly from those not in `tried`, and put there; the caller sees to it that one is left. */
export const drawFresh = (axes: readonly Axis[], tried: Set<string>, random: () => number): Point => {
  for (;;) {
    const point = axes.map(({ values }) => Math.floor(random() * values.length))
    if (tried.has(nameOf(point))) continue
    tried.add(nameOf(point))
    return point
  }
}
