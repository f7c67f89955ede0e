import { minuteMs } from '../../market/bar.ts'
import type { Stage, Strategy } from '../strategy.ts'
import { exitSpace, playAtMarket, type Signals, signalsOf } from './entry-signals.ts'

const space = {
  seed: { words: 'Seed', default: 1, kind: 'range', from: 1, to: 1000, step: 1 },
  minutes: { words: 'Minutes between entries, on average', default: 60, kind: 'choice', of: [15, 30, 60, 120] },
  ...exitSpace,
} as const

/** Every bit of the input reaches every bit of the answer: MurmurHash3's finalizer. */
const mix = (key: number): number => {
  let h = key
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Chance of a minute, wholly fixed by the seed and the minute: uniform in [0, 1). */
const chanceAt = (seed: number, time: number): number =>
  mix(mix(Math.imul(seed, 0x9e3779b1)) ^ Math.imul(time / minuteMs, 0x85ebca77)) / 2 ** 32

/** The coin is the place within the share of minutes that are drawn at all. */
const draws = (stage: Stage, seed: number, minutes: number): Signals => {
  const { time } = stage.history.columns
  return signalsOf(stage, (i) => {
    const chance = chanceAt(seed, time[i] as number) * minutes
    return chance < 0.5 ? 1 : chance < 1 ? -1 : 0
  })
}

/** The control of every other strategy: entries by chance, with the same stop and target. */
export const randomEntry: Strategy<typeof space> = {
  name: 'random-entry',
  title: 'Entries by chance',
  words:
    'Buys or sells at random, with the same stop and target as the others: what is not better than this knows nothing.',
  space,
  baseline: true,
  prepare: () => ({}),
  play: (stage, { seed, minutes, ...exits }) =>
    playAtMarket(
      stage,
      stage.memo(`random-entry:${seed}:${minutes}`, () => draws(stage, seed, minutes)),
      exits,
    ),
}
