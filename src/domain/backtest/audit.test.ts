import { describe, expect, test } from 'vitest'
import { createChance, randomBars } from '#src/testing/bars.ts'
import { smaOf } from '../indicators/columns.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toColumns } from '../market/series.ts'
import { dollars } from '../money.ts'
import { auditFills, auditFuture, watch } from './audit.ts'
import { type History, historyOf } from './history.ts'
import { simulate } from './simulate.ts'
import type { Player, Stage, Strategy } from './strategy.ts'
import type { Discipline, Terms } from './terms.ts'
import { exitReasons, type TradeTape } from './trade-tape.ts'

const spec = specOf('ES')
const terms: Terms = {
  ticksPerPoint: spec.ticksPerPoint,
  tickValue: spec.tickValue,
  feePerSide: dollars(2.1),
  feeShare: 0,
  slippageTicks: 1,
  spreadTicks: 1,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}
const discipline: Discipline = { entriesFrom: 0, entriesUntil: 720, flatBy: 900 }

const historyFrom = (seed: number): History =>
  historyOf(spec, toColumns(randomBars(seed, 4_000, Date.UTC(2024, 0, 16, 5))))

/** Crosses of an average and its price, entered at the market, by a limit or by a stop in turn. */
const honest = (history: History, peeks = 0): Player => {
  const { close, high } = history.ticks
  const average = smaOf(history.columns.close, 20)
  const isAbove = (bar: number): boolean =>
    (history.columns.close[bar] as number) > (average[bar] as number) &&
    (peeks === 0 || (high[bar + peeks] as number) > (close[bar] as number) + 8)
  return {
    next: (from, { position, waiting }) => {
      if (position !== 0 || waiting !== 0) return close.length
      for (let bar = Math.max(20, from); bar < close.length; bar++) if (isAbove(bar) !== isAbove(bar - 1)) return bar
      return close.length
    },
    act: (bar, desk) => {
      const side = isAbove(bar) ? 1 : -1
      const at = close[bar] as number
      const exits = {
        stop: at - side * 20,
        targets: [{ price: at + side * 12, quantity: 1 }, { price: at + side * 24 }],
      }
      const order = { side, quantity: 2, exits, until: bar + 5 } as const
      if (bar % 3 === 0) desk.send({ kind: 'market', ...order })
      else if (bar % 3 === 1) desk.send({ kind: 'limit', price: at - side * 4, ...order })
      else desk.send({ kind: 'stop', price: at + side * 4, ...order })
    },
  }
}

const strategyOf = (peeks: number): Strategy => ({
  name: 'crosses',
  title: 'Crosses',
  words: 'Buys above the average.',
  space: {},
  baseline: true,
  prepare: () => ({}),
  play: ({ history }) => honest(history, peeks),
})

