import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { accountsOf, saveAccount } from '#src/adapters/db/accounts.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { peaksOf } from '#src/adapters/db/equity-peaks.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import { dollars, type Money } from '#src/domain/money.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { deafOutbox } from '#src/engine/floor.ts'
import { createFloorKeeper } from './floor-keeper.ts'
import { databases } from './testing/database.ts'
import { createEngineRoom } from './testing/engine-room.ts'
import { fill, tenOClock } from './testing/fills.ts'
import { rulesOf } from './testing/standing-reference.ts'

let database: Database
beforeAll(async () => {
  database = await databases[1].open()
})
afterAll(() => database.close())

const patience = { timeout: 15_000 }
const speakerOf = (book: string): Speaker => ({
  bridge: 'pc-1',
  boot: 'b1',
  book,
  simulator: book !== 'real',
})
let books = 0
/** A book of its own for each test; 'sim:' and a number, or one as real as 'real' is. */
const newBook = (): string => `sim:${++books}`

let ids = 0
type Untimed = PlatformEvent extends infer E ? (E extends unknown ? Omit<E, 'id' | 'receivedAt'> : never) : never
const hello = (...names: readonly string[]): Untimed => ({
  kind: 'hello',
  at: tenOClock,
  versions: { bridge: '1.0.0', platform: '8.1.5.2' },
  simulator: false,
  allowOrders: false,
  maxContracts: 5,
  accounts: names.map((name) => ({ name, connection: 'Rithmic' })),
  commandsAfter: 0,
})
const cash = (account: string, money: Money, at = tenOClock): Untimed => ({
  ...{ kind: 'account', at, account, basis: 'net' },
  cash: money,
})
const told = (...events: readonly Untimed[]): readonly PlatformEvent[] =>
  events.map((event) => ({ ...event, id: `e${++ids}`, receivedAt: tenOClock }) as PlatformEvent)

type Keeper = ReturnType<typeof createFloorKeeper>

/** A bridge goes on to beat: a book is opened at its first word and has its accounts from the next. */
const beat: Untimed = {
  kind: 'heartbeat',
  at: tenOClock,
  connections: [],
  queues: { executions: 0, market: 0 },
  dropped: 0,
}

/** A keeper between a real engine and a real database. */
const setUp = () => {
  const errors: unknown[] = []
  const keeper = createFloorKeeper({
    db: database.db,
    log: { error: (what: unknown) => errors.push(what), warn: () => {}, info: () => {} },
    accountSize: dollars(50_000),
    outbox: { issue: () => Promise.reject(new Error('nobody listens')), lapse: async () => {} },
    locks: async () => ({ lockOf: () => undefined }) as never,
    audit: () => {},
    keepAccount: (book, account) => saveAccount(database.db, book, account, 0),
  })
  onTestFinished(async () => {
    await keeper.stop()
    expect(errors).toEqual([])
  })
  const room = createEngineRoom({ instruments: ['MNQ'], mode: 'SIM MARKET', floor: keeper.floor })
  room.setClock(tenOClock)
  return { keeper, room }
}

const kept = (book: string, keeper?: Keeper) => async () => {
  keeper?.hear(told(beat), speakerOf(book))
  return (await accountsOf(database.db, book)).map(({ name, kind, watched, anchor, rules }) => [
    name,
    kind,
    watched,
    anchor.balance / 10_000,
    anchor.at - tenOClock,
    rules.startBalance / 10_000,
  ])
}

test('a real account is taken on with the balance the platform told, as of that instant; a toy beside it is not watched', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const events = told(
    hello('Eval50', 'Sim101', 'Playback101'),
    cash('Eval50', dollars(51_234.5)),
    cash('Sim101', dollars(100_000)),
    cash('Playback101', dollars(50_000), tenOClock + 3),
    { kind: 'execution', at: tenOClock + 5_000, fill: fill(5, 1, 20_000, { account: 'Eval50' }) },
    { kind: 'execution', at: tenOClock + 6_000, fill: fill(6, -1, 20_010, { account: 'Eval50' }) },
  )
  keeper.hear(events, speakerOf('real'))
  await expect.poll(kept('real'), patience).toEqual([
    ['Eval50', 'EVAL', true, 51_234.5, 0, 51_234.5],
    ['Playback101', 'SIM', false, 50_000, 3, 50_000],
    ['Sim101', 'SIM', false, 100_000, 0, 100_000],
  ])
  // What was traded in the same breath came after the balance: ten points of MNQ less the fees of both sides.
  const reading = () => room.read('account').accounts.map(({ name, standing }) => [name, standing.balance / 10_000])
  await expect.poll(reading, patience).toContainEqual(['Eval50', 51_253.26])
})

/** A trade that loses $256 and fees of $1.24, made so many seconds after ten. */
const lossAt = (account: string, seconds: number): readonly Untimed[] => [
  { kind: 'execution', at: tenOClock, fill: fill(seconds, 1, 20_128, { account }) },
  { kind: 'execution', at: tenOClock, fill: fill(seconds, -1, 20_000, { account }) },
]

