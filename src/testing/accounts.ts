import { dollars } from '#src/domain/money.ts'
import type {
  AccountReading,
  AccountStanding,
  BridgeReading,
  ExitReading,
  OrderReading,
  PositionReading,
} from '#src/domain/picture.ts'
import type { FirmPreset, FirmRules } from '#src/domain/risk/firm-rules.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Standing } from '#src/domain/risk/standing.ts'
import type { Account } from '#src/domain/trading/account.ts'
import type { CommandRecord, PlatformCommand } from '#src/domain/trading/platform-event.ts'
import { unheardAccount } from '#src/domain/trading/unheard.ts'
import { now } from './world.ts'

const secondsAgo = (seconds: number): number => now - seconds * 1_000

/** Nothing was ever heard from NinjaTrader. */
export const neverHeard: AccountReading = unheardAccount(dollars(50_000), defaultLimits, secondsAgo(6_060))

/** 17:00 and 12:00 in New York on the world's day. */
const sessionEnd = Date.UTC(2026, 10, 20, 22)
const noon = Date.UTC(2026, 10, 20, 17)

/** Topstep's 50K as the world's traders know it. */
export const topstepRules: FirmRules = {
  startBalance: dollars(50_000),
  profitTarget: dollars(3_000),
  drawdown: {
    kind: 'trailing-eod',
    amount: dollars(2_000),
    lockAt: 'start',
    includesOpen: false,
    checkedIntraday: true,
  },
  dailyLoss: {
    amount: dollars(1_000),
    basis: 'equity',
    mode: 'soft-lock',
    resetAt: { zone: 'America/Chicago', time: '17:00' },
  },
  maxContracts: {
    mini: 5,
    microsPerMini: 10,
    scaling: [
      { minProfit: 0, mini: 2 },
      { minProfit: dollars(1_500), mini: 5 },
    ],
  },
  flatBy: { zone: 'America/Chicago', time: '15:10' },
  minDays: 5,
  consistency: { bestDayMaxShare: 0.5, scope: 'evaluation' },
  automationAllowed: false,
  overnightAllowed: false,
}

const { dailyLoss: _dailyLoss, ...withoutDailyLoss } = topstepRules

export const presets: readonly FirmPreset[] = [
  {
    id: 'topstep-50k',
    firm: 'Topstep',
    plan: 'Combine 50K',
    source: 'help.futures.topstep.com',
    effectiveFrom: '2026-01-01',
    verifiedOn: '2026-11-02',
    doubts: ['The daily loss limit is no longer part of every Combine.'],
    rules: topstepRules,
  },
  {
    id: 'tpt-test-50k',
    firm: 'Take Profit Trader',
    plan: 'Test 50K',
    source: 'takeprofittrader.com',
    effectiveFrom: '2025-01-15',
    verifiedOn: '2026-11-02',
    rules: withoutDailyLoss,
  },
]

const standing: Standing = {
  at: now,
  balance: dollars(50_412.6),
  equity: dollars(50_554.32),
  peak: dollars(50_620),
  floor: dollars(48_620),
  floorLocked: false,
  headroom: dollars(1_934.32),
  stage: 'safe',
  daily: {
    limit: dollars(500),
    used: dollars(0),
    left: dollars(500),
    stage: 'safe',
    resetsAt: sessionEnd,
  },
  giveBack: 0,
  days: 4,
  flatByAt: noon,
  maxMicros: 30,
}

const simulated: AccountStanding = {
  name: 'Sim101',
  alias: 'SIM101',
  kind: 'SIM',
  firm: 'Personal SIM 50K',
  watched: true,
  standing,
  dayNet: dollars(218.44),
  openNet: dollars(141.72),
  fees: dollars(8.64),
  entryFees: 0,
  trades: 2,
  contracts: 5,
  platformCash: dollars(50_412.6),
  unvalued: false,
  naked: false,
}

const evaluated: AccountStanding = {
  name: 'TS-50K-8841',
  alias: 'TOPSTEP50',
  kind: 'EVAL',
  firm: 'Topstep Combine 50K',
  watched: true,
  standing: {
    ...standing,
    balance: dollars(51_240.5),
    equity: dollars(50_932.5),
    peak: dollars(51_612),
    floor: dollars(49_612),
    headroom: dollars(1_320.5),
    stage: 'warning',
    daily: {
      limit: dollars(1_000),
      used: dollars(679.5),
      left: dollars(320.5),
      stage: 'warning',
      resetsAt: sessionEnd + 3_600_000,
    },
    consistency: { left: dollars(410.25), bestDay: dollars(910), share: 0.41, maxShare: 0.5 },
    giveBack: dollars(80),
    target: { left: dollars(1_759.5), reached: false },
    payout: { ready: false, missing: ['1 more winning day', '$1,759.50 to the target'] },
    days: 4,
    flatByAt: Date.UTC(2026, 10, 20, 21, 10),
    maxMicros: 20,
  },
  dayNet: dollars(-679.5),
  openNet: dollars(-308),
  fees: dollars(14.88),
  entryFees: 0,
  trades: 3,
  contracts: 12,
  platformCash: dollars(51_262.82),
  unvalued: 'old-price',
  naked: true,
}

