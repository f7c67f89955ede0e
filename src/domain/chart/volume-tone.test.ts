import { expect, test } from 'vitest'
import { volumeTone } from './volume-tone.ts'

/** The tone of each bar given as [close, volume]. */
const tonesOf = (bars: readonly (readonly [close: number, volume: number])[]): readonly string[] => {
  let state = volumeTone.initial
  return bars.map(([close, volume]) => {
    state = volumeTone.step(state, { close, volume })
    return volumeTone.value(state)
  })
}

test('volume is colored by the close against the one before; the first bar has none before it', () => {
  expect(
    tonesOf([
      [10, 5],
      [11, 5],
      [11, 5],
      [9, 5],
    ]),
  ).toEqual(['flat', 'up', 'flat', 'down'])
})

test('above 1.8 times the average of twenty bars, itself among them, it is a spike whichever way the bar went', () => {
  const quiet = Array.from({ length: 19 }, () => [10, 100] as const)
  // (1900 + v) / 20 · 1.8 = v at v = 187.9…
  expect(tonesOf([...quiet, [9, 188]]).at(-1)).toBe('spike')
  expect(tonesOf([...quiet, [9, 187]]).at(-1)).toBe('down')
})

test('before twenty bars no volume is a spike', () => {
  expect(tonesOf([...Array.from({ length: 18 }, () => [10, 1] as const), [11, 9_000]]).at(-1)).toBe('up')
})
