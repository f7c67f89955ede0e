import { expect, test } from 'vitest'
import { packDays } from '#src/adapters/packed-days.ts'
import { bundleTrials, openBundle } from './trial-bundle.ts'

const trialOf = (number: number) => {
  const days = {
    net: Float64Array.of(number, 0, 12.5),
    r: Float64Array.of(0.1, number / 3, -1.02),
    rSquared: Float64Array.of(0.01, 0, 1.0404),
    trades: Int32Array.of(3, 0, number),
    wins: Int32Array.of(1, 0, 2),
  }
  return { number, parameters: { stop: 1.5 + number, length: 14 }, days }
}

test('trials are what they were once their bundle is opened', () => {
  const trials = [0, 1, 5].map(trialOf)
  const bundle = bundleTrials(trials.map(({ days, ...trial }) => ({ ...trial, packed: packDays(days) })))
  expect(bundle.values).toEqual(Float64Array.of(14, 1.5, 14, 2.5, 14, 6.5))
  expect(openBundle(structuredClone(bundle))).toEqual(trials)
})

test('a set comes back in the order of its names, in whatever order it came', () => {
  const { days, ...trial } = trialOf(0)
  const turned = { ...trial, parameters: { length: 14, stop: 1.5 }, packed: packDays(days) }
  const bundle = bundleTrials([{ ...trial, packed: packDays(days) }, turned])
  expect(openBundle(bundle).map(({ parameters }) => JSON.stringify(parameters))).toEqual([
    '{"length":14,"stop":1.5}',
    '{"length":14,"stop":1.5}',
  ])
})

test('no trials are a bundle too', () => {
  expect(openBundle(bundleTrials([]))).toEqual([])
})
