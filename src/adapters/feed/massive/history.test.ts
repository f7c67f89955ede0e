import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HistoryPage, Refused } from '#src/engine/ports.ts'
import { createMassiveHistory } from './history.ts'
import { createMassiveRest } from './rest.ts'

const gold = { id: 'MGC', year: 2026, month: 12 } as const
const oil = { id: 'MCL', year: 2026, month: 12 } as const
/** Friday 2026-11-20 09:00 in New York. */
const nine = Date.UTC(2026, 10, 20, 14)
const at = (minute: number): number => nine + minute * 60_000
const forever = new AbortController().signal

const row = (minute: number, changes: Readonly<Record<string, unknown>> = {}) => ({
  ticker: 'MGCZ6',
  window_start: `${at(minute)}000000`,
  session_end_date: '2026-11-20',
  open: 4120,
  high: 4121.5,
  low: 4119.5,
  close: 4120.2,
  volume: 12,
  ...changes,
})

/** The vendor gives `pages`, each naming the next; paths without any are answered with 403. */
const vendor = (pages: Readonly<Record<string, readonly (readonly unknown[])[]>>, wall = at(60)) => {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(String(input))
    asked.push(url.pathname + url.search)
    const kind = url.pathname.split('/')[3] ?? ''
    const number = Number(url.searchParams.get('cursor') ?? 0)
    const rows = pages[kind]?.[number]
    if (rows === undefined) return Response.json({ message: 'You are not entitled to this data.' }, { status: 403 })
    const next = `http://127.0.0.1/futures/v1/${kind}/MGCZ6?cursor=${number + 1}`
    return Response.json({ results: rows, ...(pages[kind]?.[number + 1] && { next_url: next }) })
  }
  const rest = createMassiveRest({
    baseUrl: 'http://127.0.0.1',
    apiKey: 'key',
    requestsPerMinute: 1_000_000,
    fetch,
    wall: () => wall,
    schedule: () => () => undefined,
    random: () => 0,
  })
  return { history: createMassiveHistory({ rest, wall: () => wall }), asked }
}

const minutesOf = async (
  pages: readonly (readonly unknown[])[],
  { from = at(0), to = at(30), wall = at(60), contract = gold as typeof gold | typeof oil } = {},
): Promise<(HistoryPage | Refused)[]> => {
  const all: (HistoryPage | Refused)[] = []
  const { history } = vendor({ aggs: pages }, wall)
  for await (const page of history.minutes(contract, { from, to }, forever)) all.push(page)
  return all
}

const bar = (minute: number) => ({ time: at(minute), open: 4120, high: 4121.5, low: 4119.5, close: 4120.2, volume: 12 })

test('the minutes of a range come in order, and the answer reaches to its end', async () => {
  expect(await minutesOf([[row(1), row(0), row(29)]])).toEqual([
    { ok: true, bars: [bar(0), bar(1), bar(29)], reaches: at(30), dropped: {} },
  ])
})

test('an answer reaches only to its last minute as long as more of it follows', async () => {
  expect(await minutesOf([[row(0), row(4)], [], [row(9)]])).toEqual([
    { ok: true, bars: [bar(0), bar(4)], reaches: at(5), dropped: {} },
    { ok: true, bars: [], reaches: at(5), dropped: {} },
    { ok: true, bars: [bar(9)], reaches: at(30), dropped: {} },
  ])
})

test('nothing is known of the minute that runs and little of the one before', async () => {
  const [page] = await minutesOf([[row(8), row(9), row(10)]], { wall: at(10) + 59_999 })
  expect(page).toEqual({ ok: true, bars: [bar(8), bar(9)], reaches: at(9), dropped: {} })
  const [none] = await minutesOf([[]], { from: at(10), to: at(30), wall: at(10) })
  expect(none).toEqual({ ok: true, bars: [], reaches: at(10), dropped: {} })
})

test('how far a page reaches is counted from when it was asked for', async () => {
  let wall = at(10)
  const answers = [{ results: [row(8), row(10)], next_url: 'http://127.0.0.1/next' }, { results: [row(15), row(20)] }]
  const rest = createMassiveRest({
    baseUrl: 'http://127.0.0.1',
    apiKey: 'key',
    requestsPerMinute: 1_000_000,
    fetch: async () => {
      wall += 10 * 60_000
      return Response.json(answers.shift())
    },
    wall: () => wall,
    schedule: () => () => undefined,
    random: () => 0,
  })
  const pages: (HistoryPage | Refused)[] = []
  const { minutes } = createMassiveHistory({ rest, wall: () => wall })
  for await (const page of minutes(gold, { from: at(0), to: at(40) }, forever)) pages.push(page)
  expect(pages).toEqual([
    { ok: true, bars: [bar(8)], reaches: at(9), dropped: {} },
    { ok: true, bars: [bar(15)], reaches: at(19), dropped: {} },
  ])
})

test('what cannot be a minute of the market is left out and counted', async () => {
  const [page] = await minutesOf([
    [
      row(-1),
      row(0),
      row(1, { window_start: `${at(1) + 30_000}000000` }),
      row(2, { close: 4120.25 }),
      row(3, { high: 4120.1 }),
      row(4, { low: 4120.1 }),
      row(5, { open: 0, high: 0, low: 0, close: 0 }),
      row(6, { open: 'x' }),
      row(7, { ticker: 'MGCG7' }),
      row(30),
    ],
  ])
  expect(page).toEqual({
    ok: true,
    bars: [bar(0)],
    reaches: at(30),
    dropped: { outside: 2, 'off-minute': 1, 'off-grid': 1, inconsistent: 2, price: 1, open: 1, ticker: 1 },
  })
})

