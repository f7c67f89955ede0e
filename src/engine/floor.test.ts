import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Lock } from '#src/domain/risk/lockout.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { CommandRecord, HeldPosition, PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { account, evenFees, fill, tenOClock } from '#src/testing/fills.ts'
import { rulesOf } from '#src/testing/standing-reference.ts'
import { createFloor, type StoredBook } from './floor.ts'
import type { KeptStanding } from './standings.ts'

const real: Speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false }
const toy: Speaker = { bridge: 'simulator', boot: 's1', book: 'sim:s1', simulator: true }
const limits = { ...defaultLimits, fees: evenFees }

type Untimed = PlatformEvent extends infer E ? (E extends unknown ? Omit<E, 'id' | 'at' | 'receivedAt'> : never) : never

const hello = (...names: readonly string[]): Untimed => ({
  kind: 'hello',
  versions: { bridge: '1.0.0', platform: '8.1.5.2' },
  simulator: false,
  allowOrders: true,
  maxContracts: 5,
  accounts: names.map((name) => ({ name, connection: 'Rithmic' })),
  commandsAfter: 0,
})
const heartbeat: Untimed = { kind: 'heartbeat', connections: [], queues: { executions: 0, market: 0 }, dropped: 0 }
const holds = (name: string, quantity = 0): Untimed => {
  const held: HeldPosition = { instrument: 'MNQ', contract: 202612, quantity, averagePrice: 20_000 }
  return { kind: 'positions', account: name, positions: quantity === 0 ? [] : [held], orders: [], foreign: [] }
}
const execution = (one: Fill): Untimed => ({ kind: 'execution', fill: one })
const price = (last: number): Untimed => ({ kind: 'price', instrument: 'MNQ', contract: 202612, last })

/** A floor with a hand on its clock; `said` is all it told the world, in order. */
const setUp = ({ startAt = tenOClock, mode = 'LIVE' as 'LIVE' | 'SIM MARKET' } = {}) => {
  let at = startAt
  let ids = 0
  const said: string[] = []
  const locks = new Map<string, Lock>()
  const kept = new Map<string, KeptStanding>()
  const floor = createFloor({
    clock: { now: () => at, wall: () => at, speed: 1 },
    accountSize: dollars(50_000),
    limits,
    flatBy: 720,
    sharesMarket: (simulator) => mode === (simulator ? 'SIM MARKET' : 'LIVE'),
    feedPrice: () => undefined,
    cardOf: () => undefined,
    raise: ({ severity, text }) => said.push(`${severity}: ${text}`),
    hearSecond: ({ source, price: last }) => said.push(`second ${source} ${last}`),
    changed: () => {},
    outbox: {
      lockOf: (book, name) => locks.get(`${book} ${name}`) ?? locks.get(`${book} `),
      onCommand: ({ kind, account: name }, { bridge, book, by }) =>
        said.push(`asks ${bridge} of ${book} for ${kind} ${name} by ${by}`),
      onMade: ({ executionId, quantity }, book) =>
        said.push(`made ${executionId.split(':')[0]} ${quantity} in ${book}`),
      onPeak: (name, tradeDate, peak, book) => said.push(`peak ${name} ${tradeDate} ${peak / 10_000} in ${book}`),
      onStanding: (name, standing) => kept.set(name, JSON.parse(JSON.stringify(standing))),
      onClosing: (names, book) => said.push(`closing [${names}] in ${book}`),
      onBook: (book) => said.push(`wants ${book}`),
    },
  })
  const stored = (over: Partial<StoredBook> = {}): StoredBook => ({
    book: 'real',
    accounts: [account()],
    fills: [],
    orders: [],
    peaks: new Map(),
    standings: new Map(),
    closing: [],
    ...over,
  })
  const hear = (speaker: Speaker, ...events: readonly Untimed[]): void =>
    floor.hear(
      events.map((event) => ({ ...event, id: `e${++ids}`, at, receivedAt: at }) as PlatformEvent),
      speaker,
    )
  return {
    floor,
    said,
    locks,
    kept,
    hear,
    open: (over?: Partial<StoredBook>) => floor.open(stored(over)),
    /** Moves the clock to `seconds` after ten o'clock, looking four times a second of the last ten; who is heard beats. */
    moveTo: (seconds: number, speaker?: Speaker): void => {
      const until = tenOClock + seconds * 1_000
      at = Math.max(at, until - 10_000)
      while (at < until) {
        at = Math.min(until, at + 250)
        if (speaker) hear(speaker, heartbeat)
        floor.look()
      }
      floor.onSecond()
    },
    /** Sets the clock to `seconds` after ten o'clock and looks at nothing. */
    setClock: (seconds: number): void => {
      at = tenOClock + seconds * 1_000
    },
    /** What was said since the last time this was asked. */
    news: (): readonly string[] => said.splice(0),
  }
}

/** A real bridge with one account, all well. */
const opened = (over?: Partial<StoredBook>, options?: Parameters<typeof setUp>[0]) => {
  const room = setUp(options)
  room.open(over)
  room.hear(real, hello('Sim101'), holds('Sim101'))
  room.news()
  return room
}

