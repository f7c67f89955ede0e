import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createChance, recordedTrades } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toPrice } from '../instruments/ticks.ts'
import { quoteSeen, releaseScreen, type Screen, screen, startScreen } from './suspect.ts'
import type { Tick } from './tick.ts'

const spec = specOf('MGC')
const start = Date.UTC(2026, 10, 18, 14)

const tickAt = (ticks: number, ms: number): Tick => ({
  instrument: 'MGC',
  eventTime: start + ms,
  receivedTime: start + ms,
  price: toPrice(spec, ticks),
  size: 1,
  contract: 202612,
})

/** Forty trades a tenth of a second apart, at 41,200 and 41,201 ticks in turn; the reach is then 16 ticks. */
const warm = (prints = 40): Screen => {
  const state = startScreen(spec)
  for (let i = 0; i < prints; i++) screen(state, tickAt(41_200 + (i % 2), -100 * (prints - i)))
  return state
}

const pass = (state: Screen, ticks: number, ms: number) => screen(state, tickAt(ticks, ms))
const quote = (state: Screen, bid: number, ask: number, ms: number) =>
  quoteSeen(state, {
    ...{ instrument: 'MGC', eventTime: start + ms, receivedTime: start + ms, bidSize: 1, askSize: 1 },
    bid: toPrice(spec, bid),
    ask: toPrice(spec, ask),
  })

test('a print sixteen ticks away passes, one of seventeen waits', () => {
  expect(pass(warm(), 41_217, 0)).toEqual({ accepted: [tickAt(41_217, 0)] })
  expect(pass(warm(), 41_218, 0)).toEqual({ accepted: [] })
  expect(pass(warm(), 41_184, 0)).toEqual({ accepted: [tickAt(41_184, 0)] })
  expect(pass(warm(), 41_183, 0)).toEqual({ accepted: [] })
})

test('the wider the moves, the further a print may be: eight times 1.4826 times their median', () => {
  const wild = startScreen(spec)
  for (let i = 0; i < 200; i++) screen(wild, tickAt(41_200 + 5 * (i % 2), -50 * (200 - i)))
  expect(pass(wild, 41_264, 0).accepted).toHaveLength(1)
  const again = startScreen(spec)
  for (let i = 0; i < 200; i++) screen(again, tickAt(41_200 + 5 * (i % 2), -50 * (200 - i)))
  expect(pass(again, 41_265, 0).accepted).toHaveLength(0)
})

test('a torn book that trades at both its ends is no suspect', () => {
  const state = warm()
  for (const [i, ticks] of [41_216, 41_200, 41_232, 41_200, 41_232].entries())
    expect(pass(state, ticks, i).accepted).toHaveLength(1)
})

test('a lone bad print is dropped by the next good one', () => {
  const state = warm()
  expect(pass(state, 42_200, 0)).toEqual({ accepted: [] })
  expect(pass(state, 41_202, 100)).toEqual({ accepted: [tickAt(41_202, 100)], suspect: tickAt(42_200, 0) })
  expect(pass(state, 41_201, 200)).toEqual({ accepted: [tickAt(41_201, 200)] })
})

test('a real jump is delivered with its second print, in order', () => {
  const state = warm()
  pass(state, 41_260, 0)
  expect(pass(state, 41_255, 100)).toEqual({ accepted: [tickAt(41_260, 0), tickAt(41_255, 100)] })
  expect(pass(state, 41_257, 200)).toEqual({ accepted: [tickAt(41_257, 200)] })
})

test('two bad prints on different sides are two suspects', () => {
  const state = warm()
  pass(state, 42_200, 0)
  expect(pass(state, 40_200, 100)).toEqual({ accepted: [], suspect: tickAt(42_200, 0) })
  expect(pass(state, 41_201, 200)).toEqual({ accepted: [tickAt(41_201, 200)], suspect: tickAt(40_200, 100) })
})

test('a print whose second passes alone is a suspect', () => {
  const state = warm()
  pass(state, 41_300, 0)
  expect(releaseScreen(state, start + 1_000)).toEqual({ accepted: [] })
  expect(releaseScreen(state, start + 1_001)).toEqual({ accepted: [], suspect: tickAt(41_300, 0) })
  expect(releaseScreen(state, start + 2_000)).toEqual({ accepted: [] })
})

test('a thin market that jumped is heard again with its second print within ten seconds', () => {
  const released = warm()
  pass(released, 41_300, 0)
  releaseScreen(released, start + 2_000)
  expect(pass(released, 41_302, 10_000)).toEqual({ accepted: [tickAt(41_302, 10_000)] })
  const alone = warm()
  pass(alone, 41_300, 0)
  expect(pass(alone, 41_302, 8_000)).toEqual({ accepted: [tickAt(41_302, 8_000)], suspect: tickAt(41_300, 0) })
})

test('after eleven seconds the second print has to wait as the first did', () => {
  const state = warm()
  pass(state, 41_300, 0)
  expect(pass(state, 41_302, 10_001)).toEqual({ accepted: [], suspect: tickAt(41_300, 0) })
})

