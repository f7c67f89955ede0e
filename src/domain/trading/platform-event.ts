import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Fill } from './fill.ts'
import type { Order } from './order.ts'

export type ConnectionState = 'connected' | 'connecting' | 'lost' | 'disconnected'

/** A holding of a snapshot: signed quantity, long positive, never 0; average price in points. */
export type HeldPosition = {
  readonly instrument: InstrumentId
  readonly contract: number
  readonly quantity: number
  readonly averagePrice: number
}

/** What one account holds and what works for it, whole. `foreign` names what the product does not know: '6E 12-26'. */
export type Snapshot = {
  readonly account: string
  readonly positions: readonly HeldPosition[]
  readonly orders: readonly Order[]
  readonly foreign: readonly { readonly name: string; readonly quantity: number }[]
}

export type CommandState = 'queued' | 'sent' | 'received' | 'working' | 'done' | 'failed' | 'unknown'

type Told =
  | {
      readonly kind: 'hello'
      readonly versions: { readonly bridge: string; readonly platform: string }
      readonly simulator: boolean
      readonly allowOrders: boolean
      readonly maxContracts: number
      readonly accounts: readonly { readonly name: string; readonly connection: string; readonly provider?: string }[]
      readonly commandsAfter: number
    }
  | {
      readonly kind: 'heartbeat'
      readonly connections: readonly {
        readonly name: string
        readonly price: ConnectionState
        readonly orders: ConnectionState
      }[]
      readonly marketDataAt?: number
      readonly queues: { readonly executions: number; readonly market: number }
      readonly dropped: number
    }
  | {
      readonly kind: 'account'
      readonly account: string
      readonly cash?: Money
      readonly realized?: Money
      readonly unrealized?: Money
      readonly netLiquidation?: Money
      readonly basis: 'gross' | 'net' | 'unknown'
    }
  | ({ readonly kind: 'positions' } & Snapshot)
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'execution'; readonly fill: Fill }
  /** An execution in a market the product does not know, '6E 12-26': its result is in no sum, and that must be known. */
  | {
      readonly kind: 'foreignExecution'
      readonly account: string
      readonly executionId: string
      readonly market: string
    }
  | {
      readonly kind: 'price'
      readonly instrument: InstrumentId
      readonly contract: number
      readonly last: number
      readonly bid?: number
      readonly ask?: number
    }
  | {
      readonly kind: 'commandResult'
      readonly command: string
      readonly state: 'received' | 'working' | 'done' | 'failed'
      readonly reason?: string
    }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }

/** Who says it: the bridge's name and the instant it started, and which book its accounts belong to. */
export type Speaker = {
  readonly bridge: string
  readonly boot: string
  /** 'real', or 'sim:<boot>' for a simulator: its accounts begin anew with it and are never mixed with real ones. */
  readonly book: string
  readonly simulator: boolean
}

/**
 * Something the platform told. `id` is unique for ever, `at` the platform's clock, `receivedAt` this machine's (epoch ms).
 * Executions, orders, command results and hellos are stored before the engine hears of them.
 */
export type PlatformEvent = Told & { readonly id: string; readonly at: number; readonly receivedAt: number }

export type PlatformEventKind = PlatformEvent['kind']

/** Events of these kinds are acknowledged only once they are on disk; the others are worth nothing later. */
export const durableKinds: readonly PlatformEventKind[] = [
  'hello',
  'execution',
  'foreignExecution',
  'order',
  'commandResult',
  'log',
]

/** What the co-pilot asks of the platform; prices in points, `until` epoch ms. */
export type PlatformCommand =
  | { readonly kind: 'ping'; readonly account: '' }
  | { readonly kind: 'cancelAll'; readonly account: string }
  | { readonly kind: 'flattenAccount'; readonly account: string }
  | { readonly kind: 'flattenAll'; readonly account: '' }
  | {
      readonly kind: 'placeBracket'
      readonly account: string
      readonly instrument: string
      readonly side: 'buy' | 'sell'
      readonly quantity: number
      readonly entry: 'limit' | 'market'
      readonly limit: number
      readonly stop: number
      readonly target1: number
      readonly target2: number
      readonly tag: string
    }
  | { readonly kind: 'changeStop'; readonly account: string; readonly orderId: string; readonly stopPrice: number }
  | { readonly kind: 'lockout'; readonly account: string; readonly until: number }

/** A command under its number, which ascends; `issuedAt` and `expiresAt` are epoch ms of this machine. */
export type IssuedCommand = PlatformCommand & {
  readonly id: string
  readonly number: number
  readonly issuedAt: number
  readonly expiresAt: number
}

/** A command and what became of it. Silence past its end is 'unknown' and is settled by the next snapshot. */
export type CommandRecord = {
  readonly command: IssuedCommand
  readonly state: CommandState
  readonly reason?: string
  readonly changedAt: number
}
