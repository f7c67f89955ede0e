/** When the events of the tests happened: 2026-11-21 13:02:27 UTC, epoch ms. */
export const toldAt = 1_795_266_147_000

/** Events as a bridge writes them, for tests; `more` replaces fields. */
export const hello = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'hello',
  versions: { bridge: '1.0.0', platform: '8.1.5.2' },
  simulator: false,
  allowOrders: true,
  maxContracts: 5,
  accounts: [{ name: 'Sim101', connection: 'Simulation', provider: 'NinjaTrader', currency: 'UsDollar' }],
  instruments: ['MNQ 12-26'],
  commandsAfter: 0,
  ...more,
})

export const execution = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'execution',
  account: 'Sim101',
  executionId: id,
  orderId: 'o-1',
  orderName: 'Entry',
  instrument: 'MNQ 12-26',
  side: 'buy',
  quantity: 2,
  price: 20110.25,
  commission: 0.62,
  ...more,
})

export const order = (more: Record<string, unknown> = {}) => ({
  orderId: 'o-2',
  name: 'Stop1',
  instrument: 'MNQ 12-26',
  side: 'sell',
  type: 'stop-market',
  quantity: 2,
  filled: 0,
  stopPrice: 20090.25,
  oco: 'oco-1',
  state: 'working',
  where: 'broker',
  ...more,
})

export const orderTold = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'order',
  account: 'Sim101',
  order: order(more),
})

export const positionsTold = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'positions',
  account: 'Sim101',
  positions: [{ instrument: 'MNQ 12-26', quantity: 2, averagePrice: 20110.375 }],
  orders: [order()],
  ...more,
})

export const priceTold = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'price',
  instrument: 'MNQ 12-26',
  last: 20110.25,
  bid: 20110,
  ask: 20110.25,
  ...more,
})

export const heartbeat = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'heartbeat',
  connections: [{ name: 'Rithmic', price: 'connected', orders: 'connected' }],
  marketDataAt: toldAt - 200,
  queues: { executions: 0, market: 3 },
  dropped: 0,
  ...more,
})

export const accountTold = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'account',
  account: 'Sim101',
  cash: 50_012.38,
  realized: 12.38,
  unrealized: -4,
  netLiquidation: 50_008.38,
  basis: 'net',
  ...more,
})

export const resultTold = (id: string, command: string, state: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'commandResult',
  command,
  state,
  ...more,
})

export const logTold = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  at: toldAt,
  kind: 'log',
  level: 'warn',
  text: 'The connection was lost.\nTrying again.',
  ...more,
})
