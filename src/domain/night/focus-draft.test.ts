import { describe, expect, test } from 'vitest'
import { recordedBars } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { longReading } from '#src/testing/readings.ts'
import { dateOfBar } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import type { FocusDraft } from '../night-paper.ts'
import { analysisOf } from '../signals/analysis.ts'
import { byWorth, draftOf } from './focus-draft.ts'

const spec = specOf('MGC')
const noon = Date.UTC(2013, 9, 9, 16)

/** Gold as it stands at an instant of its recorded days. */
const draftAt = (until: number, morning: string): FocusDraft => {
  const analysis = analysisOf(spec)
  let state = analysis.start()
  for (const bar of recordedBars('GC'))
    if (bar.time < until)
      state = analysis.step(state, { bar, tradeDate: dateOfBar(spec.group, bar.time), flow: undefined })
  return draftOf(spec, state, analysis.value(state), morning)
}

describe.skipIf(!hasOracles)('the evening’s draft of a recorded market', () => {
  test('takes the day that is over for the prior day', () => {
    const day = recordedBars('GC').filter(({ time }) => dateOfBar(spec.group, time) === '2013-10-09' && time < noon)
    const [high, low] = [Math.max(...day.map((bar) => bar.high)), Math.min(...day.map((bar) => bar.low))]
    const close = day.at(-1)?.close ?? 0
    const draft = draftAt(noon, '2013-10-10')
    expect(draft).toMatchObject({ instrument: 'MGC', excluded: false, close })
    const known = new Map(draft.levels.map(({ name, price }) => [name, price]))
    const pivot = (high + low + close) / 3
    const expected: Record<string, number> = { P: pivot, S1: 2 * pivot - high, R1: 2 * pivot - low }
    const shown = Object.keys(expected).filter((name) => known.has(name))
    expect(shown).not.toEqual([])
    for (const name of shown) expect(known.get(name)).toBeCloseTo(expected[name] ?? 0, 9)
  })

  test('keeps the prior day once the morning’s own trade date has begun', () => {
    const today = draftAt(noon, '2013-10-09')
    expect(today.levels).not.toEqual(draftAt(noon, '2013-10-10').levels)
  })

  test('shows at most three levels on each side of the close, the highest first', () => {
    const { levels, close } = draftAt(noon, '2013-10-10')
    const prices = levels.map(({ price }) => price)
    expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    expect(prices.filter((price) => price > close).length).toBeLessThanOrEqual(3)
    expect(prices.filter((price) => price < close).length).toBeLessThanOrEqual(3)
  })

  test('says when too little is stored', () => {
    const early = Date.UTC(2013, 9, 7, 5)
    expect(draftAt(early, '2013-10-08')).toMatchObject({ bias: 'neutral', words: 'Too little is stored to judge it.' })
  })
})

test('a market one may trade comes before a better one that is excluded or has no bias', () => {
  const draft = (quality: number, bias: FocusDraft['bias'], excluded = false): FocusDraft => ({
    ...{ instrument: 'MGC', bias, quality, excluded, close: 1, levels: [], words: '' },
  })
  const order = [draft(50, 'short'), draft(90, 'neutral'), draft(60, 'long'), draft(95, 'long', true)].sort(byWorth)
  expect(order.map(({ quality }) => quality)).toEqual([60, 50, 95, 90])
})

test('a market whose waves alone are against it says so, and not that its side is too weak', () => {
  const state = analysisOf(spec).start()
  const draft = draftOf(specOf('MES'), state, longReading({ waveRatio: 0.55 }), '2013-10-10')
  expect(draft).toMatchObject({
    bias: 'neutral',
    words: 'No bias, long 67 and short 34 of 100. Still wanted for long: A wave ratio of 0.7: it has 0.55.',
  })
})
