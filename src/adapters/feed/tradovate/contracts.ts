import { contractCode } from '#src/domain/instruments/contract-code.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { Refused } from '#src/engine/ports.ts'
import { looseOf } from './frames.ts'
import type { Read } from './reader.ts'
import { numberOf } from './vendor-number.ts'

/** A contract as the vendor writes it: 'MNQZ6'. */
export const toName = (contract: Contract): string => contractCode(contract).replace(' ', '')

/** The vendor's number for a contract, asked once and remembered; quotes carry nothing else. */
export type ContractIds = (
  contract: Contract,
  signal: AbortSignal,
) => Promise<{ readonly ok: true; readonly value: number } | Refused>

/** Creates the book of the vendor's contract numbers. */
export const createContractIds = (read: Read): ContractIds => {
  const known = new Map<string, number>()
  return async (contract, signal) => {
    const name = toName(contract)
    const id = known.get(name)
    if (id !== undefined) return { ok: true, value: id }
    const found = await read('/contract/find', { name }, signal)
    if (!found.ok) return found
    const row = looseOf(found.value)
    const value = row?.['name'] === name ? numberOf(row['id']) : undefined
    if (value === undefined) return { ok: false, reason: 'garbage', detail: `Tradovate does not know ${name}` }
    known.set(name, value)
    return { ok: true, value }
  }
}
