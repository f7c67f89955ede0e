import type { ReportSummary } from './backtest/backtest-spec.ts'
import type { InstrumentId } from './instruments/instrument.ts'
import type { SummaryLine } from './night-paper.ts'

/** The steps of a night, in their order. */
export const nightSteps = [
  'backfill',
  'quality',
  'shadow',
  'calibration',
  'parity',
  'backtests',
  'optimization',
  'focus',
  'refresh',
  'summary',
] as const
export type NightStep = (typeof nightSteps)[number]

/** waiting — not its turn yet; paused — the live phase has the machine; missed — its night is over. */
export type StepState = 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'missed'

export type StepReading = {
  readonly step: NightStep
  readonly state: StepState
  /** Machine time of the last change of state; absent before its first. */
  readonly since?: number
  /** 0 to 1. */
  readonly progress: number
  /** 'MGC: 120 of 400 tried', '0 differences over 14 cards'. */
  readonly words: string
  /** Tries so far. */
  readonly tries: number
}

/** An optimisation at a glance. */
export type StudyReading = {
  readonly id: string
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly method: string
  readonly state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  readonly askedAt: number
  readonly tried: number
  readonly budget: number
  readonly night?: string
  /** What came of it, or why it failed. */
  readonly words: string
  readonly passed?: boolean
}

/** A backtest at a glance. Money; R per trade. */
export type ReportReading = ReportSummary & {
  readonly id: string
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly from: string
  readonly to: string
  readonly madeAt: number
  readonly baseline: boolean
  readonly costsDoubled: boolean
  /** The plan whose account it was played on, and whether its fills were other than usual. */
  readonly plan?: string
  readonly otherFills?: true
}

/** Parameters in force. */
type ChampionReading = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly from: string
  readonly words: string
  readonly study: string
}

/** Differences between live and what it was compared with, and how many of them are explained. */
export type ParityCount = { readonly differences: number; readonly explained: number }

/** What the off-hours work has done and is doing. Times are the machine's, epoch ms. */
export type LabReading = {
  readonly at: number
  readonly night?: { readonly tradeDate: string; readonly steps: readonly StepReading[] }
  /** Where the heavy work is done: 'one thread of this machine', 'workers over Redis: 3'. */
  readonly hands: string
  readonly studies: readonly StudyReading[]
  readonly reports: readonly ReportReading[]
  readonly champions: readonly ChampionReading[]
  readonly parity: readonly (ParityCount & {
    readonly tradeDate: string
    readonly cards: number
    readonly transitions: number
    /** Absent where the backtest was not asked. */
    readonly backtest?: ParityCount
  })[]
  readonly summary?: { readonly tradeDate: string; readonly lines: readonly SummaryLine[] }
}
