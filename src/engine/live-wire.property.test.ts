import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minuteBars, minuteOf, rollAll, tickBar } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { supersedes } from '#src/domain/market/merge.ts'
import '#src/testing/chance.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { createEngineRoom } from '#src/testing/engine-room.ts'
import { eastern } from '#src/testing/recorded-day.ts'

const markets = ['MES', 'MGC'] as const
type Market = (typeof markets)[number]

const start = eastern(8)
/** The quickest way from the exchange, how long a minute waits for its last trades, what history needs to have a minute; ms. */
const wayMs = 50
const graceMs = 1_500
const settleMs = 5_000
const stepMs = 500

type Trade = { readonly market: Market; readonly eventTime: number; readonly price: number; readonly size: number }
type Letter = { readonly market: Market; readonly sentAt: number; at: number } & (
  | { readonly trade: Trade }
  | { readonly bar: Bar }
)

/** The line says that it is lost, or falls silent without a word, for one market or for all. */
type Cut = { readonly second: number; readonly forMs: number; readonly of: 'line' | 'wire' | Market }

type Fate = {
  readonly seed: number
  readonly minutes: number
  readonly delayed: number
  readonly barred: number
  readonly cuts: readonly Cut[]
}

const fates = fc.record<Fate>({
  seed: fc.nat(),
  minutes: fc.integer({ min: 4, max: 12 }),
  delayed: fc.constantFrom(0, 0.02, 0.3),
  barred: fc.constantFrom(0, 0.3, 1),
  cuts: fc.array(
    fc.record<Cut>({
      second: fc.integer({ min: 120, max: 600 }),
      forMs: fc.integer({ min: 100, max: 200_000 }),
      of: fc.constantFrom('line', 'line', 'wire', ...markets),
    }),
    { maxLength: 3 },
  ),
})

/** Numbers in [0, 1) from a seed (mulberry32). */
const chanceOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A vendor's day: busy minutes, minutes with a trade or two, minutes with none; the last four are busy. */
const tradesOf = (market: Market, minutes: number, random: () => number): readonly Trade[] => {
  const [tick, middle] = market === 'MES' ? [0.25, 1_650] : [0.1, 1_300]
  let ticks = Math.round(middle / tick)
  return Array.from({ length: minutes }, (_, minute) => {
    const kind = minute < minutes - 4 ? random() : 1
    const many = kind < 0.1 ? 0 : kind < 0.25 ? 1 + Math.floor(random() * 2) : 40 + Math.floor(random() * 60)
    return Array.from({ length: many }, () => start + minute * minuteMs + Math.floor(random() * minuteMs))
  })
    .flat()
    .sort((a, b) => a - b)
    .map((eventTime) => {
      ticks += Math.floor(random() * 3) - 1
      const price = Number((ticks * tick).toFixed(2))
      return { market, eventTime, price, size: 1 + Math.floor(random() * 5) }
    })
}

const barsOf = (trades: readonly Trade[]): readonly Bar[] => rollAll(minuteBars, trades.map(tickBar))

const isOf = (market: Market, { of }: Cut): boolean => of === 'line' || of === 'wire' || of === market

