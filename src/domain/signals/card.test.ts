import { expect, test } from 'vitest'
import { gapAt, judgementOf, longReading, readAt, readingOf, swingAt } from '#src/testing/readings.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import {
  type Card,
  type CardPlace,
  drawCard,
  keepPlanned,
  pointsToZone,
  type Showing,
  toFocusCard,
  toPlannedCard,
} from './card.ts'

const place: CardPlace = {
  spec: specOf('MES'),
  contract: 'MES Z3',
  tradeDate: '2013-10-09',
  sizedBy: { cap: dollars(375), fee: dollars(0.62) },
}
const judgement = judgementOf(longReading({ vwap: 4998 }))
const card = drawCard(judgement, 'long', place, 2)
const showing: Showing = {
  place,
  judgement,
  card,
  price: 5000,
  rank: 1,
  method: { code: '0.1.0-1f2e3d4c', parameters: '9a8b7c6d' },
}

test('a drawn card is named after its day, market and number, and counts as a draft until a plan holds it', () => {
  expect(card).toMatchObject({
    id: '2013-10-09-MES-2',
    contract: 'MES Z3',
    drawnAt: readAt,
    percentile: 0.5,
    quality: 100,
    version: 0,
  })
})

test('it begins where price stands, with the price it was drawn at', () => {
  expect(card.life).toMatchObject({ side: 'long', state: 'near', since: readAt, last: 5000 })
})

test('its size follows stop, volatility cluster and waves', () => {
  // 18 + 2 ticks of $1.25 and $1.24: $26.24, of which $312.50 holds 11.
  expect(card.size).toMatchObject({ contracts: 11, startWith: 2, riskPerContract: dollars(26.24), halved: false })
  const neutral = judgementOf(longReading({ vwap: 4998, waveRatio: 1.4 }))
  expect(drawCard(neutral, 'long', place, 1).size).toMatchObject({ contracts: 5, halved: true })
  const wild = judgementOf(longReading({ vwap: 4998, cluster: 'HIGH' }))
  expect(drawCard(wild, 'long', place, 1).size).toMatchObject({ contracts: 7, budget: dollars(187.5) })
})

test('the plan keeps what was promised of it', () => {
  expect(toPlannedCard(card, place)).toEqual({
    id: '2013-10-09-MES-2',
    instrument: 'MES',
    contract: 'MES Z3',
    side: 'long',
    zone: { low: 4997.25, high: 4998.75 },
    stop: 4994.25,
    target1: 5005.5,
    target2: 5012.25,
    contracts: 11,
    quality: 100,
  })
})

test('drawn again it takes the numbers of the stored plan, unless that planned the other side', () => {
  const stored = { ...toPlannedCard(card, place), stop: 4990, target1: 5010, contracts: 1, quality: 60 }
  const kept = keepPlanned(card, stored)
  expect(kept.life.bracket).toMatchObject({ stop: 4990, target1: 5010, zone: { low: 4997.25, high: 4998.75 } })
  expect([kept.size.contracts, kept.size.startWith, kept.quality]).toEqual([1, 1, 60])
  expect(keepPlanned(card, { ...stored, side: 'short' })).toBe(card)
  expect(keepPlanned(card, undefined)).toBe(card)
})

test('shown, it carries what it is, what to do, and why', () => {
  const shown = toFocusCard(showing)
  expect(shown).toMatchObject({
    id: '2013-10-09-MES-2',
    name: 'S&P 500',
    place: 1,
    bias: 'long',
    state: 'near',
    action: 'limit',
    reason: 'price-beyond-zone',
    otherQuality: 11.1,
    ratio: 2.5,
    waves: 'strong',
    confluence: 3,
    regime: 'TRENDING',
    excluded: false,
    version: 0,
    asOf: readAt,
  })
  // Half of the 18 ticks of 1R beyond 4998.75, on the next tick.
  expect(shown.stack).toEqual({ addAt: 5001, minRatio: 1.8, ratioAllows: true })
  expect(toFocusCard({ ...showing, barrier: 'gate-closed' }).reason).toBe('gate-closed')
  expect(toFocusCard({ ...showing, price: 4998 }).action).toBe('enter')
})

