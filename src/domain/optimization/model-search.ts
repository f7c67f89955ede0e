import type { Axis, Point } from './grid.ts'
import { drawFresh, nameOf } from './random-search.ts'

/** Sets drawn from where things went well, of which the most promising one is tried. */
const candidates = 24
/** The share of what was tried that counts as having gone well, and the most there can be of it. */
const goodShare = 0.15
const goodMost = 25

/** A point tried and what it scored, higher is better; NaN could not be judged and counts as the worst. */
export type Tried = { readonly point: Point; readonly score: number }

/** The chances of every place on an axis (columns) as an observation at one of them (row) lets expect, row by row. */
type Kernel = Float64Array

/** A cloud of observations with the kernel of each axis that spreads them. */
type Cloud = { readonly points: Point[]; readonly kernels: readonly Kernel[] }

const normalized = (weights: Float64Array): Float64Array => {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/**
 * Scott's rule: what is spread narrows with n^(−1/(d+4)). A range spreads as a normal cut off at its ends, a choice keeps its
 * own value or takes any (Aitchison & Aitken 1976).
 */
const kernelOf = ({ kind, values }: Axis, narrowing: number): Kernel => {
  const size = values.length
  const width = Math.max(0.6, 0.2 * size * narrowing)
  const rowOf = (own: number): Float64Array =>
    normalized(
      Float64Array.from(values, (_, place) =>
        kind === 'range'
          ? Math.exp(-0.5 * ((place - own) / width) ** 2)
          : (place === own ? 1 - 0.5 * narrowing : 0) + (0.5 * narrowing) / size,
      ),
    )
  const kernel = new Float64Array(size * size)
  for (let own = 0; own < size; own++) kernel.set(rowOf(own), own * size)
  return kernel
}

const cloudOf = (axes: readonly Axis[], points: Point[]): Cloud => {
  const narrowing = Math.max(1, points.length) ** (-1 / (axes.length + 4))
  return { points, kernels: axes.map((axis) => kernelOf(axis, narrowing)) }
}

/** How likely a cloud makes a point; a uniform prior weighs as much as one observation. */
const densityOf = (sizes: readonly number[], { points, kernels }: Cloud, point: Point): number => {
  let sum = sizes.reduce((chance, size) => chance / size, 1)
  for (const center of points) {
    let chance = 1
    for (let i = 0; i < sizes.length; i++) {
      const row = (center[i] as number) * (sizes[i] as number)
      chance *= (kernels[i] as Kernel)[row + (point[i] as number)] as number
    }
    sum += chance
  }
  return sum / (points.length + 1)
}

const drawPlace = (chances: Float64Array, random: () => number): number => {
  let left = random()
  for (let place = 0; place < chances.length - 1; place++) {
    left -= chances[place] as number
    if (left < 0) return place
  }
  return chances.length - 1
}

/** A point from a cloud: near one of its observations, or anywhere when the prior is drawn. */
const drawFrom = (sizes: readonly number[], { points, kernels }: Cloud, random: () => number): Point => {
  const center = points[Math.floor(random() * (points.length + 1))]
  return sizes.map((size, i) => {
    if (center === undefined) return Math.floor(random() * size)
    const row = (center[i] as number) * size
    return drawPlace((kernels[i] as Kernel).subarray(row, row + size), random)
  })
}

const worth = ({ score }: Tried): number => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score)

/**
 * Proposes `count` untried points by the tree-structured Parzen estimator: those that raise most the ratio of the density of
 * what went well to the density of the rest, which is the order of expected improvement. Bergstra, Bardenet, Bengio & Kégl
 * (2011), "Algorithms for Hyper-Parameter Optimization"; one kernel over all axes together, as Falkner, Klein & Hutter (2018).
 * Points proposed together count as gone badly for each other ("constant liar"), so that a round does not crowd.
 */
export const proposeByModel = (
  axes: readonly Axis[],
  tried: readonly Tried[],
  count: number,
  random: () => number,
): readonly Point[] => {
  // What equals in score stays in the order it was tried, so that every machine sees the same.
  const ranked = [...tried].sort((a, b) => worth(b) - worth(a) || 0).map(({ point }) => point)
  const goods = Math.min(goodMost, Math.ceil(goodShare * ranked.length))
  const good = cloudOf(axes, ranked.slice(0, goods))
  const bad = cloudOf(axes, ranked.slice(goods))
  const sizes = axes.map(({ values }) => values.length)
  const known = new Set(ranked.map(nameOf))
  return Array.from({ length: count }, () => {
    let best: Point | undefined
    let bestRatio = Number.NEGATIVE_INFINITY
    for (let i = 0; i < candidates; i++) {
      const point = drawFrom(sizes, good, random)
      if (known.has(nameOf(point))) continue
      const ratio = densityOf(sizes, good, point) / densityOf(sizes, bad, point)
      if (ratio > bestRatio) {
        best = point
        bestRatio = ratio
      }
    }
    const chosen = best ?? drawFresh(axes, known, random)
    known.add(nameOf(chosen))
    bad.points.push(chosen)
    return chosen
  })
}
