import type { PackedTrial } from '#src/adapters/db/studies.ts'
import { unpackDays } from '#src/adapters/packed-days.ts'
import type { Trial } from '#src/domain/optimization/trial.ts'

/** Trials in a few large pieces: to hand over thousands of small ones costs the thread that does it tens of milliseconds. */
export type TrialBundle = {
  readonly numbers: Int32Array
  readonly names: readonly string[]
  /** Of each trial, one value a name. */
  readonly values: Float64Array
  /** Where the days of each trial end in `days`. */
  readonly ends: Int32Array
  readonly days: Uint8Array
}

/**
 * Bundles trials of one study, whose sets all have the same names. They come back in one order, whether a set was just
 * proposed or read from the database, which keeps another: what is concluded is the same to the byte.
 */
export const bundleTrials = (trials: readonly PackedTrial[]): TrialBundle => {
  const names = Object.keys(trials[0]?.parameters ?? {}).sort()
  const values = new Float64Array(trials.length * names.length)
  const ends = new Int32Array(trials.length)
  let end = 0
  trials.forEach(({ parameters, packed }, i) => {
    names.forEach((name, j) => {
      values[i * names.length + j] = parameters[name] ?? Number.NaN
    })
    end += packed.length
    ends[i] = end
  })
  const days = new Uint8Array(end)
  trials.forEach(({ packed }, i) => void days.set(packed, (ends[i] as number) - packed.length))
  return { numbers: Int32Array.from(trials, ({ number }) => number), names, values, ends, days }
}

/** The trials of a bundle. */
export const openBundle = ({ numbers, names, values, ends, days }: TrialBundle): readonly Trial[] =>
  Array.from(numbers, (number, i) => ({
    number,
    parameters: Object.fromEntries(names.map((name, j) => [name, values[i * names.length + j] as number])),
    days: unpackDays(days.subarray(ends[i - 1] ?? 0, ends[i])),
  }))
