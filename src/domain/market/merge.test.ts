import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finalities, type RecordedBar } from './bar.ts'
import { mergeBars, supersedes } from './merge.ts'

const recorded = (changes: Partial<RecordedBar> = {}): RecordedBar => ({
  time: 0,
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume: 5,
  finality: 'live',
  asOf: 60_000,
  source: 'venue',
  ...changes,
})

test('history that arrives late never overwrites a live bar, however new the request', () => {
  const live = recorded({ close: 11 })
  const late = recorded({ finality: 'history', close: 10, asOf: 9_000_000 })
  expect(mergeBars([live], [late])).toEqual([live])
  expect(mergeBars([late], [live])).toEqual([live])
})

test('a minute seen only in part is replaced by history', () => {
  const partial = recorded({ finality: 'partial', volume: 1, asOf: 9_000_000 })
  const history = recorded({ finality: 'history' })
  expect(mergeBars([partial], [history])).toEqual([history])
  expect(mergeBars([history], [partial])).toEqual([history])
})

test('the venue’s own correction replaces everything', () => {
  const settled = recorded({ finality: 'settled', close: 12, asOf: 1 })
  expect(finalities.map((finality) => supersedes(settled, recorded({ finality })))).toEqual([true, true, true, false])
})

test('of two of one kind the newer picture wins', () => {
  const older = recorded({ finality: 'history', asOf: 1_000, volume: 4 })
  const newer = recorded({ finality: 'history', asOf: 2_000, volume: 5 })
  expect(mergeBars([newer], [older])).toEqual([newer])
  expect(mergeBars([older], [newer])).toEqual([newer])
})

test('bars of other minutes stand beside each other, oldest first', () => {
  const times = mergeBars([recorded({ time: 120_000 })], [recorded(), recorded({ time: 60_000 })])
  expect(times.map(({ time }) => time)).toEqual([0, 60_000, 120_000])
})

const anyBar = fc.record({
  time: fc.integer({ min: 0, max: 4 }).map((minute) => minute * 60_000),
  open: fc.integer({ min: 1, max: 3 }),
  high: fc.integer({ min: 3, max: 4 }),
  low: fc.integer({ min: 1, max: 2 }),
  close: fc.integer({ min: 1, max: 3 }),
  volume: fc.integer({ min: 0, max: 2 }),
  finality: fc.constantFrom(...finalities),
  asOf: fc.integer({ min: 0, max: 2 }),
  source: fc.constantFrom('history', 'stream'),
})

/** The deliveries cut into packets of the given sizes and merged one after the other. */
const mergeInPackets = (bars: readonly RecordedBar[], sizes: readonly number[]): readonly RecordedBar[] => {
  let held: readonly RecordedBar[] = []
  let from = 0
  for (const size of [...sizes, bars.length]) {
    held = mergeBars(held, bars.slice(from, from + size))
    from += size
  }
  return held
}

test('however deliveries are ordered, split and repeated, the same bars are held', () => {
  const deliveries = fc.array(anyBar, { minLength: 1, maxLength: 20 }).chain((bars) =>
    fc.record({
      bars: fc.constant(bars),
      shuffled: fc.shuffledSubarray(bars, { minLength: bars.length }),
      repeated: fc.subarray(bars),
      sizes: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 6 }),
    }),
  )
  fc.assert(
    fc.property(deliveries, ({ bars, shuffled, repeated, sizes }) => {
      const expected = mergeBars([], bars)
      expect(mergeInPackets([...repeated, ...shuffled], sizes)).toEqual(expected)
      expect(mergeInPackets([...shuffled, ...repeated], sizes)).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

test('what is held of a minute is never weaker than anything delivered', () => {
  fc.assert(
    fc.property(fc.array(anyBar, { minLength: 1, maxLength: 20 }), (bars) => {
      for (const held of mergeBars([], bars))
        expect(bars.filter((bar) => bar.time === held.time && supersedes(bar, held))).toEqual([])
    }),
  )
})
