import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import {
  directionalRatio,
  readWaves,
  type WaveDominance,
  type WaveInput,
  waveDominance,
  weighWaves,
} from './wave-dominance.ts'

const valuesOf = (bars: readonly WaveInput[]): readonly WaveDominance[] => {
  let state = waveDominance.initial
  return bars.map((bar) => {
    state = waveDominance.step(state, bar)
    return waveDominance.value(state)
  })
}

const above = 110
const below = 90

/**
 * Bars whose impulse is known by hand. The impulse is the running average of the bodies, so after ten bodies of `first`
 * it is `first`, and a body of 10b − 9a takes it from a to b. A close of 110 or 90 always lies beyond the trend between.
 */
const living = (first: number, steps: readonly (readonly [close: number, impulse: number])[]): readonly WaveInput[] => {
  let impulse = first
  const quiet = Array.from({ length: 10 }, () => ({ open: 100 - first, close: 100 }))
  return [
    ...quiet,
    ...steps.map(([close, next]) => {
      const body = 10 * next - 9 * impulse
      impulse = next
      return { open: close - body, close }
    }),
  ]
}
const last = (bars: readonly WaveInput[]): WaveDominance => valuesOf(bars).at(-1) as WaveDominance

const bull = [0.85, 1.12, 0.67, 1.45, 0.98]
const bear = [0.42, 0.55, 0.31, 0.68, 0.49]

test('the worked example: averages 1.014 and 0.49 make a ratio of 2.07 and a dominance of +0.524', () => {
  const weighed = weighWaves(bull, bear)
  expect(weighed.bullAverage).toBeCloseTo(1.014, 12)
  expect(weighed.bearAverage).toBeCloseTo(0.49, 12)
  expect(weighed.waveRatio.toFixed(2)).toBe('2.07')
  expect(weighed.dominance).toBeCloseTo(0.524, 12)
})

test('the worked example lived bar by bar says the same', () => {
  const waves = bull.flatMap((up, i) => [[above, up] as const, [below, -(bear[i] ?? 0)] as const])
  const reading = last(living(0.5, [...waves, [above, 0.3]]))
  expect(reading.bullAverage).toBeCloseTo(1.014, 10)
  expect(reading.bearAverage).toBeCloseTo(0.49, 10)
  expect(reading.waveRatio).toBeCloseTo(1.014 / 0.49, 10)
  expect(reading.dominance).toBeCloseTo(0.524, 10)
  expect([reading.side, reading.speed]).toEqual([1, expect.closeTo(0.3, 10)])
  expect(reading.currentRatio).toBeCloseTo(0.3 / 1.014, 10)
})

test('a wave is as large as the furthest its speed reached, not where it ended', () => {
  // Up: 1, 3, 2 reaches 3. Down: −1, −2, −1.5 reaches 2. Three of each.
  const up = [[above, 1] as const, [above, 2] as const, [above, -1] as const]
  const down = [[below, -1] as const, [below, -1] as const, [below, 0.5] as const]
  const reading = last(living(0, [...up, ...down, ...up, ...down, ...up, ...down, [above, 1]]))
  expect(reading.bullAverage).toBeCloseTo(3, 10)
  expect(reading.bearAverage).toBeCloseTo(2, 10)
  expect(reading.waveRatio).toBeCloseTo(1.5, 10)
})

test('a wave against its own impulse counts as nothing, never as less', () => {
  // Every bar pushes up, so the bear waves reach no depth at all: the ratio meets its ceiling.
  const steps = [above, below, above, below, above, below, above].map((close) => [close, 1] as const)
  const reading = last(living(1, steps))
  expect([reading.bullAverage, reading.bearAverage, reading.waveRatio]).toEqual([expect.closeTo(1, 10), 0, 9.99])
})

test('the ratio stays within 0.1 and 9.99', () => {
  expect(weighWaves([10, 10, 10], [0.5, 0.5, 0.5]).waveRatio).toBe(9.99)
  expect(weighWaves([0.5, 0.5, 0.5], [10, 10, 10]).waveRatio).toBe(0.1)
  expect(weighWaves([0, 0, 0], [0, 0, 0]).waveRatio).toBeNaN()
})