describe('fills checked against nothing but bars and terms', () => {
  const history = historyFrom(3)
  const { player, sent } = watch(honest(history))
  const tape = simulate(history, player, { terms, discipline })
  const faultsIn = (doctored: TradeTape) => [
    ...new Set(auditFills(history, doctored, terms, { discipline, sent }).map(({ fault }) => fault)),
  ]
  const rowOf = (...reasons: string[]) =>
    Array.from(tape.reason).findIndex(
      (reason, row) => reasons.includes(exitReasons[reason] ?? '') && tape.leftAt[row] !== tape.enteredAt[row],
    )
  /** The tape with one number changed. */
  const changed = (name: keyof TradeTape, row: number, value: number): TradeTape => {
    const column = (tape[name] as Float64Array).slice()
    column[row] = value
    return { ...tape, [name]: column }
  }

  test('an honest tape passes, whatever the path, the discipline and the terms', () => {
    expect(tape.length).toBeGreaterThan(100)
    expect(faultsIn(tape)).toEqual([])
    for (const path of ['stop-first', 'nearest-extreme'] as const)
      for (const slippageTicks of [0, 3]) {
        const other = { ...terms, path, slippageTicks, spreadTicks: 0 }
        const seen = watch(honest(history))
        expect(
          auditFills(history, simulate(history, seen.player, { terms: other }), other, { sent: seen.sent }),
        ).toEqual([])
      }
  })

  test('terms that fill limits at the touch are caught as free fills', () => {
    const kind = simulate(history, honest(history), { terms: { ...terms, limitThrough: 0 }, discipline })
    const found = auditFills(history, kind, terms, { discipline })
    expect(new Set(found.map(({ fault }) => fault))).toEqual(new Set(['free-fill']))
    expect(found[0]?.words).toBe(`Trade ${(found[0]?.at ?? 0) + 1} filled at a limit the market did not trade through.`)
  })

  test('a target at the extreme of its bar is a free fill', () => {
    const row = rowOf('target')
    const long = tape.side[row] === 1
    const extreme = (long ? history.ticks.high : history.ticks.low)[tape.leftAt[row] as number] as number
    expect(faultsIn(changed('exit', row, extreme))).toEqual(['free-fill', 'wrong-sum'])
  })

  test('a price its bar did not trade is caught', () => {
    const row = rowOf('target')
    const beyond = (history.ticks.high[tape.leftAt[row] as number] as number) + 40
    expect(faultsIn(changed('exit', row, beyond))).toContain('out-of-range')
  })

  test('a stop or a market order filled better than the open is caught', () => {
    const row = rowOf('stop')
    const bar = tape.leftAt[row] as number
    const side = tape.side[row] as number
    const best = (side > 0 ? history.ticks.high[bar] : history.ticks.low[bar]) as number
    expect(faultsIn(changed('exit', row, best - side * 2))).toContain('better-than-open')
  })

  test('a fill in the bar that decided it is caught', () => {
    const bar = sent.find(({ order }) => order.kind === 'market')?.bar ?? 0
    const row = Array.from(tape.enteredAt).indexOf(bar + 1)
    const side = tape.side[row] as number
    const cheat = changed('enteredAt', row, bar)
    const entry = tape.entry.slice()
    entry[row] = (history.ticks.open[bar] as number) + 2 * side
    expect(faultsIn({ ...cheat, entry })).toContain('same-bar')
  })

  test('missing fees, missing slippage and wrong sums are caught', () => {
    expect(faultsIn(changed('fees', 0, 0))).toEqual(['missing-fee'])
    const row = rowOf('stop')
    expect(faultsIn(changed('slipped', row, 0))).toContain('missing-slippage')
    expect(faultsIn(changed('gross', 0, (tape.gross[0] as number) + 10_000))).toEqual(['wrong-sum'])
  })

  test('a position past flat-by is caught', () => {
    const overnight = simulate(history, honest(history), { terms })
    expect(auditFills(history, overnight, terms, { discipline }).map(({ fault }) => fault)).toContain('past-flat-by')
  })
})

describe('decisions with the future taken away', () => {
  const stage: Stage = {
    spec,
    history: historyFrom(5),
    prepared: {},
    memo: (_, make) => make(),
    accountSize: dollars(50_000),
  }
  const auditOf = (strategy: Strategy) =>
    auditFuture({ strategy, stage, parameters: {}, terms, discipline, cuts: 20, random: createChance(1) })

  test('an honest strategy decides the same', () => {
    expect(auditOf(strategyOf(0))).toEqual([])
  })

  test('one that reads the next high is caught looking ahead', () => {
    const found = auditOf(strategyOf(1))
    expect(found.length).toBeGreaterThan(5)
    expect(found[0]?.fault).toBe('look-ahead')
    expect(found[0]?.words).toBe(`What was decided at bar ${found[0]?.at} changes with prices that came later.`)
  })

  test('so is one that knows when the history ends', () => {
    const tired: Strategy = {
      ...strategyOf(0),
      play: ({ history }) => {
        const player = honest(history)
        const last = history.date.length - 500
        return { ...player, act: (bar, desk) => (bar < last ? player.act(bar, desk) : undefined) }
      },
    }
    expect(auditOf(tired).length).toBeGreaterThan(5)
  })

  test('so is one that reads the next high and guesses it well where there is none', () => {
    const guesses: Strategy = {
      ...strategyOf(0),
      play: ({ history }) => {
        const player = honest(history)
        const { high, close } = history.ticks
        const rises = (bar: number): boolean => (high[bar + 1] ?? 1e9) > (close[bar] as number) + 8
        return { ...player, act: (bar, desk) => (rises(bar) ? player.act(bar, desk) : undefined) }
      },
    }
    expect(auditOf(guesses).length).toBeGreaterThan(0)
  })

  test('so is one whose preparation smooths over what comes', () => {
    const centred: Strategy = {
      ...strategyOf(0),
      prepare: (_, history, column) => {
        const smooth = column(Float64Array, history.columns.close.length)
        smoothed(history.columns.close, smooth)
        return { smooth }
      },
      play: ({ history, prepared }) =>
        honest({
          ...history,
          columns: { ...history.columns, close: prepared['smooth'] as typeof history.columns.close },
        }),
    }
    expect(auditOf(centred).length).toBeGreaterThan(0)
  })
})

/** The mean of a close and the next. */
const smoothed = (close: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < close.length; i++) out[i] = ((close[i] as number) + (close[i + 1] ?? (close[i] as number))) / 2
}
