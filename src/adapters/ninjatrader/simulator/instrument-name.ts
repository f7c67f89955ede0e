import { parseInstrumentId, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '#src/domain/instruments/instrument.ts'

/** A contract as NinjaTrader writes it: 'MNQ 12-26'; `contract` is yyyymm. */
export const instrumentName = (id: InstrumentId, contract: number): string =>
  `${id} ${String(contract % 100).padStart(2, '0')}-${String(Math.floor(contract / 100) % 100).padStart(2, '0')}`

/** The market a NinjaTrader name belongs to; undefined when the platform has no such instrument. */
export const specOfName = (name: string): ContractSpec | undefined => {
  const [, root = ''] = /^([A-Z0-9]+) (?:0[1-9]|1[0-2])-\d\d$/.exec(name) ?? []
  const id = parseInstrumentId(root)
  return id.ok ? specOf(id.value) : undefined
}
