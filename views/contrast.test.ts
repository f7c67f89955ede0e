import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../public/terminal.css', import.meta.url), 'utf8')

type Colors = Readonly<Record<string, readonly [light: string, dark: string]>>

const colorsIn = (text: string): Colors =>
  Object.fromEntries(
    [...text.matchAll(/--color-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
      ([, name, light, dark]) => [name, [light ?? '', dark ?? '']],
    ),
  )

const blockOf = (selector: string): Colors => colorsIn(css.slice(css.indexOf(selector)).split('}')[0] ?? '')

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** Relative luminance of #rrggbb, WCAG 2.2. */
const luminance = (color: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => channel(Number.parseInt(color.slice(at, at + 2), 16) / 255))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

/** Every color text is written in, with the grounds it stands on. */
const plainGrounds = ['canvas', 'panel', 'raised']
const pairs = [
  ...['ink', 'soft', 'quiet', 'up', 'down', 'go', 'halt', 'warn', 'cool'].flatMap((text) =>
    plainGrounds.map((ground) => [text, ground] as const),
  ),
  ...['go', 'halt', 'warn', 'cool'].map((text) => [text, `${text}-tint`] as const),
  ['soft', 'go-tint'] as const,
]

test('the measure itself is right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

describe.each(['green-red', 'blue-orange', 'red-up'])('with the palette %s', (palette) => {
  const colors = { ...colorsIn(css.split('@layer base')[0] ?? ''), ...blockOf(`[data-palette="${palette}"]`) }
  test.each([
    ['light', 0],
    ['dark', 1],
  ] as const)('every text of the %s theme stands out by 4.5 to 1', (_, theme) => {
    expect(Object.keys(colors).length).toBeGreaterThan(15)
    const faint = pairs
      .map(([text, ground]) => [text, ground, contrast(colors[text]?.[theme] ?? '', colors[ground]?.[theme] ?? '')])
      .filter(([, , ratio]) => !(Number(ratio) >= 4.5))
    expect(faint).toEqual([])
  })
})
