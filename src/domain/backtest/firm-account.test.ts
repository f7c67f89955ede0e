import { describe, expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toColumns } from '../market/series.ts'
import { dollars } from '../money.ts'
import type { FirmRules } from '../risk/firm-rules.ts'
import { presets } from '../risk/firms/presets.ts'
import { historyOf } from './history.ts'
import { simulate } from './simulate.ts'
import type { Desk, NewOrder, Player } from './strategy.ts'
import type { Discipline, Terms } from './terms.ts'
import { exitReasons } from './trade-tape.ts'

/** A tick is a point, worth a dollar; nothing costs anything. */
const spec = { ...specOf('MES'), ticksPerPoint: 1, tickValue: 10_000 }
const terms: Terms = {
  ...{ ticksPerPoint: 1, tickValue: 10_000, feePerSide: 0, feeShare: 0, slippageTicks: 0, spreadTicks: 0 },
  ...{ limitThrough: 1, path: 'stop-first', latencyMs: 0, volumeShare: 1 },
}

/** A static floor 10 dollars below 1,000. */
const rules: FirmRules = {
  startBalance: dollars(1_000),
  drawdown: { kind: 'static', amount: dollars(10), lockAt: 'never', includesOpen: true, checkedIntraday: true },
  maxContracts: { mini: 1, microsPerMini: 10 },
  automationAllowed: false,
  overnightAllowed: false,
}
const trailing = { kind: 'trailing-intraday', lockAt: 'start' } as const
const zone = 'America/New_York'

/** Minutes from Tuesday 2024-01-16 09:30 in New York, written as [open, high, low, close]; the next session a day later. */
const opening = Date.UTC(2024, 0, 16, 14, 30)
const minutes = (rows: readonly (readonly number[])[], at = opening) =>
  barsOf(rows, 60_000).map((bar) => ({ ...bar, time: bar.time + at }))

const all: Omit<Discipline, 'account'> = { entriesFrom: 0, entriesUntil: 1_000, flatBy: 1_020 }

const script = (deeds: Readonly<Record<number, (desk: Desk) => void>>): Player => ({
  next: (from) =>
    Math.min(
      ...Object.keys(deeds)
        .map(Number)
        .filter((bar) => bar >= from),
      1e9,
    ),
  act: (bar, desk) => deeds[bar]?.(desk),
})
const at = (bar: number, ...orders: readonly NewOrder[]) => ({
  [bar]: (desk: Desk) => {
    for (const order of orders) desk.send(order)
  },
})
const buy = (quantity: number): NewOrder => ({ kind: 'market', side: 1, quantity })

const run = (
  bars: ReturnType<typeof minutes>,
  deeds: Parameters<typeof script>[0],
  more: {
    readonly rules?: Partial<FirmRules>
    readonly terms?: Partial<Terms>
    readonly day?: Partial<Discipline>
  } = {},
) => {
  const account = { plan: 'test', instrument: 'MES', rules: { ...rules, ...more.rules } } as const
  const { side, quantity, entry, exit, enteredAt, leftAt, reason, length, ...rest } = simulate(
    historyOf(spec, toColumns(bars)),
    script(deeds),
    { terms: { ...terms, ...more.terms }, discipline: { ...all, ...more.day, account } },
  )
  const list = Array.from(
    { length },
    (_, i) =>
      `${(side[i] as number) > 0 ? 'long' : 'short'} ${quantity[i]}: ${entry[i]} in ${enteredAt[i]} → ${exit[i]} in ${leftAt[i]}, ${exitReasons[reason[i] ?? 0]}`,
  )
  return { list, account: rest.account }
}

const level = [100, 100, 100, 100]
const floorBroken = { at: opening + 120_000, rule: 'drawdown' }

