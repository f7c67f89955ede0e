import { dollars } from '../money.ts'
import type { ContractSpec, InstrumentId } from './instrument.ts'
import { instrumentIds } from './instrument.ts'

type Market = Pick<ContractSpec, 'group' | 'exchange' | 'mic' | 'ticksPerPoint' | 'decimals' | 'months'>

const usEquity: Market = {
  group: 'equity',
  exchange: 'CME',
  mic: 'XCME',
  ticksPerPoint: 4,
  decimals: 2,
  months: 'HMUZ',
}
const russell: Market = { ...usEquity, ticksPerPoint: 10, decimals: 1 }
const dow: Market = { ...usEquity, exchange: 'CBOT', mic: 'XCBT', ticksPerPoint: 1, decimals: 0 }
const gold: Market = {
  group: 'metals',
  exchange: 'COMEX',
  mic: 'XCEC',
  ticksPerPoint: 10,
  decimals: 1,
  // October is listed too, but trade goes from August straight to December.
  months: 'GJMQZ',
}
const silver: Market = { ...gold, ticksPerPoint: 200, decimals: 3, months: 'HKNUZ' }
const copper: Market = { ...silver, ticksPerPoint: 2000, decimals: 4 }
const crude: Market = {
  group: 'energy',
  exchange: 'NYMEX',
  mic: 'XNYM',
  ticksPerPoint: 100,
  decimals: 2,
  months: 'FGHJKMNQUVXZ',
}

/** One pair of markets: the full size and its micro, whose tick is worth `1 / ratio` of it. */
const pair = (name: string, market: Market, full: InstrumentId, tickDollars: number, micro: InstrumentId, ratio = 10) =>
  [
    { id: full, name, ...market, tickValue: dollars(tickDollars) },
    { id: micro, name, ...market, tickValue: dollars(tickDollars / ratio), microOf: { id: full, ratio } },
  ] satisfies ContractSpec[]

/** Every market the product knows. Source: the exchange's contract specifications. */
export const contractSpecs = Object.fromEntries(
  [
    pair('Gold', gold, 'GC', 10, 'MGC'),
    pair('Silver', silver, 'SI', 25, 'SIL', 5),
    pair('Crude Oil', crude, 'CL', 10, 'MCL'),
    pair('Copper', copper, 'HG', 12.5, 'MHG'),
    pair('S&P 500', usEquity, 'ES', 12.5, 'MES'),
    pair('Nasdaq-100', usEquity, 'NQ', 5, 'MNQ'),
    pair('Russell 2000', russell, 'RTY', 5, 'M2K'),
    pair('Dow', dow, 'YM', 5, 'MYM'),
  ]
    .flat()
    .map((spec) => [spec.id, spec]),
) as Readonly<Record<InstrumentId, ContractSpec>>

/** The markets of the daily focus, in the order they are shown before any is judged. */
export const focusInstruments = ['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ'] as const satisfies readonly InstrumentId[]

/** What the exchange fixes about a market. */
export const specOf = (id: InstrumentId): ContractSpec => contractSpecs[id]

/** Reads a root code as written on a wire or in an address; refuses what the product does not know. */
export const parseInstrumentId = (
  text: string,
):
  | { readonly ok: true; readonly value: InstrumentId }
  | { readonly ok: false; readonly reason: 'unknown-instrument' } => {
  const value = instrumentIds.find((id) => id === text)
  return value === undefined ? { ok: false, reason: 'unknown-instrument' } : { ok: true, value }
}