test('a limit tells each stage once, at the tick that reaches it', () => {
  const { hear, news } = opened()
  hear(real, execution(fill(0, 1, 20_000)), holds('Sim101', 1), price(20_000))
  news()
  // A point of MNQ is $2 and closing costs $1: 125 points are $251 of the $500 the trader allows himself.
  hear(real, price(19_875))
  expect(news().filter((text) => text.includes('own daily'))).toEqual([
    'notice: All accounts: the own daily loss limit is half used, +$249.00 left',
  ])
  hear(real, price(19_880))
  hear(real, price(19_875))
  expect(news().filter((text) => text.includes('half used'))).toEqual([])
  hear(real, price(19_774.75))
  expect(news().filter((text) => text.includes('own daily'))).toEqual([
    'urgent: All accounts: the own daily loss limit is 90 % used: no more entries, +$48.50 left',
  ])
})

test('an account that is merely looked at tells no stage and stands in no sum', () => {
  const { floor, hear, news } = opened({ accounts: [account({ watched: false })] })
  hear(real, execution(fill(0, 1, 20_000)), holds('Sim101', 1), price(19_000))
  expect(news().filter((text) => text.includes('limit'))).toEqual([])
  expect(floor.gateInputs()).toMatchObject({ dayNet: 0, openTrades: 0, accounts: [] })
  expect(floor.reading().nearest).toBeUndefined()
})

test('a trade copied to three accounts is one open trade, one loss in a row and one trade of the day', () => {
  const names = ['Eval1', 'Eval2', 'Eval3']
  const { floor, hear } = opened({ accounts: names.map((name) => account({ name })) })
  hear(real, hello(...names), ...names.map((name) => holds(name)))
  hear(real, ...names.map((name, i) => execution(fill(i, 1, 20_000, { account: name }))))
  expect(floor.gateInputs()).toMatchObject({ openTrades: 1, course: { trades: 1, lossesInRow: 0 } })
  hear(real, execution(fill(60, -1, 19_990, { account: 'Eval1' })))
  expect(floor.gateInputs()).toMatchObject({ openTrades: 1, course: { trades: 1, lossesInRow: 1 } })
  hear(real, ...['Eval2', 'Eval3'].map((name) => execution(fill(61, -1, 19_990, { account: name }))))
  const cooldownUntil = tenOClock + 61_000 + 15 * 60_000
  expect(floor.gateInputs()).toMatchObject({
    openTrades: 0,
    course: { trades: 1, lossesInRow: 1, cooldownUntil },
    dayNet: dollars(-63),
  })
  expect(floor.reading()).toMatchObject({ cooldownUntil, course: { open: 0, trades: 1, lossesInRow: 1 } })
})

test('a trade counts from its first fill: the seventh of six is none', () => {
  const { floor, hear } = opened()
  const scalp = (i: number) => [execution(fill(i * 20, 1, 20_000)), execution(fill(i * 20 + 5, -1, 20_010))]
  hear(real, ...[0, 1, 2, 3, 4].flatMap(scalp), execution(fill(100, 1, 20_000)))
  expect(floor.gateInputs()).toMatchObject({ course: { trades: 6 }, limits: { maxTradesPerDay: 6 } })
})

test('executions of the day, and those what is open still needs, stand beside what the firm allows', () => {
  const rules = { ...account().rules, maxExecutionsPerDay: 50 }
  const { floor, hear } = opened({ accounts: [account({ rules })] })
  const entries = Array.from({ length: 49 }, (_, i) => execution(fill(i, 1, 20_000)))
  hear(real, ...entries, holds('Sim101', 49))
  expect(floor.reading().accounts[0]?.executions).toEqual({ made: 49, due: 1, limit: 50 })
})

test('of a limit that was touched nothing is left until its reset, though the money came back', () => {
  const dailyLoss = { amount: dollars(500), basis: 'equity', mode: 'soft-lock' } as const
  const rules = {
    ...account().rules,
    dailyLoss: { ...dailyLoss, resetAt: { zone: 'America/New_York', time: '18:00' } },
  }
  const { floor, hear } = opened({ accounts: [account({ rules })] })
  hear(real, execution(fill(0, 10, 20_000)), holds('Sim101', 10), price(20_000))
  hear(real, price(19_975))
  hear(real, price(20_000))
  expect(floor.reading().nearest).toEqual({ account: 'Sim', what: 'daily-loss', money: 0, stage: 'locked' })
})

test('the nearest limit is the trader’s own, over all accounts, where less of it is left than of any account’s', () => {
  const dailyLoss = { amount: dollars(500), basis: 'equity', mode: 'soft-lock' } as const
  const rules = {
    ...account().rules,
    dailyLoss: { ...dailyLoss, resetAt: { zone: 'America/New_York', time: '18:00' } },
  }
  const names = ['Eval1', 'Eval2']
  const { floor, hear } = opened({ accounts: names.map((name) => account({ name, alias: name, rules })) })
  hear(real, hello(...names), ...names.map((name) => holds(name)))
  const lose = (name: string) => [
    execution(fill(0, 1, 20_110, { account: name })),
    execution(fill(1, -1, 20_000, { account: name })),
  ]
  hear(real, ...lose('Eval1'))
  // As much is left of the firm's limit as of the trader's own.
  expect(floor.reading().nearest).toMatchObject({ account: 'Eval1', what: 'daily-loss', money: dollars(279) })
  hear(real, ...lose('Eval2'))
  const own = { left: dollars(58), stage: 'danger' }
  expect(floor.reading().ownLoss).toEqual({ limit: dollars(500), ...own })
  const { left: money, stage } = own
  expect(floor.reading().nearest).toEqual({ account: 'all accounts', what: 'own-daily-loss', money, stage })
})

