import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startTerminal, type Terminal } from '../terminal.ts'
import { desk, openBrowser, openPage, phone, type Shift, type Watched } from './browser.ts'

let terminal: Terminal
let browser: Browser

beforeAll(async () => {
  // A market minute is three seconds: cards are judged, alerts raised and ranks changed while a test looks on.
  terminal = await startTerminal({ isSecond: true, env: { SIM_SPEED: '20' } })
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await terminal?.stop()
})

const patience = { timeout: 20_000 }

/** Opens the terminal; nothing may have gone wrong on the page by the end of the test. */
const visit = async (options?: BrowserContextOptions): Promise<Watched> => {
  const watched = await openPage(browser, terminal.url, options)
  onTestFinished(async () => {
    expect(await watched.complaints()).toEqual([])
    await watched.close()
  })
  return watched
}

const text = (page: Page, selector: string): Promise<string | null> => page.locator(selector).first().textContent()

/** A page that was loaded again has forgotten this. */
const mark = (page: Page): Promise<unknown> => page.evaluate('window.sameDocument = true')
const isSameDocument = (page: Page): Promise<boolean> => page.evaluate('window.sameDocument === true')

const newestAlert = async (page: Page): Promise<string> =>
  (await page.locator('#alerts li:not([data-acknowledged])').first().getAttribute('id')) ?? ''

test('the clock runs and prices change without a reload', async () => {
  const { page } = await visit()
  await mark(page)
  const clock = await text(page, '#clock time')
  const prices = await page.locator('.price .last').allTextContents()
  expect(clock).toMatch(/^\d\d:\d\d:\d\d$/)
  expect(prices).toHaveLength(6)
  await expect.poll(() => text(page, '#clock time'), patience).not.toBe(clock)
  await expect.poll(() => page.locator('.price .last').allTextContents(), patience).not.toEqual(prices)
  expect(await isSameDocument(page)).toBe(true)
  expect(await page.title()).toBe('SIM MARKET · Terminal · Futures Co-Pilot')
})

test('an open provenance panel and the keyboard’s place survive the card being judged again', async () => {
  const { page } = await visit()
  const id = (await page.locator('.cards > article').first().getAttribute('id'))?.replace('focus-', '')
  const [number, panel] = [`#number-${id}-quality`, `#why-${id}-quality`]
  await page.locator(number).focus()
  await page.keyboard.press('Enter')
  const judged = await text(page, `${panel} > p:last-child`)
  expect(judged).toMatch(/Judged on the bar closed \d\d:\d\d ET/)
  for (const earlier of [judged, await text(page, `${panel} > p:last-child`)])
    await expect.poll(() => text(page, `${panel} > p:last-child`), patience).not.toBe(earlier)
  expect(await page.locator(`${panel}:popover-open`).count()).toBe(1)
  expect(await page.locator(`${number}:focus`).count()).toBe(1)
  await page.keyboard.press('Escape')
  expect(await page.locator(':popover-open').count()).toBe(0)
  expect(await page.locator(`${number}:focus`).count()).toBe(1)
})

test('an alert is acknowledged by a click, here and on every other page', async () => {
  const [here, there] = [await visit(), await visit()]
  await mark(here.page)
  const id = await newestAlert(here.page)
  await here.page.locator(`#${id} button`).click()
  for (const { page } of [here, there])
    await expect.poll(() => page.locator(`#${id}[data-acknowledged]`).count(), patience).toBe(1)
  expect(await isSameDocument(here.page)).toBe(true)
})

test('the keys open and close their list, go to each card and acknowledge the newest alert', async () => {
  const { page } = await visit()
  await page.keyboard.press('?')
  expect(await page.locator('dialog#keys[open]').count()).toBe(1)
  await page.keyboard.press('Escape')
  expect(await page.locator('dialog#keys[open]').count()).toBe(0)
  // The closed list lets go of the keyboard with the next frame.
  await expect.poll(() => page.locator('dialog#keys :focus').count(), patience).toBe(0)
  for (const place of [1, 2, 3, 4]) {
    await page.keyboard.press(`${place}`)
    expect(await page.locator(`.cards > article:nth-child(${place}):focus`).count()).toBe(1)
  }
  const id = await newestAlert(page)
  await page.keyboard.press('a')
  await expect.poll(() => page.locator(`#${id}[data-acknowledged]`).count(), patience).toBe(1)
})

test('everything has its place at 1440×900, and nothing scrolls', async () => {
  const { page } = await visit()
  expect(await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.scrollHeight]')).toEqual([
    desk.width,
    desk.height,
  ])
  for (const part of ['#clock', '#gate', '#numbers', '#plan', '#positions', '#risk', '#alerts', '#brief']) {
    const { x, y, width, height } = (await page.locator(part).boundingBox()) ?? { x: -1, y: 0, width: 0, height: 0 }
    expect([part, x >= 0, y >= 0, width > 0 && height > 0]).toEqual([part, true, true, true])
    expect([part, x + width <= desk.width, y + height <= desk.height]).toEqual([part, true, true])
  }
})

test('a phone shows one column, and nothing is cut off at the side', async () => {
  const { page } = await visit({ viewport: phone, isMobile: true, hasTouch: true })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
  const rights = await page
    .locator('main > *, .cards > article, .boxes > *')
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().right))
  expect(rights.length).toBeGreaterThan(8)
  expect(Math.max(...rights)).toBeLessThanOrEqual(phone.width)
})

