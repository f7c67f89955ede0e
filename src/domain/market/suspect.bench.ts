import type { Row } from '#src/testing/bench.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { screen, startScreen } from './suspect.ts'
import type { Tick } from './tick.ts'

export const name = 'suspect prints'

const count = 1_000_000

/** Trades that walk a tick at a time, one in a thousand of them far off. */
const ticks = (): readonly Tick[] => {
  let price = 41_200
  return Array.from({ length: count }, (_, i) => {
    price += ((i * 2_654_435_761) >>> 30) - 1.5 > 0 ? 1 : -1
    const eventTime = 1_795_000_000_000 + 20 * i
    return {
      instrument: 'MGC',
      eventTime,
      receivedTime: eventTime,
      price: (price + (i % 1000 ? 0 : 500)) / 10,
      size: 1,
    }
  })
}

export const run = async (): Promise<Row[]> => {
  const tape = ticks()
  let best = 0
  let passed = 0
  for (let round = 0; round < 5; round++) {
    const state = startScreen(specOf('MGC'))
    const begin = performance.now()
    for (const tick of tape) passed += screen(state, tick).accepted.length
    best = Math.max(best, count / (performance.now() - begin) / 1000)
  }
  return [{ what: `screen, ${(passed / 5 / count).toFixed(3)} passed`, ours: `${best.toFixed(1)} M ticks/s` }]
}