test('below three finished waves of a side there is no ratio; the running wave does not count', () => {
  expect(weighWaves([1, 1], [1, 1, 1]).waveRatio).toBeNaN()
  const steps = [above, below, above, below, above, below].map((close, i) => [close, i % 2 === 0 ? 1 : -1] as const)
  expect(last(living(1, steps)).waveRatio).toBeNaN()
  expect(last(living(1, [...steps, [above, 1]])).waveRatio).toBeCloseTo(1, 10)
})

test('only the last twenty waves of a side are remembered', () => {
  const waves = (size: number, count: number) =>
    Array.from({ length: count }, () => [[above, size] as const, [below, -1] as const]).flat()
  const reading = last(living(1, [...waves(9, 5), ...waves(2, 20), [above, 1]]))
  expect(reading.bullAverage).toBeCloseTo(2, 8)
})

type Fixture = {
  readonly name: string
  /** The impulses of each wave in turn, up first; the last wave is still running. */
  readonly waves: readonly (readonly number[])[]
  /** bullAverage, bearAverage, waveRatio, dominance, speed, currentRatio */
  readonly says: readonly [number, number, number, number, number, number]
}
const none = Number.NaN

/** Written by hand: a wave counts the furthest its summed impulses went on its own side. */
const fixtures: readonly Fixture[] = [
  { name: 'equal waves', waves: [[1], [-1], [1], [-1], [1], [-1], [0.5]], says: [1, 1, 1, 0, 0.5, 0.5] },
  { name: 'bulls twice the bears', waves: [[2], [-1], [2], [-1], [2], [-1], [1]], says: [2, 1, 2, 1, 1, 0.5] },
  { name: 'bears twice the bulls', waves: [[1], [-2], [1], [-2], [1], [-2], [0.5]], says: [1, 2, 0.5, -1, 0.5, 0.5] },
  { name: 'bulls that grow', waves: [[1], [-1], [2], [-1], [3], [-1], [2]], says: [2, 1, 2, 1, 2, 1] },
  { name: 'bears that fade', waves: [[1], [-3], [1], [-2], [1], [-1], [1]], says: [1, 2, 0.5, -1, 1, 1] },
  {
    name: 'a start below the trend',
    waves: [[], [-1], [2], [-1], [2], [-1], [2], [-1], [1]],
    says: [2, 1, 2, 1, 1, 0.5],
  },
  { name: 'waves of several bars', waves: [[1, 1], [-1], [1, 1, 1], [-1], [1], [-1], [1]], says: [2, 1, 2, 1, 1, 0.5] },
  {
    name: 'bulls that fall back before they end',
    waves: [[2, 1, -2], [-1], [1, -1, 1], [-1], [3, -3], [-1], [1]],
    says: [7 / 3, 1, 7 / 3, 4 / 3, 1, 3 / 7],
  },
  {
    name: 'bears that recover before they end',
    waves: [[1], [-2, 1], [1], [-1, -1, 2], [1], [-1, 0.5], [1]],
    says: [1, 5 / 3, 0.6, -2 / 3, 1, 1],
  },
  {
    name: 'a wave that turns over and goes further',
    waves: [[1, -0.5, 2], [-1], [1], [-1], [1], [-1], [1]],
    says: [1.5, 1, 1.5, 0.5, 1, 2 / 3],
  },
  {
    name: 'a bull wave pushed down all its way',
    waves: [[-1], [-1], [1], [-1], [2], [-1], [1]],
    says: [1, 1, 1, 0, 1, 1],
  },
  { name: 'a bear wave pushed up all its way', waves: [[1], [1], [1], [-1], [1], [-2], [1]], says: [1, 1, 1, 0, 1, 1] },
  { name: 'a wave without impulse', waves: [[0], [-1], [1], [-1], [2], [-1], [1]], says: [1, 1, 1, 0, 1, 1] },
  { name: 'the ceiling', waves: [[10], [-0.5], [10], [-0.5], [10], [-0.5], [5]], says: [10, 0.5, 9.99, 9.5, 5, 0.5] },
  {
    name: 'the floor',
    waves: [[0.5], [-10], [0.5], [-10], [0.5], [-10], [0.25]],
    says: [0.5, 10, 0.1, -9.5, 0.25, 0.5],
  },
  { name: 'two waves of each side', waves: [[1], [-1], [1], [-1], [1]], says: [none, none, none, none, 1, none] },
  {
    name: 'three bull waves, two bear waves and a third running',
    waves: [[1], [-1], [1], [-1], [1], [-0.5]],
    says: [1, none, none, none, -0.5, none],
  },
  { name: 'a running bear wave', waves: [[1], [-1], [1], [-2], [1], [-3], [1], [-1]], says: [1, 2, 0.5, -1, -1, 0.5] },
  {
    name: 'a running bear wave pushed up',
    waves: [[1], [-1], [1], [-1], [1], [-1], [1], [0.5]],
    says: [1, 1, 1, 0, 0.5, -0.5],
  },
  {
    name: 'a running wave is told where it is, not how far it went',
    waves: [[1], [-1], [2], [-2], [3], [-3], [6], [-4], [1, 2, -0.5]],
    says: [3, 2.5, 1.2, 0.5, 2.5, 5 / 6],
  },
]

