import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Lock } from '#src/domain/risk/lockout.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { CommandRecord, HeldPosition, PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { account, evenFees, fill, tenOClock } from '#src/testing/fills.ts'
import { createFloor, type StoredBook } from './floor.ts'

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
  const floor = createFloor({
    clock: { now: () => at, wall: () => at, speed: 1 },
    accountSize: dollars(50_000),
    limits,
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
      onStanding: () => {},
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
    peaks: new Map([['Sim101', dollars(51_000)]]),
  })
  expect(floor.reading().accounts[0]?.standing).toMatchObject({ peak: dollars(51_000), floor: dollars(49_000) })
  hear(real, execution(fill(0, 1, 20_000)), holds('Sim101', 1), price(20_400))
  expect(news().filter((text) => text.startsWith('peak'))).toEqual([])
  hear(real, price(20_600))
  expect(news().filter((text) => text.startsWith('peak'))).toEqual(['peak Sim101 2026-11-20 51199 in real'])
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
    'asks pc-1 of real for flattenAccount Sim101 by the trader',
    'urgent: Getting flat: Sim101',
    'closing [Sim101] in real',
  ])
  expect(floor.gateInputs().kill).toBe('flattening')
  moveTo(4, real)
  hear(real, execution(fill(4, -1, 20_000)))
  moveTo(6, real)
  hear(real, holds('Sim101'))
  expect(news()).toEqual(expect.arrayContaining(['notice: Flat, and nothing works: Sim101', 'closing [] in real']))
  expect([floor.reading().kill.state, floor.gateInputs().kill]).toEqual(['flat', 'off'])
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
