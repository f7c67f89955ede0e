import { minuteMs } from '../../market/bar.ts'
import { zoneDistance } from '../../signals/card-life.ts'
import type { Bracket, Side, Size } from '../../signals/focus-card.ts'
import { parameters as p } from '../../signals/parameters.ts'
import type { CardTransition } from '../../signals/transition.ts'
import { directionalRatio } from '../../waves/wave-dominance.ts'
import type { Ground } from './draw-at.ts'
import { isExcluded, isHeldBack, isWarm, levelRests, type SideColumns } from './focus-columns.ts'
import type { PlanRules } from './plan-rules.ts'

/** A card as far as it is judged. */
type Judged = {
  readonly side: Side
  readonly bracket: Bracket
  readonly size: Size
  /** Whether its level counts. */
  readonly rests: boolean
  /** The instant from which it may not be entered any more, epoch ms. */
  readonly closes: number
}

const scoreOn = (side: SideColumns, bar: number, rests: boolean): number =>
  ((rests ? side.rests[bar] : side.bare[bar]) as number) / 10

/** Quality of one side at a close, 0–100, while no card of it stands. */
export const freeScore = (side: SideColumns, bar: number): number =>
  scoreOn(side, bar, levelRests(side.flags[bar] as number))

/** Creates the judgements of the signals at each close, by rules that may differ from the live ones; scores compare as live. */
export const createJudgements = ({ columns, history }: Ground, rules: PlanRules) => {
  const { time, close } = history.columns
  const carries = (bar: number, side: Side): boolean =>
    directionalRatio(columns.ratio[bar] as number, side) >= p.biasRatio

  return {
    /** The side on which a card may be drawn, if there is one. */
    biasAt: (bar: number): Side | undefined => {
      const flags = columns.flags[bar] as number
      if (!isWarm(flags) || isExcluded(flags)) return undefined
      const [long, short] = [freeScore(columns.long, bar), freeScore(columns.short, bar)]
      if (Math.max(long, short) < rules.biasQuality || Math.abs(long - short) < rules.biasLead) return undefined
      const better = long >= short ? 'long' : 'short'
      return carries(bar, better) ? better : undefined
    },
    /** Whether a card's action word asks for an order. */
    isWanted: ({ side, bracket, rests, size, closes }: Judged, bar: number): boolean => {
      const own = columns[side]
      if ((time[bar] as number) + minuteMs >= closes) return false
      if (size.contracts === 0 || isExcluded(columns.flags[bar] as number)) return false
      if (isHeldBack(own.flags[bar] as number) || scoreOn(own, bar, rests) < rules.tradeQuality) return false
      const price = close[bar] as number
      const beyond = side === 'long' ? price - bracket.zone.high : bracket.zone.low - price
      return beyond <= p.zoneReach * bracket.atr && zoneDistance(bracket, price) <= Math.max(0, beyond)
    },
    /** Why a card that waits is over: it has lost its bias, or was left behind. */
    outdatedBy: ({ side, bracket, rests }: Judged, bar: number): CardTransition['cause'] => {
      const own = scoreOn(columns[side], bar, rests)
      const other = freeScore(columns[side === 'long' ? 'short' : 'long'], bar)
      if (own < p.keepQuality || own - other < p.keepLead || !carries(bar, side)) return 'bias-lost'
      return zoneDistance(bracket, close[bar] as number) > p.leftBehind * bracket.atr ? 'left-behind' : undefined
    },
  }
}
