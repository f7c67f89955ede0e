import { describe, expect, test } from 'vitest'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { type Agreement, compareTrades } from '#src/testing/tradingview/compare-trades.ts'
import { bitcoin, crudeOil, euro, type Market, pathOf } from '#src/testing/tradingview/market.ts'
import {
  barUpDown,
  macdStrategy,
  rsiStrategy,
  smaCross,
  smaCrossInTicks,
  supertrendStrategy,
} from '#src/testing/tradingview/market-scripts.ts'
import {
  bracketed,
  everyTenth,
  limitEntries,
  longAndShort,
  threeLayers,
} from '#src/testing/tradingview/probe-scripts.ts'
import { bollingerStops, channelBreakout, keltnerStops } from '#src/testing/tradingview/resting-scripts.ts'
import { type Currency, type Listed, tradesIn, tradesOf } from '#src/testing/tradingview/trade-list.ts'
import type { Finer } from './broker.ts'
import { finerOf, simulate } from './simulate.ts'
import type { Player } from './strategy.ts'
import type { Terms } from './terms.ts'

type Script = (market: Market) => Player

/** Costs and finer bars, where a list has them. */
type Setting = { readonly terms?: Partial<Terms>; readonly finer?: Finer; readonly currency?: Currency }

const oursOf = (market: Market, script: Script, { terms: costs, finer }: Setting): readonly Listed[] => {
  const terms = { ...market.terms, ...costs }
  const tape = simulate(market.history, script(market), { terms, ...(finer !== undefined && { finer }) })
  return tradesOf(tape, market, terms)
}

const agreementOf = (list: string, market: Market, script: Script, setting: Setting = {}): Agreement =>
  compareTrades(tradesIn(list, setting.currency ?? 'USD'), oursOf(market, script, setting))

/** A script that sends at each close what it should send at the next. */
const hurried =
  (script: Script): Script =>
  (market) => {
    const { next, act } = script(market)
    return { next: (from, desk) => next(from + 1, desk) - 1, act: (bar, desk) => act(bar + 1, desk) }
  }

/** How many trades they have, how many we have, how many are equal, and how many of these in their excursions too. */
const countsOf = ({ theirs, ours, equal, excursions }: Agreement) => [theirs, ours, equal, excursions]

/** 'long 2025-12-01T20:00Z 59.4 → 2025-12-02T01:00Z 59.5: -50'. */
const told = (trades: readonly Listed[]): readonly string[] => {
  const at = (ms: number) => new Date(ms).toISOString().replace(':00.000', '')
  return trades.map(
    ({ side, entered, entry, left, exit, net }) =>
      `${side} ${at(entered)} ${entry} → ${at(left)} ${exit}: ${Number(net.toFixed(6))}`,
  )
}