describe('a floor that is touched', () => {
  test('ends the account there, slipped, and nothing is traded after', () => {
    const bars = minutes([level, level, [100, 101, 90, 101], level, level])
    const played = run(bars, { ...at(0, buy(2)), ...at(3, buy(1)) })
    expect(played.list).toEqual(['long 2: 100 in 1 → 95 in 2, firm'])
    expect(played.account).toMatchObject({ balance: dollars(990), lowestHeadroom: 0, broken: floorBroken })
    expect(run(bars, at(0, buy(2)), { terms: { slippageTicks: 1 } }).list).toEqual(['long 2: 101 in 1 → 95 in 2, firm'])
  })

  test('fills at the open when the market has jumped over it', () => {
    expect(run(minutes([level, level, [80, 81, 79, 80]]), at(0, buy(2))).list).toEqual([
      'long 2: 100 in 1 → 80 in 2, firm',
    ])
  })

  test('is not touched a tick before', () => {
    const played = run(minutes([level, level, [100, 101, 96, 101]]), at(0, buy(2)))
    expect(played.list).toEqual(['long 2: 100 in 1 → 101 in 2, end'])
    expect(played.account).toEqual({ balance: dollars(1_002), lowestHeadroom: dollars(2), lockedDates: 0 })
  })

  test('counts the fees of getting out', () => {
    const played = run(minutes([level, level, [100, 101, 96, 101]]), at(0, buy(2)), {
      terms: { feePerSide: dollars(1) },
    })
    expect(played.list).toEqual(['long 2: 100 in 1 → 97 in 2, firm'])
  })

  test('is reached after the stops before it, each of which moves it', () => {
    const stop = (quantity: number, price: number): NewOrder => ({ ...buy(quantity), exits: { stop: price } })
    const bars = minutes([level, level, [100, 101, 80, 81]])
    expect(run(bars, at(0, stop(1, 97), stop(1, 80))).list).toEqual([
      'long 1: 100 in 1 → 97 in 2, stop',
      'long 1: 100 in 1 → 93 in 2, firm',
    ])
    expect(run(bars, at(0, stop(2, 96))).account?.broken).toBeUndefined()
  })

  test('stands for a short position above, and for one entered within the bar too', () => {
    const short: NewOrder = { kind: 'stop', side: -1, quantity: 1, price: 98 }
    const bars = minutes([level, [100, 112, 97, 98], level])
    expect(run(bars, at(0, short)).list).toEqual(['short 1: 98 in 1 → 108 in 1, firm'])
  })

  test('is met on the way of the other path', () => {
    const bars = minutes([level, level, [100, 104, 85, 90], level])
    expect(run(bars, at(0, buy(1)), { terms: { path: 'nearest-extreme' } }).list).toEqual([
      'long 1: 100 in 1 → 90 in 2, firm',
    ])
  })

  test('trails the best open profit where its rule does, the bar’s best before its worst', () => {
    const bars = minutes([level, level, [100, 106, 97, 106], level])
    const drawdown = { ...rules.drawdown, ...trailing }
    expect(run(bars, at(0, buy(1)), { rules: { drawdown } }).list).toEqual(['long 1: 100 in 1 → 100 in 3, end'])
    const far = minutes([level, level, [100, 112, 99, 112], level])
    expect(run(far, at(0, buy(1)), { rules: { drawdown } }).list).toEqual(['long 1: 100 in 1 → 100 in 2, firm'])
    const never = { ...drawdown, lockAt: 'never' } as const
    expect(run(far, at(0, buy(1)), { rules: { drawdown: never } }).list).toEqual(['long 1: 100 in 1 → 100 in 2, firm'])
  })

  test('rises with the close of a day where its rule does', () => {
    const drawdown = { ...rules.drawdown, kind: 'trailing-eod', lockAt: 'never', includesOpen: false } as const
    const bars = [
      ...minutes([level, level, [108, 120, 108, 108]]),
      ...minutes([level, level, [97, 99, 97, 99], level], opening + 86_400_000),
    ]
    const leave = { 1: (desk: Desk) => desk.leave() }
    const played = run(bars, { ...at(0, buy(1)), ...leave, ...at(3, buy(1)) }, { rules: { drawdown } })
    expect(played.list).toEqual(['long 1: 100 in 1 → 108 in 2, signal', 'long 1: 100 in 4 → 100 in 6, end'])
    expect(played.account?.lowestHeadroom).toBe(dollars(7))
  })
})

