import { expect, test } from 'vitest'
import { evenFees, evenTerms, fill, tenOClock } from '#src/testing/fills.ts'
import { reckonSlowly, type WrittenFill } from '#src/testing/slow-ledger.ts'
import { specOf } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { dollars } from '../money.ts'
import { tallyDay } from './day.ts'
import { record } from './ledger.ts'

/** Market, tick size in ten-thousandths of a point, a usual price, and a fee per side. */
const markets = [
  ['MGC', 1_000, 4_120.5, '0.72'],
  ['SIL', 50, 51.235, '0.72'],
  ['MCL', 100, 61.37, '0.72'],
  ['MHG', 5, 5.0125, '0.72'],
  ['MES', 2_500, 6_650.25, '0.62'],
  ['MNQ', 2_500, 24_512.75, '0.62'],
  ['GC', 1_000, 4_120.5, '1.55'],
  ['SI', 50, 51.235, '1.55'],
  ['CL', 100, 61.37, '1.5'],
  ['HG', 5, 5.0125, '1.55'],
  ['ES', 2_500, 6_650.25, '1.38'],
  ['NQ', 2_500, 24_512.75, '1.38'],
] as const

/** Numbers in [0, 1), always the same (mulberry32). */
const chanceOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const written = (tenThousandths: number): string => (tenThousandths / 10_000).toFixed(4)

const drawFills = (index: number, count: number): WrittenFill[] => {
  const [market, tick, price, feePerSide] = markets[index] as (typeof markets)[number]
  const random = chanceOf(index + 1)
  let at = Math.round(price * 10_000)
  return Array.from({ length: count }, () => {
    at += tick * Math.floor(random() * 81 - 40)
    return { market, bought: random() < 0.5, quantity: 1 + Math.floor(random() * 5), price: written(at), feePerSide }
  })
}

const reckon = (market: InstrumentId, fills: readonly WrittenFill[]) => {
  const fees = { ...evenFees, [market]: dollars(Number(fills[0]?.feePerSide)) }
  const heard = fills.map(({ bought, quantity, price }, i) =>
    fill(i, bought ? quantity : -quantity, Number(price), { instrument: market, at: tenOClock + i }),
  )
  return record(specOf(market), [], heard, { commission: 'settings', fees })
}

test('a thousand executions in six micros and their parents come to the cent that exact decimals come to', () => {
  let executions = 0
  for (const [index, [market]] of markets.entries()) {
    const fills = drawFills(index, index < 4 ? 84 : 83)
    const lines = reckon(market, fills)
    const slow = reckonSlowly(fills)
    const gross = lines.reduce((sum, { closing }) => sum + (closing?.gross ?? 0), 0)
    expect([market, BigInt(gross), BigInt(tallyDay(lines).closed)]).toEqual([market, slow.gross, slow.net])
    expect(lines.at(-1)?.held.position.quantity ?? 0).toBe(slow.held)
    executions += lines.length
  }
  expect(executions).toBe(1_000)
})

test.each([
  [
    'MGC',
    [
      [2, 4_120.5],
      [-2, 4_123.2],
    ],
    54,
    52,
  ],
  [
    'SIL',
    [
      [-1, 51.235],
      [1, 51.1],
    ],
    135,
    134,
  ],
  [
    'MCL',
    [
      [3, 61.37],
      [-3, 61.12],
    ],
    -75,
    -78,
  ],
  [
    'MHG',
    [
      [1, 5.0125],
      [-1, 5.0205],
    ],
    20,
    19,
  ],
  [
    'MES',
    [
      [1, 6_650.25],
      [1, 6_648.25],
      [-2, 6_651.5],
    ],
    22.5,
    20.5,
  ],
  [
    'MNQ',
    [
      [2, 24_512.75],
      [-3, 24_500],
      [1, 24_490.25],
    ],
    -31.5,
    -34.5,
  ],
  [
    'GC',
    [
      [1, 4_120.5],
      [-1, 4_119.9],
    ],
    -60,
    -61,
  ],
  [
    'SI',
    [
      [-1, 51.235],
      [1, 51.24],
    ],
    -25,
    -26,
  ],
  [
    'CL',
    [
      [1, 61.37],
      [-1, 61.62],
    ],
    250,
    249,
  ],
  [
    'HG',
    [
      [2, 5.0125],
      [-2, 5.012],
    ],
    -25,
    -27,
  ],
  [
    'ES',
    [
      [-1, 6_650.25],
      [1, 6_645.75],
    ],
    225,
    224,
  ],
  [
    'NQ',
    [
      [1, 24_512.75],
      [-1, 24_513],
    ],
    5,
    4,
  ],
] as const)('%s by hand', (market, deals, gross, net) => {
  const fills = deals.map(([quantity, price], i) => fill(i, quantity, price, { instrument: market }))
  const lines = record(specOf(market), [], fills, evenTerms)
  expect(lines.reduce((sum, { closing }) => sum + (closing?.gross ?? 0), 0)).toBe(dollars(gross))
  expect(tallyDay(lines).closed).toBe(dollars(net))
})