test('a position without a stop is of its account, and the gate hears of it once it is naked', () => {
  const { floor, hear, moveTo } = opened()
  hear(real, execution(fill(0, 5, 20_000)), holds('Sim101', 5))
  const naked = () => floor.gateInputs().accounts.map((each) => each.naked)
  moveTo(2, real)
  expect(naked()).toEqual([false])
  moveTo(4, real)
  expect(naked()).toEqual([true])
})

test('the turn of the trade date counts the day: a floor that trails the close rises with it', () => {
  const rules = {
    ...account().rules,
    drawdown: { ...account().rules.drawdown, kind: 'trailing-eod', lockAt: 'never' },
  } as const
  const { floor, hear, moveTo, news } = opened({ accounts: [account({ rules })] })
  hear(real, execution(fill(0, 1, 20_000)), execution(fill(60, -1, 20_300)), holds('Sim101'))
  const standing = () => floor.reading().accounts[0]?.standing
  expect(standing()).toMatchObject({ peak: dollars(50_000), floor: dollars(48_000), balance: dollars(50_599) })
  news()
  moveTo(8 * 3_600, real)
  hear(real, holds('Sim101'))
  expect(standing()).toMatchObject({ peak: dollars(50_599), floor: dollars(48_599), days: 1 })
  expect(news()).toContain('peak Sim101 2026-11-20 50599 in real')
})

test('a peak that was kept stands above what the fills can tell', () => {
  const rules = {
    ...account().rules,
    drawdown: { ...account().rules.drawdown, kind: 'trailing-intraday', includesOpen: true },
  } as const
  const { floor, hear, news } = opened({
    accounts: [account({ rules })],
    peaks: new Map([['Sim101', { peak: dollars(51_000), at: tenOClock - 60_000 }]]),
  })
  expect(floor.reading().accounts[0]?.standing).toMatchObject({ peak: dollars(51_000), floor: dollars(49_000) })
  hear(real, execution(fill(0, 1, 20_000)), holds('Sim101', 1), price(20_400))
  expect(news().filter((text) => text.startsWith('peak'))).toEqual([])
  hear(real, price(20_600))
  expect(news().filter((text) => text.startsWith('peak'))).toEqual(['peak Sim101 2026-11-20 51199.5 in real'])
})

test('a peak from before the account’s anchor is another account’s', () => {
  const before = { peak: dollars(53_000), at: account().anchor.at - 1 }
  const room = opened({ accounts: [apex], peaks: new Map([['Sim101', before]]) })
  expect(standingIn(room)).toMatchObject({ peak: dollars(50_000), headroom: dollars(2_500) })
  expect(standingIn(room)?.broken).toBeUndefined()
})

test('another book is asked for once, and what was said meanwhile is heard when it is open', () => {
  const { floor, open, hear, news } = setUp({ mode: 'SIM MARKET' })
  open({ accounts: [] })
  hear(toy, hello('Sim101'), holds('Sim101'))
  hear(toy, execution(fill(0, 2, 20_000)), holds('Sim101', 2))
  expect(news()).toEqual(['wants sim:s1'])
  expect(floor.reading().positions).toEqual([])
  open({ book: 'sim:s1' })
  expect(floor.reading()).toMatchObject({ book: 'sim:s1', positions: [{ quantity: 2 }], bridge: { simulator: true } })
})

test('what is said before the first book is open waits for it, and so does getting flat', () => {
  const { floor, open, hear, news } = setUp()
  hear(real, hello('Sim101'), execution(fill(0, 2, 20_000)), holds('Sim101', 2))
  floor.flatten('', 'the trader')
  expect(news()).toEqual(['wants real', 'closing [] in real', 'urgent: Getting flat: every account'])
  open()
  expect(floor.reading()).toMatchObject({ book: 'real', positions: [{ quantity: 2 }], kill: { state: 'flattening' } })
  expect(news()).toEqual(
    expect.arrayContaining(['closing [] in real', 'asks pc-1 of real for flattenAll  by resumed after a restart']),
  )
})

test('a real platform outranks a simulator, and not the other way round', () => {
  const { floor, open, hear, moveTo, news } = setUp()
  open({ book: 'sim:s1' })
  hear(toy, hello('Sim101'), holds('Sim101'))
  hear(real, hello('Eval50'), holds('Eval50'))
  expect(news()).toContain('wants real')
  open({ accounts: [account({ name: 'Eval50' })] })
  expect(floor.reading().bridge).toMatchObject({ name: 'pc-1', simulator: false, state: 'in-sync' })
  news()
  hear(toy, heartbeat)
  expect(news()).toEqual([])
  moveTo(6)
  news()
  hear(toy, heartbeat)
  expect(news()).toEqual(['wants sim:s1'])
})

