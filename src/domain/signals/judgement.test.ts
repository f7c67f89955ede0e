import { expect, test } from 'vitest'
import { gapAt, longReading, readingOf, type Said } from '#src/testing/readings.ts'
import type { Quality } from './focus-card.ts'
import { type Judgement, judge, keepsBias } from './judgement.ts'

const quality = (score: number): Quality => ({ score, components: [], dropped: [] })

/** A judgement as it would be with these scores and this wave ratio. */
const scored = (long: number, short: number, waveRatio = 1): Judgement => ({
  ...judge(readingOf({ waveRatio })),
  long: quality(long),
  short: quality(short),
})

test('the better side has the bias when it is good enough, leads clearly and the waves carry it', () => {
  const judged = judge(longReading())
  expect([judged.bias, judged.better, judged.excluded]).toEqual(['long', 'long', false])
  // Zone on the trend: the waves 27.8, momentum 16.7, location 11.1, confluence 16.7, shift 5.6, calm 11.1, trend 5.6.
  expect([judged.long.score, judged.short.score]).toEqual([94.6, 11.1])
})

/** Long: location 11.1, two timeframes 11.1, shift 5.6, calm 11.1, chop 2.2 and, from the waves, 25 · (ratio − 1) · 10/9. */
const leaning = (said: Said): Said => ({
  votes: [1, 1, 0],
  ...said,
  frame: {
    band: { low: 4980, high: 5004 },
    shift: { kind: 'BOS', side: 'long', price: 1, swingAt: 1, at: 1 },
    ...said.frame,
  },
})

test('a quality below 45 is no bias', () => {
  const weak = judge(readingOf(leaning({ waveRatio: 1.1 })))
  expect([weak.long.score, weak.bias]).toEqual([43.9, 'neutral'])
  const enough = judge(readingOf(leaning({ waveRatio: 1.15 })))
  expect([enough.long.score, enough.bias]).toEqual([45.3, 'long'])
})

test('a lead below ten is no bias', () => {
  // Short: momentum 16.7, one timeframe 5.6, calm 11.1, chop 2.2.
  const close = judge(readingOf(leaning({ waveRatio: 1.16, votes: [1, 1, -1], frame: { ao: -2, aoBefore: -1 } })))
  expect([close.long.score, close.short.score, close.bias]).toEqual([45.5, 35.6, 'neutral'])
  const clear = judge(readingOf(leaning({ waveRatio: 1.18, votes: [1, 1, -1], frame: { ao: -2, aoBefore: -1 } })))
  expect([clear.long.score, clear.short.score, clear.bias]).toEqual([46.1, 35.6, 'long'])
})

test('a side the waves are against has no bias, however good it looks', () => {
  const carried = judge(longReading({ waveRatio: 0.7 }))
  expect([carried.bias, carried.long.score]).toEqual(['long', 66.8])
  const against = judge(longReading({ waveRatio: 0.69 }))
  expect([against.bias, against.better, against.long.score]).toEqual(['neutral', 'long', 66.8])
})

test('for a short the inverse of the ratio must carry', () => {
  const short = (waveRatio: number): Said => ({
    waveRatio,
    votes: [-1, -1, -1],
    frame: { ao: -2, aoBefore: -1, band: { low: 4996, high: 5020 } },
  })
  expect(judge(readingOf(short(1.42))).bias).toBe('short')
  expect(judge(readingOf(short(1.44)))).toMatchObject({ bias: 'neutral', better: 'short' })
})

test('before everything is warm there is no bias', () => {
  expect(judge(longReading({ warm: false })).bias).toBe('neutral')
})

test('above the 88th percentile a market is excluded', () => {
  expect(judge(longReading({ percentile: 0.88 })).excluded).toBe(false)
  expect(judge(longReading({ percentile: 0.89 })).excluded).toBe(true)
})

test('a drawn card is judged by the level it was drawn on, the other side by the one it would take', () => {
  const reading = longReading({ ema21: 4999, frame: { gaps: [gapAt('short', 5001, 5002)] } })
  const [fresh, drawn] = [judge(reading), judge(reading, { side: 'long', level: 'vwap' })]
  const structure = ({ components }: Quality) => components.find(({ name }) => name === 'structure')
  expect([structure(fresh.long)?.points, structure(drawn.long)?.points]).toEqual([5.6, 11.1])
  expect(structure(drawn.long)?.why).toBe('last shift BOS long; zone rests on vwap')
  expect([structure(fresh.short)?.points, structure(drawn.short)?.points]).toEqual([5.6, 5.6])
})

test.each([
  ['quality 40 and level with the other side', 40, 40, 1, true],
  ['quality below 40', 39.9, 0, 1, false],
  ['the other side better', 60, 60.1, 1, false],
  ['waves just carrying', 60, 0, 0.7, true],
  ['waves against', 60, 0, 0.69, false],
] as const)('a card keeps its bias, less than a new one needs: %s', (_, own, other, waveRatio, kept) => {
  expect(keepsBias(scored(own, other, waveRatio), 'long')).toBe(kept)
  expect(keepsBias(scored(other, own, 1 / waveRatio), 'short')).toBe(kept)
})