const looked: AccountStanding = {
  ...simulated,
  name: 'Playback101',
  alias: 'PLAYBACK',
  kind: 'PAPER',
  firm: 'Personal SIM 50K',
  watched: false,
  standing: { ...standing, balance: dollars(50_000), equity: dollars(50_000), headroom: dollars(2_000), days: 0 },
  dayNet: 0,
  openNet: 0,
  fees: 0,
  entryFees: 0,
  trades: 0,
  contracts: 0,
}

const exit = (price: number, ticks: number, money: number, more: Partial<ExitReading> = {}): ExitReading => ({
  price,
  ticks,
  money: dollars(money),
  quantity: 2,
  where: 'broker',
  ...more,
})

/** Two gold, long, with a stop and a target at the broker, and what the card says of it. */
export const goldHeld: PositionReading = {
  account: 'Sim101',
  alias: 'SIM101',
  kind: 'SIM',
  instrument: 'MGC',
  contract: 'MGC Z6',
  quantity: 2,
  averagePrice: 4122.4,
  since: secondsAgo(512),
  last: 4126.1,
  lastAt: now - 300,
  openNet: dollars(71.12),
  r: 0.66,
  stop: exit(4113, -94, -190.88),
  target: exit(4136.5, 141, 279.12),
  risk: dollars(194.88),
  mae: dollars(-31.4),
  mfe: dollars(84.6),
  card: { id: '2026-11-20-MGC-1', words: ['in its zone', 'size as planned', 'stop as planned'], agrees: true },
  stack: { allowed: true, words: '+0.5R and ratio 2.07: one more allowed, total risk $291' },
}

/** Three Nasdaq, short, whose stop lives on this machine and stands wider than planned. */
const nasdaqHeld: PositionReading = {
  ...goldHeld,
  instrument: 'MNQ',
  contract: 'MNQ Z6',
  quantity: -3,
  averagePrice: 24549.25,
  last: 24537.5,
  lastAt: now - 900,
  openNet: dollars(66.78),
  r: 0.21,
  stop: exit(24602.5, -213, -323.22, { quantity: 3, where: 'platform' }),
  target: exit(24470, 317, 471.78, { quantity: 3, where: 'platform' }),
  risk: dollars(326.22),
  card: { id: '2026-11-20-MNQ-1', words: ['larger than planned: 3 of 2', 'stop moved away'], agrees: false },
  stack: { allowed: false, words: 'not before +0.5R' },
}

const { stop: _stop, target: _target, risk: _risk, stack: _stack, card: _card, r: _r, ...bare } = goldHeld

/** Two S&P 500, long, without a stop for twelve seconds. */
const sp500Naked: PositionReading = {
  ...bare,
  account: 'TS-50K-8841',
  alias: 'TOPSTEP50',
  kind: 'EVAL',
  instrument: 'MES',
  contract: 'MES Z6',
  quantity: 2,
  averagePrice: 6708.25,
  last: 6702.75,
  lastAt: now - 300,
  openNet: dollars(-57.48),
  nakedSince: secondsAgo(12),
}

const order = (orderId: string, position: PositionReading, more: Partial<OrderReading>): OrderReading => ({
  orderId,
  account: position.account,
  alias: position.alias,
  instrument: position.instrument,
  contract: 202612,
  contractName: position.contract,
  name: 'Stop1',
  side: position.quantity > 0 ? 'sell' : 'buy',
  type: 'stop-market',
  quantity: Math.abs(position.quantity),
  filled: 0,
  state: 'working',
  where: position.stop?.where ?? 'unknown',
  oco: 'b1',
  at: secondsAgo(500),
  ...more,
})

const orders: readonly OrderReading[] = [
  order('o-1', goldHeld, { stopPrice: 4113 }),
  order('o-2', goldHeld, { name: 'Target1', type: 'limit', limitPrice: 4136.5 }),
  order('o-3', nasdaqHeld, { stopPrice: 24602.5 }),
  order('o-4', nasdaqHeld, { name: 'Target1', type: 'limit', limitPrice: 24470, filled: 1, state: 'part-filled' }),
]

const command = (number: number, kind: 'ping' | 'flattenAll', more: Partial<CommandRecord>): CommandRecord => {
  const asked: PlatformCommand = { kind, account: '' }
  const issuedAt = secondsAgo(60 * (20 - number))
  return {
    command: { ...asked, id: `c-${number}`, number, issuedAt, expiresAt: issuedAt + 10_000 },
    state: 'done',
    changedAt: issuedAt + 240,
    ...more,
  }
}

const bridge: BridgeReading = {
  state: 'in-sync',
  since: secondsAgo(4_020),
  heardAt: now - 400,
  name: 'pc-1',
  versions: { bridge: '1.0.0', platform: '8.1.4.2' },
  simulator: true,
  allowOrders: false,
  connections: [{ name: 'Simulation', price: 'connected', orders: 'connected' }],
  waiting: 0,
  differences: [],
  commands: [
    command(14, 'ping', {}),
    command(13, 'flattenAll', { state: 'failed', reason: 'not-flat' }),
    command(12, 'ping', { state: 'unknown' }),
  ],
}