/** Lives the day through the engine; what the store holds in the end, and what the vendor's own minutes are. */
const liveTheDay = ({ seed, minutes, delayed, barred, cuts }: Fate) => {
  const random = chanceOf(seed)
  const room = createEngineRoom({ instruments: markets, grain: 'tick', live: true })
  const { engine, told } = room
  const trades = markets.flatMap((market) => tradesOf(market, minutes + 4, random))
  const bars = new Map(markets.map((market) => [market, barsOf(trades.filter((trade) => trade.market === market))]))

  const last = start + (minutes + 2) * minuteMs
  /** The last minutes come as they should: what they say is compared as soon as they are over. */
  const isCalm = (sentAt: number): boolean => sentAt >= last - minuteMs
  const overtaken = new Set<string>()
  const tradeLetters = trades.map((trade): Letter => {
    const { market, eventTime: sentAt } = trade
    if (isCalm(sentAt) || random() >= delayed) return { market, trade, sentAt, at: sentAt + wayMs }
    overtaken.add(`${market} ${minuteOf(sentAt)}`)
    return { market, trade, sentAt, at: sentAt + wayMs + Math.floor(random() * 4_000) }
  })
  const barLetters = markets.flatMap((market) =>
    (bars.get(market) ?? []).flatMap((bar): Letter[] => {
      const sentAt = bar.time + minuteMs
      const come = (): Letter => ({
        market,
        bar,
        sentAt,
        at: sentAt + 500 + Math.floor(isCalm(sentAt) ? 0 : random() * 8_000),
      })
      return random() >= barred ? [] : random() < 0.2 ? [come(), come()] : [come()]
    }),
  )
  let letters = [...tradeLetters, ...barLetters].sort((a, b) => a.at - b.at)

  const store = new Map<string, RecordedBar>()
  const keep = (market: string, bar: RecordedBar): void => {
    const held = store.get(`${market} ${bar.time}`)
    if (held === undefined || supersedes(bar, held)) store.set(`${market} ${bar.time}`, bar)
  }
  let [heardBars, heardDoubts] = [0, 0]
  const questions: { market: Market; from: number; to: number; at: number }[] = []
  const listen = (now: number): void => {
    for (const bar of told.bars.slice(heardBars)) keep(bar.instrument, bar)
    for (const { instrument, from, to } of told.doubts.slice(heardDoubts))
      questions.push({ market: instrument as Market, from, to, at: now + Math.floor(random() * 30_000) })
    heardBars = told.bars.length
    heardDoubts = told.doubts.length
  }
  const answer = (now: number): void => {
    for (const question of questions.filter(({ at }) => at <= now)) {
      questions.splice(questions.indexOf(question), 1)
      const { market, from, to } = question
      const over = minuteOf(now - settleMs)
      if (to > over) questions.push({ ...question, from: Math.max(from, over), at: now + 5_000 })
      const known = (bars.get(market) ?? [])
        .filter(({ time }) => time >= from && time < Math.min(to, over))
        .map((bar): RecordedBar => ({ ...bar, finality: 'history', asOf: now, source: 'vendor' }))
      for (const bar of known) keep(market, bar)
      engine.sink.onHistory(market, known)
    }
  }

  let open: Cut[] = []
  const due = [...cuts].sort((a, b) => a.second - b.second)
  const feedState = () => room.read('feed')
  const isNoticed = ({ of }: Cut): boolean => {
    const { state, markets: each } = feedState()
    return state !== 'live' || each.some(({ instrument, state: its }) => instrument === of && its === 'stalled')
  }
  const begin = (cut: Cut, now: number): void => {
    open.push(cut)
    // What is under way is lost with it, but for a minute closed before: nothing could tell that such a trade was missed.
    for (const letter of letters)
      if (isOf(letter.market, cut) && letter.at > now && letter.sentAt < minuteOf(now)) letter.at = now
    letters.sort((a, b) => a.at - b.at)
    deliver(now, (letter) => letter.at <= now)
    if (cut.of === 'line') engine.sink.onFeedState('down', 'cut')
  }
  const end = (cut: Cut): void => {
    open = open.filter((each) => each !== cut)
    if (cut.of === 'line' && open.every(({ of }) => of !== 'line')) engine.sink.onFeedState('live', 'vendor')
  }
  const deliver = (until: number, isGood: (letter: Letter) => boolean): void => {
    const arrived = letters.filter(({ at }) => at <= until)
    letters = letters.filter(({ at }) => at > until)
    for (const letter of arrived.filter(isGood)) {
      room.setClock(letter.at)
      if ('bar' in letter) engine.sink.onBar(letter.market, letter.bar, letter.at)
      else
        engine.sink.onTick({
          instrument: letter.market,
          eventTime: letter.trade.eventTime,
          receivedTime: letter.at,
          price: letter.trade.price,
          size: letter.trade.size,
        })
    }
  }

  const lies: string[] = []
  let unnoticed = false
  room.start(start)
  let now = start
  const step = (): void => {
    now += stepMs
    deliver(now, ({ market }) => !open.some((cut) => isOf(market, cut)))
    room.setClock(now)
    const [next] = due
    if (next !== undefined && start + next.second * 1_000 <= now && now < last - 5 * minuteMs) {
      due.shift()
      begin(next, now)
    }
    engine.sink.onTime(now - graceMs)
    engine.glance()
    if (open.some(({ of }) => of === 'line') && feedState().state === 'live') lies.push(`live at ${now}`)
    for (const cut of open) {
      const isLong = now >= start + cut.second * 1_000 + cut.forMs
      if (isLong && (cut.of === 'line' || isNoticed(cut))) end(cut)
      else if (now >= last) unnoticed = true
    }
    listen(now)
    answer(now)
  }
  while (now < last + minuteMs + graceMs) step()
  return { room, store, bars, overtaken, end: last + minuteMs, lies, unnoticed }
}

