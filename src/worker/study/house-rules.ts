import type { Discipline, Terms } from '#src/domain/backtest/terms.ts'
import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import { parameters } from '#src/domain/signals/parameters.ts'

/** What trading a market costs the trader: his own fees, a spread of one tick, and the slippage his sizes reckon with. */
export const termsOf = ({ ticksPerPoint, tickValue, id }: ContractSpec, { fees }: Pick<Limits, 'fees'>): Terms => ({
  ticksPerPoint,
  tickValue,
  feePerSide: fees[id],
  feeShare: 0,
  slippageTicks: parameters.slippageTicks,
  spreadTicks: 1,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
})

/** The trader's own discipline, as the gate holds him to it. */
export const disciplineOf = ({ active, windDown, flatBy }: PhaseBoundaries, limits: Limits): Discipline => ({
  entriesFrom: active,
  entriesUntil: windDown,
  flatBy,
  tradesPerDay: limits.maxTradesPerDay,
  lossesInRow: limits.maxLossesInRow,
  dailyLoss: limits.dailyLoss,
})
