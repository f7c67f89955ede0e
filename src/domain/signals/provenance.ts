import type { ContractSpec } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Bound } from '../risk/allowance.ts'
import type { Bracket, CardNumber, Input, Provenance, Side, Size } from './focus-card.ts'
import type { Judgement } from './judgement.ts'
import { parameters as p } from './parameters.ts'

type Sources = {
  readonly judgement: Judgement
  readonly side: Side
  readonly spec: ContractSpec
  /** Present on a drawn card, with the close time of the bar it was drawn from. */
  readonly drawn?: {
    readonly bracket: Bracket
    readonly size: Size
    /** Of one side and contract. */
    readonly fee: Money
    readonly at: number
    readonly percentile: number
  }
}

const round = (value: number, digits = 4): number | string =>
  Number.isFinite(value) ? Number(value.toFixed(digits)) : 'not warm'

const input = (name: string, value: number | string, at?: number): Input =>
  at === undefined || Number.isNaN(at) ? { name, value } : { name, value, at }

const notDrawn: Provenance = { formula: 'no card is drawn on this market', inputs: [] }

const ratioOf = ({ judgement: { reading }, side }: Sources): Provenance => {
  const { waves, at } = reading.frame
  return {
    formula:
      side === 'long'
        ? 'mean bull wave / mean bear wave (5m, last 20 each)'
        : 'mean bear wave / mean bull wave (5m, last 20 each)',
    inputs: [
      input('mean bull wave', round(waves.bullAverage, 6), at),
      input('mean bear wave', round(waves.bearAverage, 6), at),
      input('dominance', round(waves.dominance, 6), at),
      input('running wave / its average', round(waves.currentRatio, 2), at),
    ],
  }
}

const qualityOf = ({ side, judgement }: Sources): Provenance => ({
  formula: 'sum of the components; what is not known yet is dropped and the rest rescaled to 100',
  inputs: [
    input('quality of the other side', judgement[side === 'long' ? 'short' : 'long'].score, judgement.reading.at),
  ],
})

const heldBy: Readonly<Record<Bound, string>> = {
  trade: 'the most per trade is lower now',
  daily: '40 % of what the day may still lose',
  drawdown: '25 % of what lies above the floor',
}

const lastOf = ({ judgement: { reading } }: Sources): Provenance => ({
  formula: 'the newest trade of the feed',
  inputs: [input('close of the newest 1m bar', reading.close, reading.at)],
})

const drawnNumbers = (sources: Sources): Record<'zone' | 'stop' | 'target1' | 'target2' | 'size', Provenance> => {
  const { drawn, side } = sources
  if (drawn === undefined)
    return { zone: notDrawn, stop: notDrawn, target1: notDrawn, target2: notDrawn, size: notDrawn }
  const { bracket, size, fee, at, percentile } = drawn
  const atr = input('ATR(14) 5m', round(bracket.atr), at)
  const edge = input('worst edge of the zone', side === 'long' ? bracket.zone.high : bracket.zone.low, at)
  const risk = input('1R in ticks', bracket.stopTicks, at)
  const money = (amount: number): number => amount / 10_000
  return {
    zone: {
      formula: `${bracket.level.name} ± ${p.zoneHalf} ATR, on the tick grid`,
      inputs: [input(bracket.level.name, round(bracket.level.price), bracket.level.at), atr],
    },
    stop: {
      formula:
        'worst edge − the farther of last swing beyond the zone and 1 ATR, within 0.8–2.5 ATR, 2 ticks further' +
        (bracket.stopWidened ? `, × ${p.widenBy} in high volatility` : ''),
      inputs: [edge, atr, input('volatility percentile', round(percentile, 2), at), risk],
    },
    target1: {
      formula: `nearest opposing level from ${p.target1Minimum}R to ${p.target1Reach}R, else ${p.target1Plain}R`,
      inputs: [edge, risk],
    },
    target2: {
      formula: `next level from ${p.target2Minimum}R to ${p.target2Reach}R, else ${p.target2Plain}R`,
      inputs: [edge, risk],
    },
    size: {
      formula: `floor(budget / loss per contract at the stop)${size.halved ? ', halved: waves are neutral' : ''}${size.heldBack ? `, of ${size.heldBack.from} drawn: ${heldBy[size.heldBack.by]}` : ''}`,
      inputs: [
        input('budget $', money(size.budget)),
        input('loss per contract $', money(size.riskPerContract)),
        input('of it fees $ (as set)', money(2 * fee)),
        input('volatility multiplier', size.multiplier, at),
      ],
    },
  }
}

/** Where each number of a card comes from: the rule in words, its inputs, and the bar each was read from. */
export const provenanceOf = (sources: Sources): Readonly<Record<CardNumber, Provenance>> => ({
  last: lastOf(sources),
  ratio: ratioOf(sources),
  quality: qualityOf(sources),
  ...drawnNumbers(sources),
})
