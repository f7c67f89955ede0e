import { describe, expect, test } from 'vitest'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { recordedBars, recordedTrades } from '#src/testing/bars.ts'
import { createEngineRoom } from '#src/testing/engine-room.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { eastern, loadPast, recordedDay, startRecordedDay } from '#src/testing/recorded-day.ts'

const markets = ['MES', 'MGC'] as const
type Room = ReturnType<typeof createEngineRoom>

/** What an engine shows of plan, cards and prices, as the bytes that travel. */
const picture = ({ engine }: Room): string =>
  JSON.stringify(
    ['plan', ...markets.flatMap((id) => [`focus:${id}`, `price:${id}`] as const)].map((topic) =>
      engine.read(topic as 'plan'),
    ),
  )

const day = hasOracles ? recordedDay() : { MES: [], MGC: [] }
const trades = hasOracles ? recordedTrades() : []
const goldPast = day.MGC.filter(({ time }) => time < eastern(0))

describe.skipIf(!hasOracles)('an engine on the recorded day', () => {
  test('says and shows byte for byte the same when it is fed the same', () => {
    const run = () => {
      const room = startRecordedDay(day)
      const seen: string[] = []
      room.playBars(day, eastern(12, 5), () => seen.push(picture(room) + JSON.stringify(room.read('gate'))))
      return { seen, told: JSON.stringify(room.told) }
    }
    const [one, other] = [run(), run()]
    expect(one.seen).toHaveLength(725)
    expect(other.seen).toEqual(one.seen)
    expect(other.told).toBe(one.told)
  })

  test('shows drafts before five and tells nobody', () => {
    const room = startRecordedDay(day)
    const drafted = new Set<number>()
    room.playBars(day, eastern(4, 59), () => {
      const { bracket, version } = room.read('focus:MGC')
      if (bracket !== undefined) drafted.add(version)
    })
    expect([...drafted]).toEqual([0])
    expect(room.told).toMatchObject({ transitions: [], plans: [], alerts: [] })
    expect(room.read('plan').version).toBe(0)
  })

  test('freezes the plan at five as version 1, hashed, and says so', () => {
    const room = startRecordedDay(day)
    room.playBars(day, eastern(5))
    const [first] = room.told.plans
    expect(room.told.plans).toHaveLength(1)
    expect(first).toMatchObject({ tradeDate: '2013-10-09', version: 1, reason: 'freeze', drawnAt: eastern(5) })
    expect(first?.cards.map(({ id }) => id)).toEqual(['2013-10-09-MGC-1'])
    expect(first?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(room.told.alerts).toMatchObject([{ key: 'plan:2013-10-09:1', kind: 'plan', at: eastern(5) }])
    expect(room.read('plan')).toMatchObject({ version: 1, hash: first?.hash, frozenAt: eastern(5), changes: [] })
  })

  test('stores a card drawn later as version 2, chained to the first, and lists what changed', () => {
    const room = startRecordedDay(day)
    room.playBars(day, eastern(5, 9))
    const [first, second] = room.told.plans
    expect(second).toMatchObject({ version: 2, reason: 'redrawn', drawnAt: eastern(5, 9), previousHash: first?.hash })
    expect(second?.cards.map(({ id }) => id)).toEqual(['2013-10-09-MGC-2'])
    const text = 'Gold SHORT 1,312.4–1,312.9, stop 1,318.1'
    expect(room.read('plan')).toMatchObject({
      version: 2,
      frozenAt: eastern(5),
      changes: [{ at: eastern(5, 9), text }],
    })
    expect(room.told.alerts.at(-1)).toMatchObject({
      key: 'plan:2013-10-09:2',
      text: `Plan of 2013-10-09 changed: ${text}`,
    })
  })

  test('calls it no trade while no card reaches 55, and the gate stays closed', () => {
    const room = startRecordedDay(day)
    room.playBars(day, eastern(5, 3))
    expect(room.read('plan')).toMatchObject({ version: 1, noTrade: 'quality-too-low' })
    expect(room.read('gate').open).toBe(false)
    room.playBars(day, eastern(5, 9))
    expect(room.read('plan').noTrade).toBeUndefined()
    expect(room.read('gate').open).toBe(true)
  })

  test('draws nothing after ten, when cards may only be managed', () => {
    const room = startRecordedDay(day)
    room.playBars(day, eastern(11, 59))
    expect(room.told.plans.every(({ drawnAt }) => drawnAt < eastern(10))).toBe(true)
    expect(room.read('gate').facts.find(({ id }) => id === 'phase')).toMatchObject({ ok: false, since: eastern(10) })
  })

  test('lets what still stands expire at flat-by', () => {
    const room = startRecordedDay(day)
    const untilDrawn = { MES: day.MES.filter(({ time }) => time < eastern(5, 40)) }
    room.playBars(untilDrawn, eastern(12, 1))
    expect(room.told.transitions.at(-1)).toEqual({
      cardId: '2013-10-09-MES-1',
      instrument: 'MES',
      tradeDate: '2013-10-09',
      side: 'long',
      from: 'in-zone',
      to: 'expired',
      at: eastern(12),
      price: 1656.5,
      cause: 'flat-by',
    })
    expect(room.told.alerts.at(-1)).toMatchObject({
      severity: 'quiet',
      text: 'S&P 500 LONG expired at flat-by at 1,656.50',
    })
  })

  test('begins the next day with an empty plan and new cards', () => {
    const later = { MES: recordedBars('ES', '2013-10-11'), MGC: recordedBars('GC', '2013-10-11') }
    const room = startRecordedDay(later)
    room.playBars(later, eastern(24 + 10))
    const second = room.told.plans.filter(({ tradeDate }) => tradeDate === '2013-10-10')
    expect(second[0]).toMatchObject({ version: 1, reason: 'freeze', drawnAt: eastern(24 + 5) })
    expect(second[0]).not.toHaveProperty('previousHash')
    const ids = new Set(second.flatMap(({ cards }) => cards).map(({ id }) => id))
    expect([...ids].filter((id) => id.endsWith('-1'))).toEqual(['2013-10-10-MES-1', '2013-10-10-MGC-1'])
    expect(room.read('clock').tradeDate).toBe('2013-10-10')
  })

  test('shows a volume spike on the strip for two minutes', () => {
    const room = startRecordedDay(day)
    const spikes = new Set<string>()
    room.playBars(day, eastern(9, 40), () => {
      for (const { instrument, ratio, at } of room.read('strip').spikes) {
        expect(ratio).toBeGreaterThan(1.8)
        expect(room.read('clock').at - at).toBeLessThan(2 * minuteMs)
        spikes.add(`${instrument} ${at}`)
      }
    })
    // The stock market’s opening minute.
    expect(spikes).toContain(`MES ${eastern(9, 31)}`)
  })
})

describe.skipIf(!hasOracles)('an engine started in the middle of the day', () => {
  const at = eastern(9)
  /** The day once without a stop, and the same day by an engine that learns at nine what the first had recorded till then. */
  const bothRuns = (change = (bar: Bar): Bar => bar, alertsSince = eastern(0)) => {
    const whole = startRecordedDay(day)
    whole.playBars(day, eastern(12, 5))
    const second = createEngineRoom({ instruments: markets })
    loadPast(second, day)
    second.engine.remember(
      whole.told.plans.filter(({ drawnAt }) => drawnAt <= at),
      whole.told.transitions.filter((each) => each.at <= at),
    )
    const bars = markets
      .flatMap((instrument) =>
        day[instrument].map((bar) => ({
          ...change(bar),
          instrument,
          finality: 'history' as const,
          asOf: bar.time + minuteMs,
          source: 'recorded bars',
        })),
      )
      .filter(({ time }) => time >= eastern(0) && time < at)
      .sort((a, b) => a.time - b.time)
    second.setClock(at)
    second.engine.recover(bars, { from: eastern(0), now: at, alertsSince })
    return { whole, second }
  }

  test('knows what the one that never stopped knows, and goes on as it did', () => {
    const { whole, second } = bothRuns()
    second.start(at)
    const reference = startRecordedDay(day)
    reference.playBars(day, at)
    const [cards, expected] = [second, reference].map((room) => markets.map((id) => room.read(`focus:${id}`)))
    expect(cards).toEqual(expected)
    expect(second.read('plan')).toEqual(reference.read('plan'))
    second.playBars(day, eastern(12, 5))
    expect(second.told.transitions).toEqual(whole.told.transitions)
    expect(second.told.plans).toEqual(whole.told.plans)
    expect(second.told.alerts).toEqual(whole.told.alerts)
    expect(picture(second)).toBe(picture(whole))
  })

  test('keeps the stored plan’s numbers, whatever history says now', () => {
    const late = (bar: Bar): Bar =>
      bar.time >= eastern(8, 2) && bar.time < eastern(8, 16)
        ? { ...bar, high: bar.high + 0.5, low: bar.low - 0.5 }
        : bar
    const { whole, second } = bothRuns(late)
    const stored = whole.told.plans.flatMap(({ cards }) => cards).find(({ id }) => id === '2013-10-09-MES-2')
    const { id, bracket, size } = second.read('focus:MES')
    expect({ id, ...bracket }).toMatchObject({
      id: stored?.id,
      zone: stored?.zone,
      stop: stored?.stop,
      target1: stored?.target1,
      target2: stored?.target2,
    })
    expect(size?.contracts).toBe(stored?.contracts)
    // What was learnt since would have drawn it otherwise.
    expect(bracket?.atr).not.toBeCloseTo(1.018107624457271, 3)
    expect(second.told.plans).toEqual(whole.told.plans.filter(({ drawnAt }) => drawnAt <= at))
  })

  test('keeps the stored versions, hashes and all, even where history would now draw other cards', () => {
    const otherwise = (bar: Bar): Bar =>
      bar.time < eastern(4, 30) ? bar : { ...bar, high: bar.high + 3, low: bar.low - 3 }
    const { whole, second } = bothRuns(otherwise)
    expect(second.told.plans).toEqual(whole.told.plans.filter(({ drawnAt }) => drawnAt <= at))
    expect(second.read('plan').hash).toBe(second.told.plans.at(-1)?.hash)
  })

  test('leaves unsaid what was news before anybody listened', () => {
    const { second } = bothRuns(undefined, eastern(8, 16))
    expect(second.told.transitions.length).toBeGreaterThan(20)
    expect(second.told.alerts.map(({ key }) => key)).toEqual([
      'plan:2013-10-09:4',
      '2013-10-09-MES-2:triggered',
      'plan:2013-10-09:5',
      '2013-10-09-MGC-3:invalid',
    ])
  })

  test('marks nothing before it starts, then everything', () => {
    const { second } = bothRuns()
    expect(second.told.dirty).toBe(0)
    second.start(at)
    expect(second.told.dirty).toBe(1)
    const topics: string[] = []
    second.engine.drain((topic) => topics.push(topic))
    expect(topics.toSorted()).toEqual(
      [
        'clock',
        'strip',
        'feed',
        'gate',
        'plan',
        'account',
        'price:MES',
        'focus:MES',
        'minute:MES',
        'minute:MGC',
        'price:MGC',
        'focus:MGC',
      ].toSorted(),
    )
  })
})

describe.skipIf(!hasOracles)('an engine fed trade by trade', () => {
  const start = (from = eastern(0)) => {
    const room = createEngineRoom({ instruments: ['MGC'], grain: 'tick' })
    room.engine.load('MGC', goldPast)
    room.start(from)
    return room
  }
  const liveUntil = (until: number): Room & { readonly gold: () => unknown } => {
    const room = start()
    room.playTrades('MGC', trades, until)
    return { ...room, gold: () => room.read('focus:MGC') }
  }

  test('records each minute whole, as the venue did', () => {
    const { told } = liveUntil(eastern(6))
    const prices = ({ time, open, high, low, close }: Bar) => [time, open, high, low, close]
    const venue = day.MGC.filter(({ time, volume }) => time >= eastern(0) && time < eastern(6) && volume > 0)
    expect(told.bars.map(prices)).toEqual(venue.map(prices))
    expect(new Set(told.bars.map(({ finality }) => finality))).toEqual(new Set(['live']))
  })

  /** Who made the first trade after a start nobody knows: a few contracts lack in the sum, and in nothing else. */
  const unsummed = ({ why, ...card }: FocusCard) => ({
    ...card,
    why: JSON.stringify(why).replace(/by \d+ contracts/g, 'by some contracts'),
  })

  test.each([eastern(5, 3), eastern(6, 30), eastern(7, 30), eastern(8, 18), eastern(9)])(
    'recovers at %d what the one that never stopped knows',
    (at) => {
      const first = liveUntil(at)
      const second = createEngineRoom({ instruments: ['MGC'], grain: 'tick' })
      second.engine.learnFlows('MGC', first.told.flows)
      second.engine.load('MGC', goldPast)
      // The store keeps of each card only the first time it reached a state.
      const stored = first.told.transitions.filter(
        ({ cardId, to }, i, all) => all.findIndex((each) => each.cardId === cardId && each.to === to) === i,
      )
      second.engine.remember(first.told.plans, stored)
      second.setClock(at)
      second.engine.recover(first.told.bars, { from: eastern(0), now: at, alertsSince: eastern(0) })
      second.start(at)
      const keys = (room: Room) => new Set(room.told.alerts.map(({ key }) => key))
      // Since when a card waits in a state it had been in before is known to the minute only.
      const { stateSince: _, ...card } = second.read('focus:MGC')
      const { stateSince: __, ...expected } = first.read('focus:MGC')
      expect(card).toEqual(expected)
      expect(second.told.plans).toEqual(first.told.plans)
      expect([...keys(second)].filter((key) => !keys(first).has(key))).toEqual([])
      first.playTrades('MGC', trades, eastern(12, 5))
      second.playTrades('MGC', trades, eastern(12, 5))
      expect(second.told.plans).toEqual(first.told.plans)
      expect(unsummed(second.read('focus:MGC'))).toEqual(unsummed(first.read('focus:MGC')))
      const after = (room: Room) => room.told.transitions.filter((each) => each.at > at)
      expect(after(second)).toEqual(after(first))
    },
  )

  test('a card entered and stopped by one trade is still stopped after a restart, however the store orders the two', () => {
    const leap = { eventTime: eastern(6), price: 1319, size: 1 }
    const quiet = trades.filter(({ eventTime }) => eventTime < eastern(6))
    const first = start()
    first.playTrades('MGC', [...quiet, leap], eastern(6, 2))
    expect(first.told.transitions.slice(-2).map(({ to, at }) => [to, at])).toEqual([
      ['triggered', eastern(6)],
      ['stopped', eastern(6)],
    ])
    const second = createEngineRoom({ instruments: ['MGC'], grain: 'tick' })
    second.engine.load('MGC', goldPast)
    second.engine.remember(first.told.plans, first.told.transitions.toReversed())
    second.setClock(eastern(6, 2))
    second.engine.recover(first.told.bars, { from: eastern(0), now: eastern(6, 2), alertsSince: eastern(0) })
    expect(second.read('focus:MGC')).toMatchObject({ state: 'stopped', stateSince: eastern(6) })
  })

  test('a minute that history filled in is read anew, and what was recorded of it is not told twice', () => {
    const at = eastern(9)
    const first = liveUntil(at)
    const filled = first.told.bars.map((bar) => ({
      ...bar,
      finality: bar.time < eastern(7) ? ('history' as const) : bar.finality,
    }))
    const second = createEngineRoom({ instruments: ['MGC'], grain: 'tick' })
    second.engine.load('MGC', goldPast)
    second.engine.remember(first.told.plans, first.told.transitions)
    second.setClock(at)
    second.engine.recover(filled, { from: eastern(0), now: at, alertsSince: eastern(0) })
    const told = second.told.transitions.map(({ at: when }) => when)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(second.read('focus:MGC')).toMatchObject({ id: '2013-10-09-MGC-3', state: first.read('focus:MGC').state })
  })

  test('refuses a trade of a minute already closed, and counts it', () => {
    const room = liveUntil(eastern(6, 1))
    const before = room.gold()
    const trade = (eventTime: number) => ({
      instrument: 'MGC' as const,
      eventTime,
      receivedTime: eventTime,
      price: 1,
      size: 1,
    })
    room.engine.sink.onTick(trade(eastern(6, 1) - 1))
    expect(room.read('feed').markets).toMatchObject([{ instrument: 'MGC', refused: 1 }])
    expect(room.read('price:MGC').last).toBeGreaterThan(1000)
    expect(room.gold()).toEqual(before)
  })

  test('closes the gate when nothing came for five seconds, and opens it with the next trade', () => {
    const room = liveUntil(eastern(6, 30))
    const facts = () => room.read('gate').facts.find(({ id }) => id === 'feed')
    const newest = room.read('feed').receivedAt ?? 0
    const second = (at: number) => {
      room.setClock(at)
      room.engine.onSecond()
    }
    second(newest + 5_000)
    expect([facts()?.reason, room.read('gate').open]).toEqual(['feed-live', true])
    second(newest + 5_001)
    expect(facts()).toMatchObject({ ok: false, reason: 'feed-stale', since: newest + 5_001 })
    expect(room.read('gate').open).toBe(false)
    expect(room.read('focus:MGC')).toMatchObject({ action: expect.not.stringMatching('enter|limit') })
    const said = () =>
      room.told.alerts
        .filter(({ kind, at }) => kind === 'feed' && at > newest)
        .map(({ severity, text }) => [severity, text])
    second(newest + 15_000)
    expect(said()).toEqual([])
    second(newest + 15_001)
    second(newest + 16_000)
    expect(said()).toEqual([['urgent', 'Prices are stale: recorded bars']])
    const eventTime = eastern(6, 30) + 20_000
    room.engine.sink.onTick({ instrument: 'MGC', eventTime, receivedTime: eventTime, price: 1311.2, size: 1 })
    second(eventTime)
    expect(room.read('gate').open).toBe(true)
    expect(said().slice(1)).toEqual([['notice', 'Prices are live again: recorded bars']])
  })
})

describe('an engine without a market', () => {
  const idle = (instruments: readonly InstrumentId[] = ['MES', 'MGC']) => createEngineRoom({ instruments })

  test('has no plan on a holiday', () => {
    const room = idle()
    const christmas = Date.UTC(2013, 11, 25, 5)
    room.start(christmas)
    room.playBars({}, christmas + 13 * 60 * minuteMs)
    expect(room.told.plans).toEqual([])
    expect(room.read('clock')).toMatchObject({ phase: 'OFF-HOURS', nextPhase: 'PRE-MARKET', tradeDate: '' })
    expect(room.read('gate').open).toBe(false)
  })

  test('begun on a Saturday it is closed since Friday’s close, and so says the gate', () => {
    const room = idle()
    const fridayClose = Date.UTC(2026, 10, 20, 22)
    room.start(Date.UTC(2026, 10, 21, 15))
    expect(room.read('feed')).toMatchObject({ state: 'closed', since: fridayClose })
    expect(room.read('gate').facts[0]).toMatchObject({ reason: 'feed-closed', since: fridayClose })
  })

  test('a market that closes while another trades on says so with its price', () => {
    const room = idle()
    // Thanksgiving of 2026: equity closes at 13:00, metals trade on until 14:30.
    const noon = Date.UTC(2026, 10, 26, 17)
    const bar = (price: number) => ({ time: noon, open: price, high: price, low: price, close: price, volume: 1 })
    room.start(noon)
    room.playBars({ MES: [bar(6800)], MGC: [bar(4100)] }, noon + 59 * minuteMs)
    room.engine.drain(() => undefined)
    room.playBars({}, noon + 60 * minuteMs)
    const closed = new Map<string, unknown>()
    room.engine.drain((topic, value) => {
      if (topic.startsWith('price:')) closed.set(topic, (value as { closed?: true }).closed)
    })
    expect([...closed]).toEqual([
      ['price:MES', true],
      ['price:MGC', undefined],
    ])
    expect(room.read('strip')).toMatchObject({ futures: 'open', futuresChangesAt: noon + 150 * minuteMs })
  })

  test('freezes an empty plan on a day it knows nothing of, and calls it no trade', () => {
    const room = idle()
    room.start(eastern(4, 58))
    room.playBars({}, eastern(5, 1))
    expect(room.told.plans).toMatchObject([{ version: 1, cards: [] }])
    expect(room.read('plan')).toMatchObject({ noTrade: 'warming-up', bestQuality: 0 })
    expect(room.read('gate').facts.find(({ id }) => id === 'plan')?.reason).toBe('no-trade-warming-up')
  })

  test('shows the first four markets as places and the others in the quiet row until it can rank them', () => {
    const { places, rest } = idle(['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ']).read('plan')
    expect([places, rest]).toEqual([
      ['MGC', 'SIL', 'MCL', 'MHG'],
      ['MES', 'MNQ'],
    ])
  })

  test('a replay at speed 60 is stale after the minute it should have brought, and five seconds', () => {
    const room = createEngineRoom({ instruments: ['MES'], speed: 60 })
    room.start(eastern(6))
    const bar = { time: eastern(6), open: 1, high: 1, low: 1, close: 1, volume: 1 }
    room.engine.sink.onBar('MES', bar, eastern(6, 1))
    const stateAt = (at: number) => {
      room.setClock(at)
      room.engine.onSecond()
      return room.read('feed').state
    }
    expect([stateAt(eastern(6, 1) + 6_000), stateAt(eastern(6, 1) + 6_001)]).toEqual(['live', 'stale'])
  })

  test('asks for the picture once, however much changes before it is drained', () => {
    const room = idle()
    room.start(eastern(6))
    const before = room.told.dirty
    room.engine.onSecond()
    room.engine.onSecond()
    expect(room.told.dirty).toBe(before)
    room.engine.drain(() => {})
    room.engine.onSecond()
    room.engine.onSecond()
    expect(room.told.dirty).toBe(before + 1)
  })
})
