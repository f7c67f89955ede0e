import { expect, test } from 'vitest'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { openingRangeBreakout } from '#src/domain/patterns/opening-range-breakout.ts'
import type { OpeningRange } from '#src/domain/session/opening-range.ts'
import { twoPositions } from '#src/testing/accounts.ts'
import { chartProps, pageOf, textOf } from '#src/testing/pages.tsx'
import { goldInZone, morning, sp500Stopped } from '#src/testing/world.ts'
import { renderTopic } from '../fragments.tsx'
import { barCells } from './bar-cells.ts'
import { heldLevels, planLevels, rangesInPlay } from './levels.ts'

test('the plan is drawn as its card has it, each level with its word', () => {
  expect(planLevels(goldInZone)).toEqual([
    { kind: 'zone', low: 4121.6, high: 4124, label: 'long zone', from: goldInZone.drawnAt },
    { kind: 'stop', low: 4113, high: 4113, label: 'stop' },
    { kind: 'target', low: 4136.5, high: 4136.5, label: 'TP1' },
    { kind: 'target', low: 4147.1, high: 4147.1, label: 'TP2' },
  ])
})

test('of a card that is over, and of none, nothing is drawn', () => {
  expect(planLevels(sp500Stopped)).toEqual([])
  expect(planLevels(undefined)).toEqual([])
})

test('a position is a level at its average, in words with its account', () => {
  const [held] = heldLevels(twoPositions, 'MGC')
  expect(held).toMatchObject({ kind: 'average', label: expect.stringMatching(/^long 2 SIM101 at [\d,.]+$/) })
  expect(heldLevels(twoPositions, 'MCL')).toEqual([])
  expect(heldLevels(undefined, 'MGC')).toEqual([])
})

test('a row says what the chart shows: the growing bar, the tone of its volume, and a dash for what is not known', () => {
  const [closed, growing] = chartProps(morning).told.bars
  if (closed === undefined || growing === undefined) throw new Error('the chart of the world has two bars')
  expect(barCells('MGC', '5m', closed)).toEqual([
    'Nov 20, 09:35 ET',
    '2026-11-20',
    ...['4,120.0', '4,124.5', '4,119.2', '4,123.4'],
    '4,060 flat',
    '4,122.4',
    ...['4,122.4 – 4,122.4', '4,122.4 – 4,122.4', '—', '—', '—'],
    'trades not all seen',
    '',
  ])
  expect(barCells('MGC', '5m', growing)[0]).toBe('Nov 20, 09:40 ET, growing')
  const estimated = { ...closed, delta: { value: -12, basis: 'estimated' } } as const
  expect(barCells('MGC', '1d', estimated).at(0)).toBe('2026-11-20')
  expect(barCells('MGC', '5m', estimated).at(-2)).toBe('−12 estimated')
})

test('a delta that is not there says why', () => {
  const [closed, growing] = chartProps(morning).told.bars
  if (closed === undefined || growing === undefined) throw new Error('the chart of the world has two bars')
  expect(barCells('MGC', '60m', closed).at(-2)).toBe('trades not all seen')
  expect(barCells('MGC', '60m', growing).at(-2)).toBe('not known yet')
  expect(barCells('MGC', '1d', closed).at(-2)).toBe('not summed by day')
})

test('a row tells every line through its bar', () => {
  const [bar] = chartProps(morning).told.bars
  if (bar === undefined) throw new Error('the chart of the world has two bars')
  const warm = { ...bar, vwap: 4120, deviation: 2, ema: 4121, bands: { middle: 4122, upper: 4126, lower: 4118 } }
  expect(barCells('MGC', '5m', warm, 'bull gap filled').slice(7)).toEqual([
    '4,120.0',
    '4,118.0 – 4,122.0',
    '4,116.0 – 4,124.0',
    '4,121.0',
    '4,122.0',
    '4,118.0 – 4,126.0',
    'trades not all seen',
    'bull gap filled',
  ])
})

test('the opening ranges in play are those the zone or a pattern rests on, else the first quarters of an hour', () => {
  const usual = ['London opening range 15', 'New York opening range 15']
  const quiet = { ...goldInZone, why: { agrees: [], disagrees: [], wouldChange: [] } }
  expect([rangesInPlay(undefined), rangesInPlay(quiet)]).toEqual([usual, usual])
  const range: OpeningRange = {
    ...{ name: 'London', minutes: 60, opensAt: 0, state: 'TRIGGERED', since: 0, high: 4130, low: 4120 },
    trigger: { side: 'long', at: 1, price: 4131, relativeVolume: 1.4 },
  }
  const breakout = openingRangeBreakout(specOf('MGC'), range, 0)?.evidence.reasons ?? []
  const bracket = goldInZone.bracket && {
    ...goldInZone.bracket,
    level: { kind: 'opening-range', name: 'opening range 30 high', price: 4122, at: 0 } as const,
  }
  const resting = { ...quiet, ...(bracket && { bracket }), why: { ...quiet.why, disagrees: breakout } }
  expect(rangesInPlay(resting)).toEqual(['New York opening range 30', 'London opening range 60'])
})

test('every card leads to its chart, and the chart back', () => {
  expect(renderTopic('focus:MGC', morning)).toContain('<a href="/chart/MGC">Gold</a>')
  expect(renderTopic('focus:SIL', morning)).toContain('<a href="/chart/SIL">Silver</a>')
  expect(pageOf('chart', morning)).toContain('<a href="/">back to the Terminal</a>')
})

test('the chart page tells the plan in words beside drawing it', () => {
  const text = textOf(pageOf('chart', morning))
  for (const words of ['Gold · MGC Z6', 'LONG ↑ IN ZONE since 09:39 ET', 'Entry zone 4,121.6 – 4,124.0', 'TP2 4,147.1'])
    expect(text).toContain(words)
})
