import { expect, test } from 'vitest'
import { levelOf } from './heat.tsx'
import { Plot, pathOf, scaleOf } from './plot.tsx'

test('a scale has round lines and nothing among them whenever it is inside', () => {
  expect(scaleOf(-60, 270)).toEqual([0, 100, 200])
  expect(scaleOf(-1_302, 0)).toEqual([-1_000, -500, 0])
  expect(scaleOf(0, 0.7)).toEqual([0, 0.2, 0.4, 0.6])
  expect(scaleOf(0, 10)).toEqual([0, 2.5, 5, 7.5, 10])
  expect(scaleOf(0, 0)).toEqual([0])
})

test('a path goes over the whole width and lifts the pen where nothing is known', () => {
  expect(pathOf([1, 2, 3], (value) => 10 * value)).toBe('M0 10L500 20L1000 30')
  expect(pathOf([null, 2, null, 4.26], (value) => value)).toBe('M333 2M1000 4.3')
  expect(pathOf([5], (value) => value)).toBe('M0 5')
})

const dates = ['2026-11-17', '2026-11-18', '2026-11-19']

test('a plot says in words what it draws, and stands even where there is nothing', () => {
  const write = (value: number): string => `$${value}`
  const one = { name: 'made', tone: 'one', values: [0, 40, -20] } as const
  const html = String(<Plot label="Equity" dates={dates} curves={[one]} format={write} scale={write} />)
  expect(html).toContain('aria-label="Equity, 2026-11-17 to 2026-11-19: made ends at $-20"')
  expect(html).toContain('d="M0 112.7L500 14L1000 162"')
  expect(html).toMatch(/<text class="scale" x="2" y="[\d.]+">\$20</)
  expect(html).not.toMatch(/NaN|undefined|\sstyle=/)
  const none = String(<Plot label="Equity" dates={[]} curves={[{ ...one, values: [] }]} format={write} scale={write} />)
  expect(none).toContain('made ends at —')
  expect(none).not.toMatch(/NaN|undefined/)
})

test('a color is as strong as the score is large, each side of nothing its own', () => {
  expect([8, 4, 1, 0.5, 0, -3, -8].map((score) => levelOf(score, 8))).toEqual([4, 2, 1, 0, 0, -2, -4])
  expect(levelOf(0, 0)).toBe(0)
})
