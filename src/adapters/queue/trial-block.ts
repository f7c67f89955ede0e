import { z } from 'zod'
import type { Parameters } from '#src/domain/optimization/search-space.ts'

const shape = z.strictObject({
  study: z.string().regex(/^[0-9a-f]{64}$/, 'must be the id of a study'),
  proposals: z
    .array(z.strictObject({ number: z.int().min(0), parameters: z.record(z.string(), z.number()) }))
    .min(1)
    .max(1_000),
})

/** Some trials of one study, done in one go; each number is computed the same by whoever takes it. */
export type TrialBlock = {
  readonly study: string
  readonly proposals: readonly { readonly number: number; readonly parameters: Parameters }[]
}

/** A block that no other try will make better. */
export class HopelessBlock extends Error {}

/** Reads a block off the queue; throws HopelessBlock naming every field that is wrong. */
export const parseBlock = (given: unknown): TrialBlock => {
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'block'}: ${message}`)
  throw new HopelessBlock(`not a block of trials: ${wrong.join('; ')}`)
}

/** Small enough that a stop is heard soon, large enough that the threads are not kept waiting by the database. */
const trialsAtOnce = 8

const stretchOf = (number: number): number => Math.floor(number / trialsAtOnce)

/**
 * Cuts trials into blocks, each within a fixed stretch of numbers: however often what is missing is cut anew, a block is the
 * one it was, with less to do.
 */
export const blocksOf = (study: string, proposals: TrialBlock['proposals']): readonly TrialBlock[] =>
  [...new Set(proposals.map(({ number }) => stretchOf(number)))].map((stretch) => ({
    study,
    proposals: proposals.filter(({ number }) => stretchOf(number) === stretch),
  }))

/** What a block is known by. */
export const blockId = ({ study, proposals: [first] }: TrialBlock): string =>
  `${study}-${stretchOf(first?.number ?? 0)}`
