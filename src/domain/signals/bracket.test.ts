import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gapAt, readAt, readingOf, type Said, swingAt } from '#src/testing/readings.ts'
import { contractSpecs, specOf } from '../instruments/contract-spec.ts'
import { isOnGrid } from '../instruments/ticks.ts'
import { drawBracket, worstEdge, zoneMiddle } from './bracket.ts'

const mes = specOf('MES')
const drawn = (said: Said = {}) => drawBracket(readingOf({ vwap: 4998, ...said }), 'long', mes)
const long = (said: Said = {}) => drawn(said).bracket
const short = (said: Said = {}) => drawBracket(readingOf({ vwap: 5002, ...said }), 'short', mes).bracket

test('a long: zone around its level, stop one ATR below the worst edge, targets at 1.5 and 3 R', () => {
  // ATR 4: half a zone is 0.6, so 4997.4–4998.6 becomes 4997.25–4998.75. Stop 4 points and 2 ticks below 4998.75.
  expect(long()).toEqual({
    level: { kind: 'vwap', name: 'VWAP', price: 4998, at: readingOf().at },
    zone: { low: 4997.25, high: 4998.75 },
    stop: 4994.25,
    stopTicks: 18,
    stopWidened: false,
    target1: 5005.5,
    target2: 5012.25,
    atr: 4,
  })
})

test('a short mirrors it', () => {
  expect(short()).toMatchObject({
    zone: { low: 5001.25, high: 5002.75 },
    stop: 5005.75,
    stopTicks: 18,
    target1: 4994.5,
    target2: 4987.75,
  })
})

test('the stop lies behind the last swing beyond the zone when that is farther than one ATR', () => {
  const behind = { frame: { swingLows: [swingAt('low', 4985), swingAt('low', 4992), swingAt('low', 4997.5)] } }
  // The last swing beyond the zone is 4992: 6.75 below the edge, and 2 ticks further.
  expect(long(behind)).toMatchObject({ stop: 4991.5, stopTicks: 29 })
  expect(short({ frame: { swingHighs: [swingAt('high', 5008), swingAt('high', 5002)] } })).toMatchObject({
    stop: 5008.5,
    stopTicks: 29,
  })
})

test('a near swing does not pull the stop closer than one ATR', () => {
  expect(long({ frame: { swingLows: [swingAt('low', 4997)] } }).stop).toBe(4994.25)
})

test('a far swing is not followed beyond 2.5 ATR', () => {
  expect(long({ frame: { swingLows: [swingAt('low', 4900)] } })).toMatchObject({ stop: 4988.25, stopTicks: 42 })
})

test('above the 75th percentile of volatility the stop is half again as wide', () => {
  expect(long({ percentile: 0.75 })).toMatchObject({ stop: 4994.25, stopWidened: false })
  // 1.5 · 4.5 = 6.75
  expect(long({ percentile: 0.76 })).toMatchObject({ stop: 4992, stopTicks: 27, stopWidened: true })
})

test('target 1 is the nearest opposing level from 1 to 3 R, on the grid toward the entry', () => {
  // 1 R is 4.5 from 4998.75: 5003.25 is 1 R, 5012.25 is 3 R.
  expect(long({ frame: { gaps: [gapAt('short', 5003.2, 5009)] } }).target1).toBe(5005.5)
  expect(long({ frame: { gaps: [gapAt('short', 5003.3, 5009)] } }).target1).toBe(5003.25)
  expect(long({ frame: { gaps: [gapAt('short', 5012.4, 5013)] } }).target1).toBe(5012.25)
  expect(long({ frame: { gaps: [gapAt('short', 5012.5, 5013)] } }).target1).toBe(5005.5)
})

test('target 2 is the next level from 2 to 6 R, beyond target 1', () => {
  const gaps = [gapAt('short', 5004, 5005), gapAt('short', 5007.5, 5008), gapAt('short', 5008, 5010)]
  // 2 R is 5007.75, so the gap at 5007.5 is too near.
  expect(long({ frame: { gaps } })).toMatchObject({ target1: 5004, target2: 5008 })
  expect(long({ frame: { gaps: [gapAt('short', 5025.75, 5026)] } })).toMatchObject({
    target1: 5005.5,
    target2: 5025.75,
  })
  expect(long({ frame: { gaps: [gapAt('short', 5026, 5027)] } })).toMatchObject({ target1: 5005.5, target2: 5012.25 })
})

