import { contractCode, parseContractCode } from '#src/domain/instruments/contract-code.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'

/** A contract as the vendor writes it: 'MGCZ6'. The year is its last digit. */
export const toTicker = (contract: Contract): string => contractCode(contract).replace(' ', '')

/** Reads the vendor's word for a contract, its year the one closest to `nearYear`; refuses spreads and foreign markets. */
export const parseTicker = (text: string, nearYear: number): Contract | undefined => {
  const parsed = text.includes(' ') ? undefined : parseContractCode(text, nearYear)
  return parsed?.ok ? parsed.value : undefined
}