test('oil may be worth less than nothing', async () => {
  const below = { ticker: 'MCLZ6', open: '-37.63', high: 0, low: -40.32, close: -10.01 }
  const [page] = await minutesOf([[row(0, below)]], { contract: oil })
  expect(page).toMatchObject({ bars: [{ open: -37.63, high: 0, low: -40.32, close: -10.01 }], dropped: {} })
})

test('a price a hair off its tick is on it', async () => {
  const hair = { open: 4120.000000000001, low: 4119.499999999999 }
  expect(await minutesOf([[row(0, hair)]])).toMatchObject([{ bars: [bar(0)] }])
})

test('a minute that comes twice is given once, and where the two differ the later stands', async () => {
  const [page] = await minutesOf([[row(0), row(0), row(1, { volume: 5 }), row(1)]])
  expect(page).toMatchObject({ bars: [bar(0), bar(1)], dropped: { duplicate: 2 } })
  const pages = await minutesOf([
    [row(0), row(1), row(2, { volume: 5 })],
    [row(1), row(2), row(3)],
  ])
  expect(pages).toEqual([
    { ok: true, bars: [bar(0), bar(1), { ...bar(2), volume: 5 }], reaches: at(3), dropped: {} },
    { ok: true, bars: [bar(2), bar(3)], reaches: at(30), dropped: { duplicate: 2 } },
  ])
})

test('a history that does not move on is ended', async () => {
  const pages = await minutesOf([[row(4)], [row(3)], [row(5)]])
  expect(pages.at(-1)).toEqual({ ok: false, reason: 'garbage', detail: 'the history does not move on' })
  expect(pages).toHaveLength(2)
  expect(await minutesOf([[row(9), row(8)], [row(7)]])).toEqual(pages.slice(1))
})

test('a refusal is the last that is heard', async () => {
  expect(await minutesOf([])).toEqual([
    {
      ok: false,
      reason: 'not-entitled',
      detail: 'the plan does not include this: You are not entitled to this data.',
    },
  ])
})

test('whatever order and faults the rows have, every sound minute comes once and in order', async () => {
  const rows = fc.array(
    fc.record({ minute: fc.integer({ min: -5, max: 40 }), close: fc.constantFrom(4120.2, 4120.3, 4120.25, 'x', null) }),
    { maxLength: 60 },
  )
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const [page] = await minutesOf([given.map(({ minute, close }) => row(minute, { close }))])
      const sound = given.filter(
        ({ minute, close }) => minute >= 0 && minute < 30 && (close === 4120.2 || close === 4120.3),
      )
      const wanted = [...new Map(sound.map(({ minute, close }) => [at(minute), close]))].sort(([a], [b]) => a - b)
      expect(page?.ok && page.bars.map(({ time, close }) => [time, close])).toEqual(wanted)
    }),
    { numRuns: 100 },
  )
})

test('volumes are of the session of the last trade, else of the one that runs or ran last', async () => {
  const february = { id: 'MGC', year: 2027, month: 2 } as const
  const april = { id: 'MGC', year: 2027, month: 4 } as const
  const rows = [
    { ticker: 'MGCZ6', session: { volume: 81_000 }, last_trade: { price: 4120, last_updated: `${at(0)}000000` } },
    { ticker: 'MGCG7', session: { volume: 92_000 } },
    { ticker: 'MGCJ7' },
  ]
  const volumesAt = (wall: number) =>
    vendor({ snapshot: [rows] }, wall).history.volumes([gold, february, april], forever)
  const held = (tradeDate: string) => ({
    ok: true,
    value: [
      { contract: gold, tradeDate: '2026-11-20', volume: 81_000 },
      { contract: february, tradeDate, volume: 92_000 },
    ],
  })
  expect(await volumesAt(Date.UTC(2026, 10, 20, 14))).toEqual(held('2026-11-20'))
  expect(await volumesAt(Date.UTC(2026, 10, 20, 22, 30))).toEqual(held('2026-11-20'))
  expect(await volumesAt(Date.UTC(2026, 10, 22, 12))).toEqual(held('2026-11-20'))
  expect(await volumesAt(Date.UTC(2026, 10, 22, 23))).toEqual(held('2026-11-23'))
  // Thanksgiving afternoon: between the halt and the evening the session of the Friday is running.
  expect(await volumesAt(Date.UTC(2026, 10, 26, 21))).toEqual(held('2026-11-27'))
})

test('the plan is told from what it gives', async () => {
  const rows = { ticker: 'ESZ6', timestamp: at(0), price: 6052, size: 1, bid_price: 6052, ask_price: 6052.25 }
  const planOf = (pages: Parameters<typeof vendor>[0]) => vendor(pages).history.check(forever)
  const aggs = [[]]
  expect(await planOf({ aggs })).toEqual({ ok: true, plan: 'minute bars only' })
  expect(await planOf({ aggs, trades: [[rows]] })).toEqual({ ok: true, plan: 'minute bars, trades' })
  expect(await planOf({ aggs, trades: [[rows]], quotes: [[rows], [rows]] })).toEqual({
    ok: true,
    plan: 'minute bars, trades, quotes',
  })
  expect(await planOf({})).toMatchObject({ ok: false, reason: 'not-entitled' })
})

test('what the plan includes is asked for with three rows of the front S&P contract', async () => {
  const { history, asked } = vendor({ aggs: [[]], trades: [[]], quotes: [[]] })
  await history.check(forever)
  expect(asked.map((url) => url.replace(/\?.*sort=/, ' '))).toEqual([
    '/futures/v1/aggs/ESZ6 window_start.desc&limit=1',
    '/futures/v1/trades/ESZ6 timestamp.desc&limit=1',
    '/futures/v1/quotes/ESZ6 timestamp.desc&limit=1',
  ])
})
