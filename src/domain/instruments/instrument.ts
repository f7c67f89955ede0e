import type { Money } from '../money.ts'

export const instrumentIds = [
  'MGC',
  'SIL',
  'MCL',
  'MHG',
  'MES',
  'MNQ',
  'M2K',
  'MYM',
  'GC',
  'SI',
  'CL',
  'HG',
  'ES',
  'NQ',
  'RTY',
  'YM',
] as const

/** The exchange's root code of a market, micro or full size. */
export type InstrumentId = (typeof instrumentIds)[number]

/** Markets that share hours, holidays and a roll rule. */
export type MarketGroup = 'equity' | 'metals' | 'energy'

/** What the exchange fixes about every contract of one market. */
export type ContractSpec = {
  readonly id: InstrumentId
  /** The trader's word for it: Gold, Silver, S&P 500. */
  readonly name: string
  readonly group: MarketGroup
  readonly exchange: 'CME' | 'CBOT' | 'COMEX' | 'NYMEX'
  readonly mic: 'XCME' | 'XCBT' | 'XCEC' | 'XNYM'
  /** Ticks in one point, an integer: 4 for a tick of 0.25, 10 for 0.1, 2000 for 0.0005. */
  readonly ticksPerPoint: number
  readonly tickValue: Money
  /** Decimals a price of this market is written with. */
  readonly decimals: number
  /** Month codes that trade actively, in calendar order: 'HMUZ'. */
  readonly months: string
  /** The full-size market this is a micro of, and how many micros make one. */
  readonly microOf?: { readonly id: InstrumentId; readonly ratio: number }
}

/** One delivery month of one market; month 1–12. */
export type Contract = { readonly id: InstrumentId; readonly year: number; readonly month: number }