test('what was lost before a balance was first told is lost on that day, though its fills are heard later', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(49_742.76))), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toEqual([['Sim101', 'SIM', true, 49_742.76, 0, 49_742.76]])
  keeper.hear(told(...lossAt('Sim101', -1_800)), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toEqual([['Sim101', 'SIM', true, 50_000, -1_800_000, 50_000]])
  await expect
    .poll(() => room.read('account').accounts[0]?.standing, patience)
    .toMatchObject({
      balance: dollars(49_742.76),
      floor: dollars(48_000),
      daily: { used: dollars(257.24), left: dollars(242.76), stage: 'warning' },
    })
})

test('a balance the trader told himself is anchored where he put it, whatever is heard of before', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(49_742.76))), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toHaveLength(1)
  const [taken] = await accountsOf(database.db, book)
  if (taken === undefined) throw new Error('no account')
  const own = { ...taken, anchor: { balance: dollars(40_000), at: tenOClock } }
  await saveAccount(database.db, book, own, tenOClock)
  keeper.hear(told(...lossAt('Sim101', -1_800)), speakerOf(book))
  await keeper.stop()
  expect(await kept(book)()).toEqual([['Sim101', 'SIM', true, 40_000, 0, 49_742.76]])
})

test('fills of the first balance’s millisecond are counted once, whether the platform had them in it or not', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  const balances = () => room.read('account').accounts.map(({ name, standing }) => [name, standing.balance / 10_000])
  keeper.hear(
    told(
      hello('Sim1', 'Sim2'),
      ...lossAt('Sim1', 0),
      cash('Sim1', dollars(49_742.76)),
      cash('Sim2', dollars(50_000)),
      ...lossAt('Sim2', 0),
    ),
    speakerOf(book),
  )
  await expect.poll(kept(book, keeper), patience).toHaveLength(2)
  expect(balances()).toContainEqual(['Sim1', 49_742.76])
  keeper.hear(
    told(cash('Sim1', dollars(49_742.76), tenOClock + 9), cash('Sim2', dollars(49_742.76), tenOClock + 9)),
    speakerOf(book),
  )
  await expect.poll(balances, patience).toEqual(
    expect.arrayContaining([
      ['Sim1', 49_742.76],
      ['Sim2', 49_742.76],
    ]),
  )
  expect(room.read('account').accounts.map(({ standing }) => standing.daily?.used)).toEqual([
    dollars(257.24),
    dollars(257.24),
  ])
})

test('an account is taken on with the first balance that was told of it', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  keeper.hear(
    told(
      hello('Sim101'),
      cash('Sim101', dollars(50_000)),
      ...lossAt('Sim101', 5),
      cash('Sim101', dollars(49_742.76), tenOClock + 5_000),
    ),
    speakerOf(book),
  )
  await expect.poll(kept(book, keeper), patience).toEqual([['Sim101', 'SIM', true, 50_000, 0, 50_000]])
})

test('a simulated account that is alone is watched', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(50_000))), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toEqual([['Sim101', 'SIM', true, 50_000, 0, 50_000]])
})

test('an account taken on in the midst of a trade has the balance without what is open, whichever way it is told', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  const word = (account: string, over: object): Untimed => ({
    ...{ kind: 'account', at: tenOClock, account, basis: 'unknown', netLiquidation: dollars(51_000) },
    ...over,
  })
  const holding = (account: string, quantity: number): Untimed => ({
    ...{ kind: 'positions', at: tenOClock, account, orders: [], foreign: [] },
    positions: quantity === 0 ? [] : [{ instrument: 'MNQ', contract: 202612, quantity, averagePrice: 20_000 }],
  })
  keeper.hear(
    told(
      hello('Sim1', 'Sim2', 'Sim3'),
      word('Sim1', { unrealized: dollars(1_000) }),
      word('Sim2', {}),
      word('Sim3', {}),
      ...[holding('Sim1', 10), holding('Sim2', 0), holding('Sim3', 10)],
    ),
    speakerOf(book),
  )
  // Of the third nobody says what is open: it is taken on with the account size, which the trader sees to be none of his.
  await expect
    .poll(async () => (await kept(book, keeper)()).map(([name, , , balance]) => [name, balance]), patience)
    .toEqual([
      ['Sim1', 50_000],
      ['Sim2', 51_000],
      ['Sim3', 50_000],
    ])
})