describe.skipIf(!hasOracles)('the trades TradingView lists', () => {
  const market = hasOracles ? euro() : undefined
  const feeShare = 0.001
  const limitCosts = { feeShare, slippageTicks: 20 }

  test.each<[list: string, script: Script, terms: Partial<Terms>, counts: readonly number[]]>([
    ['macd', macdStrategy, {}, [1807, 1807, 1807, 1807]],
    ['rsi', rsiStrategy, {}, [193, 193, 193, 193]],
    ['supertrend', supertrendStrategy, {}, [601, 601, 601, 601]],
    ['bollinger', bollingerStops, {}, [578, 578, 578, 578]],
    ['channelbreakout', channelBreakout, {}, [2945, 2945, 2945, 2945]],
    ['keltnerchannel', keltnerStops, {}, [259, 259, 259, 259]],
    ['slippage_basic', longAndShort, { feeShare, slippageTicks: 10 }, [2, 2, 2, 2]],
    ['slippage_limit', limitEntries, limitCosts, [280, 280, 280, 280]],
    ['slippage_pyramiding', threeLayers, { feeShare, slippageTicks: 5 }, [3, 3, 3, 3]],
  ])('%s: all of them', (list, script, terms, counts) => {
    expect(countsOf(agreementOf(`${list}_trades`, market as Market, script, { terms }))).toEqual(counts)
  })

  test('slippage_pyramiding: what was entered first is left first', () => {
    const terms = { feeShare, slippageTicks: 5 }
    expect(oursOf(market as Market, threeLayers, { terms }).map(({ entry }) => entry)).toEqual([
      1.12955, 1.13023, 1.13009,
    ])
    expect(tradesIn('slippage_pyramiding_trades', 'USD').map(({ entry }) => entry)).toEqual([1.12955, 1.13023, 1.13009])
  })

  test('slippage_direction: all of them; in two the best price is that of a gap at which they left', () => {
    const terms = { feeShare, slippageTicks: 15 }
    const agreement = agreementOf('slippage_direction_trades', market as Market, everyTenth, { terms })
    // Theirs counts such an open only less the slippage that the exit paid there.
    expect(countsOf(agreement)).toEqual([2303, 2303, 2303, 2301])
  })

  test('barupdn: all but three, whose P&L is a cent off what the list’s own prices and quantity make', () => {
    const agreement = agreementOf('barupdn_trades', market as Market, barUpDown)
    expect(countsOf(agreement)).toEqual([5549, 5549, 5546, 5546])
    expect(told(agreement.onlyTheirs)).toEqual([
      'long 2022-02-03T13:00Z 1.12913 → 2022-02-03T19:00Z 1.14426: 1345.46',
      'short 2022-12-05T15:00Z 1.05492 → 2022-12-05T22:00Z 1.04835: 625.22',
      'long 2025-08-26T01:00Z 1.16476 → 2025-08-26T02:00Z 1.16417: -50.46',
    ])
    // 1,513 ticks × 88,926.3; 657 × 95,162.1; −59 × 85,533.9.
    expect(told(agreement.onlyOurs)).toEqual([
      'long 2022-02-03T13:00Z 1.12913 → 2022-02-03T19:00Z 1.14426: 1345.454919',
      'short 2022-12-05T15:00Z 1.05492 → 2022-12-05T22:00Z 1.04835: 625.214997',
      'long 2025-08-26T01:00Z 1.16476 → 2025-08-26T02:00Z 1.16417: -50.465001',
    ])
  })

  test('barupdn: none ends by the script’s limit of a day’s loss', () => {
    const signals = oracleRows(pathOf('barupdn_trades'), 'Signal').map(({ Signal }) => Signal)
    expect([...new Set(signals)].sort()).toEqual(['BarDn', 'BarUp', 'Open'])
  })

  test('bar_magnifier: all of them when the hours within the days are known, three fewer when not', () => {
    const days = bitcoin()
    const finer = finerOf(days.history, days.hours)
    const [list, currency] = ['bar_magnifier_tv_trades', 'USDT'] as const
    expect(countsOf(agreementOf(list, days, bracketed, { finer, currency }))).toEqual([56, 56, 56, 56])
    expect(countsOf(agreementOf(list, days, bracketed, { currency }))).toEqual([56, 56, 53, 42])
  })

  test.each<[fault: string, list: string, script: Script, terms: Partial<Terms>, counts: readonly number[]]>([
    ['a script that knows the next bar', 'macd', hurried(macdStrategy), {}, [1807, 1807, 0, 0]],
    ['no slippage', 'slippage_direction', everyTenth, { feeShare }, [2303, 2303, 0, 0]],
    ['no fee', 'slippage_limit', limitEntries, { slippageTicks: 20 }, [280, 280, 0, 0]],
    [
      'a limit passed over at the touch',
      'slippage_limit',
      limitEntries,
      { ...limitCosts, limitThrough: 1 },
      [280, 280, 279, 268],
    ],
    [
      'the unkind order of prices',
      'channelbreakout',
      channelBreakout,
      { path: 'stop-first' },
      [2945, 2945, 2945, 1743],
    ],
  ])('%s would be seen', (_, list, script, terms, counts) => {
    expect(countsOf(agreementOf(`${list}_trades`, market as Market, script, { terms }))).toEqual(counts)
  })
})

describe.skipIf(!hasOracles)('the 293 trades of crude oil', () => {
  const market = hasOracles ? crudeOil() : undefined

  test('twice the averages of 10 and of 30 closes are the same, to the last digit', () => {
    const { ticks, columns } = (market as Market).history
    const sumOf = (length: number, bar: number): number =>
      ticks.close.subarray(bar + 1 - length, bar + 1).reduce((sum, close) => sum + close, 0)
    const ties = Array.from(columns.time, (time, bar) => ({ time, bar })).filter(
      ({ bar }) => bar >= 29 && 3 * sumOf(10, bar) === sumOf(30, bar),
    )
    expect(ties.map(({ time }) => new Date(time).toISOString())).toEqual([
      '2025-12-01T23:00:00.000Z',
      '2026-04-16T17:00:00.000Z',
    ])
  })

  test('are equal but for two, where rounding makes of the first tie a crossing', () => {
    const agreement = agreementOf('futures_pnl_trades', market as Market, smaCross)
    expect(countsOf(agreement)).toEqual([293, 293, 291, 291])
    expect(told(agreement.onlyTheirs)).toEqual([
      'short 2025-12-01T20:00Z 59.4 → 2025-12-02T01:00Z 59.5: -50',
      'long 2025-12-02T01:00Z 59.5 → 2025-12-02T08:00Z 59.275: -112.5',
    ])
    expect(told(agreement.onlyOurs)).toEqual([
      'short 2025-12-01T20:00Z 59.4 → 2025-12-02T00:00Z 59.55: -75',
      'long 2025-12-02T00:00Z 59.55 → 2025-12-02T08:00Z 59.275: -137.5',
    ])
  })

  test('are equal but for two others where nothing is rounded: their own rounding made a crossing of the second tie', () => {
    const agreement = agreementOf('futures_pnl_trades', market as Market, smaCrossInTicks)
    expect(countsOf(agreement)).toEqual([293, 293, 291, 291])
    expect(told(agreement.onlyTheirs)).toEqual([
      'short 2026-04-15T23:00Z 87.775 → 2026-04-16T18:00Z 91.425: -1825',
      'long 2026-04-16T18:00Z 91.425 → 2026-04-17T11:00Z 87.85: -1787.5',
    ])
    expect(told(agreement.onlyOurs)).toEqual([
      'short 2026-04-15T23:00Z 87.775 → 2026-04-16T19:00Z 90.35: -1287.5',
      'long 2026-04-16T19:00Z 90.35 → 2026-04-17T11:00Z 87.85: -1250',
    ])
  })
})
