import { contractCode, contractOf } from '../instruments/contract-code.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { isFinal, type Order } from './order.ts'
import type { Snapshot } from './platform-event.ts'

/** Executions run 30–150 ms ahead of positions; a difference this young says nothing yet. */
const settlingMs = 1_000

/** One account's books against the platform's snapshot, with the wall clock since when each difference stands. */
export type Agreement = {
  readonly state: 'in-sync' | 'settling' | 'differs'
  readonly differences: readonly string[]
  readonly since: ReadonlyMap<string, number>
}

export const agreed: Agreement = { state: 'in-sync', differences: [], since: new Map() }

type HeldQuantity = { readonly instrument: InstrumentId; readonly contract: number; readonly quantity: number }

const signed = (quantity: number): string =>
  quantity === 0 ? 'flat' : `${quantity > 0 ? '+' : '−'}${Math.abs(quantity)}`

const nameOf = ({ instrument, contract }: Omit<HeldQuantity, 'quantity'>): string =>
  contractCode(contractOf(instrument, contract))

const positionWords = ({ account, positions, foreign }: Snapshot, ledger: readonly HeldQuantity[]): string[] => {
  const rows = new Map<string, { platform: number; ledger: number }>()
  const row = (name: string) => rows.get(name) ?? { platform: 0, ledger: 0 }
  for (const held of positions) rows.set(nameOf(held), { ...row(nameOf(held)), platform: held.quantity })
  for (const held of ledger) rows.set(nameOf(held), { ...row(nameOf(held)), ledger: held.quantity })
  const known = [...rows]
    .filter(([, { platform, ledger: ours }]) => platform !== ours)
    .map(([name, both]) => `${account} ${name}: NinjaTrader ${signed(both.platform)}, ledger ${signed(both.ledger)}`)
  const strange = foreign
    .filter(({ quantity }) => quantity !== 0)
    .map(({ name, quantity }) => `${account} ${name}: NinjaTrader ${signed(quantity)}, not a market of the ledger`)
  return [...known, ...strange]
}

/**
 * Orders that work for one side only. What only the platform tells of is taken from it, unless the books saw its end; an
 * order of unknown state may be either.
 */
const orderWords = ({ account, orders }: Snapshot, ledger: readonly Order[]): string[] => {
  const told = new Set(orders.map(({ orderId }) => orderId))
  return ledger
    .filter(({ orderId, state }) => state !== 'unknown' && isFinal(state) === told.has(orderId))
    .map((order) => {
      const where = isFinal(order.state) ? 'NinjaTrader, not in the ledger' : 'the ledger, not in NinjaTrader'
      return `${account} ${nameOf(order)}: order '${order.name}' works in ${where}`
    })
}

/** What does not agree between a snapshot and the books, in words; `orders` are all the books know, final ones too. */
export const differencesOf = (
  snapshot: Snapshot,
  ledger: readonly HeldQuantity[],
  orders: readonly Order[],
): readonly string[] => [...positionWords(snapshot, ledger), ...orderWords(snapshot, orders)]

/**
 * Judges differences by their age: settling within a second of the first sign of each and of the account's last execution
 * (wall clock, epoch ms), after that they differ until they are gone.
 */
export const judge = (
  before: Agreement,
  differences: readonly string[],
  executedAt: number,
  wall: number,
): Agreement => {
  if (differences.length === 0) return agreed
  const since = new Map(differences.map((words) => [words, before.since.get(words) ?? wall]))
  const settles = wall - Math.max(executedAt, Math.min(...since.values())) < settlingMs
  return { state: settles ? 'settling' : 'differs', differences, since }
}
