import type { Logger } from 'pino'
import { championOn, crown } from '#src/adapters/db/champions.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { storedContracts } from '#src/adapters/db/outcomes.ts'
import { reportId, reportOfId, saveReport } from '#src/adapters/db/reports.ts'
import {
  askStudy,
  moveStudy,
  openStudies,
  overruleStudy,
  type Study,
  studiesUpTo,
  studyOf,
} from '#src/adapters/db/studies.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import { doubled } from '#src/domain/backtest/fill-model.ts'
import { type Realism, unusual } from '#src/domain/backtest/realism.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import { dateOfBar, nextTradeDate, previousTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import type { Money } from '#src/domain/money.ts'
import { crowningsOf } from '#src/domain/night/crowning.ts'
import { defaultsOf, type Parameters } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { SearchMethod, StudySpec, Windows } from '#src/domain/optimization/trial.ts'
import { usualWindows, windowsFor } from '#src/domain/optimization/walk-forward-windows.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import { holdRun } from '../held-run.ts'
import type { Pool } from '../threads/pool.ts'
import type { Hands } from './hands.ts'
import { disciplineOf, onAccount, termsOf } from './house-rules.ts'
import { runStudy } from './run-study.ts'
import { endOfDay, type Ground, openGround, prepareStage } from './stage.ts'
import type { TrialSeed } from './trial-tasks.ts'

/** What somebody wants optimised; the rest follows from what is stored and from the trader's settings. */
export type WantedStudy = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly method: SearchMethod
  readonly budget: number
  readonly seed?: number
  /** 6, 1 and 1 months unless said. */
  readonly windows?: Windows
  readonly night?: string
}

/** What somebody wants backtested; without dates all that is stored. A parameter that is not named is as it is in force. */
export type WantedBacktest = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly parameters?: Parameters
  readonly from?: string
  readonly to?: string
  /** Every cost twice. */
  readonly costsDoubled?: boolean
  /** Fills other than usual. */
  readonly realism?: Realism
  /** The id of a shipped plan whose account it is played on. */
  readonly account?: string
  readonly night?: string
}

type Options = {
  readonly db: Db
  readonly market: string
  readonly pool: Pool
  readonly hands: Hands
  readonly codeVersion: string
  readonly fronts: () => Fronts
  readonly settings: () => Promise<{
    readonly boundaries: PhaseBoundaries
    readonly limits: Limits
    readonly accountSize: Money
  }>
  /** Market time and the machine's, epoch ms. */
  readonly now: () => number
  readonly wall: () => number
  readonly schedule: Schedule
  readonly onChange: () => void
  readonly log: Pick<Logger, 'info' | 'error'>
}

const usualSeed = 7
/** Sets tried between two moments at which a crash would go on from. */
const round = 40
/** A year and a little: what is older says little of today's market, and costs as much. */
const mostMonths = 14
const monthMs = 30.44 * 86_400_000

/** The last trade date not after `wanted` that is over: a date that is none belongs to a session that is asked for whole or not. */
const lastWholeDate = (group: MarketGroup, wanted: string | undefined, newest: string): string => {
  if (wanted === undefined || wanted > newest) return newest
  return sessionOf(group, wanted) === undefined ? previousTradeDate(group, wanted) : wanted
}

/** Nothing of the market is stored between the dates asked for. */
export class NothingStored extends Error {}

