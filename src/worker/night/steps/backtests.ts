import { type ListedReport, latestReports } from '#src/adapters/db/reports.ts'
import { strategies, strategyOf } from '#src/domain/backtest/strategies/all.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays } from '#src/domain/instruments/zone.ts'
import { counted } from '#src/domain/night/step-words.ts'
import { NothingStored } from '../../study/study-room.ts'
import type { StepWork } from '../night.ts'
import type { NightDeps } from '../night-deps.ts'

const yearDays = 365
/** Below so many trades a mean is a story. */
const enoughTrades = 30

/** The first and last trade date of the newest year that is stored; undefined where nothing is. */
const newestYear = async ({ room }: NightDeps, instrument: InstrumentId) => {
  try {
    const { from, to } = await room.stored(instrument)
    const year = addDays(to, -yearDays)
    return { from: [from, year].sort().at(-1) ?? from, to }
  } catch (error) {
    if (error instanceof NothingStored) return undefined
    throw error
  }
}

const bestWords = (made: readonly ListedReport[]): string => {
  const sound = made.filter(
    ({ spec, summary }) => !strategyOf(spec.strategy).baseline && summary.trades >= enoughTrades,
  )
  const expected = ({ summary }: ListedReport): number => summary.expectancyR ?? Number.NEGATIVE_INFINITY
  const best = sound.toSorted((a, b) => expected(b) - expected(a))[0]
  if (best?.summary.expectancyR == null) return ''
  const { instrument, strategy } = best.spec
  const { expectancyR: r, trades } = best.summary
  return `; best ${instrument} ${strategyOf(strategy).title}, ${r < 0 ? '−' : ''}${Math.abs(r).toFixed(2)} R a trade over ${counted(trades, 'trade')}`
}

/** Backtests every strategy in every market with the parameters in force; what was made before is not made again. */
export const backtests =
  (deps: NightDeps): StepWork =>
  async ({ night: { tradeDate }, signal, tell }) => {
    const { db, market, instruments, room } = deps
    const ids = new Set<string>()
    const failed: string[] = []
    const empty: InstrumentId[] = []
    let made = 0
    for (const [i, instrument] of instruments.entries()) {
      const dates = await newestYear(deps, instrument)
      if (dates === undefined) empty.push(instrument)
      for (const [j, { name, title }] of (dates === undefined ? [] : strategies).entries()) {
        if (signal.aborted) return ''
        tell((i + j / strategies.length) / instruments.length, `${instrument}: ${title}`)
        try {
          const report = await room.backtest({ instrument, strategy: name, ...dates, night: tradeDate }, signal)
          ids.add(report.id)
          made += Number(report.made)
        } catch (error) {
          if (signal.aborted) return ''
          failed.push(`${instrument} ${title}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
    }
    if (failed.length > 0) throw new Error(`${counted(failed.length, 'backtest')} failed: ${failed.join('; ')}`)
    const listed = await latestReports(db, market, strategies.length * instruments.length * 2)
    const best = bestWords(listed.filter(({ id }) => ids.has(id)))
    const kept = ids.size > made ? `, ${ids.size - made} kept from before` : ''
    const nothing = empty.length > 0 ? `; nothing stored of ${empty.join(', ')}` : ''
    return `${counted(made, 'backtest')} made${kept}${best}${nothing}`
  }
