import { describe, expect, test } from 'vitest'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { createShadow } from '#src/worker/shadow-engine.ts'
import type { MinuteFlow } from '../../flow/minute-flow.ts'
import { isOpen, nextTradeDate } from '../../instruments/calendar.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import type { InstrumentId } from '../../instruments/instrument.ts'
import { defaultBoundaries } from '../../instruments/phase.ts'
import { frontContract } from '../../instruments/roll.ts'
import { easternAt, easternMs } from '../../instruments/zone.ts'
import { type Bar, minuteMs } from '../../market/bar.ts'
import { barAt, toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import { defaultLimits } from '../../risk/limits.ts'
import { historyOf } from '../history.ts'
import { focusColumns } from './focus-columns.ts'
import { livePlan } from './plan-rules.ts'
import { prepareFocus } from './prepare-focus.ts'
import { createCardWalk } from './walk-cards.ts'

const accountSize = dollars(50_000)

/** What became of a card, as both tell it: the state, the instant, the price and why. */
type Told = readonly [card: string, to: string, at: number, price: number, cause: string | undefined]

/** The cards of the engine that runs live, each day from midnight to flat-by. */
const lived = (
  instrument: InstrumentId,
  bars: readonly Bar[],
  flows: readonly MinuteFlow[],
): { told: Told[]; drawn: unknown[] } => {
  const shadow = createShadow({
    instrument,
    fronts: frontContract,
    boundaries: defaultBoundaries,
    accountSize,
    limits: defaultLimits,
  })
  shadow.learnFlows(flows)
  const told: Told[] = []
  const drawn: unknown[] = []
  for (let i = 0; i < bars.length; ) {
    const date = easternAt((bars[i] as Bar).time).date
    const flatBy = easternMs(date, 720)
    const take = (until: number): readonly Bar[] => {
      const from = i
      while (i < bars.length && (bars[i] as Bar).time < until) i++
      return bars.slice(from, i)
    }
    if (easternAt((bars[i] as Bar).time).minute < 720) shadow.live(take(flatBy), easternMs(date, 0), flatBy)
    const taken = shadow.take()
    for (const { cardId, to, at, price, cause } of taken.transitions)
      if (!['watching', 'near', 'in-zone'].includes(to)) told.push([cardId, to, at, price, cause])
    for (const { cardId, side, quality } of taken.outcomes) drawn.push([cardId, side, quality])
    const midnight = easternMs(easternAt(flatBy + 13 * 60 * minuteMs).date, 0)
    shadow.warm(take(midnight))
  }
  return { told, drawn }
}

/** The cards of the plan's columns. */
const walked = (instrument: InstrumentId, bars: readonly Bar[], flows: readonly MinuteFlow[]) => {
  const spec = specOf(instrument)
  const history = historyOf(spec, toColumns(bars))
  const prepared = prepareFocus(
    spec,
    history,
    (kind, length) => new kind(length),
    new Map(flows.map((flow) => [flow.time, flow])),
  )
  const columns = focusColumns(prepared)
  const walk = createCardWalk({ spec, history, columns, accountSize, fee: dollars(0.62) }, livePlan)
  const told: Told[] = []
  const drawn: unknown[] = []
  for (let morning = 0; morning < columns.midnight.length; morning++)
    for (const { card, what, at, price, cause } of walk(morning)) {
      const id = `${easternAt(columns.midnight[morning] as number).date}-${instrument}-${card.number}`
      if (what === 'drawn') drawn.push([id, card.side, card.quality])
      else if (what !== 'wanted' && what !== 'unwanted') told.push([id, what, at, price, cause])
    }
  return { told, drawn }
}

const synthetic = (seed: number, instrument: InstrumentId, from: string, dates: number): readonly Bar[] => {
  const market = createSyntheticMarket({ seed })
  const bars: Bar[] = []
  let date = from
  for (let n = 0; n < dates; n++) {
    const columns = market.minutes(instrument, date)
    for (let i = 0; i < columns.time.length; i++) bars.push(barAt(columns, i))
    date = nextTradeDate(specOf(instrument).group, date)
  }
  return bars
}

/** Random minutes of which one in fifty is followed by a silence of up to twenty; the last morning is whole. */
const gappy = (seed: number, count: number): readonly Bar[] => {
  const bars = randomBars(seed, count, Date.UTC(2025, 0, 6)).filter(({ time }) => isOpen('equity', time))
  return bars.slice(0, 1 + bars.findLastIndex(({ time }) => easternAt(time).minute >= 720))
}

/** A flow for almost every minute. */
const flowsOf = (bars: readonly Bar[], seed: number): readonly MinuteFlow[] => {
  const chance = createChance(seed)
  return bars.flatMap(({ time, volume }, i) => {
    const buy = Math.floor(chance() * volume)
    const flow = { time, buy, sell: volume - buy, basis: 'quotes' as const, after: bars[i - 1]?.time }
    return chance() < 0.999 ? [flow] : []
  })
}

const byPart = ({ told, drawn }: ReturnType<typeof lived>) => ({
  drawn: drawn.map(String).sort(),
  told: told.map(String).sort(),
})

describe('the cards of the columns are those the live engine draws, with the same lives', () => {
  const agree = (
    instrument: InstrumentId,
    bars: readonly Bar[],
    least: number,
    flows: readonly MinuteFlow[] = [],
  ): void => {
    const columns = walked(instrument, bars, flows)
    expect(columns.drawn.length).toBeGreaterThanOrEqual(least)
    expect(byPart(columns)).toEqual(byPart(lived(instrument, bars, flows)))
  }

  test('on a synthetic market', () => {
    agree('MGC', synthetic(1, 'MGC', '2025-10-27', 7), 10)
  })

  test('on a random market full of silences', () => {
    agree('MES', gappy(11, 12_000), 10)
  })

  test('where it was seen who crossed the spread', () => {
    const bars = gappy(13, 9000)
    agree('MES', bars, 8, flowsOf(bars, 2))
  })

  test.skipIf(!hasOracles).each([
    ['MES', 'ES'],
    ['MGC', 'GC'],
  ] as const)('on the recorded week of %s', (instrument, market) => {
    agree(instrument, recordedBars(market, '2013-10-12'), 5)
  })
})