/** What an engine knows that never had any of these troubles: it was given the vendor's own minutes. */
const readInPeace = (bars: ReadonlyMap<Market, readonly Bar[]>, end: number) => {
  const room = createEngineRoom({ instruments: markets, grain: 'tick', live: true })
  const all = markets.flatMap((instrument) =>
    (bars.get(instrument) ?? []).map((bar) => ({
      ...{ ...bar, instrument, finality: 'history' as const, asOf: end, source: 'vendor' },
    })),
  )
  room.setClock(end)
  const known = all.filter(({ time }) => time < end).sort((a, b) => a.time - b.time)
  room.engine.recover(known, { from: start, now: end, alertsSince: end })
  return room
}

/**
 * A card without what depends on the price of the moment, its place, which is given anew every few minutes, and the profile:
 * trades tell of it what bars can but estimate.
 */
const readCard = ({ read }: Pick<ReturnType<typeof createEngineRoom>, 'read'>, market: Market) => {
  const { place: _, price: __, action: ___, ...card } = read(`focus:${market}`) as FocusCard & { price: unknown }
  return { ...card, market: card.market.filter(({ name }) => !['Session POC', 'Value area, 70 %'].includes(name)) }
}

const say = ({ time, open, high, low, close, volume }: Bar, hasOrder: boolean): string =>
  [(time - start) / minuteMs, ...(hasOrder ? [open, close] : []), high, low, volume].join(' ')

test('whatever the wire does, in the end the store holds the vendor’s own minutes, and the cards say what they say', {
  timeout: 90_000,
}, () => {
  fc.assert(
    fc.property(fates, (fate) => {
      const { room, store, bars, overtaken, end, lies, unnoticed } = liveTheDay(fate)
      // A silence that a market so quiet might well keep is not told from one of its own.
      fc.pre(!unnoticed)
      expect(lies).toEqual([])
      const peace = readInPeace(bars, end)
      for (const market of markets) {
        // Trades that overtook each other leave it open which of them was the minute's first and last.
        const tell = (each: readonly Bar[]): readonly string[] =>
          each.filter(({ time }) => time < end).map((bar) => say(bar, !overtaken.has(`${market} ${bar.time}`)))
        const held = [...store].filter(([key]) => key.startsWith(market)).map(([, bar]) => bar)
        expect([market, ...tell(held.sort((a, b) => a.time - b.time))]).toEqual([
          market,
          ...tell(bars.get(market) ?? []),
        ])
        const minutes = room.read('feed').markets.find(({ instrument }) => instrument === market)?.bars
        expect(minutes).toBe(tell(bars.get(market) ?? []).length)
        if (overtaken.size === 0) expect(readCard(room, market)).toEqual(readCard(peace, market))
      }
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 25) },
  )
})