const barsOf = ({ waves }: Fixture): readonly WaveInput[] =>
  living(
    0,
    waves.flatMap((impulses, i) => impulses.map((impulse) => [i % 2 === 0 ? above : below, impulse] as const)),
  )
const saidBy = ({ bullAverage, bearAverage, waveRatio, dominance, speed, currentRatio }: WaveDominance) => [
  bullAverage,
  bearAverage,
  waveRatio,
  dominance,
  speed,
  currentRatio,
]
const near = (values: readonly number[]): readonly unknown[] =>
  values.map((value) => (Number.isNaN(value) ? Number.NaN : expect.closeTo(value, 9)))

test.each(fixtures)('by hand: $name', (fixture) => {
  expect(saidBy(last(barsOf(fixture)))).toEqual(near(fixture.says))
})

test.each(fixtures)('in the mirror: $name', (fixture) => {
  const [bull, bear, , dominance, speed, current] = fixture.says
  const mirrored = barsOf(fixture).map(({ open, close }) => ({ open: 200 - open, close: 200 - close }))
  const ratio = Math.min(9.99, Math.max(0.1, bear / bull))
  expect(saidBy(last(mirrored))).toEqual(near([bear, bull, ratio, -dominance, -speed, current]))
})

/** An average is unknown on both sides or on neither: too few waves are too few in the mirror. */
const expectSame = (value: number, expected: number): void =>
  Number.isNaN(expected) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(expected, 8)

test('prices mirrored around a line change the sides, and nothing else', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 60, max: 250 }), (seed, count) => {
      const chance = createChance(seed)
      let price = 1000
      const bars = Array.from({ length: count }, () => {
        const open = price + (chance() - 0.5) * 3
        price = open + (chance() - 0.5) * 10
        return { open, close: price }
      })
      const mirrored = bars.map(({ open, close }) => ({ open: 2000 - open, close: 2000 - close }))
      const [one, other] = [last(bars), last(mirrored)]
      expect(other.side + one.side).toBe(0)
      expectSame(other.bullAverage, one.bearAverage)
      expectSame(other.bearAverage, one.bullAverage)
      expect(other.speed).toBeCloseTo(-one.speed, 8)
      expectSame(other.dominance, -one.dominance)
      expect(other.trend).toBeCloseTo(2000 - one.trend, 8)
    }),
  )
})

test('a card prints the ratio of its own side', () => {
  expect([directionalRatio(2, 'long'), directionalRatio(2, 'short')]).toEqual([2, 0.5])
})

test.each([
  [2.01, 'strong'],
  [2, 'with'],
  [1.5, 'with'],
  [1.49, 'neutral'],
  [0.7, 'neutral'],
  [0.69, 'against'],
  [Number.NaN, 'against'],
] as const)('a ratio of %d reads %s', (ratio, reading) => {
  expect(readWaves(ratio)).toBe(reading)
})
