import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { feePerSide } from '#src/domain/risk/sizing.ts'
import { afterFill, flat, type Held } from './holding.ts'
import { specOfName } from './instrument-name.ts'
import type { Quote } from './matching.ts'

/** What the platform says of an account's money, dollars; the realized part has no commissions in it. */
export type Balance = {
  readonly cash: number
  readonly realized: number
  readonly unrealized: number
  readonly netLiquidation: number
}

export type PlatformPosition = Held & { readonly account: string; readonly instrument: string }

const startDollars = 50_000
const cents = (dollars: number): number => Math.round(dollars * 100) / 100
const keyOf = (account: string, instrument: string): string => `${account}|${instrument}`

/** Dollars of `points` times contracts. */
const worth = (spec: ContractSpec, points: number): number =>
  cents((points * spec.ticksPerPoint * spec.tickValue) / 10_000)

/** Creates the platform's books: what is held in truth, what is told of it, and the money of each account. */
export const createBooks = () => {
  const held = new Map<string, Held>()
  const told = new Map<string, Held>()
  const money = new Map<string, { realized: number; commission: number }>()
  const overruled = new Map<string, Partial<Balance>>()

  const positions = (): readonly PlatformPosition[] =>
    [...told]
      .filter(([, { quantity }]) => quantity !== 0)
      .map(([key, position]) => {
        const [account = '', instrument = ''] = key.split('|')
        return { account, instrument, ...position }
      })

  return {
    held: (account: string, instrument: string): Held => held.get(keyOf(account, instrument)) ?? flat,
    tell: (account: string, instrument: string, position: Held): void =>
      void told.set(keyOf(account, instrument), position),
    /** Takes a fill into the books; returns its commission, dollars. A market nobody knows counts like the S&P 500's. */
    apply: (
      account: string,
      instrument: string,
      quantity: number,
      price: number,
      spec: ContractSpec = specOf('MES'),
      charged?: number,
    ): number => {
      const key = keyOf(account, instrument)
      const after = afterFill(held.get(key) ?? flat, quantity, price)
      held.set(key, after.held)
      const commission = charged ?? cents((feePerSide(spec) * Math.abs(quantity)) / 10_000)
      const before = money.get(account) ?? { realized: 0, commission: 0 }
      money.set(account, {
        realized: before.realized + worth(spec, after.closed),
        commission: before.commission + commission,
      })
      return commission
    },
    /** From now on these amounts are told whatever the books say. */
    overrule: (account: string, balance: Partial<Balance>): void =>
      void overruled.set(account, { ...overruled.get(account), ...balance }),
    positions,
    balance: (account: string, quotes: ReadonlyMap<string, Quote>): Balance => {
      const { realized, commission } = money.get(account) ?? { realized: 0, commission: 0 }
      const unrealized = positions()
        .filter((position) => position.account === account)
        .map(({ instrument, quantity, averagePrice }) => {
          const last = quotes.get(instrument)?.last ?? averagePrice
          return worth(specOfName(instrument) ?? specOf('MES'), (last - averagePrice) * quantity)
        })
        .reduce((sum, part) => sum + part, 0)
      const cash = startDollars + realized - commission
      return {
        ...{ cash: cents(cash), realized: cents(realized), unrealized: cents(unrealized) },
        netLiquidation: cents(cash + unrealized),
        ...overruled.get(account),
      }
    },
  }
}
