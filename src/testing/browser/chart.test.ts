import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Chart } from '#src/domain/chart/chart.ts'
import { barCells } from '#views/chart/bar-cells.ts'
import { formatMoment } from '#views/format.ts'
import { startTerminal, type Terminal } from '../terminal.ts'
import { desk, openBrowser, openPage, phone } from './browser.ts'

let terminal: Terminal
let browser: Browser
beforeAll(async () => {
  // A market minute is three seconds: bars close while a test looks on.
  terminal = await startTerminal({ env: { SIM_SPEED: '20' } })
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await terminal?.stop()
})

const patience = { timeout: 20_000 }

const visit = async (path: string, options?: BrowserContextOptions): Promise<Page> => {
  const watched = await openPage(browser, `${terminal.url}${path}`, options)
  onTestFinished(async () => {
    expect(await watched.complaints()).toEqual([])
    await watched.close()
  })
  return watched.page
}

const painted = (page: Page): Promise<number> =>
  page.evaluate<number>(`performance.getEntriesByName('chart-paint').length`)
const legend = async (page: Page): Promise<string> => (await page.locator('#chart-legend').textContent()) ?? ''
const size = (page: Page): Promise<unknown> =>
  page.evaluate('[document.documentElement.scrollWidth, document.documentElement.scrollHeight]')
const isDrawn = `[...document.querySelectorAll('#chart canvas')].some((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return new Set(new Uint32Array(data.buffer)).size > 20
})`

/** How much of the price pane is the blue of the average price and its bands. */
const blue = `(() => {
  const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  let found = 0
  for (const canvas of document.querySelectorAll('#chart canvas')) {
    Object.assign(copy.canvas, { width: canvas.width, height: canvas.height })
    copy.drawImage(canvas, 0, 0)
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
    for (let i = 0; i < data.length; i += 4) if (data[i + 2] > data[i] + 40 && data[i + 2] > data[i + 1] + 20) found++
  }
  return found
})()`

test('a chart is drawn, moves with the price, turns its timeframe by a key, and is a table by another', async () => {
  const page = await visit('/chart/MES?timeframe=1m')
  await expect.poll(() => painted(page), patience).toBe(1)
  expect(await page.evaluate(isDrawn)).toBe(true)
  expect(await size(page)).toEqual([desk.width, desk.height])
  const first = await legend(page)
  expect(first).toMatch(/^Nov 20, \d\d:\d\d ET, growing {2}· {2}O [\d,.]+/)
  await expect.poll(() => legend(page), patience).not.toBe(first)
  await expect.poll(async () => (await legend(page)).slice(0, 16), patience).not.toBe(first.slice(0, 16))

  await page.keyboard.press('t')
  const rows = page.locator('#bars-table tbody tr')
  // A first start stores its past while it is looked at.
  await expect.poll(() => rows.count(), patience).toBeGreaterThanOrEqual(2_000)
  const told = await page.evaluate<Chart>(`fetch('/chart/MES/bars?timeframe=1m').then((answer) => answer.json())`)
  const closed = told.bars.findLast((bar) => bar.closed)
  if (closed === undefined) throw new Error('the chart has closed bars')
  const row = barCells('MES', '1m', closed).slice(0, -1)
  const read = (): Promise<string[]> =>
    page
      .locator('#bars-table tbody tr', { hasText: `${row[0]}2026` })
      .first()
      .locator('td:not(:last-child)')
      .allTextContents()
  await expect.poll(read, patience).toEqual(row)
  const growing = await rows.first().textContent()
  await expect.poll(() => rows.first().textContent(), patience).not.toBe(growing)

  await page.keyboard.press('t')
  await page.keyboard.press('3')
  await expect.poll(() => painted(page), patience).toBe(2)
  expect(page.url()).toBe(`${terminal.url}/chart/MES?timeframe=15m`)
  expect(await page.locator('[data-timeframe="15m"][aria-current]').count()).toBe(1)
  expect(await page.title()).toContain('S&P 500 15m')
}, 60_000)

test('an instant is kept by the keys, begins the legend, and its row is seen in the table', async () => {
  const page = await visit('/chart/MES?timeframe=1m')
  const hourAgo = (): Promise<number> =>
    page.evaluate(`fetch('/chart/MES/bars?timeframe=1m').then((answer) => answer.json())
      .then(({ bars }) => (bars.length === 2000 ? bars.at(-60).time : 0))`)
  // A first start stores its past while it is looked at.
  await expect.poll(hourAgo, patience).toBeGreaterThan(0)
  const at = await hourAgo()
  await page.goto(`${terminal.url}/chart/MES?timeframe=60m&at=${at}`)
  await expect.poll(() => painted(page), patience).toBeGreaterThan(0)
  await page.keyboard.press('1')
  await expect.poll(() => legend(page), patience).toMatch(new RegExp(`^${formatMoment(at)} {2}`))
  expect(page.url()).toBe(`${terminal.url}/chart/MES?timeframe=1m&at=${at}`)
  await page.keyboard.press('t')
  const row = page.locator('#bars-table tr[aria-current]')
  expect(await row.locator('td').first().textContent()).toBe(formatMoment(at))
  const { y = 0 } = (await row.boundingBox()) ?? {}
  expect(y > 0 && y < desk.height).toBe(true)
  await page.locator('#chart-at a').click()
  await expect.poll(() => page.url()).toBe(`${terminal.url}/chart/MES?timeframe=1m`)
}, 60_000)

test('a line is drawn through the bars as long as its box in the menu is ticked', async () => {
  const page = await visit('/chart/MES?timeframe=1m')
  await expect.poll(() => painted(page), patience).toBe(1)
  await page.locator('#chart-layers summary').click()
  for (const layer of ['plan', 'fills']) await page.locator(`#chart-layers [value="${layer}"]`).uncheck()
  expect(await page.evaluate<number>(blue)).toBeGreaterThan(1_000)
  await page.locator('#chart-layers [value="vwap"]').uncheck()
  await expect.poll(() => page.evaluate<number>(blue), patience).toBeLessThan(100)
  await page.locator('#chart-layers [value="vwap"]').check()
  await expect.poll(() => page.evaluate<number>(blue), patience).toBeGreaterThan(1_000)
}, 40_000)

test('without a script it is the table, and a phone need not scroll sideways', async () => {
  const plain = await visit('/chart/MES', { javaScriptEnabled: false })
  expect(await plain.locator('#bars-table tbody tr').count()).toBe(250)
  expect(await plain.locator('#chart').isVisible()).toBe(false)
  const small = await visit('/chart/MES', { viewport: phone, isMobile: true, hasTouch: true })
  await expect.poll(() => painted(small), patience).toBe(1)
  expect(await small.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
}, 40_000)