/** The simulator with two positions, all well. */
export const twoPositions: AccountReading = {
  ...neverHeard,
  bridge,
  positions: [goldHeld, nasdaqHeld],
  orders,
  accounts: [simulated, looked],
  day: { net: dollars(218.44), closed: dollars(80.54), fees: dollars(8.64), trades: 2 },
  nearest: { account: 'SIM101', what: 'daily-loss', money: dollars(500), stage: 'safe' },
  ownLoss: { limit: dollars(500), left: dollars(718.44), stage: 'safe' },
  openRisk: { money: dollars(521.1), known: dollars(521.1), share: 0.0104, over: false, naked: false },
  course: { open: 2, trades: 4, lossesInRow: 0 },
  flatBy: { at: noon, left: noon - now },
  moved: 41,
}

/** Heard, in sync, nothing held. */
export const flatAccount: AccountReading = {
  ...twoPositions,
  positions: [],
  orders: [],
  ownLoss: { limit: dollars(500), left: dollars(580.54), stage: 'safe' },
  openRisk: { money: 0, known: 0, share: 0, over: false, naked: false },
  course: { open: 0, trades: 2, lossesInRow: 0 },
  day: { net: dollars(80.54), closed: dollars(80.54), fees: dollars(8.64), trades: 2 },
}

/** Three positions in two accounts, one without a stop, more at risk than allowed, a firm's limit near. */
export const overTheLimit: AccountReading = {
  ...twoPositions,
  bridge: {
    ...bridge,
    simulator: false,
    allowOrders: true,
    connections: [{ name: 'Rithmic', price: 'connected', orders: 'lost' }],
    waiting: 3,
  },
  positions: [goldHeld, nasdaqHeld, sp500Naked],
  accounts: [evaluated, simulated, looked],
  day: { net: dollars(-461.06), closed: dollars(-541.6), fees: dollars(23.52), trades: 5 },
  nearest: { account: 'all accounts', what: 'own-daily-loss', money: dollars(38.94), stage: 'locked' },
  ownLoss: { limit: dollars(500), left: dollars(38.94), stage: 'locked' },
  openRisk: { known: dollars(521.1), share: 0.0104, over: true, naked: true },
  course: { open: 3, trades: 5, lossesInRow: 1 },
  cooldownUntil: now + 660_000,
}

/** NinjaTrader's snapshot and the ledger do not agree. */
export const differing: AccountReading = {
  ...twoPositions,
  bridge: { ...bridge, state: 'differs', differences: ['Sim101 MNQ Z6: NinjaTrader −2, ledger −3'] },
}

/** Heard until fourteen seconds ago, with two positions. */
export const fallenSilent: AccountReading = {
  ...twoPositions,
  bridge: { ...bridge, state: 'silent', since: secondsAgo(9), heardAt: secondsAgo(14) },
  positions: twoPositions.positions.map((position) => ({ ...position, lastAt: secondsAgo(14) })),
}

/** The kill switch was pressed three seconds ago. */
export const flattening: AccountReading = {
  ...twoPositions,
  kill: { state: 'flattening', since: secondsAgo(3), detail: '4 orders cancelled, closing 3 MNQ' },
  lockedUntil: sessionEnd,
}

/** The kill switch was pressed and nobody confirmed that everything is flat. */
export const escalated: AccountReading = {
  ...overTheLimit,
  kill: { state: 'escalated', since: secondsAgo(31), detail: '2 MES on TOPSTEP50 still open after 10 rounds' },
}

/** Locked by the trader himself; flat. */
export const lockedOut: AccountReading = { ...flatAccount, lockedUntil: sessionEnd }

/** No bridge, but a broker's books were read. */
export const brokerOnly: AccountReading = {
  ...neverHeard,
  broker: {
    source: 'Tradovate',
    asOf: secondsAgo(4),
    positions: [{ account: 'DEMO1', contract: 'MES Z6', quantity: 2, averagePrice: 6702.5, asOf: secondsAgo(4) }],
    fills: [],
  },
}

/** An account as the trader keeps it, for the editor. */
export const evaluationAccount: Account = {
  name: 'TS-50K-8841',
  alias: 'TOPSTEP50',
  kind: 'EVAL',
  firm: 'topstep-50k',
  rules: topstepRules,
  commission: 'settings',
  anchor: { balance: dollars(50_000), at: Date.UTC(2026, 10, 16, 14) },
  peak: dollars(51_612),
  watched: true,
}

/** Every state the screens must be able to draw, by name. */
export const accountReadings: Readonly<Record<string, AccountReading>> = {
  neverHeard,
  twoPositions,
  flatAccount,
  overTheLimit,
  differing,
  fallenSilent,
  flattening,
  escalated,
  lockedOut,
  brokerOnly,
}