describe('a firm’s daily limit', () => {
  const resetAt = { zone, time: '18:00' }
  const lost = [97, 97, 97, 97]
  const twoDays = [
    ...minutes([level, level, [100, 100, 95, 97], lost, lost]),
    ...minutes([level, level, level], opening + 86_400_000),
  ]
  const deeds = { ...at(0, buy(1)), ...at(3, buy(1)), ...at(5, buy(1)) }

  test('counted with what is open leaves everything there and locks the day, softly', () => {
    const dailyLoss = { amount: dollars(4), basis: 'equity', mode: 'soft-lock', resetAt } as const
    const played = run(twoDays, deeds, { rules: { dailyLoss } })
    expect(played.list).toEqual(['long 1: 100 in 1 → 96 in 2, firm', 'long 1: 100 in 6 → 100 in 7, end'])
    expect(played.account).toMatchObject({ lockedDates: 1, balance: dollars(996) })
  })

  test('that breaks the account ends the run', () => {
    const dailyLoss = { amount: dollars(4), basis: 'equity', mode: 'breach', resetAt } as const
    const played = run(twoDays, deeds, { rules: { dailyLoss } })
    expect(played.list).toEqual(['long 1: 100 in 1 → 96 in 2, firm'])
    expect(played.account?.broken).toEqual({ at: opening + 120_000, rule: 'daily-loss' })
  })

  test('counted on closed trades waits for one', () => {
    const dailyLoss = { amount: dollars(3), basis: 'balance', mode: 'soft-lock', resetAt } as const
    const leave = { 2: (desk: Desk) => desk.leave() }
    expect(run(twoDays, { ...deeds, ...leave }, { rules: { dailyLoss } }).list).toEqual([
      'long 1: 100 in 1 → 97 in 3, signal',
      'long 1: 100 in 6 → 100 in 7, end',
    ])
  })
})

test('no more is held than the firm allows at the profit before today', () => {
  const bars = minutes([level, level, level])
  expect(run(bars, at(0, buy(8), buy(8))).list).toEqual([
    'long 8: 100 in 1 → 100 in 2, end',
    'long 2: 100 in 1 → 100 in 2, end',
  ])
  const scaling = [
    { minProfit: 0, mini: 1 },
    { minProfit: dollars(5), mini: 2 },
  ]
  const two = [
    ...minutes([level, level, [120, 120, 120, 120]]),
    ...minutes([level, level, level], opening + 86_400_000),
  ]
  const maxContracts = { mini: 3, microsPerMini: 10, scaling }
  expect(run(two, { ...at(0, buy(15)), ...at(3, buy(40)) }, { rules: { maxContracts } }).list).toEqual([
    'long 10: 100 in 1 → 120 in 2, flat-by',
    'long 20: 100 in 4 → 100 in 5, end',
  ])
})

test('everything is left at the firm’s flat-by, and nothing is entered after', () => {
  const flatBy = { zone, time: '09:32' }
  const bars = minutes([level, level, [103, 104, 102, 103], level, level])
  expect(run(bars, { ...at(0, buy(1)), ...at(2, buy(1)) }, { rules: { flatBy } }).list).toEqual([
    'long 1: 100 in 1 → 103 in 2, flat-by',
  ])
})

test('the plans as shipped can be played', () => {
  for (const { rules: own } of presets) {
    const { account } = run(minutes([level, level, [100, 101, 96, 101]]), at(0, buy(2)), { rules: own })
    expect(account?.balance).toBe(own.startBalance + dollars(2))
  }
})
