import { beforeAll, describe, expect, test } from 'vitest'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { nextTradeDate } from '../../instruments/calendar.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import { toTicks } from '../../instruments/ticks.ts'
import { type Bar, minuteMs } from '../../market/bar.ts'
import { barAt, toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import { analysisOf } from '../../signals/analysis.ts'
import { type History, historyOf } from '../history.ts'
import type { Desk, NewOrder, Player, Prepared, Stage } from '../strategy.ts'
import { breakoutsOf, openingRange } from './opening-range.ts'
import { sweptGap } from './swept-gap.ts'
import { timeBlock } from './time-block.ts'

const spec = specOf('MGC')

/** Three weeks of synthetic gold: what is usual of a minute's volume takes the first ten dates. */
const synthetic = (): readonly Bar[] => {
  const market = createSyntheticMarket({ seed: 4 })
  const bars: Bar[] = []
  let date = '2025-09-08'
  for (let n = 0; n < 14; n++) {
    const columns = market.minutes('MGC', date)
    for (let i = 0; i < columns.time.length; i++) bars.push(barAt(columns, i))
    date = nextTradeDate(spec.group, date)
  }
  return bars
}

/** What the live analysis sees, minute by minute. */
type Seen = {
  readonly triggers: Map<number, string[]>
  readonly setups: { readonly text: string; readonly way: string }[]
  readonly gaps: string[]
}

const see = (bars: readonly Bar[], history: History): Seen => {
  const analysis = analysisOf(spec)
  const seen: Seen = { triggers: new Map(), setups: [], gaps: [] }
  let state = analysis.start()
  bars.forEach((bar, i) => {
    state = analysis.step(state, { bar, tradeDate: history.dates[history.date[i] as number] as string })
    const { session } = analysis.value(state)
    const at = bar.time + minuteMs
    for (const { name, minutes, trigger } of session.openingRanges)
      if (name === 'New York' && trigger?.at === at)
        seen.triggers.set(minutes, [...(seen.triggers.get(minutes) ?? []), `${i} ${trigger.side}`])
    for (const { way, side, reach, steps } of session.block?.setups ?? [])
      if (steps.some((step) => step.state === 'TRIGGERED' && step.at === at))
        seen.setups.push({ way, text: `${i} ${side} ${toTicks(spec, reach)}` })
    for (const { pattern, side, level, at: known } of session.evidence) {
      const text = `${known} ${side} ${toTicks(spec, level)}`
      if (pattern === 'swept-gap-reversal' && !seen.gaps.includes(text)) seen.gaps.push(text)
    }
  })
  return seen
}

const sideOf = (signal: number): string => ((signal & 1) === 1 ? 'long' : 'short')

const plain = <T extends Float64Array | Int32Array | Int16Array>(
  kind: { new (length: number): T },
  length: number,
): T => new kind(length)

/** The orders a player sends while nothing ever fills. */
const sent = (player: Player, count: number): { readonly bar: number; readonly order: NewOrder }[] => {
  const orders: { bar: number; order: NewOrder }[] = []
  let bar = 0
  const desk = { position: 0, waiting: 0, send: (order: NewOrder) => orders.push({ bar, order }) } as unknown as Desk
  for (bar = player.next(0, desk); bar < count; bar = player.next(bar + 1, desk)) player.act(bar, desk)
  return orders
}

describe('on three weeks of synthetic gold', () => {
  const bars = synthetic()
  const history = historyOf(spec, toColumns(bars))
  let seen: Seen
  let ranges: Prepared
  let gaps: Prepared
  beforeAll(() => {
    seen = see(bars, history)
    ranges = openingRange.prepare(spec, history, plain)
    gaps = sweptGap.prepare(spec, history, plain)
  })
  const stageOf = (prepared: Prepared): Stage => ({
    ...{ spec, history, prepared, accountSize: dollars(50_000) },
    memo: (_, make) => make(),
  })

  test('opening ranges break when the live ones trigger', () => {
    expect([...seen.triggers.values()].flat().length).toBeGreaterThan(4)
    for (const window of [5, 15, 30, 60]) {
      const { signals } = breakoutsOf({ prepared: ranges, history }, { window, beyond: 0.5, volume: 1.2 })
      expect(Array.from(signals, (signal) => `${signal >> 1} ${sideOf(signal)}`)).toEqual(
        seen.triggers.get(window) ?? [],
      )
    }
  })

  test('an opening range that must be broken by more is not broken earlier', () => {
    const barsOf = (beyond: number, volume: number) =>
      new Map(
        Array.from(breakoutsOf({ prepared: ranges, history }, { window: 5, beyond, volume }).signals, (signal) => [
          history.date[signal >> 1] as number,
          signal >> 1,
        ]),
      )
    const [easy, hard] = [barsOf(0, 0.8), barsOf(1, 0.8)]
    expect(easy.size).toBeGreaterThan(0)
    for (const [date, bar] of hard) expect(easy.get(date)).toBeLessThanOrEqual(bar)
  })

  test('time blocks trigger when the live setups do', () => {
    const { signal, way, extreme } = timeBlock.prepare(spec, history, plain) as Record<string, Int32Array>
    const found = Array.from(signal as Int32Array, (each, i) => ({
      way: way?.[i] === 1 ? 'sweep-and-reverse' : 'break-and-retest',
      text: `${each >> 1} ${sideOf(each)} ${extreme?.[i]}`,
    }))
    expect(found.length).toBeGreaterThan(30)
    expect(found).toEqual(seen.setups)
  })

  test('a block’s stop lies beyond the extreme, its target as many times as far from the close', () => {
    const stage = stageOf(timeBlock.prepare(spec, history, plain))
    const orders = sent(timeBlock.play(stage, { way: 1, stop: 0, target: 2 }), bars.length)
    expect(orders.length).toBeGreaterThan(10)
    for (const { bar, order } of orders) {
      const close = history.ticks.close[bar] as number
      const risk = order.side * (close - (order.exits?.stop as number))
      expect(risk).toBeGreaterThan(0)
      expect(order.exits?.targets).toEqual([{ price: close + order.side * 2 * risk }])
    }
  })

  test('swept gaps are those the live patterns find', () => {
    const { signal, level } = gaps as Record<string, Float64Array>
    const found = Array.from(signal as Float64Array, (each, i) => `${sideOf(each)} ${level?.[i]}`)
    expect(found.length).toBeGreaterThan(5)
    expect(found).toEqual(seen.gaps.map((text) => text.slice(text.indexOf(' ') + 1)))
  })

  test('a swept gap’s order waits at the gap with its stop and target around it', () => {
    const stage = stageOf(gaps)
    const [first] = sent(sweptGap.play(stage, { wait: 30, stop: 1, target: 2 }), bars.length)
    const { level, atr } = stage.prepared as Record<string, Float64Array>
    const price = level?.[0] as number
    const away = Math.round((atr?.[0] as number) * 10)
    const { bar, order } = first as { bar: number; order: NewOrder }
    expect(order).toMatchObject({ kind: 'limit', price, until: bar + 30 })
    expect(order.exits).toEqual({
      stop: price - order.side * away,
      targets: [{ price: price + order.side * 2 * away }],
    })
  })
})
