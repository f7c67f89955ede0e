import type { Money } from '../money.ts'
import type { AccountReading } from '../picture.ts'
import type { Limits } from '../risk/limits.ts'

/** What is known of accounts while no platform was ever heard: nothing. `since` is wall clock. */
export const unheardAccount = (accountSize: Money, limits: Limits, since: number): AccountReading => ({
  book: 'real',
  bridge: {
    state: 'never-seen',
    since,
    simulator: false,
    allowOrders: false,
    connections: [],
    waiting: 0,
    differences: [],
    commands: [],
  },
  accountSize,
  limits,
  positions: [],
  orders: [],
  accounts: [],
  course: { open: 0, trades: 0, lossesInRow: 0 },
  kill: { state: 'off', since, detail: '' },
  moved: 0,
})
