import type { ContractSpec } from '../instruments/instrument.ts'
import { roundToGrid } from '../instruments/ticks.ts'
import { type SizeTerms, sizeTrade } from '../risk/sizing.ts'
import { directionalRatio, readWaves } from '../waves/wave-dominance.ts'
import { actOn, actWithoutCard, type Barrier } from './action.ts'
import { drawBracket, worstEdge } from './bracket.ts'
import { approachAt, type CardLife } from './card-life.ts'
import type { Basis, Bias, Bracket, FocusCard, Method, Side, Size, StackRule } from './focus-card.ts'
import { checklistOf } from './grade.ts'
import type { Judgement } from './judgement.ts'
import { marketNow } from './market-now.ts'
import { parameters as p } from './parameters.ts'
import { provenanceOf } from './provenance.ts'
import { confluenceOf, regimeOf } from './quality.ts'
import type { PlannedCard } from './transition.ts'
import { sizeMultiplier } from './volatility.ts'
import { whyOf } from './why.ts'

/** A bracket drawn for one market on one day, and the life it has had since. Only `life` and `version` ever change. */
export type Card = {
  readonly id: string
  readonly contract: string
  readonly size: Size
  /** What the size was reckoned by. */
  readonly sizedBy: SizeTerms
  readonly drawnAt: number
  readonly percentile: number
  readonly quality: number
  /** Version of the day's plan; 0 while it is a draft. */
  readonly version: number
  readonly life: CardLife
  /** What decided the bracket; undefined where its numbers are those of a stored plan that this drawing does not come to. */
  readonly basis: Basis | undefined
}

/** The market a card stands in, on one trade date. */
export type CardPlace = {
  readonly spec: ContractSpec
  readonly contract: string
  readonly tradeDate: string
  readonly sizedBy: SizeTerms
}

/** Draws the card of the judgement's bias; `number` counts the market's cards of the day, from 1. */
export const drawCard = (judgement: Judgement, side: Side, place: CardPlace, number: number): Card => {
  const { reading } = judgement
  const { bracket, basis } = drawBracket(reading, side, place.spec)
  const neutral = readWaves(directionalRatio(reading.frame.waves.waveRatio, side)) === 'neutral'
  return {
    id: `${place.tradeDate}-${place.spec.id}-${number}`,
    contract: place.contract,
    size: sizeTrade(place.spec, bracket.stopTicks, place.sizedBy, sizeMultiplier[reading.cluster], neutral),
    sizedBy: place.sizedBy,
    drawnAt: reading.at,
    percentile: reading.percentile,
    quality: judgement[side].score,
    version: 0,
    life: { side, bracket, state: approachAt(bracket, reading.close), since: reading.at, last: reading.close },
    basis,
  }
}

/** What a stored plan version keeps of a card. */
export const toPlannedCard = (card: Card, place: CardPlace): PlannedCard => {
  const { side, bracket } = card.life
  return {
    id: card.id,
    instrument: place.spec.id,
    contract: card.contract,
    side,
    zone: bracket.zone,
    stop: bracket.stop,
    target1: bracket.target1,
    target2: bracket.target2,
    contracts: card.size.contracts,
    quality: card.quality,
  }
}

const isSameDrawing = (one: Bracket, other: Bracket): boolean =>
  one.zone.low === other.zone.low &&
  one.zone.high === other.zone.high &&
  one.stop === other.stop &&
  one.target1 === other.target1 &&
  one.target2 === other.target2

/** The card with the numbers of the stored plan, when that planned the same side: what was frozen stays, whatever was learnt since. */
export const keepPlanned = (card: Card, planned: PlannedCard | undefined): Card => {
  const { life } = card
  if (planned === undefined || planned.side !== life.side) return card
  const { zone, stop, target1, target2, contracts, quality } = planned
  const size = { ...card.size, contracts, startWith: Math.min(card.size.startWith, contracts) }
  const bracket = { ...life.bracket, zone, stop, target1, target2 }
  const basis = isSameDrawing(bracket, life.bracket) ? card.basis : undefined
  return { ...card, quality, size, basis, life: { ...life, bracket } }
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)

