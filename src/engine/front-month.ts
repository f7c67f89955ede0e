import { contractCode, contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { RollReading } from '#src/domain/picture.ts'

type Options = {
  readonly tradeDateOf: (time: number) => string
  readonly contractOn: (tradeDate: string) => Contract
  readonly rollOn: (tradeDate: string) => RollReading
}

/** Creates what knows which contract is the front at an instant (epoch ms): asked with every trade, looked up once a minute. */
export const createFrontMonth = ({ tradeDateOf, contractOn, rollOn }: Options) => {
  let front = { from: 0, to: 0, contract: 0 }
  let next: { readonly tradeDate: string; readonly reading: RollReading } | undefined
  return {
    /** As a number, 202612. */
    contractAt: (at: number): number => {
      if (at < front.from || at >= front.to) {
        const from = at - (at % minuteMs)
        front = { from, to: from + minuteMs, contract: contractMonth(contractOn(tradeDateOf(at))) }
      }
      return front.contract
    },
    /** As traders write it, 'MGCZ26'. */
    codeAt: (at: number): string => contractCode(contractOn(tradeDateOf(at))),
    /** The next change of contract, looked up once a trade date. */
    rollAt: (at: number): RollReading => {
      const tradeDate = tradeDateOf(at)
      if (next?.tradeDate !== tradeDate) next = { tradeDate, reading: rollOn(tradeDate) }
      return next.reading
    },
    /** Another contract may be the front: what was looked up is forgotten. */
    rolled: (): void => {
      front = { from: 0, to: 0, contract: 0 }
      next = undefined
    },
  }
}
