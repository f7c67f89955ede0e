import { describe, expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import type { Bar } from '../market/bar.ts'
import type { OpeningRange } from '../session/opening-range.ts'
import type { Evidence } from './evidence.ts'
import type { PatternGap, PatternInput, PatternLevel } from './pattern-input.ts'
import { patterns } from './patterns.ts'

const gold = specOf('GC')
const five = 300_000
/** 09:30 in New York. */
const start = Date.parse('2024-03-05T14:30Z')
const clock = (n: number): number => start + n * five
const level: PatternLevel = { name: 'prior-day high', price: 4120.3, kind: 'high' }
const around = 4120.3

type Row = readonly [high: number, low: number, close: number]
/** Bars written in ticks from the level; the first one is before the level is met. */
const barOf = ([high, low, close]: Row, i: number): Bar => {
  const at = (ticks: number): number => Math.round((around + ticks / 10) * 10) / 10
  return { time: clock(i), open: at(close), high: at(high), low: at(low), close: at(close), volume: 1 }
}

const inputOf = (bar: Bar, more: Partial<PatternInput> = {}): PatternInput => ({
  bar,
  levels: [level],
  gaps: [],
  openingRanges: [],
  ...more,
})

/** What counts after each bar. */
const evidenceAfter = (inputs: readonly PatternInput[]): readonly (readonly Evidence[])[] => {
  const fold = patterns(gold)
  let state = fold.initial
  return inputs.map((input) => {
    state = fold.step(state, input)
    return fold.value(state)
  })
}

const read = (rows: readonly Row[]): readonly (readonly Evidence[])[] =>
  evidenceAfter(rows.map((row, i) => inputOf(barOf(row, i))))

const names = (said: readonly (readonly Evidence[])[]): readonly string[] =>
  said.map((each) => each.map(({ pattern, side }) => `${pattern} ${side}`).join())

const inside: Row = [-5, -15, -10]

describe('a failed breakout', () => {
  const failed = [inside, [9, -5, 7], [8, 2, 5], [6, -8, -4]] satisfies Row[]

  test('is a close beyond and a close back inside within three bars', () => {
    const said = read(failed)
    expect(names(said)).toEqual(['', '', '', 'failed-breakout short'])
    expect(said.at(-1)).toEqual([
      {
        pattern: 'failed-breakout',
        side: 'short',
        at: clock(4),
        until: clock(16),
        level: 4120.3,
        reasons: [
          'closed 7 ticks beyond the prior-day high 4,120.3 at 09:40 ET',
          'reached no further than 4,121.2, closed back inside at 4,119.9 at 09:50 ET',
        ],
      },
    ])
  })

  test('may take three bars, not four', () => {
    const beyond: Row = [8, 2, 5]
    expect(names(read([inside, beyond, beyond, beyond, inside])).at(-1)).toBe('failed-breakout short')
    expect(names(read([inside, beyond, beyond, beyond, beyond, inside])).at(-1)).toBe('')
  })

  test('needs a close beyond: a wick is none', () => {
    expect(names(read([inside, [9, -5, -1], inside]))).toEqual(['', '', ''])
  })

  test('closes back inside on the level itself', () => {
    expect(names(read([inside, [9, -5, 7], [8, 0, 0]])).at(-1)).toBe('failed-breakout short')
  })

  test('counts until a close back beyond its level', () => {
    expect(names(read([...failed, [5, -8, 0], [5, -4, 1]])).slice(-3)).toEqual([
      'failed-breakout short',
      'failed-breakout short',
      '',
    ])
  })

  test('counts for an hour', () => {
    const said = read([...failed, ...Array.from({ length: 12 }, () => inside)])
    expect(said.map((each) => each.length)).toEqual([0, 0, 0, 1, ...Array.from({ length: 11 }, () => 1), 0])
  })
})

describe('a break and retest', () => {
  const retested = [inside, [9, -5, 7], [12, 5, 10], [10, 0, 3]] satisfies Row[]

  test('is a close beyond, then a return that touches and holds', () => {
    const said = read(retested)
    expect(names(said)).toEqual(['', '', '', 'break-and-retest long'])
    expect(said.at(-1)).toEqual([
      {
        pattern: 'break-and-retest',
        side: 'long',
        at: clock(4),
        until: clock(16),
        level: 4120.3,
        reasons: [
          'closed 7 ticks beyond the prior-day high 4,120.3 at 09:40 ET',
          'came back to 4,120.3 and held, closed at 4,120.6 at 09:50 ET',
        ],
      },
    ])
  })

  test('may come after a wick that closed back inside', () => {
    expect(names(read([inside, [2, -9, -4], [9, -5, 7], [10, 0, 3]])).at(-1)).toBe('break-and-retest long')
  })

  test('without a touch there is none', () => {
    expect(names(read([inside, [9, -5, 7], [12, 1, 10], [12, 1, 3]])).at(-1)).toBe('')
  })

  test('comes back within twelve bars', () => {
    const away = (count: number): readonly Row[] => Array.from({ length: count }, () => [12, 5, 10] as const)
    expect(names(read([inside, [9, -5, 7], ...away(11), [10, 0, 3]])).at(-1)).toBe('break-and-retest long')
    expect(names(read([inside, [9, -5, 7], ...away(12), [10, 0, 3]])).at(-1)).toBe('')
  })

  test('counts until a close back through its level, a close on it is none', () => {
    expect(names(read([...retested, [5, -1, 0], [0, -4, -1]])).slice(-2)).toEqual(['break-and-retest long', ''])
  })
})

describe('a swept gap reversal', () => {
  const gapAt = (n: number, side: PatternGap['side'] = 'short'): PatternGap => ({
    side,
    low: 4118,
    high: 4119.2,
    at: clock(n),
  })
  const swept = [inside, [2, -9, -4], [-20, -30, -25], [-24, -40, -35]] satisfies Row[]
  const readGaps = (rows: readonly Row[], gap: PatternGap, levels: readonly PatternLevel[] = [level]) =>
    evidenceAfter(
      rows.map((row, i) => inputOf(barOf(row, i), { levels, gaps: i * five + start < gap.at ? [] : [gap] })),
    )

  test('is a sweep and then a gap the other way, entered where the gap is met', () => {
    const said = readGaps(swept, gapAt(3))
    expect(names(said)).toEqual(['', '', '', 'swept-gap-reversal short'])
    expect(said.at(-1)).toEqual([
      {
        pattern: 'swept-gap-reversal',
        side: 'short',
        at: clock(4),
        until: clock(16),
        level: 4118,
        reasons: [
          'traded 2 ticks beyond the prior-day high 4,120.3 at 09:35 ET, closed back inside at 09:40 ET',
          'left a gap of 12 ticks behind, 4,118.0 to 4,119.2, at 09:50 ET',
        ],
      },
    ])
  })

  test('ends with a close through the whole gap', () => {
    const back = (close: number): Row => [close, -40, close]
    expect(names(readGaps([...swept, back(-11), back(-10)], gapAt(3))).slice(-3)).toEqual([
      'swept-gap-reversal short',
      'swept-gap-reversal short',
      '',
    ])
  })

  test.each([
    ['of the side of the sweep', gapAt(3, 'long')],
    ['that was there before', gapAt(0)],
  ])('needs its own gap: not one %s', (_, gap) => {
    expect(names(readGaps(swept, gap)).at(-1)).toBe('')
  })

  test('needs its gap within six bars of the close back inside', () => {
    const wait = (count: number): readonly Row[] => Array.from({ length: count }, () => [-15, -35, -30] as const)
    expect(names(readGaps([inside, [2, -9, -4], ...wait(6)], gapAt(7))).at(-1)).toBe('swept-gap-reversal short')
    expect(names(readGaps([inside, [2, -9, -4], ...wait(7)], gapAt(8))).at(-1)).toBe('')
  })

  test('needs a sweep: three closes beyond are none', () => {
    const beyond: Row = [8, 2, 5]
    const fallen: Row = [4, -40, -30]
    const rows = (closes: number): readonly Row[] => [
      inside,
      ...Array.from({ length: closes }, () => beyond),
      fallen,
      fallen,
    ]
    expect(names(readGaps(rows(2), gapAt(4))).at(-1)).toBe('failed-breakout short,swept-gap-reversal short')
    expect(names(readGaps(rows(3), gapAt(5))).at(-1)).toBe('failed-breakout short')
  })

  test('a level that is gone with its sweep is still the one that was swept', () => {
    const rows = swept.map((row, i) =>
      inputOf(barOf(row, i), { levels: i === 0 ? [level] : [], gaps: i < 3 ? [] : [gapAt(3)] }),
    )
    expect(names(evidenceAfter(rows)).at(-1)).toBe('swept-gap-reversal short')
  })
})

describe('an opening range breakout', () => {
  const range: OpeningRange = {
    name: 'New York',
    minutes: 15,
    opensAt: clock(1),
    state: 'TRIGGERED',
    since: clock(2),
    high: 4120.3,
    low: 4110,
    trigger: { side: 'long', at: clock(2), price: 4121.5, relativeVolume: 1.62 },
  }

  test('is a trigger, told once', () => {
    const bars = [inside, [12, 0, 12], [14, 10, 12], [14, -1, -1], [14, 0, 12]].map((row, i) =>
      barOf(row as unknown as Row, i),
    )
    const said = evidenceAfter(
      bars.map((bar, i) => inputOf(bar, { levels: [], openingRanges: i === 0 ? [] : [range] })),
    )
    expect(names(said)).toEqual(['', 'opening-range-breakout long', 'opening-range-breakout long', '', ''])
    expect(said[1]).toEqual([
      {
        pattern: 'opening-range-breakout',
        side: 'long',
        at: clock(2),
        until: clock(14),
        level: 4120.3,
        reasons: [
          'closed 12 ticks beyond the high 4,120.3 of the first 15 minutes of New York at 09:40 ET, on 1.6 times the usual volume',
        ],
      },
    ])
  })

  test('of ranges within one another makes one piece of evidence', () => {
    const openingRanges = [{ ...range, minutes: 5, high: 4119 }, range]
    const said = evidenceAfter([inputOf(barOf([12, 0, 12], 1), { openingRanges })])
    expect(said[0]).toHaveLength(1)
    expect(said[0]?.[0]?.reasons).toHaveLength(2)
  })

  test('that was over before the first bar heard of is none', () => {
    const late = evidenceAfter([inputOf(barOf([12, 0, 12], 14), { openingRanges: [range] })])
    expect(names(late)).toEqual([''])
  })
})

test('levels at one price make one piece of evidence with the reasons of both', () => {
  const levels = [level, { ...level, name: '4h high' }]
  const rows: readonly Row[] = [inside, [9, -5, 7], [6, -8, -4]]
  const [only, ...more] = evidenceAfter(rows.map((row, i) => inputOf(barOf(row, i), { levels }))).at(-1) ?? []
  expect(more).toEqual([])
  expect(only?.reasons).toHaveLength(3)
})

test('a level without a kind is crossed from wherever price comes, one with it from its own side', () => {
  const above = (row: Row): Row => [-row[1], -row[0], -row[2]]
  const rows = [inside, [9, -5, 7], [6, -8, -4]] satisfies Row[]
  const said = (kind: PatternLevel['kind'], each: readonly Row[]) => {
    const levels = [{ name: 'pivot', price: around, ...(kind !== undefined && { kind }) }]
    return names(evidenceAfter(each.map((row, i) => inputOf(barOf(row, i), { levels })))).at(-1)
  }
  expect(said(undefined, rows)).toBe('failed-breakout short')
  expect(said(undefined, rows.map(above))).toBe('failed-breakout long')
  expect(said('low', rows)).toBe('')
  expect(said('low', rows.map(above))).toBe('failed-breakout long')
})

test('a bar is judged by the levels of the bar before: one that its own close made is not crossed by it', () => {
  const first = inputOf(barOf(inside, 0), { levels: [] })
  const rest = (
    [
      [9, -5, 7],
      [6, -8, -4],
    ] as const
  ).map((row, i) => inputOf(barOf(row, i + 1)))
  expect(names(evidenceAfter([first, ...rest])).at(-1)).toBe('')
})
