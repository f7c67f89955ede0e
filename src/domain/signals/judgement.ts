import { directionalRatio } from '../waves/wave-dominance.ts'
import type { Reading } from './analysis.ts'
import type { Bias, LevelKind, Quality, Side } from './focus-card.ts'
import { entryLevel } from './levels.ts'
import { parameters as p } from './parameters.ts'
import { judgeQuality } from './quality.ts'

/** Both sides weighed against each other, and the side that wins by the rules, if one does. */
export type Judgement = {
  readonly reading: Reading
  readonly bias: Bias
  readonly better: Side
  readonly long: Quality
  readonly short: Quality
  readonly excluded: boolean
}

/** The drawn card's side and what its zone rests on; it keeps that level while it is judged again. */
export type Drawn = { readonly side: Side; readonly level: LevelKind }

const opposite = (side: Side): Side => (side === 'long' ? 'short' : 'long')

/** Judges both sides of a market from what is known now. */
export const judge = (reading: Reading, drawn?: Drawn): Judgement => {
  const qualityOf = (side: Side): Quality => {
    const level = drawn?.side === side ? drawn.level : entryLevel(reading, side, p.zoneReach * reading.frame.atr).kind
    return judgeQuality(reading, side, level)
  }
  const long = qualityOf('long')
  const short = qualityOf('short')
  const better: Side = long.score >= short.score ? 'long' : 'short'
  const leads = Math.abs(long.score - short.score) >= p.biasLead
  const strong = (better === 'long' ? long : short).score >= p.biasQuality
  const carried = directionalRatio(reading.frame.waves.waveRatio, better) >= p.biasRatio
  const bias: Bias = reading.warm && strong && leads && carried ? better : 'neutral'
  return { reading, bias, better, long, short, excluded: reading.percentile > p.excludeAbove }
}

/** Whether a drawn card still has its bias. The bar is lower than for a new one, so that a reading at the edge does not flicker. */
export const keepsBias = (judgement: Judgement, side: Side): boolean => {
  const own = judgement[side].score
  return (
    own >= p.keepQuality &&
    own - judgement[opposite(side)].score >= p.keepLead &&
    directionalRatio(judgement.reading.frame.waves.waveRatio, side) >= p.biasRatio
  )
}
