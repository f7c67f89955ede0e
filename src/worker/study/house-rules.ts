import type { Discipline, Terms } from '#src/domain/backtest/terms.ts'
import type { ContractSpec, InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
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

/** The trader's own discipline in a market, as the gate holds him to it. */
export const disciplineOf = (
  { active, windDown, flatBy }: PhaseBoundaries,
  limits: Limits,
  instrument: InstrumentId,
): Discipline => ({
  entriesFrom: active,
  entriesUntil: windDown,
  flatBy,
  tradesPerDay: limits.maxTradesPerDay,
  lossesInRow: limits.maxLossesInRow,
  dailyLoss: limits.dailyLoss,
  cooldownMinutes: limits.cooldownMinutes,
  news: { instrument, rules: [limits.news] },
})

/** The same on an account of a shipped plan: its firm's limits, and its windows around the news beside the trader's own. */
export const onAccount = (discipline: Discipline, plan: string, instrument: InstrumentId): Discipline => {
  const preset = presets.find(({ id }) => id === plan)
  if (preset === undefined) throw new RangeError(`no plan is named ${plan}`)
  const { rules } = preset
  const own = discipline.news?.rules ?? []
  return {
    ...discipline,
    news: { instrument, rules: rules.news === undefined ? own : [...own, rules.news] },
    account: { plan, instrument, rules },
  }
}