const stackRule = ({ life: { side, bracket } }: Card, ratio: number, spec: ContractSpec): StackRule => {
  const worst = worstEdge(bracket, side)
  const half = (p.stackAtR * bracket.stopTicks) / spec.ticksPerPoint
  const addAt = side === 'long' ? roundToGrid(spec, worst + half, 'up') : roundToGrid(spec, worst - half, 'down')
  return { addAt, minRatio: p.stackRatio, ratioAllows: ratio > p.stackRatio }
}

export type Showing = {
  readonly place: CardPlace
  readonly judgement: Judgement
  readonly card: Card | undefined
  /** The card's size as it stands; as it was drawn unless said. */
  readonly size?: Size | undefined
  readonly price: number
  readonly barrier?: Barrier | undefined
  /** 1–4 in the plan, 0 in the quiet row. */
  readonly rank: number
  readonly method: Method
}

const sideOf = ({ card, judgement }: Showing): { side: Side; bias: Bias } =>
  card === undefined ? { side: judgement.better, bias: 'neutral' } : { side: card.life.side, bias: card.life.side }

const drawnParts = (card: Card, size: Size, ratio: number, spec: ContractSpec) => ({
  bracket: card.life.bracket,
  size,
  stack: stackRule(card, ratio, spec),
  drawnAt: card.drawnAt,
})

const provenance = ({ judgement, card, size, place: { spec, sizedBy } }: Showing, side: Side) =>
  provenanceOf({
    judgement,
    side,
    spec,
    ...(card && {
      drawn: {
        bracket: card.life.bracket,
        basis: card.basis,
        size: size ?? card.size,
        fee: sizedBy.fee,
        at: card.drawnAt,
        percentile: card.percentile,
      },
    }),
  })

/** The card as the trader reads it, at one price and with the gate as it stands. */
export const toFocusCard = (showing: Showing): FocusCard => {
  const { place, judgement, card, size = card?.size, price, barrier } = showing
  const { reading } = judgement
  const { side, bias } = sideOf(showing)
  const quality = judgement[side]
  const ratio = directionalRatio(reading.frame.waves.waveRatio, side)
  const acting =
    card === undefined
      ? actWithoutCard(judgement)
      : actOn({ ...card.life, size: size ?? card.size }, judgement, price, barrier)
  return {
    id: card?.id ?? `${place.tradeDate}-${place.spec.id}-0`,
    instrument: place.spec.id,
    name: place.spec.name,
    contract: card?.contract ?? place.contract,
    tradeDate: place.tradeDate,
    place: showing.rank,
    bias,
    state: card?.life.state ?? 'watching',
    stateSince: card?.life.since ?? reading.at,
    ...acting,
    ...(card && drawnParts(card, size ?? card.size, ratio, place.spec)),
    quality,
    otherQuality: judgement[side === 'long' ? 'short' : 'long'].score,
    checklist: checklistOf(quality),
    why: whyOf({ judgement, side, spec: place.spec, life: card?.life }),
    market: marketNow(reading, place.spec),
    ratio: known(ratio),
    waves: readWaves(ratio),
    confluence: confluenceOf(reading, side),
    volatility: { percentile: known(reading.percentile), cluster: reading.cluster, atr: known(reading.frame.atr) },
    regime: regimeOf(reading),
    excluded: judgement.excluded,
    version: card?.version ?? 0,
    asOf: reading.at,
    provenance: provenance(showing, side),
    method: showing.method,
  }
}

/** Signed points from a price to the card's zone: 0 inside, positive when the zone lies below the price. */
export const pointsToZone = ({ bracket }: Pick<CardLife, 'bracket'>, price: number): number =>
  price > bracket.zone.high ? price - bracket.zone.high : price < bracket.zone.low ? price - bracket.zone.low : 0
