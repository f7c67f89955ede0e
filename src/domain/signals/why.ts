import type { ContractSpec } from '../instruments/instrument.ts'
import { priceWords } from '../patterns/wording.ts'
import { directionalRatio } from '../waves/wave-dominance.ts'
import type { Reading } from './analysis.ts'
import { type CardLife, isFinished, isRunning } from './card-life.ts'
import type { QualityComponent, QualityComponentName, Side, Why } from './focus-card.ts'
import type { Judgement } from './judgement.ts'
import { parameters as p } from './parameters.ts'
import { momentumOf, regimeOf } from './quality.ts'

type Case = {
  readonly judgement: Judgement
  readonly side: Side
  readonly spec: ContractSpec
  /** Of a card that was drawn. */
  readonly life?: Pick<CardLife, 'bracket' | 'state'> | undefined
}

const opposite = (side: Side): Side => (side === 'long' ? 'short' : 'long')
const bulls = (side: Side): string => (side === 'long' ? 'bull' : 'bear')
const beyond = (side: Side): string => (side === 'long' ? 'above' : 'below')

const waveWords = ({ frame }: Reading, side: Side): string => {
  const ratio = directionalRatio(frame.waves.waveRatio, side)
  if (Number.isNaN(ratio)) return 'Fewer than three waves of a side are known.'
  const [own, other] = [bulls(side), bulls(opposite(side))]
  return ratio >= 1
    ? `The ${own} waves are ${ratio.toFixed(2)} times the ${other} waves.`
    : `The ${other} waves are larger: ratio ${ratio.toFixed(2)}.`
}

const momentumWords = (reading: Reading, side: Side): string =>
  ({
    with: `The awesome oscillator is ${beyond(side)} zero and moving on.`,
    on: `The awesome oscillator is ${beyond(side)} zero, but falling back.`,
    turning: `The awesome oscillator is not ${beyond(side)} zero yet, but turning.`,
    against: `The awesome oscillator is on the other side and moving away.`,
  })[momentumOf(reading, side)]

const locationWords = ({ frame: { close, band } }: Reading, spec: ContractSpec): string => {
  const middle = (band.low + band.high) / 2
  const where = close > middle ? 'above' : close < middle ? 'below' : 'at'
  return `Price is ${where} the middle of its last 20 five-minute bars, ${priceWords(spec, middle)}.`
}

const confluenceWords = ({ confluence }: Reading, side: Side): string => {
  const vote = side === 'long' ? 1 : -1
  const names = Object.entries(confluence)
  const agreeing = names.filter(([, each]) => each.vote === vote).map(([name]) => name)
  const rest = names.filter(([, each]) => each.vote !== vote).map(([name]) => name)
  if (agreeing.length === 0) return `None of ${rest.join(', ')} stands ${beyond(side)} its averages.`
  if (rest.length === 0) return `5m, 15m and 60m all stand ${beyond(side)} their averages.`
  return `${agreeing.join(' and ')} ${agreeing.length === 1 ? 'stands' : 'stand'} ${beyond(side)} the averages, ${rest.join(' and ')} not.`
}

const flowWords = ({ flow: { delta } }: Reading): string => {
  if (delta === undefined) return 'Nobody tells who buys and who sells.'
  const ahead = `${delta.session >= 0 ? 'Buyers' : 'Sellers'} are ahead by ${Math.abs(delta.session)} contracts`
  const slope = `the last 15 minutes lean ${delta.lean === 'neutral' ? 'to neither side' : delta.lean}`
  return `${ahead}, ${slope}${delta.basis === 'estimated' ? ' (estimated)' : ''}.`
}

const volatilityWords = ({ percentile, cluster }: Reading): string =>
  `Volatility is ${cluster.toLowerCase()}, at percentile ${percentile.toFixed(2)} of the last five days.`

const regimeWords = (reading: Reading, side: Side): string => {
  const word = regimeOf(reading)
  if (word !== 'TRENDING') return `The market is ${word.toLowerCase()}.`
  const withSide = (side === 'long' ? 1 : -1) * reading.frame.drift > 0
  return `The market trends ${withSide ? 'with' : 'against'} the side.`
}