test('a short may add below its zone, and only while the ratio is above 1.8', () => {
  const bearish = judgementOf(readingOf({ vwap: 5002, waveRatio: 1 / 1.8, votes: [-1, -1, -1] }))
  const short = drawCard(bearish, 'short', place, 1)
  const shown = toFocusCard({ ...showing, judgement: bearish, card: short })
  expect(shown.stack).toEqual({ addAt: 4999, minRatio: 1.8, ratioAllows: false })
})

test('adding needs a ratio above 1.8, not of 1.8', () => {
  const allows = (waveRatio: number) =>
    toFocusCard({ ...showing, judgement: judgementOf(longReading({ waveRatio })) }).stack?.ratioAllows
  expect([allows(1.8), allows(1.81)]).toEqual([false, true])
})

test('a market without a card is shown neutral, by its better side', () => {
  const shown = toFocusCard({ ...showing, judgement: judgementOf(readingOf({ waveRatio: 1.2 })), card: undefined })
  expect(shown).toMatchObject({
    id: '2013-10-09-MES-0',
    bias: 'neutral',
    state: 'watching',
    action: 'wait',
    reason: 'no-bias',
  })
  expect(shown).toMatchObject({ ratio: 1.2, quality: { score: 18.9 }, otherQuality: 13.3 })
  expect([shown.bracket, shown.size, shown.stack, shown.drawnAt]).toEqual([undefined, undefined, undefined, undefined])
})

test('what is not warm is shown as unknown, never as a number', () => {
  const cold = judgementOf(
    readingOf({ warm: false, waveRatio: Number.NaN, percentile: Number.NaN, frame: { atr: Number.NaN } }),
  )
  expect(toFocusCard({ ...showing, judgement: cold, card: undefined })).toMatchObject({
    reason: 'warming-up',
    ratio: null,
    volatility: { percentile: null, atr: null },
  })
})

test('the way to the zone is positive when the zone lies below the price, negative above, zero inside', () => {
  const to = (price: number): number => pointsToZone(card.life, price)
  expect([to(5000), to(4998), to(4996)]).toEqual([1.25, 0, -1.25])
})

test('every number opens where it comes from', () => {
  const { provenance } = toFocusCard(showing)
  expect(provenance.zone).toEqual({
    formula: 'VWAP ± 0.15 ATR, on the tick grid',
    inputs: [
      { name: 'VWAP', value: 4998, at: readAt },
      { name: 'ATR(14) 5m', value: 4, at: readAt },
    ],
  })
  expect(provenance.size.inputs.map(({ name, value }) => [name, value])).toEqual([
    ['budget $', 312.5],
    ['loss per contract $', 26.24],
    ['of it fees $ (as set)', 1.24],
    ['volatility multiplier', 1],
  ])
  expect(provenance.ratio.inputs.slice(0, 2).map(({ name, value }) => [name, value])).toEqual([
    ['mean bull wave', 2.5],
    ['mean bear wave', 1],
  ])
  expect(provenance.quality.inputs.map(({ name, value, why }) => [name, value, why])).toEqual([
    ['waves', '27.8 of 27.8', 'ratio 2.50'],
    ['momentum', '16.7 of 16.7', 'AO on the side and moving with it'],
    ['location', '11.1 of 11.1', 'close on the side of the 20-bar middle'],
    ['confluence', '16.7 of 16.7', '3 of 3 timeframes agree'],
    ['structure', '11.1 of 11.1', 'last shift BOS long; zone rests on vwap'],
    ['volatility', '11.1 of 11.1', 'percentile 0.50'],
    ['regime', '5.6 of 5.6', 'TRENDING with the side'],
    ['quality of the other side', 11.1, undefined],
  ])
  expect(provenance.quality.inputs[0]?.at).toBe(readAt - 300_000)
  for (const { formula } of Object.values(provenance)) expect(formula).not.toBe('')
})