test('what is being closed in one book is not asked of another, and goes on when its own is opened again', () => {
  const { floor, open, hear, news } = setUp({ mode: 'SIM MARKET' })
  open({ book: 'sim:s1' })
  hear(toy, hello('Sim101'), holds('Sim101', 1))
  floor.flatten('', 'the trader')
  expect(news()).toContain('asks simulator of sim:s1 for flattenAll  by the trader')
  hear(real, hello('Eval50'), holds('Eval50', 1))
  open({ accounts: [account({ name: 'Eval50' })] })
  hear(real, heartbeat)
  expect(floor.reading().kill.state).toBe('off')
  expect(news().filter((text) => text.startsWith('asks'))).toEqual([])
  open({ accounts: [account({ name: 'Eval50' })], closing: ['Eval50'] })
  hear(real, hello('Eval50'), holds('Eval50', 1))
  expect(news().filter((text) => text.startsWith('asks'))).toEqual([
    'asks pc-1 of real for flattenAccount Eval50 by resumed after a restart',
  ])
})

test('getting flat is told, kept while it lasts, and believed when the platform shows it', () => {
  const { floor, hear, moveTo, news } = opened()
  hear(real, execution(fill(0, 1, 20_000)), holds('Sim101', 1))
  moveTo(2, real)
  news()
  floor.flatten('Sim101', 'the trader')
  expect(news()).toEqual([
    'closing [Sim101] in real',
    'asks pc-1 of real for flattenAccount Sim101 by the trader',
    'urgent: Getting flat: Sim101',
  ])
  expect(floor.gateInputs().kill).toBe('flattening')
  moveTo(4, real)
  hear(real, execution(fill(4, -1, 20_000)))
  moveTo(6, real)
  hear(real, holds('Sim101'))
  expect(news()).toEqual(expect.arrayContaining(['notice: Flat, and nothing works: Sim101', 'closing [] in real']))
  expect([floor.reading().kill.state, floor.gateInputs().kill]).toEqual(['flat', 'off'])
})

test('everything is flat only when an account that is named no more is known to hold nothing', () => {
  const { floor, hear, moveTo } = opened({ accounts: [account(), account({ name: 'Eval50' })] })
  hear(real, hello('Sim101', 'Eval50'), holds('Sim101'), holds('Eval50'))
  hear(real, execution(fill(0, 2, 20_000, { account: 'Eval50' })), holds('Eval50', 2))
  moveTo(20, real)
  hear(real, hello('Sim101'), holds('Sim101'))
  floor.flatten('', 'the trader')
  moveTo(22, real)
  hear(real, holds('Sim101'))
  moveTo(60, real)
  expect(floor.reading().kill).toMatchObject({
    state: 'escalated',
    detail: 'not confirmed flat; Eval50: 1 position, 0 working orders',
  })
  // It comes back, and is flat.
  hear(real, hello('Sim101', 'Eval50'), holds('Sim101'), execution(fill(60, -2, 20_000, { account: 'Eval50' })))
  moveTo(63, real)
  hear(real, holds('Sim101'), holds('Eval50'))
  expect(floor.reading().kill.state).toBe('flat')
})

test('an account that is merely looked at and named no more keeps nobody from being flat', () => {
  const { floor, hear, moveTo } = opened({ accounts: [account(), account({ name: 'Playback101', watched: false })] })
  hear(real, hello('Sim101', 'Playback101'), holds('Sim101'), holds('Playback101'))
  hear(real, execution(fill(0, 2, 20_000, { account: 'Playback101' })), holds('Playback101', 2))
  moveTo(20, real)
  hear(real, hello('Sim101'), holds('Sim101'))
  floor.flatten('', 'the trader')
  moveTo(22, real)
  hear(real, holds('Sim101'))
  expect(floor.reading().kill.state).toBe('flat')
})

const ping = (state: CommandRecord['state'], reason?: string): CommandRecord => ({
  command: { id: 'c-1', number: 1, kind: 'ping', account: '', issuedAt: tenOClock, expiresAt: tenOClock + 10_000 },
  state,
  changedAt: tenOClock,
  ...(reason !== undefined && { reason }),
})

test('a command that came to nothing is told once; one that was done, or failed long ago, is not', () => {
  const { floor, news } = opened()
  floor.setCommands([ping('failed', 'expired')])
  expect(news()).toEqual([])
  floor.setCommands([ping('sent')])
  floor.setCommands([ping('unknown')])
  floor.setCommands([ping('unknown')])
  expect(news()).toEqual(['urgent: The ping was not answered: look at NinjaTrader'])
  floor.setCommands([ping('failed', 'signature-wrong')])
  expect(news()).toEqual(['urgent: The ping failed: signature wrong'])
  floor.setCommands([ping('done')])
  expect(news()).toEqual([])
  expect(floor.reading().bridge.commands).toEqual([ping('done')])
})

test('nothing is asked while nobody speaks', () => {
  const { floor, open, news } = setUp()
  open()
  expect(floor.ask({ kind: 'ping', account: '' }, 'the trader')).toBe(false)
  floor.flatten('', 'the trader')
  expect(news().filter((text) => text.startsWith('asks'))).toEqual([])
})