const sentenceOf = ({ name, why }: QualityComponent, { judgement: { reading }, side, spec }: Case): string => {
  const words: Readonly<Record<QualityComponentName, () => string>> = {
    waves: () => waveWords(reading, side),
    momentum: () => momentumWords(reading, side),
    location: () => locationWords(reading, spec),
    confluence: () => confluenceWords(reading, side),
    'order-flow': () => flowWords(reading),
    structure: () => sentence(why),
    volatility: () => volatilityWords(reading),
    regime: () => regimeWords(reading, side),
  }
  return words[name]()
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

const evidenceWords = ({ judgement: { reading } }: Case, side: Side): readonly string[] =>
  reading.session.evidence.filter((each) => each.side === side).map(({ reasons }) => sentence(reasons.join('; ')))

/** A day that trades unlike those the numbers were learned on speaks against any card. */
const driftWords = ({ judgement: { reading } }: Case): readonly string[] => {
  const { drifted, returns, volume } = reading.session.drift
  if (!drifted) return []
  const what = returns.p < volume.p ? 'moves' : 'volumes'
  return [`Today’s five-minute ${what} are unlike those of the last 20 days.`]
}

/** What turns the structure: a close beyond the last swing on the far side. */
const turnWords = ({ judgement: { reading }, side, spec }: Case): readonly string[] => {
  const { swingHighs, swingLows } = reading.frame
  const swing = (side === 'long' ? swingLows : swingHighs).at(-1)
  if (swing === undefined) return []
  const kind = side === 'long' ? 'low' : 'high'
  return [
    `A five-minute close ${beyond(opposite(side))} ${priceWords(spec, swing.price)}, the last swing ${kind}, turns the structure.`,
  ]
}

/** What ends a card that was entered, whatever is thought of the market by now. */
const runningWords = ({ spec }: Case, { bracket, state }: Pick<CardLife, 'bracket' | 'state'>): readonly string[] => [
  `The stop ${priceWords(spec, bracket.stop)} traded ends it.`,
  state === 'target-1'
    ? `The second target ${priceWords(spec, bracket.target2)} traded ends it.`
    : `The first target ${priceWords(spec, bracket.target1)} traded leaves the second, ${priceWords(spec, bracket.target2)}.`,
  'Flat-by ends it at any price.',
]

const drawnWords = (the: Case, life: Pick<CardLife, 'bracket' | 'state'>): readonly string[] => {
  const { judgement, side, spec } = the
  const { bracket, state } = life
  if (isFinished(state)) return []
  if (isRunning(state)) return runningWords(the, life)
  const other = opposite(side)
  return [
    `The stop ${priceWords(spec, bracket.stop)} traded before an entry ends it.`,
    ...turnWords(the),
    `Quality below ${p.keepQuality}, or below the ${other} side's, takes it away: now ${judgement[side].score} against ${judgement[other].score}.`,
    `Price more than ${p.leftBehind} ATR from the zone leaves it behind.`,
    `Volatility above percentile ${p.excludeAbove} leaves the market out.`,
  ]
}

/** What a side lacks to become the bias, by the rules of `judge`. */
export const lackingWords = ({ judgement, side }: Pick<Case, 'judgement' | 'side'>): readonly string[] => {
  const { score } = judgement[side]
  const lead = score - judgement[opposite(side)].score
  const ratio = directionalRatio(judgement.reading.frame.waves.waveRatio, side)
  const wanted: (string | false)[] = [
    !judgement.reading.warm && 'Enough history to judge it.',
    judgement.excluded && `Volatility back below percentile ${p.excludeAbove}.`,
    score < p.biasQuality && `Quality of ${p.biasQuality} for the ${side} side: it has ${score}.`,
    lead < p.biasLead && `A lead of ${p.biasLead} over the other side: it has ${lead.toFixed(1)}.`,
    Number.isNaN(ratio) && 'Three waves of each side: fewer are known.',
    ratio < p.biasRatio && `A wave ratio of ${p.biasRatio}: it has ${ratio.toFixed(2)}.`,
  ]
  return wanted.filter((each) => each !== false)
}

const undrawnWords = (the: Case): readonly string[] => [
  ...lackingWords(the),
  ...turnWords({ ...the, side: opposite(the.side) }),
]

/** What speaks for a side, what against it, and what would change the mind; a component with half of its points speaks for it. */
export const whyOf = (the: Case): Why => {
  const { judgement, side, life } = the
  const { components } = judgement[side]
  const isFor = ({ points, max }: QualityComponent): boolean => points >= max / 2
  const sentences = (keep: (part: QualityComponent) => boolean): readonly string[] =>
    components.filter(keep).map((part) => sentenceOf(part, the))
  return {
    agrees: [...evidenceWords(the, side), ...sentences(isFor)],
    disagrees: [...evidenceWords(the, opposite(side)), ...driftWords(the), ...sentences((part) => !isFor(part))],
    wouldChange: life === undefined ? undrawnWords(the) : drawnWords(the, life),
  }
}
