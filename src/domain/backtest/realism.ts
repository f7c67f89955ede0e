import type { Terms } from './terms.ts'

/** What of the terms says how kind the market is to an order; what is not named is as usual. */
export type Realism = Partial<
  Pick<Terms, 'limitThrough' | 'latencyMs' | 'volumeShare' | 'slippageTicks' | 'spreadTicks' | 'path'>
>

/** The numbers each may be; those without a fraction are whole. */
export const realismRanges = {
  limitThrough: { least: 0, most: 20, whole: true },
  latencyMs: { least: 0, most: 60_000, whole: true },
  volumeShare: { least: 0.001, most: 1, whole: false },
  slippageTicks: { least: 0, most: 50, whole: true },
  spreadTicks: { least: 0, most: 50, whole: true },
} as const

export type RealismNumber = keyof typeof realismRanges

export const realismNumbers = Object.keys(realismRanges) as readonly RealismNumber[]

/** The order of prices within a bar, by name: whatever hurts first, or the extreme nearer to the open. */
export const paths = ['stop-first', 'nearest-extreme'] as const satisfies readonly Terms['path'][]

/** What of it differs from the usual terms: to name what is usual anyway is to ask for the same run. */
export const unusual = (realism: Realism, usual: Terms): Realism =>
  Object.fromEntries(Object.entries(realism).filter(([name, value]) => usual[name as keyof Realism] !== value))