test('the gate hears of a lock over all accounts, or over every one that counts', () => {
  const { floor, locks } = opened({ accounts: [account(), account({ name: 'Eval50' })] })
  const lock = (name: string): Lock => ({ account: name, from: tenOClock, until: tenOClock + 60_000, reason: 'enough' })
  expect(floor.gateInputs().lock).toBeUndefined()
  locks.set('real Sim101', lock('Sim101'))
  floor.locked()
  expect(floor.gateInputs().lock).toBeUndefined()
  expect(floor.reading().accounts.map(({ name, lockedUntil }) => [name, lockedUntil])).toEqual([
    ['Sim101', tenOClock + 60_000],
    ['Eval50', undefined],
  ])
  locks.set('real Eval50', lock('Eval50'))
  expect(floor.gateInputs().lock).toMatchObject({ reason: 'enough' })
  expect(floor.reading().lockedUntil).toBeUndefined()
  locks.clear()
  locks.set('real ', lock(''))
  expect(floor.gateInputs().lock).toMatchObject({ account: '' })
  expect(floor.reading().lockedUntil).toBe(tenOClock + 60_000)
})

test('a lock is told once, and again when another lasts longer', () => {
  const { floor, locks, news } = opened()
  const lockUntil = (seconds: number): void => {
    locks.set('real ', { account: '', from: tenOClock, until: tenOClock + seconds * 1_000, reason: 'kill switch' })
    floor.locked()
  }
  lockUntil(7 * 3_600)
  lockUntil(7 * 3_600)
  expect(news()).toEqual(['notice: Every account is locked until 2026-11-20 17:00 ET: kill switch'])
  lockUntil(8 * 3_600)
  expect(news()).toEqual(['notice: Every account is locked until 2026-11-20 18:00 ET: kill switch'])
})

test('a real platform’s prices are a second opinion, a simulator’s are not', () => {
  const { open, hear, news } = opened()
  hear(real, price(20_000))
  expect(news()).toEqual(['second NinjaTrader 20000'])
  open({ book: 'sim:s1' })
  hear(toy, hello('Sim101'), holds('Sim101'), price(20_000))
  expect(news().filter((text) => text.startsWith('second'))).toEqual([])
})

test('a platform and a market that are not each other’s are told apart to the gate', () => {
  expect(opened(undefined, { mode: 'LIVE' }).floor.gateInputs().bridge.sharesMarket).toBe(true)
  expect(opened(undefined, { mode: 'SIM MARKET' }).floor.gateInputs().bridge.sharesMarket).toBe(false)
})

test('what the trader takes over from the platform is made a fill of ours and told to be kept', () => {
  const { floor, hear, moveTo, news } = opened()
  hear(real, execution(fill(0, 2, 20_000)), holds('Sim101', 3))
  for (const second of [1, 2, 3]) moveTo(second, real)
  hear(real, holds('Sim101', 3))
  expect(floor.gateInputs().bridge).toMatchObject({
    state: 'differs',
    detail: 'Sim101 MNQ Z6: NinjaTrader +3, ledger +2',
  })
  news()
  expect(floor.adopt('Sim101')).toMatchObject({ ok: true })
  expect(news()).toEqual(expect.arrayContaining([expect.stringMatching(/^made .* 1 in real$/)]))
  expect(floor.gateInputs().bridge.state).toBe('in-sync')
  expect(floor.adopt('Nobody')).toEqual({ ok: false, reason: 'unknown-account' })
})

const hour = 3_600
/** Ten o'clock on Thursday, in seconds from Friday's. */
const thursday = -24 * hour
const onThursday = { startAt: tenOClock + thursday * 1_000 }
const topstep = account({
  firm: 'topstep-50k',
  rules: rulesOf('topstep-50k'),
  anchor: { balance: dollars(50_000), at: tenOClock + (thursday - hour) * 1_000 },
})
const apex = account({ firm: 'apex-intraday-50k', rules: rulesOf('apex-intraday-50k') })
const standingIn = ({ floor }: ReturnType<typeof setUp>) => floor.reading().accounts[0]?.standing

/** Ten bought and sold at five to five in the afternoon: $1,010 before $10 of fees. */
const lateTrade = (): readonly Fill[] => [
  fill(thursday + 6.8 * hour, 10, 20_000),
  fill(thursday + 6.9 * hour, -10, 20_050.5),
]

test.each([
  ['in time', 6.9],
  ['after the close', 7.2],
  ['in the new day', 8.2],
  ['the next morning', 23],
])('a trade counts in the day it was made in, heard %s', (_, hours) => {
  const room = opened({ accounts: [topstep] }, onThursday)
  const fills = lateTrade()
  room.moveTo(thursday + 6.7 * hour, real)
  room.moveTo(thursday + hours * hour)
  room.hear(real, ...fills.map(execution), holds('Sim101'))
  room.moveTo(0, real)
  const counted = {
    ...{ balance: dollars(51_000), peak: dollars(51_000), floor: dollars(49_000), headroom: dollars(2_000), days: 1 },
    daily: { used: 0, left: dollars(1_000), stage: 'safe' },
  }
  expect(standingIn(room)).toMatchObject(counted)
  const restarted = opened({ accounts: [topstep], fills, standings: room.kept })
  expect(standingIn(restarted)).toMatchObject(counted)
  // What is lost today is lost from 51,000.
  room.hear(real, execution(fill(1, 10, 20_000)), execution(fill(2, -10, 19_930.5)), holds('Sim101'))
  expect(standingIn(room)?.daily).toMatchObject({ used: dollars(1_400), stage: 'locked' })
})

