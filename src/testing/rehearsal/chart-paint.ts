import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import type { Chart } from '#src/domain/chart/chart.ts'
import { type ChartState, readChart, startChart, stepChart } from '#src/domain/chart/chart-of.ts'
import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { focusInstruments, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { MinuteReading } from '#src/domain/picture.ts'
import { defaultPreferences } from '#src/domain/preferences.ts'
import { ChartPage } from '#views/chart/page.tsx'
import { randomBars } from '../bars.ts'
import { openBrowser, openPage } from '../browser/browser.ts'
import { projectFolder } from '../folders.ts'

type Spent = { readonly script: number; readonly all: number }

/** What drawing and following a chart costs a browser; ms, and bytes of its heap after a collection. */
export type ChartCost = {
  /** From the bars at hand to the painted frame with everything in it, each of several visits. */
  readonly paints: readonly number[]
  /** From asking for the page to that same frame: its files are asked of the server each time. */
  readonly visits: readonly number[]
  /** The main thread's own time for asking for 2,000 bars and drawing them once more. */
  readonly redraw: number
  /** Half of the price updates and ninety-five of a hundred take at most this by the clock, their frame's scripts included. */
  readonly updateP50: number
  readonly updateP95: number
  /** The main thread's own time for each update of the first and of the last hour: its scripts, and all with the painting. */
  readonly firstHour: Spent
  readonly lastHour: Spent
  readonly heapAfterFirstHour: number
  readonly heapAfterLastHour: number
}

const spec = specOf('MES')
const hours = 8
const pricesAMinute = 5
const visitors = 7
/** A browser still builds itself up for a second after a window opens; a trader's has been open for long. */
const windowOpensMs = 2_500
/** Beyond what is shown at first, so that the window moves. */
const before = 2_100
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

const html = (): string =>
  String(
    ChartPage({
      picture: {},
      instruments: focusInstruments,
      preferences: defaultPreferences,
      asset: (file) => `/public/${file}`,
      instrument: 'MES',
      timeframe: '1m',
      told: readChart(startChart(spec, '1m')),
    }),
  )

const readPublic = (name: string): Buffer => {
  const folder = name.endsWith('.svg') ? 'public' : 'dist/public'
  return readFileSync(join(projectFolder, folder, name))
}

/** Serves the page with its files, the chart as it stands, and a stream that says no more than that it lives. */
const serveChart = async (chart: () => Chart) => {
  const streams = new Set<ServerResponse>()
  const beat = setInterval(() => {
    for (const stream of streams) stream.write('event: live\ndata: \n\n')
  }, 1_000)
  const server = createServer((asked, answer) => {
    const { pathname, searchParams } = new URL(asked.url ?? '/', 'http://localhost')
    if (pathname === '/live') {
      streams.add(answer.writeHead(200, { 'content-type': 'text/event-stream' }))
    } else if (pathname.startsWith('/public/')) {
      const name = pathname.slice('/public/'.length)
      answer.writeHead(200, { 'content-type': types[extname(name)] ?? '' }).end(readPublic(name))
    } else if (pathname.endsWith('/bars')) {
      const after = Number(searchParams.get('after') ?? 0)
      const now = chart()
      answer.end(JSON.stringify({ ...now, bars: now.bars.filter(({ time }) => time >= after) }))
    } else answer.writeHead(200, { 'content-type': 'text/html' }).end(html())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/chart/MES?timeframe=1m`,
    close: (): void => {
      clearInterval(beat)
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Run before the page's own scripts: times what an update sets off, and gives a hand to set it off. */
const driver = `
  window.spent = 0
  const timed = (run) => (...given) => {
    const began = performance.now()
    try { return run(...given) } finally { window.spent += performance.now() - began }
  }
  const { requestAnimationFrame: frame, MutationObserver: Observer } = window
  window.requestAnimationFrame = (run) => frame(timed(run))
  window.MutationObserver = class extends Observer { constructor(run) { super(timed(run)) } }
  window.tell = async (minute) => {
    const before = window.spent
    document.getElementById('chart-minute').setAttribute('data-minute', minute)
    await Promise.resolve()
    await new Promise((resolve) => frame(resolve))
    return window.spent - before
  }`

type Painted = { readonly startTime: number; readonly duration: number }

const painted = (page: Page): Promise<Painted> =>
  page
    .waitForFunction(`performance.getEntriesByName('chart-paint')[0]?.toJSON()`)
    .then((found) => found.jsonValue() as Promise<Painted>)

const tell = (page: Page, minute: MinuteReading): Promise<number> =>
  page.evaluate<number>(`tell(${JSON.stringify(JSON.stringify(minute))})`)

/** A minute as it grows: it has its extremes early and its close at the end. */
const growing = ({ time, open, high, low, close, volume }: Bar, part: number): Bar => ({
  time,
  open,
  high: part > 0.3 ? high : Math.max(open, close),
  low: part > 0.6 ? low : Math.min(open, close),
  close: part > 0.8 ? close : open,
  volume: Math.round(volume * part),
})

type Cost = { readonly busy: number; readonly script: number; readonly heap: number }

const costOf = async (session: CDPSession): Promise<Cost> => {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return {
    busy: metric('TaskDuration') * 1_000,
    script: metric('ScriptDuration') * 1_000,
    heap: metric('JSHeapUsedSize'),
  }
}

/** A minute whose trades are known, so that what was bought and sold has its pane. */
const take = (state: ChartState, bar: Bar): void => {
  const buy = Math.round((bar.volume * (bar.close - bar.low + 1)) / (bar.high - bar.low + 2))
  const flow = { time: bar.time, buy, sell: bar.volume - buy, basis: 'quotes' } as const
  stepChart(state, { bar, tradeDate: dateOfBar(spec.group, bar.time), flow })
}

/** What a visit to the chart costs in a window that has come to rest; ms. */
const visit = async (browser: Browser, url: string) => {
  const { page, close } = await openPage(browser, 'about:blank')
  await pass(windowOpensMs)
  await page.goto(url)
  const { startTime, duration } = await painted(page)
  await close()
  return { paint: duration, visit: startTime + duration }
}

/** Draws a chart of 2,000 bars some times, then follows a day of eight hours on it as fast as frames come. */
export const measureChart = async (): Promise<ChartCost> => {
  const market = randomBars(3, before + hours * 60, Date.UTC(2026, 10, 19, 23))
  const state = startChart(spec, '1m')
  for (const bar of market.slice(0, before)) take(state, bar)
  const server = await serveChart(() => readChart(state))
  const browser = await openBrowser()
  const visits: Awaited<ReturnType<typeof visit>>[] = []
  for (let n = 0; n < visitors; n++) visits.push(await visit(browser, server.url))
  const { page } = await openPage(browser, 'about:blank')
  await pass(windowOpensMs)
  await page.addInitScript(driver)
  await page.goto(server.url)
  await painted(page)
  const session = await page.context().newCDPSession(page)
  // The main thread's own time: what others do on the machine is not in it.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const idle = await costOf(session)
  await page.locator('a[data-timeframe="1m"]').click()
  await page.waitForFunction(`performance.getEntriesByName('chart-paint').length === 2`)
  const updates: number[] = []
  const costs = [await costOf(session)]
  for (const [i, bar] of market.slice(before).entries()) {
    const closed = market[before + i - 1] as Bar
    const reading = { instrument: 'MES', revision: 0, closed } as const
    for (let n = 1; n <= pricesAMinute; n++)
      updates.push(await tell(page, { ...reading, forming: growing(bar, n / pricesAMinute) }))
    take(state, bar)
    await tell(page, { ...reading, closed: bar })
    await page.waitForFunction(`document.getElementById('chart-legend').textContent.includes('growing') === false`)
    if ((i + 1) % 60 === 0) costs.push(await costOf(session))
  }
  await browser.close()
  server.close()
  const spent = (hour: number, what: 'busy' | 'script'): number =>
    ((costs[hour]?.[what] ?? 0) - (costs[hour - 1]?.[what] ?? 0)) / (60 * (pricesAMinute + 1))
  const within = (share: number): number =>
    updates.toSorted((a, b) => a - b)[Math.floor(updates.length * share)] ?? Number.NaN
  const perUpdate = (hour: number): Spent => ({ script: spent(hour, 'script'), all: spent(hour, 'busy') })
  return {
    paints: visits.map(({ paint }) => paint),
    visits: visits.map(({ visit: whole }) => whole),
    redraw: (costs[0]?.busy ?? 0) - idle.busy,
    updateP50: within(0.5),
    updateP95: within(0.95),
    firstHour: perUpdate(1),
    lastHour: perUpdate(hours),
    heapAfterFirstHour: costs[1]?.heap ?? Number.NaN,
    heapAfterLastHour: costs[hours]?.heap ?? Number.NaN,
  }
}
