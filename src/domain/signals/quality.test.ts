import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longReading, quietSession, readingOf, type Said } from '#src/testing/readings.ts'
import type { LevelKind, QualityComponentName, Side } from './focus-card.ts'
import { confluenceOf, judgeQuality, momentumOf, regimeOf } from './quality.ts'

/** The points of one component before rescaling: 90 of 100 are available while order flow has no input. */
const points = (name: QualityComponentName, said: Said, side: Side = 'long', level: LevelKind = 'trend'): number => {
  const component = judgeQuality(readingOf(said), side, level).components.find((each) => each.name === name)
  return Math.round((component?.points ?? Number.NaN) * 0.9)
}

test('a side for which everything speaks scores a hundred, the other only what the market’s calm gives', () => {
  const reading = longReading()
  const { score, components } = judgeQuality(reading, 'long', 'vwap')
  expect(components.map(({ name, points, max }) => [name, points, max])).toEqual([
    ['waves', 27.8, 27.8],
    ['momentum', 16.7, 16.7],
    ['location', 11.1, 11.1],
    ['confluence', 16.7, 16.7],
    ['structure', 11.1, 11.1],
    ['volatility', 11.1, 11.1],
    ['regime', 5.6, 5.6],
  ])
  // Each part is rounded to a tenth and the score is their sum: what is shown is what decides.
  expect(score).toBe(100)
  expect(judgeQuality(reading, 'short', 'trend').score).toBe(11.1)
})

test('what has no input yet is named and the rest is rescaled', () => {
  const { dropped, components } = judgeQuality(readingOf(), 'long', 'trend')
  expect(dropped).toEqual(['order-flow'])
  expect(components.map(({ name }) => name)).not.toContain('order-flow')
})

test.each([
  [1, 0, 0],
  [1.4, 10, 0],
  [2, 25, 0],
  [9, 25, 0],
  [0.5, 0, 25],
  [0.8, 0, 6],
  [Number.NaN, 0, 0],
] as const)('waves: a ratio of %d gives long %d and short %d points', (waveRatio, long, short) => {
  expect([points('waves', { waveRatio }), points('waves', { waveRatio }, 'short')]).toEqual([long, short])
})

test.each([
  [2, 1, 'with', 15, 'against', 0],
  [2, 3, 'on', 7, 'turning', 0],
  [2, 2, 'on', 7, 'turning', 0],
  [0, -1, 'turning', 0, 'turning', 0],
  [-2, -3, 'turning', 0, 'on', 7],
  [-2, -1, 'against', 0, 'with', 15],
] as const)(
  'momentum: AO %d after %d is %s the long (%d) and %s the short (%d)',
  (ao, aoBefore, long, up, short, down) => {
    const said = { frame: { ao, aoBefore } }
    expect([momentumOf(readingOf(said), 'long'), momentumOf(readingOf(said), 'short')]).toEqual([long, short])
    expect([points('momentum', said), points('momentum', said, 'short')]).toEqual([up, down])
  },
)

test('location: the close of the 5m bar must be on the side’s half of the band, not on its middle', () => {
  const at = (close: number) => ({ frame: { close, band: { low: 4990, high: 5010 } } })
  expect([points('location', at(5000.25)), points('location', at(5000)), points('location', at(4999.75))]).toEqual([
    10, 0, 0,
  ])
  expect([points('location', at(4999.75), 'short'), points('location', at(5000), 'short')]).toEqual([10, 0])
})

test('confluence: five points for each timeframe that agrees; one that disagrees takes nothing away', () => {
  expect(points('confluence', { votes: [1, 1, 1] })).toBe(15)
  expect(points('confluence', { votes: [1, -1, 0] })).toBe(5)
  expect(points('confluence', { votes: [1, -1, 0] }, 'short')).toBe(5)
  expect([confluenceOf(readingOf({ votes: [-1, -1, 0] }), 'short'), confluenceOf(readingOf(), 'long')]).toEqual([2, 0])
})

test.each([
  ['bullish', 10, 0],
  ['neutral', 5, 5],
  ['bearish', 0, 10],
] as const)('order flow: a delta that leans %s gives long %d and short %d points of ten', (lean, long, short) => {
  const delta = { minute: 1, session: 5, since: 0, slope: 0.3, lean, basis: 'quotes' } as const
  const said = { flow: { delta, relativeVolume: 1, spike: false } }
  const part = (side: Side) =>
    judgeQuality(readingOf(said), side, 'trend').components.find(({ name }) => name === 'order-flow')
  expect([part('long')?.points, part('short')?.points, part('long')?.max]).toEqual([long, short, 10])
  expect(judgeQuality(readingOf(said), 'long', 'trend').dropped).toEqual([])
})

