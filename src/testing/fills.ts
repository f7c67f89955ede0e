import { instrumentIds } from '#src/domain/instruments/instrument.ts'
import { dollars } from '#src/domain/money.ts'
import type { Account, Fees } from '#src/domain/trading/account.ts'
import type { Terms } from '#src/domain/trading/fees.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { Order } from '#src/domain/trading/order.ts'

/** Friday 2026-11-20, 10:00 in New York. */
export const tenOClock = Date.parse('2026-11-20T15:00:00Z')

/** Fifty cents a side and contract everywhere: sums one can do in the head. */
export const evenFees = Object.fromEntries(instrumentIds.map((id) => [id, dollars(0.5)])) as Fees

export const evenTerms: Terms = { commission: 'settings', fees: evenFees }

const base = { account: 'Sim101', instrument: 'MNQ', contract: 202612 } as const

let executions = 0

/** A fill of MNQ Z6 in Sim101: `seconds` after ten o'clock, signed quantity, points. */
export const fill = (seconds: number, quantity: number, price: number, over: Partial<Fill> = {}): Fill => ({
  ...base,
  executionId: `x${++executions}`,
  orderId: 'o1',
  orderName: 'Entry',
  side: quantity > 0 ? 'buy' : 'sell',
  quantity: Math.abs(quantity),
  price,
  at: tenOClock + seconds * 1_000,
  ...over,
})

/** A working sell stop of MNQ Z6 in Sim101. */
export const sellStop = (stopPrice: number, quantity: number, over: Partial<Order> = {}): Order => ({
  ...base,
  orderId: 'stop-1',
  name: 'Stop1',
  side: 'sell',
  type: 'stop-market',
  quantity,
  filled: 0,
  stopPrice,
  state: 'working',
  where: 'broker',
  at: tenOClock,
  ...over,
})

/** A working sell limit of MNQ Z6 in Sim101. */
export const sellLimit = (limitPrice: number, quantity: number, over: Partial<Order> = {}): Order => {
  const { stopPrice: _, ...order } = sellStop(0, quantity)
  return { ...order, orderId: 'limit-1', name: 'Target1', type: 'limit', limitPrice, ...over }
}

/** The account Sim101 as its trader keeps it: $50,000 on the morning of the day. */
export const account = (over: Partial<Account> = {}): Account => ({
  name: 'Sim101',
  alias: 'Sim',
  kind: 'SIM',
  firm: 'personal-sim-50k',
  rules: {
    startBalance: dollars(50_000),
    drawdown: {
      kind: 'static',
      amount: dollars(2_000),
      lockAt: 'never',
      includesOpen: false,
      checkedIntraday: true,
    },
    maxContracts: { mini: 5, microsPerMini: 10 },
    automationAllowed: true,
    overnightAllowed: false,
  },
  commission: 'settings',
  anchor: { balance: dollars(50_000), at: tenOClock - 3_600_000 },
  watched: true,
  ...over,
})
