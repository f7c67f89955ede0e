import { Hono } from 'hono'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Chart } from '#src/domain/chart/chart.ts'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { toColumns } from '#src/domain/market/series.ts'
import type { Picture } from '#src/domain/picture.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { morning } from '#src/testing/world.ts'
import type { Env } from '../refusal.ts'
import { chart } from './chart.tsx'

const ten = Date.UTC(2026, 10, 20, 15)
const bar = (minute: number, close = 100): Bar => ({
  time: ten + minute * minuteMs,
  open: 100,
  high: Math.max(100, close),
  low: Math.min(100, close),
  close,
  volume: 10,
})
const fill = (instrument: Fill['instrument']): Fill => ({
  ...{ account: 'Sim101', instrument, contract: 202612, executionId: instrument, orderId: 'o1', orderName: 'entry' },
  ...{ side: 'buy', quantity: 2, price: 100.25, at: ten + 90_000 },
})

let stored: Bar[]
let minute: Partial<Picture['minute:MES']>
let now: number
const readBars = vi.fn(async (_: string, __: string, from: number, to: number) =>
  toColumns(stored.filter(({ time }) => time >= from && time < to)),
)
const flows = async (_: string, __: number, ___: number): Promise<readonly MinuteFlow[]> => [
  { time: ten, buy: 7, sell: 3, basis: 'estimated' },
]
const readFlows = vi.fn(flows)
const readDeltas = vi.fn(flows)
const create = () =>
  new Hono<Env>()
    .onError((_, c) => c.text('broken', 500))
    .route(
      '/',
      chart({
        bus: { picture: () => ({ ...morning, 'minute:MES': { instrument: 'MES', revision: 0, ...minute } }) },
        clock: { now: () => now },
        instruments: focusInstruments,
        assets: new Map(),
        readBars,
        readFlows,
        readDeltas,
        readFills: async () => [fill('MES'), fill('MNQ')],
      }),
    )
let app: ReturnType<typeof create>
const bars = async (query = ''): Promise<Chart> =>
  (await (await app.request(`/chart/MES/bars${query}`)).json()) as Chart
const shape = ({ bars }: Chart): unknown => bars.map(({ time, close }) => [(time - ten) / minuteMs, close])

beforeEach(() => {
  vi.clearAllMocks()
  stored = [bar(0), bar(1, 101), bar(2, 102)]
  minute = {}
  now = ten + 3 * minuteMs + 20_000
  app = create()
})

describe('the page', () => {
  test('is whole, listens to its own market alone and shows the bars without a script too', async () => {
    const html = await (await app.request('/chart/MES?timeframe=1m')).text()
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).toContain('sse-connect="/live?page=chart-MES"')
    expect(html).toContain('<td>Nov 20, 10:02 ET</td>')
    expect(html).toContain('buy 2 100.25')
    expect(html).toContain('href="/chart/MES?timeframe=1m" data-timeframe="1m" aria-current="true"')
    expect(html).toContain('src="/public/chart.js"')
  })

  test('of a market without bars says so, and has a place for those that come', async () => {
    stored = []
    const html = await (await app.request('/chart/MES?timeframe=1m')).text()
    expect(html).toContain('No bars are stored of this market yet.')
    expect(html).toContain('<div class="scroll-x" hidden="">')
    expect(html).toContain('<tbody></tbody>')
  })

  test('leads from its newest bars to the older ones and back', async () => {
    stored = Array.from({ length: 600 }, (_, n) => bar(n))
    now = ten + 600 * minuteMs
    const older = async (html: string): Promise<string> => {
      const [, query = ''] = /href="\/chart\/MES(\?[^"]*)">older bars/.exec(html) ?? []
      return (await app.request(`/chart/MES${query.replace('&amp;', '&')}`)).text()
    }
    const first = await (await app.request('/chart/MES?timeframe=1m')).text()
    expect(first).toContain('<caption>The newest 250 bars of 1m')
    expect(first).not.toContain('newest bars</a>')
    const second = await older(first)
    expect(second).toContain('<caption>250 bars of 1m before Nov 20, 2026, 15:50 ET')
    const third = await older(second)
    expect(third).toContain('<caption>100 bars of 1m before Nov 20, 2026, 11:40 ET')
    expect(third).toContain('No older bars are in this chart.')
    expect(third).toContain('<a href="/chart/MES?timeframe=1m">newest bars</a>')
  })

  test('of no particular market is that of the plan’s best card', async () => {
    const answer = await app.request('/chart')
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/chart/MGC'])
  })
})

