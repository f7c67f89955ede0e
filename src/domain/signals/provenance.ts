import type { ContractSpec } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Bound } from '../risk/allowance.ts'
import type { Reading } from './analysis.ts'
import type {
  Basis,
  Bracket,
  CardNumber,
  Input,
  Level,
  Provenance,
  QualityComponent,
  Side,
  Size,
  TargetBasis,
} from './focus-card.ts'
import type { Judgement } from './judgement.ts'
import { parameters as p } from './parameters.ts'

type Sources = {
  readonly judgement: Judgement
  readonly side: Side
  readonly spec: ContractSpec
  /** Present on a drawn card, with the close time of the bar it was drawn from. */
  readonly drawn?: {
    readonly bracket: Bracket
    /** Undefined where the numbers are those of a stored plan, which says no more of them. */
    readonly basis: Basis | undefined
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

const componentOf = ({ name, points, max, why }: QualityComponent, { at, frame }: Reading): Input => ({
  ...input(name.replace('-', ' '), `${points} of ${max}`, name === 'order-flow' ? at : frame.at),
  why,
})

const qualityOf = ({ side, judgement }: Sources): Provenance => {
  const { reading } = judgement
  const other = judgement[side === 'long' ? 'short' : 'long'].score
  return {
    formula: 'sum of the components; what is not known yet is dropped and the rest rescaled to 100',
    inputs: [
      ...judgement[side].components.map((component) => componentOf(component, reading)),
      input('quality of the other side', other, reading.at),
    ],
  }
}

const heldBy: Readonly<Record<Bound, string>> = {
  trade: 'the most per trade is lower now',
  daily: '40 % of what the day may still lose',
  drawdown: '25 % of what lies above the floor',
}

const storedPlan: readonly Input[] = [input('decided by', 'the stored plan, drawn before this start')]

const stopWords: Readonly<Record<Basis['stopBy'], string>> = {
  swing: `the swing, farther than ${p.stopAtr} ATR`,
  atr: `${p.stopAtr} ATR, no swing lies farther`,
  bound: `the bound of ${p.stopMinimum}–${p.stopMaximum} ATR`,
}

const stopInputs = (basis: Basis | undefined, side: Side): readonly Input[] => {
  if (basis === undefined) return storedPlan
  const { swing, stopBy } = basis
  const name = side === 'long' ? 'swing low below the zone' : 'swing high above the zone'
  return [input(name, swing?.price ?? 'none', swing?.at), input('decided by', stopWords[stopBy])]
}

/** A pivot's name alone does not say that it is one. */
const levelName = ({ kind, name }: Level): string => (kind === 'pivot' ? `pivot ${name}` : name)

const targetInputs = (basis: TargetBasis | undefined): readonly Input[] => {
  if (basis === undefined) return storedPlan
  if ('plain' in basis) return [input('decided by', `${round(basis.plain, 2)}R, no level within reach`)]
  const { level } = basis
  return [input(levelName(level), round(level.price), level.at)]
}

const lastOf = ({ judgement: { reading } }: Sources): Provenance => ({
  formula: 'the newest trade of the feed',
  inputs: [input('close of the newest 1m bar', reading.close, reading.at)],
})

const drawnNumbers = (sources: Sources): Record<'zone' | 'stop' | 'target1' | 'target2' | 'size', Provenance> => {
  const { drawn, side } = sources
  if (drawn === undefined)
    return { zone: notDrawn, stop: notDrawn, target1: notDrawn, target2: notDrawn, size: notDrawn }
  const { bracket, basis, size, fee, at, percentile } = drawn
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
      inputs: [...stopInputs(basis, side), edge, atr, input('volatility percentile', round(percentile, 2), at), risk],
    },
    target1: {
      formula: `nearest opposing level from ${p.target1Minimum}R to ${p.target1Reach}R, else ${p.target1Plain}R`,
      inputs: [...targetInputs(basis?.target1), edge, risk],
    },
    target2: {
      formula: `next level from ${p.target2Minimum}R to ${p.target2Reach}R, else ${p.target2Plain}R`,
      inputs: [...targetInputs(basis?.target2), edge, risk],
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
