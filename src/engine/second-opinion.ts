import { contractCode, contractOf } from '#src/domain/instruments/contract-code.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Agreement, comparePrices, startAgreement } from '#src/domain/market/agreement.ts'
import type { SecondPrice } from '#src/domain/picture.ts'
import type { GateInputs } from '#src/domain/risk/gate.ts'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import type { Desk } from './desk.ts'
import type { Clock, SecondSourcePrice } from './ports.ts'
import { disagreementAlert, disagreementText } from './wording.ts'

/** A second source silent for this long, by the machine's clock, is none. */
const silentAfterMs = 10_000

type Options = {
  readonly desks: ReadonlyMap<InstrumentId, Desk>
  readonly clock: Clock
  readonly source: string
  readonly raise: (alert: NewAlert) => void
}

type Heard = { readonly price: SecondSourcePrice; readonly agreement: Agreement }

/** Another source's prices beside the feed's, market by market and contract by contract. */
export const createSecondOpinion = ({ desks, clock, source, raise }: Options) => {
  const heard = new Map<InstrumentId, Heard>()

  const codeOf = ({ instrument, contract }: SecondSourcePrice): string => contractCode(contractOf(instrument, contract))
  const isSilent = ({ price }: Heard): boolean => clock.wall() - price.receivedTime > silentAfterMs

  const quotes = (desk: Desk, { price }: Heard, at: number) =>
    [
      { source, contract: desk.contract(at), price: desk.last?.price ?? Number.NaN },
      { source: price.source, contract: codeOf(price), price: price.price },
    ] as const

  /** Compares again; says so once when two sources begin to disagree. */
  const compare = (desk: Desk, known: Heard, at: number): void => {
    const { last, spec } = desk
    if (last === undefined) return
    const { price } = known
    const agreement = comparePrices(known.agreement, {
      spec,
      feed: { contract: desk.contract(at), price: last.price, at: last.asOf, receivedAt: last.receivedAt ?? last.asOf },
      second: { contract: codeOf(price), price: price.price, at: price.eventTime, receivedAt: price.receivedTime },
      wall: clock.wall(),
    })
    heard.set(spec.id, { price, agreement })
    if (agreement.disagrees && !known.agreement.disagrees) {
      const [feed, second] = quotes(desk, known, at)
      raise(disagreementAlert(spec, feed, second, at))
    }
  }

  return {
    /** Takes a price; false when the market is not watched here. */
    hear: (price: SecondSourcePrice): boolean => {
      const desk = desks.get(price.instrument)
      if (desk === undefined) return false
      compare(desk, { price, agreement: heard.get(price.instrument)?.agreement ?? startAgreement() }, clock.now())
      if (!heard.has(price.instrument)) heard.set(price.instrument, { price, agreement: startAgreement() })
      return true
    },
    /** Time alone turns a difference into a disagreement. */
    look: (at: number): void => {
      for (const [id, known] of heard) {
        const desk = desks.get(id)
        if (desk !== undefined) compare(desk, known, at)
      }
    },
    /** What the gate should know; undefined while there is no second source. */
    agreed: (at: number): GateInputs['agreement'] => {
      const all = [...heard]
      const [first] = all
      if (first === undefined) return undefined
      const name = first[1].price.source
      const apart = all.find(([, { agreement }]) => agreement.disagrees)
      const desk = apart && desks.get(apart[0])
      if (apart !== undefined && desk !== undefined) {
        const detail = disagreementText(desk.spec, ...quotes(desk, apart[1], at))
        return { source: name, state: 'disagrees', detail }
      }
      return { source: name, state: all.every(([, known]) => isSilent(known)) ? 'silent' : 'agrees' }
    },
    read: (id: InstrumentId): SecondPrice | undefined => {
      const known = heard.get(id)
      if (known === undefined) return undefined
      const { price, agreement } = known
      return {
        source: price.source,
        contract: codeOf(price),
        price: price.price,
        receivedAt: price.receivedTime,
        ticksApart: agreement.ticksApart,
        disagrees: agreement.disagrees,
      }
    },
  }
}
