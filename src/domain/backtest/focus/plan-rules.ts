import { defaultBoundaries } from '../../instruments/phase.ts'
import { parameters as p } from '../../signals/parameters.ts'

/** What of the plan may be searched; everything else stays as it runs live. */
export type PlanRules = {
  /** Least quality to send an order, and to draw a card; the lead over the other side to draw one. */
  readonly tradeQuality: number
  readonly biasQuality: number
  readonly biasLead: number
  /** What the distance of the stop is multiplied by. */
  readonly stopFactor: number
  /** The least R of each target; where no level serves, one and a half times as much. */
  readonly target1: number
  readonly target2: number
  /** The wave ratio above which one more contract is allowed. */
  readonly stackRatio: number
  /** Share of the account a trade may lose. */
  readonly riskShare: number
  /** When the plan freezes, and from when no card is entered any more; minutes of the New York day. */
  readonly from: number
  readonly until: number
}

/** The plan as it runs live. */
export const livePlan: PlanRules = {
  tradeQuality: p.tradeQuality,
  biasQuality: p.biasQuality,
  biasLead: p.biasLead,
  stopFactor: 1,
  target1: p.target1Minimum,
  target2: p.target2Minimum,
  stackRatio: p.stackRatio,
  riskShare: p.riskShare,
  from: defaultBoundaries.active,
  until: defaultBoundaries.windDown,
}
