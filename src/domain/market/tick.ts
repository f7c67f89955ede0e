import type { InstrumentId } from '../instruments/instrument.ts'

type Aggressor = 'buy' | 'sell'

/** One trade. Times are epoch ms UTC; `receivedTime` is when it reached this machine. */
export type Tick = {
  readonly instrument: InstrumentId
  readonly eventTime: number
  readonly receivedTime: number
  readonly price: number
  readonly size: number
  /** Delivery month, yyyymm; absent where the source has no contracts of its own. */
  readonly contract?: number
  /** Absent where the venue does not say who crossed the spread; never guessed here. */
  readonly aggressor?: Aggressor
}

/** The best bid and ask at an instant. */
export type Quote = {
  readonly instrument: InstrumentId
  readonly eventTime: number
  readonly receivedTime: number
  readonly bid: number
  readonly ask: number
  readonly bidSize: number
  readonly askSize: number
}
