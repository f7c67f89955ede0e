import { expect, test } from 'vitest'
import { heatOf } from './heat.ts'
import type { Trial } from './trial.ts'

const trial = (number: number, fast: number, slow: number, stop: number, net: number): Trial => ({
  number,
  parameters: { fast, slow, stop },
  days: {
    net: Float64Array.of(net, 0),
    r: new Float64Array(2),
    rSquared: new Float64Array(2),
    trades: Int32Array.of(net === 0 ? 0 : 5, 0),
    wins: new Int32Array(2),
  },
})

const trials = [
  trial(0, 10, 30, 1, 4),
  trial(1, 5, 30, 1, 1),
  trial(2, 5, 30, 2, 3),
  trial(3, 10, 20, 1, 7),
  trial(4, 5, 20, 1, 0),
]
const options = { x: 'fast', y: 'slow', dates: { from: 0, to: 2 }, objective: 'net', minimumTrades: 1 } as const

test('a cell shows the best or the mean over the other parameters, nothing where nothing could be judged', () => {
  expect(heatOf(trials, { ...options, over: 'best' })).toEqual({
    x: [5, 10],
    y: [20, 30],
    cells: [
      [null, 7],
      [3, 4],
    ],
  })
  expect(heatOf(trials, { ...options, over: 'mean' }).cells).toEqual([
    [null, 7],
    [2, 4],
  ])
})