describe('an instant that is looked at', () => {
  const page = async (query: string): Promise<string> => (await app.request(`/chart/MES?${query}`)).text()
  const words = async (query: string): Promise<string | undefined> =>
    /<output id="chart-at-words">(.*?)<\/output>/.exec(await page(query))?.[1]

  test('stays in view in every timeframe and market, and a link leads back to the newest bars', async () => {
    const at = ten + 90_000
    const html = await page(`timeframe=1m&at=${at}`)
    expect(html).toContain(`href="/chart/MES?timeframe=60m&amp;at=${at}" data-timeframe="60m"`)
    expect(html).toContain(`href="/chart/MGC?timeframe=1m&amp;at=${at}"`)
    expect(html).toContain('<a href="/chart/MES?timeframe=1m">newest bars</a>')
    expect(html).toContain(`data-at="${at}"`)
    expect(html).toContain('<strong>At Nov 20, 2026, 10:01 ET</strong>')
    expect(await page('timeframe=1m')).not.toContain('newest bars</a>')
  })

  test('is in the middle of the table, which says so and marks its bar', async () => {
    stored = Array.from({ length: 600 }, (_, n) => bar(n))
    now = ten + 600 * minuteMs
    const html = await page(`timeframe=1m&at=${ten + 200 * minuteMs}`)
    const rows = html.match(/<tr.*?<\/tr>/g)?.slice(1) ?? []
    expect(html).toContain('<caption>250 bars of 1m around Nov 20, 2026, 13:20 ET, newest first.')
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([
      250,
      expect.stringContaining('Nov 20, 15:24 ET'),
      expect.stringContaining('Nov 20, 11:15 ET'),
    ])
    expect(rows.filter((row) => row.includes('aria-current'))).toEqual([expect.stringContaining('Nov 20, 13:20 ET')])
  })

  test('that is older than the chart is said, with the next coarser chart that holds it', async () => {
    // 2,000 minutes reach from Friday back to Thursday, and an hour of Tuesday lies before them.
    const tuesday = -3 * 24 * 60
    stored = [
      ...Array.from({ length: 60 }, (_, n) => bar(tuesday + n)),
      ...Array.from({ length: 2_000 }, (_, n) => bar(n - 1_999)),
    ]
    now = ten + minuteMs
    const reach =
      'The chart of 1m reaches back to Nov 19, 2026, 00:41 ET; this instant is older, and the newest bars are shown.'
    expect(await words(`timeframe=1m&at=${ten + tuesday * minuteMs}`)).toBe(`${reach} 5m shows it.`)
    expect(await words(`timeframe=1m&at=${ten + (tuesday - 24 * 60) * minuteMs}`)).toBe(reach)
    expect(await page(`timeframe=1m&at=${ten + tuesday * minuteMs}`)).toContain('<caption>The newest 250 bars of 1m')
  })

  test('that is later than all bars, or in none of them, is said', async () => {
    stored = [bar(0), bar(2)]
    expect(await words(`timeframe=1m&at=${ten + 3 * minuteMs}`)).toBe(
      'The bars of 1m do not reach this instant yet: the newest are shown.',
    )
    expect(await words(`timeframe=1m&at=${ten + minuteMs}`)).toBe(
      'No bar of 1m holds this instant: the last before it is marked.',
    )
    expect(await words(`timeframe=1m&at=${ten}`)).toBe('')
    expect(await words('timeframe=1m&at=999999999999999')).toContain('do not reach this instant yet')
  })

  test('is found for the script in the same words, whatever part of the bars it asks for', async () => {
    expect(await bars(`?timeframe=1m&at=${ten + 90_000}&after=${ten + 2 * minuteMs}`)).toMatchObject({
      looked: { at: ten + 90_000, bar: ten + minuteMs, words: '' },
    })
    expect(await bars(`?timeframe=1m&at=${ten + 3 * minuteMs}`)).toMatchObject({
      looked: { at: ten + 3 * minuteMs, words: 'The bars of 1m do not reach this instant yet: the newest are shown.' },
    })
    expect(await bars('?timeframe=1m')).not.toHaveProperty('looked')
  })
})