test('other fees are other fees of the days before too: no loss of today is made of them', () => {
  const room = opened({ accounts: [topstep], fills: lateTrade() })
  const fees = { ...evenFees, MNQ: dollars(5.5) }
  room.floor.setLimits({ accountSize: dollars(50_000), limits: { ...limits, fees } })
  expect(standingIn(room)).toMatchObject({
    ...{ balance: dollars(50_900), days: 1, daily: { used: 0, left: dollars(1_000) } },
  })
})

test('a smaller account or share is what sizes and open risk are reckoned by from then on', () => {
  const room = opened({ accounts: [topstep] })
  room.hear(real, execution(fill(1, 2, 20_000)), holds('Sim101', 2))
  expect(room.floor.sizedBy('MNQ').cap).toBe(dollars(375))
  // Topstep's day leaves $1,000 at most, the trader's own $500: 40 % of it.
  expect(room.floor.allowance()).toMatchObject({ by: 'daily' })
  room.floor.setLimits({ accountSize: dollars(25_000), limits: { ...limits, riskShare: 0.002 } })
  expect(room.floor.sizedBy('MNQ').cap).toBe(dollars(50))
  expect(room.floor.allowance()).toEqual({ money: dollars(50), by: 'trade' })
  expect(room.floor.reading().accountSize).toBe(dollars(25_000))
})

test('a machine that slept over two ends of a day counts each of them', () => {
  const { dailyLoss: _, ...rules } = topstep.rules
  const room = opened({ accounts: [{ ...topstep, rules }] }, onThursday)
  room.setClock(3 * 24 * hour)
  const lost = [fill(hour, 10, 20_000), fill(2 * hour, -10, 19_960.5)]
  room.hear(real, ...[...lateTrade(), ...lost].map(execution), heartbeat, holds('Sim101'))
  room.moveTo(3 * 24 * hour + 2, real)
  expect(standingIn(room)).toMatchObject({ balance: dollars(50_200), floor: dollars(49_000), days: 2 })
})

test('a day lasts until 18:00 for the markets that close after equities', () => {
  // The Friday after Thanksgiving: equities close at 13:15, metals at 13:45.
  const friday = 7 * 24 * hour
  const anchor = { balance: dollars(50_000), at: tenOClock + (friday - hour) * 1_000 }
  const room = opened({ accounts: [{ ...topstep, anchor }] }, { startAt: tenOClock + friday * 1_000 })
  const gold = { instrument: 'MGC', contract: 202702 } as const
  room.moveTo(friday + 3.5 * hour, real)
  room.hear(
    real,
    execution(fill(friday + 3.5 * hour, 10, 4_000, gold)),
    execution(fill(friday + 3.5 * hour + 1, -10, 4_010.1, gold)),
    holds('Sim101'),
  )
  room.moveTo(friday + 3 * 24 * hour, real)
  expect(standingIn(room)).toMatchObject({ balance: dollars(51_000), floor: dollars(49_000), days: 1 })
})

test('an account that is edited between the close and 18:00 has its day counted at 18:00', () => {
  const room = opened({ accounts: [topstep] }, onThursday)
  room.hear(real, ...lateTrade().map(execution), holds('Sim101'))
  room.moveTo(thursday + 7.5 * hour, real)
  room.floor.setAccounts([{ ...topstep, rules: { ...topstep.rules, minDays: 3 } }])
  room.moveTo(0, real)
  expect(standingIn(room)).toMatchObject({ balance: dollars(51_000), floor: dollars(49_000), days: 1 })
})

test('saving an account forgets no peak of its open profit, nor does the start after it', () => {
  const room = opened({ accounts: [apex] })
  const fills = [fill(1, 20, 20_000), fill(5, -20, 20_000)] as const
  room.hear(real, execution(fills[0]), holds('Sim101', 20), price(20_022))
  room.hear(real, price(20_000), execution(fills[1]), holds('Sim101'))
  const peaked = { balance: dollars(49_980), peak: dollars(50_870), headroom: dollars(1_610) }
  expect(standingIn(room)).toMatchObject(peaked)
  const saved = { ...apex, alias: 'Apex', rules: { ...apex.rules, minDays: 7 } }
  room.floor.setAccounts([saved])
  expect(standingIn(room)).toMatchObject(peaked)
  const restarted = opened({ accounts: [saved], fills, standings: room.kept })
  expect(standingIn(restarted)).toMatchObject(peaked)
  // Under another drawdown the account was as high as it was.
  const drawdown = { ...apex.rules.drawdown, amount: dollars(2_000) }
  room.floor.setAccounts([{ ...saved, rules: { ...apex.rules, drawdown } }])
  expect(standingIn(room)).toMatchObject({ peak: dollars(50_870), headroom: dollars(1_110) })
})

/** Loses $600 of ten contracts' open profit, and gets it back. */
const dip = (room: ReturnType<typeof setUp>): void => {
  room.hear(real, execution(fill(1, 10, 20_000)), holds('Sim101', 10), price(19_970))
  room.hear(real, price(20_000), execution(fill(5, -10, 20_000)), holds('Sim101'))
}

