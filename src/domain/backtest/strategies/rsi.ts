import { rsiOf } from '../../indicators/columns.ts'
import type { Stage, Strategy } from '../strategy.ts'
import { exitSpace, playAtMarket, type Signals, signalsOf } from './entry-signals.ts'

const space = {
  length: { words: 'RSI length, bars', default: 14, kind: 'range', from: 7, to: 28, step: 7 },
  low: { words: 'Oversold below', default: 30, kind: 'range', from: 15, to: 40, step: 5 },
  high: { words: 'Overbought above', default: 70, kind: 'range', from: 60, to: 85, step: 5 },
  ...exitSpace,
} as const

/** Closes at which the RSI comes back from beyond its lines. */
const returns = (stage: Stage, length: number, low: number, high: number): Signals => {
  const { memo, history } = stage
  const { close } = history.columns
  const rsi = memo(`rsi:${length}`, () => rsiOf(close, length))
  return signalsOf(stage, (i) => {
    const [before, now] = [rsi[i - 1] as number, rsi[i] as number]
    return before < low && now >= low ? 1 : before > high && now <= high ? -1 : 0
  })
}

/** A yardstick: trades back from an RSI that was stretched. */
export const rsi: Strategy<typeof space> = {
  name: 'rsi',
  title: 'RSI comes back',
  words: 'Buys when the RSI comes back from below the lower line, sells when it comes back from above the upper one.',
  space,
  baseline: true,
  prepare: () => ({}),
  play: (stage, { length, low, high, ...exits }) =>
    playAtMarket(
      stage,
      stage.memo(`rsi:${length}:${low}:${high}`, () => returns(stage, length, low, high)),
      exits,
    ),
}