describe('the bars', () => {
  test('are those of closed minutes, with what is drawn over them and the market’s own executions', async () => {
    const chart = await bars('?timeframe=1m')
    expect(shape(chart)).toEqual([
      [0, 100],
      [1, 101],
      [2, 102],
    ])
    expect(chart.through).toBe(ten + 3 * minuteMs)
    expect(chart.marks).toEqual([{ kind: 'fill', at: ten + 90_000, price: 100.25, side: 'buy', label: 'buy 2' }])
  })

  test('have a delta where the trades of their minutes are known', async () => {
    minute = {
      closed: { ...bar(3), after: bar(2).time, flow: { time: bar(3).time, buy: 1, sell: 4, basis: 'quotes' } },
    }
    now = ten + 4 * minuteMs
    expect((await bars('?timeframe=1m')).bars.map(({ delta }) => delta)).toEqual([
      { value: 4, basis: 'estimated' },
      ...[undefined, undefined],
      { value: -3, basis: 'quotes' },
    ])
  })

  test.each(['1m', '5m', '15m', '60m', '1d'] as const)('of %s reach over the whole week before', async (timeframe) => {
    // Monday, and the Monday before, New York.
    const monday = Date.UTC(2026, 10, 23, 15)
    const before = (monday - 7 * 24 * 60 * minuteMs - ten) / minuteMs
    stored = [bar(before, 50), bar(0), bar((monday - ten) / minuteMs)]
    now = monday + minuteMs
    const { lines } = await bars(`?timeframe=${timeframe}`)
    expect(lines.find(({ label }) => label === 'prior-week low')?.price).toBe(50)
  })

  test('of a quarter of an hour and of an hour have the delta of their minutes, of days none', async () => {
    stored = [bar(0)]
    const deltas = async (timeframe: string) => (await bars(`?timeframe=${timeframe}`)).bars.map(({ delta }) => delta)
    expect(await deltas('15m')).toEqual([{ value: 4, basis: 'estimated' }])
    expect(await deltas('60m')).toEqual([{ value: 4, basis: 'estimated' }])
    expect(await deltas('1d')).toEqual([undefined])
  })

  test('have what traded at each price where the session’s profile asks for it, before that its sums alone', async () => {
    stored = [bar(-3 * 24 * 60), bar(0)]
    await bars('?timeframe=15m')
    expect(readDeltas.mock.calls.at(-1)?.[2]).toBe(Date.UTC(2026, 10, 18, 23))
    expect(readFlows.mock.calls.map(([, from]) => from)).toEqual([Date.UTC(2026, 10, 18, 23)])
  })

  test('of 5m are given unless another timeframe is asked for, and from a bar on when one is named', async () => {
    expect(shape(await bars())).toEqual([[0, 102]])
    expect(shape(await bars(`?timeframe=1m&after=${ten + minuteMs}`))).toEqual([
      [1, 101],
      [2, 102],
    ])
  })

  test('are read once: a minute that closed costs only itself', async () => {
    await bars('?timeframe=1m')
    readBars.mockClear()
    stored.push(bar(3, 103))
    now += minuteMs
    expect(shape(await bars(`?timeframe=1m&after=${ten + 2 * minuteMs}`))).toEqual([
      [2, 102],
      [3, 103],
    ])
    expect(readBars.mock.calls.map(([, , ...range]) => range)).toEqual([
      [expect.any(Number), ten],
      [ten + 3 * minuteMs, ten + 4 * minuteMs],
    ])
  })

  test('end with the newest closed minute though it is not stored yet, unless one is missing before it', async () => {
    minute = { closed: { ...bar(4, 104), after: bar(3).time } }
    now = ten + 5 * minuteMs
    expect(shape(await bars('?timeframe=1m'))).toHaveLength(3)
    stored.push(bar(3, 103))
    expect(shape(await bars(`?timeframe=1m&after=${ten + 3 * minuteMs}`))).toEqual([
      [3, 103],
      [4, 104],
    ])
  })

  test('that were stored later and are older belong in front', async () => {
    expect((await bars('?timeframe=1m')).from).toBe(ten)
    stored.unshift(bar(-2, 98))
    const tail = await bars(`?timeframe=1m&after=${ten + 2 * minuteMs}`)
    expect([shape(tail), tail.from]).toEqual([[[2, 102]], ten - 2 * minuteMs])
    expect(shape(await bars('?timeframe=1m'))).toHaveLength(4)
  })

  test('are read anew when closed bars were corrected', async () => {
    await bars('?timeframe=1m')
    stored[1] = bar(1, 99)
    expect(shape(await bars('?timeframe=1m'))).toContainEqual([1, 101])
    minute = { revision: 1 }
    expect(shape(await bars('?timeframe=1m'))).toContainEqual([1, 99])
  })

  test('of two pages that ask at once are the same, and a minute is taken once', async () => {
    const [one, other] = await Promise.all([bars('?timeframe=1m'), bars('?timeframe=1m')])
    expect(one).toEqual(other)
    expect(shape(one)).toHaveLength(3)
  })

  test('that could not be read are read again by the next who asks', async () => {
    readBars.mockRejectedValueOnce(new Error('the database is away'))
    expect((await app.request('/chart/MES/bars')).status).toBe(500)
    expect(shape(await bars())).toEqual([[0, 102]])
  })

  test.each([
    ['/chart/MYM', 404, 'instrument', 'unknown-instrument'],
    ['/chart/MES?timeframe=2m', 400, 'timeframe', 'unknown-timeframe'],
    ['/chart/MES?at=noon', 400, 'at', 'not-a-time'],
    ['/chart/MES?before=noon', 400, 'before', 'not-a-time'],
    ['/chart/MYM/bars', 404, 'instrument', 'unknown-instrument'],
    ['/chart/MES/bars?timeframe=2m', 400, 'timeframe', 'unknown-timeframe'],
    ['/chart/MES/bars?after=noon', 400, 'after', 'not-a-time'],
    ['/chart/MES/bars?at=noon', 400, 'at', 'not-a-time'],
    ['/chart/MES/bars?before=5', 400, 'before', 'unknown-field'],
  ])('asked for as %s are refused, and the field is named', async (path, status, field, reason) => {
    const answer = await app.request(path)
    expect([answer.status, await answer.json()]).toEqual([status, { error: { field, reason } }])
    expect(readBars).not.toHaveBeenCalled()
  })
})