test('saving an account forgets no limit that was touched', () => {
  const own = account({ rules: rulesOf('personal-sim-50k') })
  const room = opened({ accounts: [own] })
  dip(room)
  expect(standingIn(room)?.daily?.stage).toBe('locked')
  room.floor.setAccounts([{ ...own, peak: dollars(50_000.01) }])
  expect(standingIn(room)?.daily).toMatchObject({ stage: 'locked', lockedUntil: tenOClock + 8 * hour * 1_000 })
  room.moveTo(8 * hour, real)
  expect(standingIn(room)?.daily?.stage).toBe('safe')
})

const tight = { ...apex.rules, drawdown: { ...apex.rules.drawdown, amount: dollars(500) } }
const tightApex = { ...apex, rules: tight }

test('a floor that was broken is broken under every edit that leaves it, and again when it comes back', () => {
  const room = opened({ accounts: [tightApex] })
  dip(room)
  const broken = () => standingIn(room)?.broken?.rule
  expect(broken()).toBe('drawdown')
  room.floor.setAccounts([{ ...tightApex, peak: dollars(50_000.01) }])
  expect(broken()).toBe('drawdown')
  room.floor.setAccounts([{ ...tightApex, rules: { ...tight, minDays: 9 } }])
  expect(broken()).toBe('drawdown')
  // The floor of another plan was never touched; that of the first still is broken.
  room.floor.setAccounts([apex])
  expect(broken()).toBeUndefined()
  room.floor.setAccounts([tightApex])
  expect(broken()).toBe('drawdown')
  const restarted = opened({ accounts: [tightApex], standings: room.kept })
  expect(standingIn(restarted)?.broken?.rule).toBe('drawdown')
})

test('a plan that was chosen by mistake leaves nothing behind when it is corrected', () => {
  const room = opened({ accounts: [apex] })
  const mistaken = rulesOf('topstep-150k')
  room.floor.setAccounts([{ ...apex, rules: mistaken }])
  expect(standingIn(room)?.broken?.rule).toBe('drawdown')
  room.floor.setAccounts([apex])
  expect(standingIn(room)).toMatchObject({ peak: dollars(50_000), headroom: dollars(2_500) })
  expect(standingIn(room)?.broken).toBeUndefined()
})

test('an account that is reset has a new anchor, and what was before that is over', () => {
  const room = opened({ accounts: [tightApex] })
  dip(room)
  room.hear(real, execution(fill(6, 10, 20_000)), holds('Sim101', 10), price(20_100))
  room.hear(real, price(20_000), execution(fill(7, -10, 20_000)), holds('Sim101'))
  room.moveTo(hour, real)
  const anchor = { balance: dollars(50_000), at: tenOClock + 1_800_000 }
  room.floor.setAccounts([{ ...tightApex, anchor }])
  expect(standingIn(room)).toMatchObject({ balance: dollars(50_000), peak: dollars(50_000), headroom: dollars(500) })
  expect(standingIn(room)?.broken).toBeUndefined()
})

test('a clock that is wrong for a moment leaves nothing wrong behind', () => {
  const room = opened({ accounts: [topstep] }, onThursday)
  // $800 of the $1,000 are lost when the clock jumps.
  room.hear(real, execution(fill(thursday, 10, 20_000)), execution(fill(thursday + 1, -10, 19_960.5)))
  room.moveTo(thursday + 2, real)
  room.moveTo(thursday + 40 * 24 * hour)
  room.setClock(thursday + 5)
  room.hear(real, heartbeat, holds('Sim101'))
  expect(standingIn(room)).toMatchObject({
    at: tenOClock + (thursday + 5) * 1_000,
    flatByAt: Date.parse('2026-11-19T21:10:00Z'),
    daily: { used: dollars(800), resetsAt: Date.parse('2026-11-19T23:00:00Z') },
    days: 0,
  })
  room.moveTo(0, real)
  expect(standingIn(room)).toMatchObject({ balance: dollars(49_200), days: 1, daily: { used: 0 } })
})

test('an account that leaves the watch counts until its trade date begins', () => {
  const { floor, moveTo } = opened({ accounts: [account({ unwatchedFrom: '2026-11-23' })] })
  expect(floor.gateInputs()).toMatchObject({ hasAccounts: true, accounts: [{ unwatchedFrom: '2026-11-23' }] })
  moveTo(8 * 3_600 - 1)
  expect(floor.gateInputs().accounts).toHaveLength(1)
  // Friday's 18:00 ends the trade date; Monday's has begun.
  moveTo(8 * 3_600)
  expect(floor.gateInputs()).toMatchObject({ hasAccounts: true, accounts: [] })
  expect(floor.reading().accounts).toMatchObject([{ watched: false }])
})

const lapses = (said: readonly string[]): readonly string[] => said.filter((text) => /Back in|no size-up/.test(text))

test('coming back to a market too soon, and larger after a loss, is asked about once and stands at the position', () => {
  const { floor, hear, news } = opened()
  hear(real, execution(fill(0, 2, 20_000)), execution(fill(60, -2, 19_990)), holds('Sim101'))
  expect(lapses(news())).toEqual([])
  hear(real, execution(fill(180, 2, 20_000)))
  expect(lapses(news())).toEqual(['urgent: Back in MNQ 2 min after leaving it: why?'])
  hear(real, execution(fill(181, 1, 20_000)), holds('Sim101', 3))
  expect(lapses(news())).toEqual(['urgent: 3 micros after a loss with 2: no size-up after a loss'])
  hear(real, execution(fill(200, -2, 20_000)), holds('Sim101', 1))
  expect(lapses(news())).toEqual([])
  expect(floor.reading().positions[0]?.lapses).toEqual([
    'Back in MNQ 2 min after leaving it: why?',
    '3 micros after a loss with 2: no size-up after a loss',
  ])
})

