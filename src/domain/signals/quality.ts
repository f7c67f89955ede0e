import { directionalRatio } from '../waves/wave-dominance.ts'
import type { Reading } from './analysis.ts'
import type { LevelKind, Quality, QualityComponent, QualityComponentName, Side } from './focus-card.ts'
import { parameters as p } from './parameters.ts'

type Part = { readonly name: QualityComponentName; readonly points: number; readonly max: number; readonly why: string }

const sign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1)
const tenth = (value: number): number => Math.round(value * 10) / 10
const clamp01 = (value: number): number => Math.min(1, Math.max(0, value))

const waves = ({ frame }: Reading, side: Side): Part => {
  const ratio = directionalRatio(frame.waves.waveRatio, side)
  return { name: 'waves', max: 25, points: 25 * clamp01(ratio - 1) || 0, why: `ratio ${ratio.toFixed(2)}` }
}

/** How the awesome oscillator stands to a side: 'with' on the side and moving with it, 'on' the side only, 'against' neither. */
export const momentumOf = ({ frame: { ao, aoBefore } }: Reading, side: Side): 'with' | 'on' | 'turning' | 'against' => {
  const on = sign(side) * ao > 0
  const moving = sign(side) * (ao - aoBefore) > 0
  if (on) return moving ? 'with' : 'on'
  return sign(side) * ao < 0 && sign(side) * (ao - aoBefore) < 0 ? 'against' : 'turning'
}

const momentumWords = {
  with: 'AO on the side and moving with it',
  on: 'AO on the side, moving back',
  turning: 'AO not on the side',
  against: 'AO against the side and moving away',
} as const

const momentum = (reading: Reading, side: Side): Part => {
  const word = momentumOf(reading, side)
  return { name: 'momentum', max: 15, points: word === 'with' ? 15 : word === 'on' ? 7 : 0, why: momentumWords[word] }
}

const location = ({ frame: { close, band } }: Reading, side: Side): Part => {
  const inside = sign(side) * (close - (band.low + band.high) / 2) > 0
  return {
    name: 'location',
    max: 10,
    points: inside ? 10 : 0,
    why: `close on ${inside ? 'the' : 'the wrong'} side of the 20-bar middle`,
  }
}

/** How many of the three timeframes stand with a side, 0–3. */
export const confluenceOf = ({ confluence }: Reading, side: Side): number =>
  Object.values(confluence).filter(({ vote }) => vote === sign(side)).length

const confluence = (reading: Reading, side: Side): Part => {
  const agreeing = confluenceOf(reading, side)
  return { name: 'confluence', max: 15, points: 5 * agreeing, why: `${agreeing} of 3 timeframes agree` }
}

/** Absent where nobody tells who crossed the spread, or not for long enough. */
const orderFlow = ({ flow: { delta } }: Reading, side: Side): readonly Part[] => {
  if (delta === undefined || Number.isNaN(delta.slope)) return []
  const lean = delta.lean === 'neutral' ? 0 : delta.lean === 'bullish' ? 1 : -1
  const points = lean === 0 ? 5 : lean === sign(side) ? 10 : 0
  const why = `delta ${delta.lean}, slope ${delta.slope.toFixed(2)}${delta.basis === 'estimated' ? ', estimated' : ''}`
  return [{ name: 'order-flow', max: 10, points, why }]
}

const restful: readonly LevelKind[] = ['gap', 'block', 'vwap', 'pivot', 'opening-range']

const structure = ({ frame: { shift }, session }: Reading, side: Side, level: LevelKind): Part => {
  const pattern = session.evidence.findLast((each) => each.side === side)?.pattern
  const agrees = shift?.side === side || pattern !== undefined
  const rests = restful.includes(level)
  const last = shift === undefined ? 'no shift yet' : `last shift ${shift.kind} ${shift.side}`
  return {
    name: 'structure',
    max: 10,
    points: (agrees ? 5 : 0) + (rests ? 5 : 0),
    why: `${last}${pattern === undefined ? '' : `; ${pattern.replaceAll('-', ' ')}`}; zone rests on ${level.replace('-', ' ')}`,
  }
}

const volatility = ({ percentile }: Reading): Part => {
  const points = percentile > p.excludeAbove ? 0 : percentile >= 0.1 && percentile <= p.widenAbove ? 10 : 5
  return { name: 'volatility', max: 10, points, why: `percentile ${percentile.toFixed(2)}` }
}

export type Regime = 'TRENDING' | 'VOLATILE' | 'CHOPPY' | 'UNKNOWN'

/** TRENDING where efficiency ratio ≥ 0.35 and ADX ≥ 22 on 5m, VOLATILE where the volatility percentile ≥ 0.90, else CHOPPY. */
export const regimeOf = ({ frame: { efficiency, adx }, percentile }: Reading): Regime => {
  if (Number.isNaN(efficiency) || Number.isNaN(adx)) return 'UNKNOWN'
  if (efficiency >= p.trendingEfficiency && adx >= p.trendingAdx) return 'TRENDING'
  return percentile >= p.volatileAbove ? 'VOLATILE' : 'CHOPPY'
}

const regime = (reading: Reading, side: Side): Part => {
  const word = regimeOf(reading)
  const withSide = word === 'TRENDING' && sign(side) * reading.frame.drift > 0
  const why = word === 'TRENDING' ? `TRENDING ${withSide ? 'with' : 'against'} the side` : word
  return { name: 'regime', max: 5, points: withSide ? 5 : word === 'CHOPPY' ? 2 : 0, why }
}

/**
 * The quality of one side, 0–100: the visible sum of its components (points and rules in `signals/parameters`), each
 * rescaled for what was dropped and rounded to a tenth, so that what is shown is what decides.
 * `level` is what the entry zone rests on.
 */
export const judgeQuality = (reading: Reading, side: Side, level: LevelKind): Quality => {
  const flow = orderFlow(reading, side)
  const parts = [
    waves(reading, side),
    momentum(reading, side),
    location(reading, side),
    confluence(reading, side),
    ...flow,
    structure(reading, side, level),
    volatility(reading),
    regime(reading, side),
  ]
  const available = parts.reduce((sum, { max }) => sum + max, 0)
  const components: QualityComponent[] = parts.map((part) => ({
    ...part,
    points: tenth((part.points * 100) / available),
    max: tenth((part.max * 100) / available),
  }))
  // Rounded parts can add up to a tenth too much; nothing is better than 100.
  const score = Math.min(100, tenth(components.reduce((sum, { points }) => sum + points, 0)))
  // What has no input is dropped and the rest rescaled to 100.
  return { score, components, dropped: flow.length === 0 ? ['order-flow'] : [] }
}