test('one level serves one target; where target 1 is far, the plain second is one R beyond it', () => {
  // Target 1 at 2.5 R: plain 3 R would be half an R behind it, so 3.5 R it is.
  expect(long({ frame: { gaps: [gapAt('short', 5010, 5011)] } })).toMatchObject({ target1: 5010, target2: 5014.5 })
})

test('a bracket comes with what decided it: the swing, one ATR or the bound, a level or the plain multiple', () => {
  const swing = { price: 4992, at: readAt - 3_900_000 }
  const gap = gapAt('short', 5010.1, 5011)
  const level = { kind: 'gap', name: 'bear gap', price: 5010.1, at: gap.at }
  expect(drawn().basis).toEqual({ swing: undefined, stopBy: 'atr', target1: { plain: 1.5 }, target2: { plain: 3 } })
  expect(drawn({ frame: { swingLows: [swingAt('low', 4992)] } }).basis).toMatchObject({ swing, stopBy: 'swing' })
  expect(drawn({ frame: { swingLows: [swingAt('low', 4997)] } }).basis).toMatchObject({ stopBy: 'atr' })
  expect(drawn({ frame: { swingLows: [swingAt('low', 4900)] } }).basis).toMatchObject({ stopBy: 'bound' })
  expect(drawn({ frame: { gaps: [gap] } }).basis).toMatchObject({ target1: { level }, target2: { plain: 3.5 } })
})

test('the worst edge is where the trade is dearest, the middle where it triggers', () => {
  expect([worstEdge(long(), 'long'), worstEdge(short(), 'short')]).toEqual([4998.75, 5001.25])
  expect(zoneMiddle(long())).toBe(4998)
})

test('a trade at just the middle of the zone is no bit short of it', () => {
  expect((2600.1 + 2600.7) / 2).toBe(2600.3999999999996)
  expect(zoneMiddle({ zone: { low: 2600.1, high: 2600.7 } })).toBe(2600.4)
})

test('on every market and side, prices stand on the grid, in order, and 1 R is what the ticks say', () => {
  const said = fc.record({
    close: fc.double({ min: 20, max: 6000, noNaN: true }),
    atr: fc.double({ min: 0.001, max: 0.02, noNaN: true }),
    percentile: fc.double({ min: 0, max: 0.88, noNaN: true }),
    vwap: fc.double({ min: -3, max: 3, noNaN: true }),
    swing: fc.double({ min: -4, max: 4, noNaN: true }),
    gaps: fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { maxLength: 6 }),
    side: fc.constantFrom('long', 'short'),
    spec: fc.constantFrom(...Object.values(contractSpecs)),
  })
  fc.assert(
    fc.property(said, ({ close, percentile, side, spec, ...drawn }) => {
      const tick = 1 / spec.ticksPerPoint
      const atr = Math.max(2 * tick, drawn.atr * close)
      const at = (multiple: number): number => close + multiple * atr
      const reading = readingOf({
        close,
        percentile,
        trend: close,
        vwap: at(drawn.vwap),
        frame: {
          atr,
          swingLows: [swingAt('low', at(drawn.swing))],
          swingHighs: [swingAt('high', at(drawn.swing))],
          gaps: drawn.gaps.flatMap((g) => [gapAt('long', at(g - 1), at(g)), gapAt('short', at(g), at(g + 1))]),
        },
      })
      const { zone, stop, target1, target2, stopTicks } = drawBracket(reading, side, spec).bracket
      const direction = side === 'long' ? 1 : -1
      const worst = side === 'long' ? zone.high : zone.low
      const inTicks = (price: number): number => Math.round(direction * (price - worst) * spec.ticksPerPoint)
      for (const price of [zone.low, zone.high, stop, target1, target2]) expect(isOnGrid(spec, price)).toBe(true)
      expect(zone.low).toBeLessThanOrEqual(zone.high)
      expect(inTicks(stop)).toBe(-stopTicks)
      expect(stopTicks).toBeGreaterThanOrEqual(0.8 * atr * spec.ticksPerPoint)
      expect(inTicks(target1)).toBeGreaterThanOrEqual(stopTicks)
      expect(inTicks(target1)).toBeLessThanOrEqual(3 * stopTicks)
      expect(inTicks(target2)).toBeGreaterThan(inTicks(target1))
      expect(inTicks(target2)).toBeLessThanOrEqual(6 * stopTicks)
    }),
    { numRuns: 300 },
  )
})
