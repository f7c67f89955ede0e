import type { Stage, Strategy } from '../strategy.ts'
import { exitSpace, playAtMarket, type Signals, signalsOf } from './entry-signals.ts'

const space = {
  length: { words: 'Moves in a pattern', default: 8, kind: 'range', from: 4, to: 12, step: 2 },
  decay: { words: 'Memory kept at each meeting', default: 0.98, kind: 'choice', of: [0.9, 0.95, 0.98, 0.99, 1] },
  threshold: { words: 'Acts above', default: 0.6, kind: 'range', from: 0.55, to: 0.8, step: 0.05 },
  ...exitSpace,
} as const

/** The chance that the next move is up at each close, as the fold of `baseline/asmbtr` says it with its own decay; NaN until warm. */
export const chancesOf = (close: Float64Array, length: number, decay: number): Float64Array => {
  const chances = new Float64Array(close.length).fill(Number.NaN)
  const up = new Float64Array(1 << length)
  const down = new Float64Array(1 << length)
  const mask = (1 << length) - 1
  let bits = 0
  let moves = 0
  for (let i = 0; i < close.length; i++) {
    const move = (close[i] as number) - (close[i - 1] as number)
    if (move > 0 || move < 0) {
      const isUp = move > 0 ? 1 : 0
      if (moves < length) moves++
      else {
        up[bits] = (up[bits] as number) * decay + isUp
        down[bits] = (down[bits] as number) * decay + (1 - isUp)
      }
      bits = ((bits << 1) | isUp) & mask
    }
    if (moves < length) continue
    const [rose, fell] = [up[bits] as number, down[bits] as number]
    chances[i] = rose + fell === 0 ? 0.5 : rose / (rose + fell)
  }
  return chances
}

const chances = (stage: Stage, length: number, decay: number, threshold: number): Signals => {
  const { memo, history } = stage
  const up = memo(`asmbtr:${length}:${decay}`, () => chancesOf(history.columns.close, length, decay))
  return signalsOf(stage, (i) => ((up[i] as number) > threshold ? 1 : 1 - (up[i] as number) > threshold ? -1 : 0))
}

/** What followed the same pattern of moves before says what comes next. */
export const asmbtr: Strategy<typeof space> = {
  name: 'asmbtr',
  title: 'ASMBTR',
  words: 'Follows what the same run of up and down moves was followed by before, when that was one way often enough.',
  space,
  baseline: false,
  prepare: () => ({}),
  play: (stage, { length, decay, threshold, ...exits }) =>
    playAtMarket(
      stage,
      stage.memo(`asmbtr:${length}:${decay}:${threshold}`, () => chances(stage, length, decay, threshold)),
      exits,
    ),
}
