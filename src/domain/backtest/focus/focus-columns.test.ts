import { describe, expect, test } from 'vitest'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import type { MinuteFlow } from '../../flow/minute-flow.ts'
import { isOpen } from '../../instruments/calendar.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import type { Bar } from '../../market/bar.ts'
import { toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import { feePerSide, riskCap } from '../../risk/sizing.ts'
import { actOn } from '../../signals/action.ts'
import { analysisOf, type Reading } from '../../signals/analysis.ts'
import { drawBracket } from '../../signals/bracket.ts'
import { drawCard } from '../../signals/card.ts'
import type { LevelKind, Side } from '../../signals/focus-card.ts'
import { grades } from '../../signals/focus-card.ts'
import { checklistOf } from '../../signals/grade.ts'
import { judge } from '../../signals/judgement.ts'
import { regimeOf } from '../../signals/quality.ts'
import { historyOf } from '../history.ts'
import { bracketAt, sizeAt } from './draw-at.ts'
import {
  type FocusColumns,
  focusColumns,
  gradeIndexOf,
  isExcluded,
  isHeldBack,
  isWarm,
  kindOf,
  levelRests,
  regimeIndexOf,
} from './focus-columns.ts'
import { regimes } from './known-scores.ts'
import { livePlan } from './plan-rules.ts'
import { prepareFocus } from './prepare-focus.ts'

type Market = {
  readonly id: 'MES' | 'MGC'
  readonly bars: readonly Bar[]
  readonly flows?: ReadonlyMap<number, MinuteFlow>
}

const accountSize = dollars(50_000)

const layOut = ({ id, bars, flows }: Market) => {
  const spec = specOf(id)
  const history = historyOf(spec, toColumns(bars))
  const prepared = prepareFocus(spec, history, (kind, length) => new kind(length), flows)
  return { ground: { spec, history, columns: focusColumns(prepared), accountSize, fee: feePerSide(spec) }, prepared }
}

const sides = ['long', 'short'] as const

/** What the signals say of one side at a reading. */
const spoken = (reading: Reading, side: Side, id: Market['id']) => {
  const spec = specOf(id)
  const sizedBy = { cap: riskCap(accountSize, livePlan.riskShare), fee: feePerSide(spec) }
  const place = { spec, contract: 'Z3', tradeDate: reading.tradeDate, sizedBy }
  const judgement = judge(reading)
  const { bracket } = drawBracket(reading, side, spec)
  const card = drawCard(judgement, side, place, 1)
  const scoreOn = (level: LevelKind): number => judge(reading, { side, level })[side].score
  const everywhere = { ...bracket, zone: { low: -1e9, high: 1e9 } }
  const best = { ...judgement, excluded: false, [side]: { ...judgement[side], score: 100 } }
  return {
    scores: [judgement[side].score, scoreOn('vwap'), scoreOn('ema21')],
    grade: checklistOf(judgement[side]).grade,
    held:
      actOn({ side, bracket: everywhere, size: { ...card.size, contracts: 1 }, state: 'watching' }, best, reading.close)
        .action === 'wait',
    bracket: { ...bracket, level: [bracket.level.kind, bracket.level.price] },
    size: card.size,
  }
}

const laid = (ground: Parameters<typeof bracketAt>[0], side: Side, i: number): ReturnType<typeof spoken> => {
  const own = ground.columns[side]
  const flags = own.flags[i] as number
  const bracket = bracketAt(ground, side, i, livePlan)
  const [rests, bare] = [(own.rests[i] as number) / 10, (own.bare[i] as number) / 10]
  return {
    scores: [levelRests(flags) ? rests : bare, rests, bare],
    grade: grades[gradeIndexOf(flags)] as (typeof grades)[number],
    held: isHeldBack(flags),
    bracket: { ...bracket, level: [kindOf(flags), bracket.level.price] },
    size: sizeAt(ground, side, i, bracket.stopTicks, livePlan),
  }
}

/** Compares every `each`th warm minute of the mornings; answers how many. */
const compare = (market: Market, each: number): number => {
  const { id, bars, flows } = market
  const { ground } = layOut(market)
  const { columns, history } = ground
  const analysis = analysisOf(ground.spec)
  let state = analysis.start()
  let compared = 0
  bars.forEach((bar, i) => {
    const tradeDate = history.dates[history.date[i] as number] as string
    state = analysis.step(state, { bar, tradeDate, flow: flows?.get(bar.time) })
    const isMorning = (history.minute[i] as number) < 720
    if (!isMorning || i % each !== 0) return
    const reading = analysis.value(state)
    const flags = columns.flags[i] as number
    expect([isWarm(flags), regimes[regimeIndexOf(flags)]]).toEqual([reading.warm, regimeOf(reading)])
    if (!reading.warm) return
    compared++
    expect(isExcluded(flags)).toBe(judge(reading).excluded)
    for (const side of sides) expect(laid(ground, side, i)).toEqual(spoken(reading, side, id))
  })
  return compared
}

const open = (seed: number, count: number): readonly Bar[] =>
  randomBars(seed, count, Date.UTC(2025, 0, 6)).filter(({ time }) => isOpen('equity', time))

const flowsOf = (bars: readonly Bar[], seed: number): ReadonlyMap<number, MinuteFlow> => {
  const chance = createChance(seed)
  return new Map(
    bars.flatMap(({ time, volume }) => {
      const buy = Math.floor(chance() * volume)
      const flow = { time, buy, sell: volume - buy, basis: 'quotes' as const, after: time - 60_000 }
      return chance() < 0.999 ? [[time, flow]] : []
    }),
  )
}

describe('the columns say at every close what the signals say', () => {
  test('on a random market', () => {
    expect(compare({ id: 'MES', bars: open(3, 7000) }, 9)).toBeGreaterThan(150)
  })

  test('on one whose trades were seen', () => {
    const bars = open(4, 6000)
    expect(compare({ id: 'MES', bars, flows: flowsOf(bars, 5) }, 9)).toBeGreaterThan(100)
  })

  test.skipIf(!hasOracles)('on recorded gold', () => {
    expect(compare({ id: 'MGC', bars: recordedBars('GC') }, 5)).toBeGreaterThan(100)
  })
})

const rowsUpTo = ({ flags, ratio, atr, vwap, list, long, short }: FocusColumns, end: number) => ({
  market: [flags, ratio, atr, vwap].map((column) => Array.from(column.subarray(0, end))),
  sides: [long, short].map(({ rests, bare, flags: own, level, swing }) =>
    [rests, bare, own, level, swing].map((column) => Array.from(column.subarray(0, end))),
  ),
  targets: [long, short].map(({ from, targets }) =>
    Array.from(list.subarray(0, end), (k, i) =>
      i % 50 === 0 ? Array.from(targets.subarray(from[k], from[k + 1])) : [],
    ),
  ),
})

test('the columns of a beginning are the beginning of the columns', () => {
  const bars = open(8, 5000)
  const whole = layOut({ id: 'MES', bars }).ground.columns
  const chance = createChance(2)
  for (let cut = 0; cut < 3; cut++) {
    const end = 2000 + Math.floor(chance() * (bars.length - 2000))
    const alone = layOut({ id: 'MES', bars: bars.slice(0, end) }).ground.columns
    // The last bar before a morning is read for its sake, and whether one follows the end does not know.
    expect(rowsUpTo(alone, end - 1)).toEqual(rowsUpTo(whole, end - 1))
  }
})
