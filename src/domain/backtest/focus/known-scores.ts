import { actOn } from '../../signals/action.ts'
import type { Reading } from '../../signals/analysis.ts'
import type { Bracket, LevelKind, Quality, Side } from '../../signals/focus-card.ts'
import { grades } from '../../signals/focus-card.ts'
import { checklistOf } from '../../signals/grade.ts'
import { judgeQuality, regimeOf } from '../../signals/quality.ts'

/** The regimes a trade's number counts in. */
export const regimes = ['TRENDING', 'VOLATILE', 'CHOPPY', 'UNKNOWN'] as const

/** One side of a market: its qualities in tenths where the zone rests on something that counts and where it does not. */
export type SideScores = {
  readonly rests: number
  readonly bare: number
  /** Whether momentum, waves or structure hold an entry back, whatever the quality. */
  readonly held: boolean
  /** The numbers of the grades that go with them. */
  readonly gradeRests: number
  readonly gradeBare: number
}

export type Scores = Readonly<Record<Side, SideScores>> & { readonly regime: number }

const tenths = ({ score }: Quality): number => Math.round(score * 10)

/** A card in whose zone every price lies: what its action word then waits for is neither price nor quality. */
const everywhere = { zone: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY } } as Bracket
const best: Quality = { score: 100, components: [], dropped: [] }

const isHeld = (reading: Reading, side: Side): boolean => {
  const card = { side, bracket: everywhere, state: 'watching', size: { contracts: 1 } } as Parameters<typeof actOn>[0]
  const judgement = { reading, bias: side, better: side, long: best, short: best, excluded: false } as const
  return actOn(card, judgement, reading.close).action !== 'enter'
}

const gradeIndex = (quality: Quality): number => grades.indexOf(checklistOf(quality).grade)

const scoreSide = (reading: Reading, side: Side): SideScores => {
  const rests = judgeQuality(reading, side, 'gap')
  const bare = judgeQuality(reading, side, 'trend')
  return {
    rests: tenths(rests),
    bare: tenths(bare),
    held: isHeld(reading, side),
    gradeRests: gradeIndex(rests),
    gradeBare: gradeIndex(bare),
  }
}

/** Which kinds of level count: asked of the quality itself, once a kind. */
export const createCounting = () => {
  const known = new Map<LevelKind, boolean>()
  return (reading: Reading, kind: LevelKind): boolean => {
    const held = known.get(kind)
    if (held !== undefined) return held
    const [own, counts] = [judgeQuality(reading, 'long', kind), judgeQuality(reading, 'long', 'gap')]
    known.set(kind, own.score === counts.score)
    return own.score === counts.score
  }
}

/** Everything a minute may change of the qualities while the 5m bars stand. */
const turned = ({ confluence, flow: { delta }, session: { evidence } }: Reading): number => {
  const votes = 9 * confluence['5m'].vote + 3 * confluence['15m'].vote + confluence['60m'].vote + 13
  const speaks = (side: Side): number => (evidence.some((each) => each.side === side) ? 1 : 0)
  const known = delta !== undefined && !Number.isNaN(delta.slope)
  const lean = known ? ['neutral', 'bullish', 'bearish'].indexOf(delta.lean) + 1 : 0
  return ((votes * 2 + speaks('long')) * 2 + speaks('short')) * 4 + lean
}

/** Creates the qualities of both sides by reading, judged anew only when something they are made of has changed. */
export const createScores = () => {
  let frame: Reading['frame'] | undefined
  let percentile = Number.NaN
  let minute = Number.NaN
  let known: Scores
  return (reading: Reading): Scores => {
    const now = turned(reading)
    if (frame === reading.frame && Object.is(percentile, reading.percentile) && minute === now) return known
    frame = reading.frame
    percentile = reading.percentile
    minute = now
    const [long, short] = [scoreSide(reading, 'long'), scoreSide(reading, 'short')]
    known = { long, short, regime: regimes.indexOf(regimeOf(reading)) }
    return known
  }
}