test('a stop names the swing and what decided it, a target the level it stands at or the plain multiple', () => {
  const gap = gapAt('short', 5010, 5011)
  const said = judgementOf(longReading({ vwap: 4998, frame: { swingLows: [swingAt('low', 4992)], gaps: [gap] } }))
  const { provenance } = toFocusCard({ ...showing, judgement: said, card: drawCard(said, 'long', place, 1) })
  expect(provenance.stop.inputs.slice(0, 2)).toEqual([
    { name: 'swing low below the zone', value: 4992, at: readAt - 3_900_000 },
    { name: 'decided by', value: 'the swing, farther than 1 ATR' },
  ])
  expect(provenance.target1.inputs[0]).toEqual({ name: 'bear gap', value: 5010, at: readAt - 2_100_000 })
  expect(provenance.target2.inputs[0]).toEqual({ name: 'decided by', value: '3R, no level within reach' })
  expect(toFocusCard(showing).provenance.stop.inputs.slice(0, 2)).toEqual([
    { name: 'swing low below the zone', value: 'none' },
    { name: 'decided by', value: '1 ATR, no swing lies farther' },
  ])
})

test('what decided a card stays as it was drawn, whatever the market has become', () => {
  const later = judgementOf(longReading({ vwap: 4998, frame: { swingLows: [swingAt('low', 4992)] } }))
  const { provenance } = toFocusCard({ ...showing, judgement: later })
  expect(provenance.stop).toEqual(toFocusCard(showing).provenance.stop)
})

test('a card that took other numbers from the stored plan claims no swing and no level for them', () => {
  const stored = toPlannedCard(card, place)
  const shownOf = (planned: typeof stored) => toFocusCard({ ...showing, card: keepPlanned(card, planned) })
  const { stop, target1, target2 } = shownOf({ ...stored, target2: 5020 }).provenance
  for (const { inputs } of [stop, target1, target2])
    expect(inputs[0]).toEqual({ name: 'decided by', value: 'the stored plan, drawn before this start' })
  expect(shownOf(stored).provenance).toEqual(toFocusCard(showing).provenance)
})

test('a pivot is named as one', () => {
  const pivots = { P: 4970, R1: 5006, S1: 4960, R2: 5040, S2: 4950, R3: 5060, S3: 4940 }
  const prior = { tradeDate: '2013-10-08', high: 4990, low: 4960, close: 4980 }
  const said = judgementOf(longReading({ vwap: 4998, pivots, prior }))
  const { provenance } = toFocusCard({ ...showing, judgement: said, card: drawCard(said, 'long', place, 1) })
  expect(provenance.target1.inputs[0]).toEqual({ name: 'pivot R1', value: 5006, at: readAt })
})

test('it tells what worked its numbers out', () => {
  expect(toFocusCard(showing).method).toEqual({ code: '0.1.0-1f2e3d4c', parameters: '9a8b7c6d' })
})

test('the stop says when it was widened, the size when it was halved', () => {
  const said = judgementOf(longReading({ vwap: 4998, percentile: 0.8, waveRatio: 1.4 }))
  const wide: Card = drawCard(said, 'long', place, 1)
  const { provenance } = toFocusCard({ ...showing, judgement: said, card: wide })
  expect(provenance.stop.formula).toContain('× 1.5 in high volatility')
  expect(provenance.size.formula).toContain('halved: waves are neutral')
  expect(toFocusCard(showing).provenance.stop.formula).not.toContain('× 1.5')
})

test('without a card its numbers say that none is drawn, and what is not warm says so', () => {
  const cold = judgementOf(readingOf({ waveRatio: Number.NaN }))
  const { provenance } = toFocusCard({ ...showing, judgement: cold, card: undefined })
  expect(provenance.stop).toEqual({ formula: 'no card is drawn on this market', inputs: [] })
  expect(provenance.ratio.inputs[0]?.value).toBe('not warm')
})
