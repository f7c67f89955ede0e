import { randomBars } from '#src/testing/bars.ts'
import type { Row } from '#src/testing/bench.ts'
import { isOpen } from '../../instruments/calendar.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import { barAt, toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import { analysisOf } from '../../signals/analysis.ts'
import { livePlan } from '../focus/plan-rules.ts'
import { prepareFocus } from '../focus/prepare-focus.ts'
import { historyOf } from '../history.ts'
import { simulate } from '../simulate.ts'
import type { Stage } from '../strategy.ts'
import type { Discipline, Terms } from '../terms.ts'
import { focusPlan } from './focus-plan.ts'
import { smaCross } from './sma-cross.ts'

/** A year of random minutes in which the market was open; seconds are the processor's. */
export const name = 'Strategies: 345,000 bars'

const count = 345_000
const spec = specOf('MES')
const bars = randomBars(5, count * 1.8, Date.UTC(2025, 0, 6))
  .filter(({ time }) => isOpen('equity', time))
  .slice(0, count)
const history = historyOf(spec, toColumns(bars))

const terms: Terms = {
  ticksPerPoint: spec.ticksPerPoint,
  tickValue: spec.tickValue,
  feePerSide: dollars(0.62),
  feeShare: 0,
  slippageTicks: 1,
  spreadTicks: 1,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}
const discipline: Discipline = { entriesFrom: 300, entriesUntil: 600, flatBy: 720, lossesInRow: 2 }

/** Seconds of processor time so far, the collector's included: other work on the machine does not count. */
const spent = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const timed = <T>(work: () => T): [T, number] => {
  const begun = spent()
  const made = work()
  return [made, spent() - begun]
}

const createStage = (prepared: Stage['prepared']): Stage => {
  const known = new Map<string, unknown>()
  const memo = <T>(key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make())
    return known.get(key) as T
  }
  return { spec, history, prepared, memo, accountSize: dollars(50_000) }
}

/** The analysis alone, read as often as the plan reads it. */
const analyze = (): number => {
  const analysis = analysisOf(spec)
  let state = analysis.start()
  let sum = 0
  for (let i = 0; i < count; i++) {
    const tradeDate = history.dates[history.date[i] as number] as string
    state = analysis.step(state, { bar: barAt(history.columns, i), tradeDate })
    if ((history.minute[i] as number) < 720) sum += analysis.value(state).vwap || 0
  }
  return sum
}

const inMillions = (seconds: number): string => `${(count / seconds / 1e6).toFixed(0)} M bars/s`

const measurePlan = (): Row[] => {
  const [, analysis] = timed(analyze)
  const [prepared, preparation] = timed(() => prepareFocus(spec, history, (kind, length) => new kind(length)))
  const stage = createStage(prepared)
  let trades = 0
  // Each round is another plan; the first ten still run on code the engine has not come to know.
  const rounds = Array.from({ length: 40 }, (_, round) => {
    const rules = { ...livePlan, tradeQuality: 45 + 5 * (round % 7), biasLead: 5 * (round % 5) }
    return timed(() => {
      trades += simulate(history, focusPlan.play(stage, rules), { terms, discipline }).length
    })[1]
  })
  const warm = rounds.slice(10).reduce((sum, each) => sum + each, 0) / 30
  const first = rounds[0] as number
  return [
    {
      what: 'focus plan, prepared',
      ours: `${preparation.toFixed(2)} s`,
      peer: `the analysis alone ${analysis.toFixed(2)} s`,
      ratio: analysis / preparation,
    },
    { what: 'focus plan, the first run of a process', ours: inMillions(first) },
    {
      what: `focus plan, other parameters (${trades} trades of 40 runs)`,
      ours: inMillions(warm),
      peer: 'limit 5 M bars/s',
      ratio: count / warm / 5e6,
    },
  ]
}

const measureGrid = (): Row => {
  const stage = createStage({})
  let trades = 0
  const [, seconds] = timed(() => {
    for (const fast of [5, 10, 15, 20, 25])
      for (const slow of [30, 45, 60, 75, 90])
        for (const stop of [2, 4, 6, 8])
          for (const target of [1, 2, 3, 4])
            trades += simulate(history, smaCross.play(stage, { fast, slow, stop, target }), {
              terms,
              discipline,
            }).length
  })
  return {
    what: `400 combinations of moving averages (${trades} trades)`,
    ours: `${seconds.toFixed(2)} s`,
    peer: 'limit 1.5 s',
    ratio: 1.5 / seconds,
  }
}

export const run = async (): Promise<Row[]> => [...measurePlan(), measureGrid()]
