import { dateOfBar, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { parseContractCode } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { contractsAround, isActive, tickerOf } from './listing.ts'
import { createMinutes, type Minutes } from './minutes.ts'
import type { Tape } from './tape.ts'

/** The tape as REST asks of it. */
export type Market = {
  readonly tape: Tape
  readonly minutes: Minutes
  /** The contracts listed around a date. */
  readonly contractsOn: (date: string) => readonly Contract[]
  /** The contracts that can be traded at an instant (epoch ms). */
  readonly contractsAt: (ms: number) => readonly Contract[]
  /** The contract of a ticker, its year the nearest to that of `ms`; undefined for what the vendor does not know. */
  readonly contractOf: (ticker: string, ms: number) => Contract | undefined
}

/** Creates the market of a tape. */
export const createMarket = (tape: Tape): Market => {
  const contractsOn = (date: string): readonly Contract[] => tape.instruments.flatMap((id) => contractsAround(id, date))
  let [known, active] = ['', [] as readonly Contract[]]
  return {
    tape,
    minutes: createMinutes(tape),
    contractsOn,
    contractsAt: (ms) => {
      const date = tradeDateAt('equity', ms)
      if (date !== known) {
        known = date
        active = contractsOn(date).filter((contract) => isActive(contract, date))
      }
      return active
    },
    contractOf: (ticker, ms) => {
      const read = parseContractCode(ticker, Number(easternAt(ms).date.slice(0, 4)))
      return read.ok && tickerOf(read.value) === ticker ? read.value : undefined
    },
  }
}

/** The date of the session a contract's print at `ms` counts to. */
export const sessionDateOf = (contract: Contract, ms: number): string => dateOfBar(specOf(contract.id).group, ms)

/** Epoch ms as the vendor's nanoseconds. */
export const toNs = (ms: number): bigint => BigInt(ms) * 1_000_000n