test('a peak from before an account was reset hides none from after it', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const [book, other] = [newBook(), newBook()]
  keeper.floor.onBook(book)
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(50_000))), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toHaveLength(1)
  keeper.floor.onPeak('Sim101', '2026-11-19', dollars(53_000), book, tenOClock - 1)
  await expect.poll(() => peaksOf(database.db, book), patience).toHaveLength(1)
  keeper.floor.onPeak('Sim101', '2026-11-20', dollars(50_300), book, tenOClock + 1)
  keeper.floor.onBook(other)
  await expect.poll(() => room.read('account').book, patience).toBe(other)
  const [taken] = await accountsOf(database.db, book)
  if (taken === undefined) throw new Error('no account')
  await saveAccount(database.db, book, { ...taken, rules: rulesOf('topstep-50k') }, tenOClock)
  keeper.floor.onBook(book)
  await expect.poll(() => room.read('account').book, patience).toBe(book)
  expect(room.read('account').accounts[0]?.standing).toMatchObject({ peak: dollars(50_300), headroom: dollars(1_700) })
})

test('an account whose balance is never told is taken on with the account size', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  keeper.hear(told(hello('Sim101')), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toEqual([['Sim101', 'SIM', true, 50_000, 0, 50_000]])
})

test('what the trader made of an account stays when the bridge says hello again', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const book = newBook()
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(50_000))), speakerOf(book))
  await expect.poll(kept(book, keeper), patience).toHaveLength(1)
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(40_000))), speakerOf(book))
  await keeper.stop()
  expect(await kept(book)()).toEqual([['Sim101', 'SIM', true, 50_000, 0, 50_000]])
})

test('peaks are kept in the book they were reached in, though another was opened before they were', async () => {
  const { keeper, room } = setUp()
  await keeper.attach(room.engine)
  const [one, other] = [newBook(), newBook()]
  keeper.floor.onBook(one)
  keeper.hear(told(hello('Sim101'), cash('Sim101', dollars(50_000))), speakerOf(one))
  await expect.poll(kept(one, keeper), patience).toHaveLength(1)
  keeper.floor.onPeak('Sim101', '2026-11-20', dollars(50_400), one, tenOClock)
  keeper.floor.onPeak('Sim101', '2026-11-20', dollars(50_500), one, tenOClock + 1)
  keeper.floor.onBook(other)
  await expect.poll(() => room.read('account').book, patience).toBe(other)
  await keeper.stop()
  const peaks = async (book: string) => (await peaksOf(database.db, book)).map(({ peak }) => peak)
  expect([await peaks(one), await peaks(other)]).toEqual([[dollars(50_500)], []])
})

test('a fill that was made here is kept, and with it the book is the same after a restart', async () => {
  const book = newBook()
  const first = setUp()
  await first.keeper.attach(first.room.engine)
  first.keeper.floor.onMade(fill(0, 2, 20_000, { executionId: 'carried:1' }), book)
  first.keeper.floor.onMade(fill(0, 2, 20_000, { executionId: 'carried:1' }), book)
  await first.keeper.stop()
  expect((await fillsOf(database.db, book)).map(({ executionId }) => executionId)).toEqual(['carried:1'])
  const second = setUp()
  await second.keeper.attach(second.room.engine)
  second.keeper.floor.onBook(book)
  await expect.poll(() => second.room.read('account').positions.map(({ quantity }) => quantity), patience).toEqual([2])
})

test('what is being closed is closed on after a restart', async () => {
  const book = newBook()
  const first = setUp()
  await first.keeper.attach(first.room.engine)
  first.keeper.floor.onClosing(['Sim101'], book)
  await first.keeper.stop()
  const second = setUp()
  await second.keeper.attach(second.room.engine)
  second.keeper.floor.onBook(book)
  await expect.poll(() => second.room.read('account').book, patience).toBe(book)
  second.room.engine.floor.look()
  expect(second.room.read('account').kill).toMatchObject({ state: 'flattening', detail: 'Sim101' })
})

test('what bridges said before there was an engine is told first', async () => {
  const { keeper, room } = setUp()
  keeper.hear(told(hello('Eval50'), cash('Eval50', dollars(51_000))), speakerOf('real'))
  expect(room.read('account').bridge.state).toBe('never-seen')
  await keeper.attach(room.engine)
  expect(room.read('account').bridge.name).toBe('pc-1')
})

test('a fill heard while the first book is being read is heard once the book is open, and once alone', async () => {
  const { keeper, room } = setUp()
  const attached = keeper.attach(room.engine)
  const entry = fill(0, 3, 20_000, { account: 'Early50' })
  keeper.hear(told(hello('Early50'), { kind: 'execution', at: tenOClock, fill: entry }), speakerOf('real'))
  await attached
  const held = () =>
    room
      .read('account')
      .positions.filter(({ account }) => account === 'Early50')
      .map(({ quantity }) => quantity)
  expect(held()).toEqual([3])
  keeper.hear(told({ kind: 'execution', at: tenOClock, fill: entry }), speakerOf('real'))
  expect(held()).toEqual([3])
})

test('nothing the engine wants kept is asked of a floor that is deaf', () => {
  expect(Object.keys(deafOutbox).sort()).toEqual(Object.keys(setUp().keeper.floor).sort())
})
