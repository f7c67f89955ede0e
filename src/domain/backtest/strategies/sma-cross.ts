import { smaOf } from '../../indicators/columns.ts'
import type { Stage, Strategy } from '../strategy.ts'
import { exitSpace, playAtMarket, type Signals, signalsOf } from './entry-signals.ts'

const space = {
  fast: { words: 'Fast average, bars', default: 10, kind: 'range', from: 5, to: 25, step: 5 },
  slow: { words: 'Slow average, bars', default: 30, kind: 'range', from: 30, to: 90, step: 15 },
  ...exitSpace,
} as const

/** Closes at which the fast average comes to lie beyond the slow one. */
const crosses = (stage: Stage, fast: number, slow: number): Signals => {
  const { memo, history } = stage
  const { close } = history.columns
  const quick = memo(`sma:${fast}`, () => smaOf(close, fast))
  const steady = memo(`sma:${slow}`, () => smaOf(close, slow))
  return signalsOf(stage, (i) => {
    const apart = (quick[i] as number) - (steady[i] as number)
    const before = (quick[i - 1] as number) - (steady[i - 1] as number)
    return apart > 0 && before <= 0 ? 1 : apart < 0 && before >= 0 ? -1 : 0
  })
}

/** A yardstick: trades with the fast average of the closes when it crosses the slow one. */
export const smaCross: Strategy<typeof space> = {
  name: 'sma-cross',
  title: 'Moving averages cross',
  words: 'Buys when the fast average of the closes crosses above the slow one, sells when it crosses below.',
  space,
  baseline: true,
  prepare: () => ({}),
  play: (stage, { fast, slow, ...exits }) =>
    playAtMarket(
      stage,
      stage.memo(`sma-cross:${fast}:${slow}`, () => crosses(stage, fast, slow)),
      exits,
    ),
}