test('turning round is coming back at once; after five minutes nothing is asked', () => {
  const { floor, hear, news } = opened()
  hear(real, execution(fill(0, 1, 20_000)), execution(fill(60, -2, 20_010)), holds('Sim101', -1))
  expect(lapses(news())).toEqual(['urgent: Back in MNQ within a minute of leaving it: why?'])
  hear(real, execution(fill(120, 1, 20_000)), execution(fill(420, 1, 20_000)), holds('Sim101', 1))
  expect(lapses(news())).toEqual([])
  expect(floor.reading().positions[0]?.lapses).toBeUndefined()
})

test('a copied trade is asked about once', () => {
  const accounts = [account(), account({ name: 'Sim102', alias: 'Copy' })]
  const { floor, hear, news } = opened({ accounts })
  const copied = (seconds: number, quantity: number, price: number): readonly Untimed[] => [
    execution(fill(seconds, quantity, price)),
    execution(fill(seconds + 2, quantity, price, { account: 'Sim102' })),
  ]
  hear(real, ...copied(0, 2, 20_000), ...copied(60, -2, 20_010), ...copied(120, 2, 20_000))
  expect(lapses(news())).toEqual(['urgent: Back in MNQ within a minute of leaving it: why?'])
  expect(floor.reading().positions.map(({ lapses }) => lapses?.length)).toEqual([1, 1])
})

test('what was asked about before a restart is not asked again', () => {
  const fills = [fill(0, 2, 20_000), fill(60, -2, 20_010), fill(180, 2, 20_000)]
  const { floor, hear, news } = opened({ fills })
  hear(real, execution(fill(190, 1, 20_000)), holds('Sim101', 3))
  expect(lapses(news())).toEqual([])
  expect(floor.reading().positions[0]?.lapses).toEqual(['Back in MNQ 2 min after leaving it: why?'])
})

const flatBys = (said: readonly string[]): readonly string[] => said.filter((text) => /flat[ -]by/i.test(text))

test('something open is told of a quarter of an hour and five minutes before flat-by, once each', () => {
  const { floor, hear, moveTo, news } = opened()
  hear(real, execution(fill(0, 2, 20_000)), holds('Sim101', 2))
  // Flat by 12:00 is two hours after ten.
  moveTo(6_299, real)
  expect(flatBys(news())).toEqual([])
  moveTo(6_300, real)
  expect(flatBys(news())).toEqual(['notice: Flat by 12:00 in 15 min: 2 MNQ are open'])
  moveTo(6_301, real)
  expect(flatBys(news())).toEqual([])
  moveTo(6_900, real)
  expect(flatBys(news())).toEqual(['urgent: Flat by 12:00 in 5 min: 2 MNQ are open'])
  expect(floor.reading().flatBy).toEqual({ at: tenOClock + 7_200_000, left: 300_000 })
  moveTo(7_199, real)
  expect(flatBys(news())).toEqual([])
})

test('what outlasts its flat-by is an alarm until it is closed, told once', () => {
  const { floor, hear, moveTo, news } = opened()
  const noon = tenOClock + 7_200_000
  moveTo(7_260, real)
  expect(floor.reading().flatBy?.passed).toBeUndefined()
  // Bought a minute too late, too.
  hear(real, execution(fill(7_261, 2, 20_000)), holds('Sim101', 2))
  moveTo(7_262, real)
  expect(flatBys(news())).toEqual(['urgent: Past flat-by 12:00: 2 MNQ are open, close what is open'])
  expect(floor.reading().flatBy?.passed).toEqual({ at: noon })
  moveTo(9_000, real)
  expect(flatBys(news())).toEqual([])
  hear(real, execution(fill(9_001, -2, 20_000)), holds('Sim101'))
  expect(floor.reading().flatBy?.passed).toBeUndefined()
})

test('a firm’s flat-by is told by the account it concerns, and to nobody who is flat there', () => {
  const rules = { ...account().rules, flatBy: { zone: 'America/New_York', time: '16:10' } }
  const eval50 = account({ name: 'Eval50', alias: 'TOPSTEP50', rules })
  const { floor, hear, moveTo, news } = opened({ accounts: [account(), eval50] })
  hear(real, execution(fill(0, 1, 20_000)), holds('Sim101', 1))
  moveTo(7_200, real)
  news()
  expect(floor.reading().flatBy).toMatchObject({ account: 'TOPSTEP50', left: 15_000_000 })
  moveTo(21_300, real)
  expect(flatBys(news())).toEqual([])
  hear(real, execution(fill(21_300, 1, 20_000, { account: 'Eval50' })))
  moveTo(21_420, real)
  expect(flatBys(news())).toEqual(['notice: Flat by 16:10 (TOPSTEP50) in 13 min: 1 MNQ is open'])
})
