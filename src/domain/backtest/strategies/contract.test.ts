import { beforeAll, describe, expect, test } from 'vitest'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { createChance } from '#src/testing/bars.ts'
import { nextTradeDate } from '../../instruments/calendar.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import type { Bar } from '../../market/bar.ts'
import { type BarColumns, barAt, toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import type { Dimension, Parameters } from '../../optimization/search-space.ts'
import { auditFills, auditFuture, watch } from '../audit.ts'
import { type History, historyOf } from '../history.ts'
import { simulate } from '../simulate.ts'
import type { Prepared, Stage, Strategy } from '../strategy.ts'
import type { Discipline, Terms } from '../terms.ts'
import { exitReasons, type TradeTape } from '../trade-tape.ts'
import { strategies, strategyOf } from './all.ts'

const spec = specOf('MGC')

const terms: Terms = {
  ticksPerPoint: spec.ticksPerPoint,
  tickValue: spec.tickValue,
  feePerSide: dollars(0.72),
  feeShare: 0,
  slippageTicks: 1,
  spreadTicks: 1,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}
const discipline: Discipline = { entriesFrom: 300, entriesUntil: 600, flatBy: 720, lossesInRow: 2 }

const synthetic = (dates: number): BarColumns => {
  const market = createSyntheticMarket({ seed: 9 })
  const bars: Bar[] = []
  let date = '2025-10-06'
  for (let n = 0; n < dates; n++) {
    const columns = market.minutes('MGC', date)
    for (let i = 0; i < columns.time.length; i++) bars.push(barAt(columns, i))
    date = nextTradeDate(spec.group, date)
  }
  return toColumns(bars)
}

const stageOf = (history: History, prepared: Prepared): Stage => {
  const known = new Map<string, unknown>()
  const memo = <T>(name: string, make: () => T): T => {
    if (!known.has(name)) known.set(name, make())
    return known.get(name) as T
  }
  return { spec, history, prepared, memo, accountSize: dollars(50_000) }
}

const readFrom = (columns: BarColumns, strategy: Strategy): Stage => {
  const history = historyOf(spec, columns)
  return stageOf(
    history,
    strategy.prepare(spec, history, (kind, length) => new kind(length)),
  )
}

const valuesOf = (dimension: Dimension): readonly number[] =>
  dimension.kind === 'choice'
    ? dimension.of
    : Array.from(
        { length: Math.round((dimension.to - dimension.from) / dimension.step) + 1 },
        (_, i) => dimension.from + i * dimension.step,
      )

const defaultsOf = ({ space }: Strategy): Parameters =>
  Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, dimension.default]))

const anyOf = ({ space }: Strategy, chance: () => number): Parameters =>
  Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const values = valuesOf(dimension)
      return [name, values[Math.floor(chance() * values.length)] as number]
    }),
  )

type Row = readonly number[]

/** The trades closed before a bar, and not by the end of the run. */
const closedBefore = (tape: TradeTape, bar: number): readonly Row[] => {
  const rows: Row[] = []
  for (let i = 0; i < tape.length; i++)
    if ((tape.leftAt[i] as number) < bar && exitReasons[tape.reason[i] as number] !== 'end')
      rows.push(
        [tape.side, tape.quantity, tape.enteredAt, tape.leftAt, tape.entry, tape.exit, tape.setup, tape.grade].map(
          (column) => column[i] as number,
        ),
      )
  return rows
}

/** What is usual of a minute's volume takes ten dates; the others get by with fewer. */
const longer = synthetic(14)
const shorter = synthetic(7)

describe.each(strategies.map(({ name }) => name))('%s', (name) => {
  const strategy = strategyOf(name)
  const bars = name === 'opening-range' ? longer : shorter
  const count = bars.time.length
  let whole: Stage
  beforeAll(() => {
    whole = readFrom(bars, strategy)
  })
  const run = (stage: Stage, parameters: Parameters, from?: number, under = terms): TradeTape =>
    simulate(stage.history, strategy.play(stage, parameters), {
      terms: under,
      discipline,
      ...(from !== undefined && { from }),
    })

  test('has a default that its space holds for every parameter', () => {
    for (const dimension of Object.values(strategy.space))
      expect(valuesOf(dimension).some((value) => Math.abs(value - dimension.default) < 1e-9)).toBe(true)
  })

  test('knows nothing of the future', () => {
    const chance = createChance(1)
    for (const parameters of [defaultsOf(strategy), anyOf(strategy, chance)]) {
      const audit = { strategy, stage: whole, parameters, terms, discipline, cuts: 2, random: chance }
      expect(auditFuture(audit)).toEqual([])
    }
  })

  test('is filled only as the market allows', () => {
    const { player, sent } = watch(strategy.play(whole, defaultsOf(strategy)))
    const tape = simulate(whole.history, player, { terms, discipline })
    expect(auditFills(whole.history, tape, terms, { discipline, sent })).toEqual([])
  })

  test.each([
    ['without half the spread', 'missing-slippage', { spreadTicks: 0 }],
    ['at the touch', 'free-fill', { limitThrough: 0 }],
  ] as const)('filled %s it is caught by the name of %s', (_, fault, kinder) => {
    const strict = { ...terms, limitThrough: 20 }
    const faultsUnder = (filled: Terms) =>
      auditFills(whole.history, run(whole, defaultsOf(strategy), 0, filled), strict, { discipline }).map(
        (found) => found.fault,
      )
    expect(faultsUnder(strict)).toEqual([])
    expect(faultsUnder({ ...strict, ...kinder })).toContain(fault)
  })

  test('trades, and the same when it is begun at a later date', () => {
    const chance = createChance(3)
    const { firstOf, dates } = whole.history
    let traded = 0
    for (let n = 0; n < 5; n++) {
      const parameters = n === 0 ? defaultsOf(strategy) : anyOf(strategy, chance)
      const all = closedBefore(run(whole, parameters), count)
      const from = firstOf[dates.length - 3] as number
      expect(closedBefore(run(whole, parameters, from), count)).toEqual(
        all.filter(([, , entered]) => (entered as number) >= from),
      )
      traded += all.length
    }
    expect(traded).toBeGreaterThan(0)
  })
})

test('a name that is no strategy’s is refused', () => {
  expect(() => strategyOf('martingale')).toThrow(RangeError)
})