/** Creates the room in which studies and backtests are made, one study at a time. */
export const createStudyRoom = (options: Options) => {
  const { db, market, pool, hands, codeVersion, settings, now, wall, schedule, onChange, log } = options
  let ground: { readonly key: string; readonly value: Promise<Ground> } | undefined
  const running = new Map<string, { tried: number; readonly stop: AbortController }>()

  /** The ground asked for last is kept: a night asks for one market many times in a row. */
  const groundOf = (instrument: InstrumentId, from: string, to: string, flatBy: number): Promise<Ground> => {
    const key = `${instrument} ${from} ${to} ${flatBy}`
    if (ground?.key !== key)
      ground = { key, value: openGround(db, { market, instrument, from, to, flatBy, fronts: options.fronts() }) }
    const { value } = ground
    value.catch(() => {
      if (ground?.value === value) ground = undefined
    })
    return value
  }

  /** The first and last trade date that is over and of which something is stored; throws NothingStored. */
  const storedDates = async (instrument: InstrumentId): Promise<{ readonly from: string; readonly to: string }> => {
    const { group } = specOf(instrument)
    const stored = await storedContracts(db, { market, instrument })
    const at = now()
    const last = Math.min(Math.max(...stored.map((each) => each.last)), at)
    // What was imported may have ended years ago.
    const first = Math.max(Math.min(...stored.map((each) => each.first)), last - mostMonths * monthMs)
    if (!(first < last)) throw new NothingStored(`nothing of ${instrument} is stored`)
    const { flatBy } = (await settings()).boundaries
    const [from, newest] = [dateOfBar(group, first), dateOfBar(group, last)]
    const to = endOfDay(newest, flatBy) <= at ? newest : previousTradeDate(group, newest)
    if (to < from) throw new NothingStored(`no whole trade date of ${instrument} is stored`)
    return { from, to }
  }

  /** Parameters in force on the newest trade date, else the strategy's own. */
  const inForce = async (instrument: InstrumentId, strategy: string, tradeDate: string): Promise<Parameters> =>
    (await championOn(db, market, { instrument, strategy, tradeDate }))?.parameters ??
    defaultsOf(strategyOf(strategy).space)

  const rulesOf = async (instrument: InstrumentId) => {
    const { boundaries, limits, accountSize } = await settings()
    return {
      terms: termsOf(specOf(instrument), limits),
      discipline: disciplineOf(boundaries, limits, instrument),
      accountSize,
    }
  }

  /** The rules of a backtest: the usual ones, and what is wanted otherwise. */
  const wantedRules = async ({ instrument, realism = {}, costsDoubled, account }: WantedBacktest) => {
    const { terms: usual, discipline, accountSize } = await rulesOf(instrument)
    const other = unusual(realism, usual)
    const terms = { ...usual, ...other }
    return {
      terms: costsDoubled ? doubled(terms) : terms,
      discipline: account === undefined ? discipline : onAccount(discipline, account, instrument),
      accountSize,
      ...(costsDoubled && ({ costsDoubled: true } as const)),
      ...(Object.keys(other).length > 0 && { realism: other }),
    }
  }

  const seedOf = async (
    of: Ground,
    { strategy, terms, discipline, accountSize }: Pick<StudySpec, 'strategy' | 'terms' | 'discipline' | 'accountSize'>,
    signal?: AbortSignal,
  ): Promise<TrialSeed> => {
    const { instrument, history, dataHash, prepared } = await prepareStage(pool, of, strategy, signal)
    return { instrument, strategy, history, prepared, dataHash, terms, discipline, accountSize }
  }

  /** Lays down everything that fixes a study, and keeps it; the same study asked again is the same. */
  const ask = async ({ night, seed = usualSeed, windows = usualWindows, ...wanted }: WantedStudy): Promise<string> => {
    const { instrument, strategy } = wanted
    const stored = await storedDates(instrument)
    const rules = await rulesOf(instrument)
    const { history, dataHash } = await groundOf(instrument, stored.from, stored.to, rules.discipline.flatBy)
    const { dates } = history
    const { shortened, ...laid } = windowsFor(dates, windows) ?? { ...windows, shortened: false }
    const [from, to] = [dates[0] ?? stored.from, dates.at(-1) ?? stored.to]
    const spec: StudySpec = {
      ...wanted,
      ...rules,
      ...{ objective: 'expectancy', seed, round, windows: laid, ...(shortened && { wantedWindows: windows }) },
      ...{ from, to, dataHash, codeVersion, champion: await inForce(instrument, strategy, to) },
    }
    const id = await askStudy(db, { market, spec, askedAt: wall(), ...(night !== undefined && { night }) })
    onChange()
    return id
  }

  const work = async (id: string, held: AbortSignal): Promise<StudyResult | undefined> => {
    // While this process waited for its turn another may have ended it.
    const study = await studyOf(db, id)
    if (study === undefined || study.state === 'cancelled' || study.state === 'failed') return undefined
    if (study.state === 'done') return study.result
    const { spec } = study
    const of = await groundOf(spec.instrument, spec.from, spec.to, spec.discipline.flatBy)
    if (of.dataHash !== spec.dataHash) throw new Error('the bars have changed since it was asked')
    if (spec.codeVersion !== codeVersion) throw new Error(`version ${spec.codeVersion} of the program asked for it`)
    let seed: Promise<TrialSeed> | undefined
    const openSeed = (): Promise<TrialSeed> => {
      seed ??= seedOf(of, spec, held)
      return seed
    }
    const tell = (tried: number): void => {
      const at = running.get(study.id)
      if (at !== undefined) at.tried = tried
      onChange()
    }
    return runStudy({ db, pool, hands, study, openSeed, dates: of.history.dates, signal: held, tell, wall })
  }

  /**
   * Carries a study out, alone among all processes. Undefined when it was stopped, or somebody else has ended it. What fails
   * is kept with its reason and thrown.
   */
  const run = async (id: string, signal: AbortSignal): Promise<StudyResult | undefined> => {
    const study = await studyOf(db, id)
    if (study === undefined) return undefined
    if (study.state === 'done') return study.result
    const stop = new AbortController()
    running.set(id, { tried: 0, stop })
    const lock = {
      ...{ db, market, job: 'study', wall, schedule, log },
      progress: () => Math.min(1, (running.get(id)?.tried ?? 0) / study.spec.budget),
      onWaiting: () => log.info({ study: id }, 'Another process works on a study; this one waits'),
    }
    try {
      let result: StudyResult | undefined
      await holdRun(lock, AbortSignal.any([signal, stop.signal]), async (held) => {
        result = await work(id, held)
        return { study: id }
      })
      return result
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      await moveStudy(db, id, { state: 'failed', at: wall(), reason })
      throw error
    } finally {
      running.delete(id)
      onChange()
    }
  }

  /**
   * Puts a challenger in force that has won, from the next trade date on: a study that was finished late changes no date that
   * has begun. What else was decided changes nothing.
   */
  const decide = async (id: string, { challenger, decision }: StudyResult): Promise<void> => {
    const study = await studyOf(db, id)
    if (study === undefined || challenger === null || decision.effective === null) return
    const { instrument, strategy } = study.spec
    const next = nextTradeDate(specOf(instrument).group, easternAt(now()).date)
    const from = [decision.effective, next].sort().at(-1) ?? next
    const ruling = await championOn(db, market, { instrument, strategy, tradeDate: from })
    if (ruling?.study === id) return
    await crown(db, market, {
      ...{ instrument, strategy, from, parameters: challenger, study: id },
      ...{ words: decision.words.replaceAll(decision.effective, from), decidedAt: wall() },
    })
    onChange()
  }

  /** Decides a study asked by hand: whoever draws lots again is judged over all that was tried up to the same trade date. */
  const settle = async (id: string, result: StudyResult): Promise<void> => {
    const study = await studyOf(db, id)
    if (study === undefined) return
    const { to } = study.spec
    const crowning = crowningsOf(await studiesUpTo(db, market, to), to).find((each) => each.id === id)
    if (crowning?.crowned) await decide(id, result)
    if (crowning?.overruled === undefined) return
    await overruleStudy(db, id, crowning.overruled)
    onChange()
  }

  /** Backtests; what was made before is not made again. Returns the report's id; throws ThreadLost once `signal` is aborted. */
  const backtest = async (
    wanted: WantedBacktest,
    signal?: AbortSignal,
  ): Promise<{ readonly id: string; readonly made: boolean }> => {
    const { instrument, strategy, night } = wanted
    const stored = await storedDates(instrument)
    const { from = stored.from } = wanted
    const to = lastWholeDate(specOf(instrument).group, wanted.to, stored.to)
    const nothing = () => new NothingStored(`nothing of ${instrument} is stored from ${from} to ${wanted.to ?? to}`)
    if (to < from) throw nothing()
    const rules = await wantedRules(wanted)
    const of = await groundOf(instrument, from, to, rules.discipline.flatBy)
    if (of.history.dates.length === 0) throw nothing()
    const spec: BacktestSpec = {
      ...{ instrument, strategy, from, to, seed: usualSeed, dataHash: of.dataHash, codeVersion },
      ...rules,
      parameters: { ...(await inForce(instrument, strategy, to)), ...wanted.parameters },
    }
    const id = reportId(market, spec)
    if ((await reportOfId(db, id)) !== undefined) return { id, made: false }
    const report = (await pool.ask('backtest', { seed: await seedOf(of, spec, signal), spec }, signal)) as Report
    await saveReport(db, { market, spec, report, madeAt: wall(), ...(night !== undefined && { night }) })
    onChange()
    return { id, made: true }
  }

  return {
    stored: storedDates,
    ask,
    run,
    decide,
    settle,
    backtest,
    /** Gives a study up, whether it runs here or waits. */
    cancel: async (id: string): Promise<boolean> => {
      const moved = await moveStudy(db, id, { state: 'cancelled', at: wall() })
      running.get(id)?.stop.abort()
      onChange()
      return moved
    },
    /** The oldest study that somebody asked for by hand and that is not over. */
    next: async (): Promise<Study | undefined> =>
      (await openStudies(db, market)).find(({ id, night }) => night === undefined && !running.has(id)),
    /** Sets tried so far of a study that runs here. */
    triedOf: (id: string): number | undefined => running.get(id)?.tried,
    hands: hands.words,
  }
}

export type StudyRoom = ReturnType<typeof createStudyRoom>
