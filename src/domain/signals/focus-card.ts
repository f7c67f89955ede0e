import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Bound } from '../risk/allowance.ts'

export type Side = 'long' | 'short'
export type Bias = Side | 'neutral'

export const cardStates = [
  'watching',
  'near',
  'in-zone',
  'triggered',
  'target-1',
  'target-2',
  'stopped',
  'invalid',
  'expired',
] as const
export type CardState = (typeof cardStates)[number]

export type Action = 'enter' | 'limit' | 'wait' | 'skip'

/** Why the action word is what it is, or why a market is left alone. */
export type Reason =
  | 'price-in-zone'
  | 'price-beyond-zone'
  | 'nothing-near'
  | 'momentum-against'
  | 'needs-break'
  | 'gate-closed'
  | 'news-due'
  | 'price-stale'
  | 'trade-running'
  | 'no-bias'
  | 'too-volatile'
  | 'quality-too-low'
  | 'stop-too-wide'
  | 'too-little-left'
  | 'warming-up'
  | 'finished'
  | 'waves-against'

/** One thing a number was made from. `at` is the epoch ms of the bar or event it was read from, `why` what made it so. */
export type Input = {
  readonly name: string
  readonly value: number | string
  readonly at?: number
  readonly why?: string
}

/** Where a number on a card comes from. */
export type Provenance = { readonly formula: string; readonly inputs: readonly Input[] }

/** The numbers of a card that open their provenance. */
export type CardNumber = 'last' | 'zone' | 'stop' | 'target1' | 'target2' | 'ratio' | 'quality' | 'size'

export type LevelKind =
  | 'gap'
  | 'block'
  | 'opening-range'
  | 'vwap'
  | 'ema21'
  | 'trend'
  | 'prior-high'
  | 'prior-low'
  | 'pivot'

/** A price worth trading from; `name` is how the trader says it: 'R1', 'prior-day high'. */
export type Level = { readonly kind: LevelKind; readonly name: string; readonly price: number; readonly at: number }

/** Entry, stop and targets, all on the tick grid, in points. Frozen once the card is drawn. */
export type Bracket = {
  readonly level: Level
  readonly zone: { readonly low: number; readonly high: number }
  readonly stop: number
  readonly target1: number
  readonly target2: number
  /** Ticks from the worst edge of the zone to the stop: one R. */
  readonly stopTicks: number
  readonly stopWidened: boolean
  /** ATR(14) of the 5m bars when the card was drawn, in points; near and left-behind are measured in it. */
  readonly atr: number
}

/** Where a target stands: at a level that opposes the trade, or at a plain multiple of R. */
export type TargetBasis = { readonly level: Level } | { readonly plain: number }

/** What decided a bracket's numbers while it was drawn. */
export type Basis = {
  /** The last confirmed swing beyond the zone: points, and the open time of its bar. */
  readonly swing: { readonly price: number; readonly at: number } | undefined
  /** The swing, one ATR where that was farther, or the bound of both. */
  readonly stopBy: 'swing' | 'atr' | 'bound'
  readonly target1: TargetBasis
  readonly target2: TargetBasis
}

/** What numbers are worked out by: the version of the program, and the digest of its parameters. */
export type Method = { readonly code: string; readonly parameters: string }

export type Size = {
  readonly contracts: number
  /** How many to start with; more only by the stack rule. */
  readonly startWith: number
  /** Loss at the stop for `contracts`, fees and two ticks of slippage included. */
  readonly risk: Money
  readonly riskPerContract: Money
  readonly budget: Money
  readonly multiplier: number
  readonly halved: boolean
  /** Smaller than it was drawn, by what may still be lost. */
  readonly heldBack?: { readonly from: number; readonly by: Bound }
}

/** When one more contract is allowed: at +0.5R with the ratio above `minRatio`. */
export type StackRule = { readonly addAt: number; readonly minRatio: number; readonly ratioAllows: boolean }

export type QualityComponentName =
  | 'waves'
  | 'momentum'
  | 'location'
  | 'confluence'
  | 'order-flow'
  | 'structure'
  | 'volatility'
  | 'regime'

/** One part of the quality; `points` of `max`, both already rescaled when others were dropped. */
export type QualityComponent = {
  readonly name: QualityComponentName
  readonly points: number
  readonly max: number
  readonly why: string
}

export type Quality = {
  /** 0–100, the sum of the components. */
  readonly score: number
  readonly components: readonly QualityComponent[]
  /** Components (or parts, 'structure: order blocks') with no input yet; the rest is rescaled to 100. */
  readonly dropped: readonly string[]
}

export const grades = ['A+', 'A', 'B', 'C', 'D'] as const
export type Grade = (typeof grades)[number]

/** The quality read as a checklist: a component is ticked when it has at least half of its points. */
export type Checklist = { readonly grade: Grade; readonly ticked: number; readonly of: number }

/** A card's case in plain words. */
export type Why = {
  readonly agrees: readonly string[]
  readonly disagrees: readonly string[]
  /** What would take the card away, or bring one. */
  readonly wouldChange: readonly string[]
}

export type WaveReading = 'strong' | 'with' | 'neutral' | 'against'

/** A market's plan for the day as the trader reads it. Prices in points, times epoch ms. */
export type FocusCard = {
  /** One id per drawn bracket: 2026-11-20-MGC-1. Neutral cards end in -0. */
  readonly id: string
  readonly instrument: InstrumentId
  readonly name: string
  /** 'MGC Z6' */
  readonly contract: string
  /** The next contract, once the change to it is near: on the trade date so many trade dates from now. */
  readonly roll?: { readonly next: string; readonly tradeDates: number }
  readonly tradeDate: string
  /** 1–4 for the cards of the plan, 0 for a market in the quiet row. */
  readonly place: number
  readonly bias: Bias
  readonly state: CardState
  readonly stateSince: number
  readonly action: Action
  readonly reason: Reason
  readonly bracket?: Bracket
  readonly size?: Size
  readonly stack?: StackRule
  /** Quality of the card's side; of the better side while neutral. */
  readonly quality: Quality
  readonly otherQuality: number
  /** The quality read as a checklist. */
  readonly checklist: Checklist
  /** The card's case in plain words. */
  readonly why: Why
  /** How the market stands, one line for each thing that is watched in it, whichever side it speaks for. */
  readonly market: readonly Input[]
  /** Directional wave ratio: above 1 speaks for the card's side. null until three waves of each side are known. */
  readonly ratio: number | null
  readonly waves: WaveReading
  readonly confluence: number
  readonly volatility: {
    /** 0–1; null until warm. */
    readonly percentile: number | null
    readonly cluster: 'LOW' | 'MEDIUM' | 'HIGH'
    readonly atr: number | null
  }
  readonly regime: 'TRENDING' | 'VOLATILE' | 'CHOPPY' | 'UNKNOWN'
  readonly excluded: boolean
  readonly drawnAt?: number
  /** Version of the day's plan this bracket belongs to; 0 before the freeze. */
  readonly version: number
  /** Close time of the 1m bar the judgment rests on. */
  readonly asOf: number
  readonly provenance: Readonly<Record<CardNumber, Provenance>>
  readonly method: Method
}
