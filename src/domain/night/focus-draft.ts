import { floorPivots } from '../indicators/pivots.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import type { FocusDraft } from '../night-paper.ts'
import type { AnalysisState, Reading } from '../signals/analysis.ts'
import { type Judgement, judge } from '../signals/judgement.ts'
import { opposingLevels } from '../signals/levels.ts'
import { lackingWords, whyOf } from '../signals/why.ts'

/** Levels shown on each side of the close. */
const shownLevels = 3
const shownReasons = 2

/** As the morning will read it: until its own trade date has begun, the newest one is the prior day. */
const asOfMorning = (reading: Reading, { today, bar }: AnalysisState, morning: string): Reading => {
  if (today === undefined || bar === undefined || reading.tradeDate >= morning) return reading
  const prior = { ...today, close: bar.close }
  return { ...reading, prior, pivots: floorPivots(prior) }
}

const levelsOf = (reading: Reading): FocusDraft['levels'] => {
  const near = (['long', 'short'] as const).flatMap((side) =>
    opposingLevels(reading, side, reading.close).slice(0, shownLevels),
  )
  return near.map(({ name, price }) => ({ name, price })).sort((a, b) => b.price - a.price)
}

const wordsOf = (judgement: Judgement, spec: ContractSpec): string => {
  const { reading, bias, better, long, short, excluded } = judgement
  if (!reading.warm) return 'Too little is stored to judge it.'
  if (excluded) return `Left alone: volatility at percentile ${reading.percentile.toFixed(2)} of the last five days.`
  if (bias === 'neutral')
    return `No bias, long ${Math.round(long.score)} and short ${Math.round(short.score)} of 100. Still wanted for ${better}: ${lackingWords({ judgement, side: better }).join(' ')}`
  return whyOf({ judgement, side: better, spec }).agrees.slice(0, shownReasons).join(' ')
}

/** What the live functions say of a market on the evening before `morning` (a trade date): its bias, and the levels around it. */
export const draftOf = (spec: ContractSpec, state: AnalysisState, read: Reading, morning: string): FocusDraft => {
  const reading = asOfMorning(read, state, morning)
  const judgement = judge(reading)
  const { bias, better, excluded } = judgement
  const quality = judgement[better].score
  return {
    instrument: spec.id,
    bias,
    quality: Number.isFinite(quality) ? quality : 0,
    excluded,
    close: reading.close,
    levels: levelsOf(reading),
    words: wordsOf(judgement, spec),
  }
}

/** The best first: those with a bias one may trade, then by quality. */
export const byWorth = (a: FocusDraft, b: FocusDraft): number => {
  const isOpen = ({ bias, excluded }: FocusDraft): number => Number(bias !== 'neutral' && !excluded)
  return isOpen(b) - isOpen(a) || b.quality - a.quality
}
