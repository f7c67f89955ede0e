import { expect, test } from 'vitest'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { contractSpecs, focusInstruments, parseInstrumentId, specOf } from './contract-spec.ts'
import { toPrice } from './ticks.ts'

test('the six markets of the focus are micros of a full-size market', () => {
  expect(focusInstruments).toEqual(['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ'])
  expect(focusInstruments.map((id) => specOf(id).microOf)).toEqual([
    { id: 'GC', ratio: 10 },
    { id: 'SI', ratio: 5 },
    { id: 'CL', ratio: 10 },
    { id: 'HG', ratio: 10 },
    { id: 'ES', ratio: 10 },
    { id: 'NQ', ratio: 10 },
  ])
})

test('micro copper, which no public table lists, ticks $1.25 per 0.0005', () => {
  expect(specOf('MHG')).toEqual({
    id: 'MHG',
    name: 'Copper',
    group: 'metals',
    exchange: 'COMEX',
    mic: 'XCEC',
    ticksPerPoint: 2000,
    decimals: 4,
    months: 'HKNUZ',
    tickValue: 12_500,
    microOf: { id: 'HG', ratio: 10 },
  })
})

test('a root code is read exactly or refused', () => {
  expect(parseInstrumentId('MGC')).toEqual({ ok: true, value: 'MGC' })
  expect(parseInstrumentId('mgc')).toEqual({ ok: false, reason: 'unknown-instrument' })
  expect(parseInstrumentId('toString')).toEqual({ ok: false, reason: 'unknown-instrument' })
})

test.skipIf(!hasOracles)('exchange, tick and point value agree with the LEAN table', () => {
  const listed = new Map(
    oracleRows(
      'oracles/lean/symbol_properties_futures.csv',
      'market',
      'symbol',
      'contract_multiplier',
      'minimum_price_variation',
    ).map((row) => [row.symbol, row]),
  )
  const compared = Object.values(contractSpecs).filter((spec) => spec.id !== 'MHG')
  for (const spec of compared) {
    const row = listed.get(spec.id)
    expect([spec.id, row?.market, Number(row?.minimum_price_variation), Number(row?.contract_multiplier)]).toEqual([
      spec.id,
      spec.exchange.toLowerCase(),
      toPrice(spec, 1),
      (spec.tickValue * spec.ticksPerPoint) / 10_000,
    ])
  }
  expect(compared).toHaveLength(15)
})
