import { z } from 'zod'
import { type Loose, listOf, looseOf } from './frames.ts'
import { instantOf } from './vendor-number.ts'

/** An account as the broker names it. */
type BrokerAccount = { readonly id: number; readonly name: string; readonly active: boolean }

/** What the broker says an account holds; `contract` is the vendor's name ('MNQZ6'), absent until it is known. */
export type BrokerPosition = {
  readonly account: string
  readonly contract?: string
  /** Contracts, negative when short. */
  readonly netQuantity: number
  /** In points; absent where the account is flat. */
  readonly averagePrice?: number
  readonly asOf: number
}

export type BrokerFill = {
  readonly id: number
  readonly account?: string
  readonly contract?: string
  readonly side: 'buy' | 'sell'
  readonly quantity: number
  readonly price: number
  readonly at: number
}

/** The broker's own account of things: its accounts, what they hold, and the newest 200 fills, newest first. */
export type BrokerReading = {
  readonly accounts: readonly BrokerAccount[]
  readonly positions: readonly BrokerPosition[]
  readonly fills: readonly BrokerFill[]
}

const mostFills = 200

const id = z.number().int()
const instant = z.unknown().transform(instantOf).pipe(z.number())
const account = z.looseObject({ id, name: z.string(), active: z.boolean() })
const position = z.looseObject({
  id,
  accountId: id,
  contractId: id,
  timestamp: instant,
  netPos: z.number().int(),
  netPrice: z.number().optional(),
})
const fill = z.looseObject({
  id,
  orderId: id,
  contractId: id,
  timestamp: instant,
  action: z.enum(['Buy', 'Sell']),
  qty: z.number().int().positive(),
  price: z.number(),
})
const order = z.looseObject({ id, accountId: id })
const contract = z.looseObject({ id, name: z.string() })

/** The entities that are folded, by the vendor's name of the kind. */
const schemas = { account, position, fill, order, contract } as const
type Kind = keyof typeof schemas

const isKind = (name: string): name is Kind => name in schemas

/** What the first answer calls the lists of those entities. */
const lists: Readonly<Record<string, Kind>> = {
  accounts: 'account',
  positions: 'position',
  fills: 'fill',
  orders: 'order',
  contracts: 'contract',
}

/**
 * Creates the fold of the broker's entities. `reset` takes the whole picture, `apply` one change; both answer with what
 * they did not take, by kind. A change of an unknown kind or one that cannot be read leaves everything as it was.
 */
export const createAccountState = () => {
  let accounts = new Map<number, z.infer<typeof account>>()
  let positions = new Map<number, z.infer<typeof position>>()
  let fills = new Map<number, z.infer<typeof fill>>()
  let orders = new Map<number, z.infer<typeof order>>()
  let contracts = new Map<number, z.infer<typeof contract>>()

  const read = <T extends { readonly id: number }>(
    map: Map<number, T>,
    schema: z.ZodType<T>,
    entity: unknown,
  ): boolean => {
    const { success, data } = schema.safeParse(entity)
    if (success) map.set(data.id, data)
    return success
  }

  const put = (kind: Kind, entity: unknown): boolean => {
    if (kind === 'account') return read(accounts, account, entity)
    if (kind === 'position') return read(positions, position, entity)
    if (kind === 'order') return read(orders, order, entity)
    if (kind === 'contract') return read(contracts, contract, entity)
    const taken = read(fills, fill, entity)
    if (fills.size > 2 * mostFills) for (const { id } of newest().slice(mostFills)) fills.delete(id)
    return taken
  }

  const remove = (kind: Kind, entity: unknown): boolean => {
    const key = looseOf(entity)?.['id']
    if (typeof key !== 'number') return false
    const map = { account: accounts, position: positions, fill: fills, order: orders, contract: contracts }[kind]
    map.delete(key)
    return true
  }

  const newest = () => [...fills.values()].sort((a, b) => b.timestamp - a.timestamp || b.id - a.id)
  const nameOf = (accountId: number | undefined): string | undefined => accounts.get(accountId ?? -1)?.name
  const contractName = (contractId: number): { readonly contract?: string } => {
    const name = contracts.get(contractId)?.name
    return name === undefined ? {} : { contract: name }
  }

  const toPosition = (row: z.infer<typeof position>): BrokerPosition => ({
    account: nameOf(row.accountId) ?? String(row.accountId),
    ...contractName(row.contractId),
    netQuantity: row.netPos,
    ...(row.netPos !== 0 && row.netPrice !== undefined && { averagePrice: row.netPrice }),
    asOf: row.timestamp,
  })

  const toFill = (row: z.infer<typeof fill>): BrokerFill => {
    const name = nameOf(orders.get(row.orderId)?.accountId)
    return {
      id: row.id,
      ...(name !== undefined && { account: name }),
      ...contractName(row.contractId),
      side: row.action === 'Buy' ? 'buy' : 'sell',
      quantity: row.qty,
      price: row.price,
      at: row.timestamp,
    }
  }

  return {
    reset: (whole: Loose): readonly string[] => {
      accounts = new Map()
      positions = new Map()
      fills = new Map()
      orders = new Map()
      contracts = new Map()
      return Object.entries(lists).flatMap(([list, kind]) =>
        listOf(whole[list])
          .filter((entity) => !put(kind, entity))
          .map(() => kind),
      )
    },
    apply: (d: unknown): readonly string[] => {
      const { entityType, eventType, entity } = looseOf(d) ?? {}
      if (typeof entityType !== 'string' || !isKind(entityType)) return ['unknown-entity']
      const taken = eventType === 'Deleted' ? remove(entityType, entity) : put(entityType, entity)
      return taken ? [] : [entityType]
    },
    /** Contracts of positions and fills whose name has not come yet. */
    nameless: (): readonly number[] =>
      [...new Set([...positions.values(), ...newest().slice(0, mostFills)].map(({ contractId }) => contractId))].filter(
        (contractId) => !contracts.has(contractId),
      ),
    reading: (): BrokerReading => ({
      accounts: [...accounts.values()].map((row) => ({ id: row.id, name: row.name, active: row.active })),
      positions: [...positions.values()].map(toPosition),
      fills: newest().slice(0, mostFills).map(toFill),
    }),
  }
}