test('order flow: no slope yet is no input', () => {
  const delta = { minute: 1, session: 5, since: 0, slope: Number.NaN, lean: 'neutral', basis: 'quotes' } as const
  const reading = readingOf({ flow: { delta, relativeVolume: 1, spike: false } })
  expect(judgeQuality(reading, 'long', 'trend').dropped).toEqual(['order-flow'])
})

test('structure: a pattern of the side counts as structure that agrees, one of the other side for nothing', () => {
  const seen = { pattern: 'failed-breakout', side: 'long', at: 0, until: 1, level: 4990, reasons: [] } as const
  const said = { session: { ...quietSession, evidence: [seen] } }
  expect([points('structure', said), points('structure', said, 'short')]).toEqual([5, 0])
  const shift = { kind: 'CHoCH', side: 'long', price: 1, swingAt: 1, at: 1 } as const
  expect(points('structure', { ...said, frame: { shift } })).toBe(5)
})

test('structure: five for the last shift, five for a zone on a gap, a block, the VWAP, a pivot or an opening range', () => {
  const shift = { kind: 'CHoCH', side: 'long', price: 1, swingAt: 1, at: 1 } as const
  expect(points('structure', { frame: { shift } })).toBe(5)
  expect(points('structure', { frame: { shift } }, 'short')).toBe(0)
  const restful = ['gap', 'block', 'vwap', 'pivot', 'opening-range'] as const
  const others = ['ema21', 'trend', 'prior-high', 'prior-low'] as const
  expect(restful.map((kind) => points('structure', {}, 'long', kind))).toEqual([5, 5, 5, 5, 5])
  expect(others.map((kind) => points('structure', {}, 'long', kind))).toEqual([0, 0, 0, 0])
  expect(points('structure', { frame: { shift } }, 'long', 'gap')).toBe(10)
})

test.each([
  [0.09, 5],
  [0.1, 10],
  [0.75, 10],
  [0.76, 5],
  [0.88, 5],
  [0.89, 0],
] as const)('volatility: a percentile of %d gives %d points', (percentile, expected) => {
  expect(points('volatility', { percentile })).toBe(expected)
})

test.each([
  [0.35, 22, 0.5, 'TRENDING'],
  [0.34, 22, 0.5, 'CHOPPY'],
  [0.35, 21.9, 0.5, 'CHOPPY'],
  [0.35, 22, 0.95, 'TRENDING'],
  [0.1, 30, 0.9, 'VOLATILE'],
  [0.1, 30, 0.89, 'CHOPPY'],
  [Number.NaN, 30, 0.5, 'UNKNOWN'],
  [0.5, Number.NaN, 0.5, 'UNKNOWN'],
] as const)('regime: efficiency %d, ADX %d and percentile %d read %s', (efficiency, adx, percentile, expected) => {
  expect(regimeOf(readingOf({ percentile, frame: { efficiency, adx } }))).toBe(expected)
})

test('regime: five for a trend with the side, none for one against it, two in chop, none when wild or unknown', () => {
  const trending = (drift: number) => ({ frame: { efficiency: 0.5, adx: 30, drift } })
  expect([points('regime', trending(3)), points('regime', trending(3), 'short')]).toEqual([5, 0])
  expect([points('regime', trending(-3)), points('regime', trending(-3), 'short')]).toEqual([0, 5])
  expect(points('regime', {})).toBe(2)
  expect(points('regime', { percentile: 0.95 })).toBe(0)
  expect(points('regime', { frame: { adx: Number.NaN } })).toBe(0)
})

test('the score is the sum of the points shown, and no part exceeds its maximum', () => {
  const vote = fc.constantFrom(-1, 0, 1)
  const said = fc.record({
    waveRatio: fc.double({ min: 0.1, max: 9.99, noNaN: true }),
    percentile: fc.double({ min: 0, max: 1, noNaN: true }),
    votes: fc.tuple(vote, vote, vote),
    frame: fc.record({
      ao: fc.integer({ min: -2, max: 2 }),
      aoBefore: fc.integer({ min: -2, max: 2 }),
      drift: fc.integer({ min: -2, max: 2 }),
      efficiency: fc.constantFrom(0.2, 0.5),
      adx: fc.constantFrom(10, 30),
      close: fc.integer({ min: 4990, max: 5010 }),
    }),
  })
  fc.assert(
    fc.property(said, fc.constantFrom('long', 'short'), (each, side) => {
      const { score, components } = judgeQuality(readingOf(each), side, 'gap')
      const sum = components.reduce((total, part) => total + Math.round(part.points * 10), 0)
      expect(Math.round(score * 10)).toBe(sum)
      expect(components.every((part) => part.points >= 0 && part.points <= part.max)).toBe(true)
    }),
  )
})