test('a minute without an accepted print starts cold, so nothing stays deaf for longer', () => {
  const state = warm()
  pass(state, 41_300, 0)
  pass(state, 41_300, 20_000)
  pass(state, 41_300, 40_000)
  expect(pass(state, 41_300, 59_900)).toEqual({ accepted: [], suspect: tickAt(41_300, 40_000) })
  expect(pass(state, 44_000, 59_901)).toEqual({ accepted: [tickAt(44_000, 59_901)], suspect: tickAt(41_300, 59_900) })
  const quiet = warm()
  expect(pass(quiet, 41_300, 59_901).accepted).toHaveLength(1)
  expect(pass(quiet, 44_000, 60_000).accepted).toHaveLength(1)
})

test('fewer than thirty prints hold nothing', () => {
  expect(pass(warm(29), 45_000, 0).accepted).toHaveLength(1)
  expect(pass(warm(30), 45_000, 0).accepted).toHaveLength(0)
})

test('another contract is no jump', () => {
  const next = { ...tickAt(42_213, 0), contract: 202702 }
  expect(screen(warm(), next)).toEqual({ accepted: [next] })
})

describe('a quote', () => {
  test('lets go of the print it surrounds at once', () => {
    const state = warm()
    pass(state, 41_300, 0)
    expect(quote(state, 41_302, 41_303, 50)).toEqual([])
    expect(quote(state, 41_301, 41_302, 60)).toEqual([tickAt(41_300, 0)])
    expect(pass(state, 41_301, 100)).toEqual({ accepted: [tickAt(41_301, 100)] })
  })

  test('confirms the prints that come after it for two seconds', () => {
    const held = warm()
    quote(held, 41_299, 41_300, 0)
    expect(pass(held, 41_300, 2_001).accepted).toHaveLength(0)
    const confirmed = warm()
    quote(confirmed, 41_299, 41_300, 0)
    expect(pass(confirmed, 41_300, 2_000).accepted).toHaveLength(1)
  })

  test('confirms nothing when it is crossed or as wide as a jump', () => {
    const state = warm()
    pass(state, 41_300, 0)
    expect(quote(state, 41_301, 41_300, 50)).toEqual([])
    expect(quote(state, 41_292, 41_309, 60)).toEqual([])
    expect(quote(state, 41_293, 41_309, 70)).toEqual([tickAt(41_300, 0)])
  })
})

/** Trades of a market whose moves are Student's t with three degrees of freedom, cut at six of its scale. */
const walk = (seed: number, count: number, scale: number): readonly Tick[] => {
  const chance = createChance(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  const fat = () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3)
  let price = 41_200
  return Array.from({ length: count }, (_, i) => {
    price += Math.round(scale * Math.max(-6, Math.min(6, fat())))
    return tickAt(price, 50 * i)
  })
}

const screenAll = (ticks: readonly Tick[]) => {
  const state = startScreen(spec)
  const told = [...ticks.map((tick) => screen(state, tick)), releaseScreen(state, Number.POSITIVE_INFINITY)]
  return {
    accepted: told.flatMap(({ accepted }) => accepted),
    suspects: told.flatMap(({ suspect }) => suspect ?? []),
    waited: told.slice(0, -1).filter(({ accepted }) => accepted.length !== 1).length,
  }
}

const seeds = fc.integer({ min: 1, max: 1e9 })
const scales = fc.constantFrom(0.3, 0.5, 0.75, 1, 2, 5, 12)

test('moves of up to six standard deviations are never held', () => {
  fc.assert(
    fc.property(seeds, scales, (seed, scale) => {
      const ticks = walk(seed, 1_000, scale)
      expect(screenAll(ticks)).toEqual({ accepted: ticks, suspects: [], waited: 0 })
    }),
    { numRuns: 50 },
  )
})

test('a bad print alone never passes, and everything else does', () => {
  const places = fc.integer({ min: 201, max: 999 })
  fc.assert(
    fc.property(seeds, scales, places, fc.constantFrom(-1, 1), (seed, scale, place, side) => {
      const ticks = walk(seed, 1_000, scale)
      const before = ticks[place - 1] as Tick
      const bad = { ...before, price: before.price + (side * 400 * Math.max(1, scale)) / 10 }
      const { accepted, suspects } = screenAll(ticks.toSpliced(place, 0, bad))
      expect(suspects).toEqual([bad])
      expect(accepted).toEqual(ticks)
    }),
    { numRuns: 50 },
  )
})

test('whatever comes, order is kept and what is not accepted was a suspect', () => {
  const anything = fc.array(fc.tuple(fc.integer({ min: 40_000, max: 42_000 }), fc.integer({ min: 0, max: 70_000 })))
  fc.assert(
    fc.property(seeds, anything, (seed, rows) => {
      let at = 0
      const wild = rows.map(([price, wait]) => {
        at += wait
        return tickAt(price, 50_000 + at)
      })
      const ticks = [...walk(seed, 100, 1), ...wild]
      const { accepted, suspects } = screenAll(ticks)
      const kept = new Set(accepted)
      expect(accepted).toEqual(ticks.filter((tick) => kept.has(tick)))
      expect(suspects).toEqual(ticks.filter((tick) => !kept.has(tick)))
    }),
  )
})

test.skipIf(!hasOracles)('of three days of real gold trades none waits and none is lost', () => {
  const ticks = recordedTrades().map((trade) => ({
    ...trade,
    instrument: 'GC' as const,
    receivedTime: trade.eventTime,
  }))
  const { accepted, suspects, waited } = screenAll(ticks)
  expect(ticks).toHaveLength(156_452)
  expect([accepted.length, suspects.length, waited]).toEqual([156_452, 0, 0])
})