test('without JavaScript the terminal is read, alerts are acknowledged and colors are chosen', async () => {
  const { page } = await visit({ javaScriptEnabled: false })
  expect(await text(page, '#gate .answer')).toMatch(/^(YES|NO)$/)
  expect(await page.locator('.cards > article dl').count()).toBe(4)
  const id = await newestAlert(page)
  await page.locator(`#${id} button`).click()
  await page.waitForLoadState()
  expect(page.url()).toBe(`${terminal.url}/`)
  expect(await page.locator(`#${id}[data-acknowledged]`).count()).toBe(1)
  await page.locator('#menu summary').click()
  await page.selectOption('select[name=theme]', 'light')
  await page.locator('#menu button[type=submit]').click()
  await expect.poll(() => page.locator('html').getAttribute('data-theme'), patience).toBe('light')
})

test('a chosen theme and palette stay with this browser, and are where another one begins', async () => {
  const { page } = await visit()
  const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const rising = (): Promise<string> =>
    page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--color-up')`)
  const choose = async (where: Page, theme: string, palette: string): Promise<void> => {
    await where.locator('#menu summary').click()
    await where.selectOption('select[name=theme]', theme)
    await where.selectOption('select[name=palette]', palette)
    await where.locator('#menu button[type=submit]').click()
    await where.waitForSelector(`html[data-theme=${theme}][data-palette=${palette}]`)
  }
  await choose(page, 'dark', 'green-red')
  const before = [await background(), await rising()]
  await choose(page, 'light', 'blue-orange')
  expect(await background()).not.toBe(before[0])
  expect(await rising()).not.toBe(before[1])
  const other = await visit()
  expect(await other.page.locator('html[data-theme=light][data-palette=blue-orange]').count()).toBe(1)
  await choose(other.page, 'dark', 'green-red')
  await page.reload()
  expect(await page.locator('html[data-theme=light][data-palette=blue-orange]').count()).toBe(1)
})

test('script and style together weigh at most 45 KB on the wire and come from the terminal itself', async () => {
  const { page, close } = await openPage(browser, 'about:blank')
  const sizes: Promise<{ responseBodySize: number }>[] = []
  const hosts = new Set<string>()
  page.on('requestfinished', (request) => {
    hosts.add(new URL(request.url()).origin)
    if (['script', 'stylesheet'].includes(request.resourceType())) sizes.push(request.sizes())
  })
  await page.goto(terminal.url, { waitUntil: 'load' })
  const bytes = (await Promise.all(sizes)).map(({ responseBodySize }) => responseBodySize)
  expect(bytes.filter((size) => size > 1_000)).toHaveLength(2)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(45 * 1024)
  expect([...hosts]).toEqual([terminal.url])
  await close()
})

test('a changed number flashes, and does not for a reader who asked for calm', async () => {
  const flashes = async (reducedMotion: 'reduce' | 'no-preference'): Promise<() => Promise<number>> => {
    const { page } = await visit({ reducedMotion })
    await page.evaluate(`window.flashes = 0
      const { animate } = Element.prototype
      Element.prototype.animate = function (...given) { window.flashes++; return animate.apply(this, given) }`)
    return () => page.evaluate('window.flashes')
  }
  const [lively, calm] = [await flashes('no-preference'), await flashes('reduce')]
  await expect.poll(lively, patience).toBeGreaterThan(20)
  expect(await calm()).toBe(0)
})

/** A number keeps its place whatever it says: prices, ages, and whatever opens its provenance. */
const isNumber = ({ id, part }: Shift): boolean => id.startsWith('number-') || /\b(last|figure|age|why)\b/.test(part)

/**
 * News may move what is on the page: an alert on top pushes the older ones, a reason of the gate or the word NO TRADE comes
 * and goes, a card changes its place, and other words take another room on their own line. A price may move nothing.
 */
const isNews = (shift: Shift): boolean => {
  const { id, part, from, to } = shift
  if (id.startsWith('alert-') || id === 'gate' || ['card', 'quiet'].includes(part)) return true
  const placed = Math.abs(from.x - to.x) + Math.abs(from.y - to.y) > 100
  const reworded = from.y === to.y && from.height === to.height && !isNumber(shift)
  return (id.startsWith('focus-') && placed) || (/^(focus|line)-|^(clock|plan)$/.test(id) && reworded)
}

test('five hundred updates, more than twenty a second, move nothing on the page', {
  timeout: 60_000,
}, async () => {
  const { page, shifts } = await visit()
  await page.evaluate(`window.updates = 0
    document.body.addEventListener('htmx:oobAfterSwap', () => window.updates++)`)
  await expect.poll(() => page.evaluate('window.updates'), { timeout: 50_000, interval: 500 }).toBeGreaterThan(500)
  expect((await shifts()).filter((shift) => !isNews(shift))).toEqual([])
})

/** Passes everything on from the terminal, its page in two halves; gives the address. */
const halve = async (): Promise<string> => {
  const slow = createServer((asked, answer) => {
    const copy = ({ headers, statusCode = 502 }: IncomingMessage): ServerResponse =>
      answer.writeHead(statusCode, { 'content-type': headers['content-type'] ?? 'text/plain' })
    get(`${terminal.url}${asked.url}`, (given) => {
      if (asked.url !== '/') return given.pipe(copy(given))
      return buffer(given).then((whole) => {
        const middle = whole.indexOf('<div class="boxes">')
        copy(given).write(whole.subarray(0, middle))
        setTimeout(() => answer.end(whole.subarray(middle)), 700)
      })
    })
  })
  onTestFinished(() => void slow.close())
  await once(slow.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
}

test('a page that arrives in halves is painted whole', async () => {
  const { page, shifts, close } = await openPage(browser, await halve())
  expect(await page.locator('.boxes').count()).toBe(1)
  expect((await shifts()).filter((shift) => !isNews(shift))).toEqual([])
  await close()
})
