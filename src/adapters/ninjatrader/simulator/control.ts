import type { ConnectionState } from '#src/domain/trading/platform-event.ts'
import type { BridgeSettings } from './bridge.ts'
import type { Auto } from './matching.ts'
import type { Platform } from './platform.ts'
import type { OrderWish } from './platform-order.ts'

type Priced = { readonly last: number; readonly bid?: number; readonly ask?: number }

/** What a script may have the platform do; prices in points, quantities positive. */
export type Control =
  | ({ readonly do: 'start'; readonly auto?: Auto; readonly confirm?: 'auto' | 'none' } & BridgeSettings)
  | { readonly do: 'stop' | 'kill' | 'look' }
  | ({ readonly do: 'price'; readonly instrument: string } & Priced)
  | ({
      readonly do: 'manual'
      readonly price: number
      readonly commission?: number
      readonly executionId?: string
      readonly gapMs?: number
    } & Omit<OrderWish, 'type' | 'name'>)
  | ({ readonly do: 'order'; readonly name?: string } & Omit<OrderWish, 'name'>)
  | {
      readonly do: 'fill'
      readonly orderId: string
      readonly quantity: number
      readonly price: number
      readonly gapMs?: number
    }
  | { readonly do: 'reject'; readonly orderId: string; readonly reason: string }
  | { readonly do: 'confirm' | 'cancel' | 'unknown'; readonly orderId: string }
  | {
      readonly do: 'account'
      readonly account: string
      readonly cash?: number
      readonly realized?: number
      readonly unrealized?: number
      readonly netLiquidation?: number
    }
  | {
      readonly do: 'connection'
      readonly name: string
      readonly price: ConnectionState
      readonly orders: ConnectionState
    }
  | { readonly do: 'nulls'; readonly count: number }
  | {
      readonly do: 'burst'
      readonly count: number
      readonly perSecond: number
      readonly kind: 'market' | 'order' | 'execution'
    }

export type Answer = { readonly ok: boolean; readonly error?: string } & Readonly<Record<string, unknown>>

type Steered = {
  readonly platform: Platform
  readonly start: (settings: BridgeSettings) => void
  readonly stop: () => void
  readonly onPrice: (instrument: string, price: Priced) => void
  readonly depth: () => unknown
}

const burstOn = { account: 'Sim101', instrument: 'MNQ 12-26', quantity: 1 } as const
const burstPrice = 20_000

const burst = ({ platform, onPrice }: Steered, kind: 'market' | 'order' | 'execution', count: number): void => {
  for (let n = 0; n < count; n++) {
    const side = n % 2 === 0 ? 'buy' : 'sell'
    if (kind === 'market') onPrice(burstOn.instrument, { last: burstPrice + (n % 40) / 4 })
    else if (kind === 'execution') platform.trade({ ...burstOn, side, name: 'Burst' }, burstPrice)
    else platform.cancel(platform.submit({ ...burstOn, side, type: 'limit', limitPrice: 1, name: 'Burst' }).orderId)
  }
}

const look = ({ platform, depth }: Steered): Answer => ({
  ok: true,
  positions: platform.positions(),
  working: platform.working(),
  submitted: platform.submitted(),
  escaped: 0,
  queues: depth(),
})

const known = (found: boolean): Answer => (found ? { ok: true } : { ok: false, error: 'the platform refuses' })

/** Does one line of a script, the way the AddOn's driver does it. */
export const obeyControl = (steered: Steered, command: Control): Answer => {
  const { platform } = steered
  switch (command.do) {
    case 'start': {
      const { do: _, auto, confirm, ...settings } = command
      platform.behave({ auto: auto ?? 'none', confirms: confirm !== 'none' })
      steered.start(settings)
      return { ok: true }
    }
    case 'stop':
    case 'kill':
      steered.stop()
      return { ok: true }
    case 'price':
      steered.onPrice(command.instrument, command)
      return { ok: true }
    case 'manual': {
      const { do: _, price, gapMs = 50, commission, executionId, ...wish } = command
      const told = {
        gapMs,
        ...(commission !== undefined && { commission }),
        ...(executionId !== undefined && { executionId }),
      }
      return { ok: true, orderId: platform.trade({ ...wish, name: 'Manual' }, price, told).orderId }
    }
    case 'order': {
      const { do: _, ...wish } = command
      return { ok: true, orderId: platform.submit({ name: 'Manual', ...wish }, 'trader').orderId }
    }
    case 'fill':
      return known(platform.fill(command.orderId, command.quantity, command.price, { gapMs: command.gapMs ?? 50 }))
    case 'reject':
      return known(platform.reject(command.orderId, command.reason))
    case 'confirm':
      return known(platform.confirm(command.orderId))
    case 'cancel':
      return known(platform.cancel(command.orderId))
    case 'unknown':
      return known(platform.forget(command.orderId))
    case 'account': {
      const { do: _, account, ...balance } = command
      platform.overrule(account, balance)
      return { ok: true }
    }
    case 'connection':
      return known(platform.connect(command.name, command.price, command.orders))
    case 'burst':
      burst(steered, command.kind, command.count)
      return { ok: true, longestHandlerMs: 0, meanHandlerMs: 0 }
    case 'look':
      return look(steered)
    case 'nulls':
      // There is nothing in this platform that could be null.
      return { ok: true }
  }
}
