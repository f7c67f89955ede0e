import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { backing, createDatabase } from '../database.ts'
import { createHandBridge, type HandBridge } from '../ninjatrader/hand-bridge.ts'
import { pause } from '../processes/eventually.ts'
import { startTerminal, type Terminal } from '../terminal.ts'
import { desk, openBrowser, openPage, phone, type Watched } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
}, 60_000)
afterAll(() => browser?.close())

const patience = { timeout: 20_000 }
const soon = { timeout: 60_000 }

/** Opens a page; nothing may have gone wrong on it by the end of the test. */
const visitOf =
  (terminal: () => Terminal) =>
  async (path = '/', options?: BrowserContextOptions): Promise<Watched> => {
    const watched = await openPage(browser, `${terminal().url}${path}`, options)
    onTestFinished(async () => {
      expect(await watched.complaints()).toEqual([])
      await watched.close()
    })
    return watched
  }

const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).first().textContent()) ?? ''
const isThere = (page: Page, selector: string) => (): Promise<boolean> => page.locator(selector).first().isVisible()

/** The facts the gate stands on, blocked ones with their reason: 'lockout: blocks, you locked yourself out'. */
const factOf = async (page: Page, id: string): Promise<string> =>
  (await page.locator('#gate-facts tr', { has: page.locator(`th:text-is("${id}")`) }).textContent()) ?? ''

const press = async (page: Page, selector: string, forMs: number): Promise<void> => {
  await page.locator(selector).hover()
  await page.mouse.down()
  await pause(forMs)
  await page.mouse.up()
}

describe('a newcomer, beside the simulated market', () => {
  let terminal: Terminal
  beforeAll(async () => {
    terminal = await startTerminal({ isSecond: true, env: { SIM_NINJATRADER: 'yes', SIM_SPEED: '5' } })
  }, 120_000)
  afterAll(() => terminal?.stop())
  const visit = visitOf(() => terminal)

  test('sees within a minute a live position with its stop and target, and every number known', async () => {
    const { page } = await visit()
    await expect.poll(isThere(page, '#positions .held'), soon).toBe(true)
    await expect.poll(() => textOf(page, '#positions .held'), patience).toMatch(/stop [\d,.]+[\s\S]*TP [\d,.]+/i)
    const held = await textOf(page, '#positions .held')
    expect(held).toMatch(/(LONG|SHORT) \d+\s+(MGC|SIL|MCL|MHG|MES|MNQ) [A-Z]\d/)
    expect(held).toMatch(/Sim101\s+SIM/i)
    await expect.poll(() => textOf(page, '#bridge'), patience).toMatch(/in sync\s+SIM/i)
    for (const number of ['day', 'limit', 'risk'])
      await expect.poll(() => textOf(page, `#figure-${number} output`), patience).toMatch(/\$[\d,]+\.\d\d/)
    for (const fact of ['bridge', 'loss limits', 'drawdown', 'open trades', 'losses in row', 'trades today'])
      await expect.poll(() => factOf(page, fact), patience).toMatch(/ok|blocks/)
    const size = await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.scrollHeight]')
    expect(size).toEqual([desk.width, desk.height])
  }, 90_000)

  test.each(['glance', 'accounts', 'settings', 'bridge'])(
    '/%s is clean and live, and a phone need not scroll sideways',
    async (room) => {
      const { page } = await visit(`/${room}`, { viewport: phone, isMobile: true, hasTouch: true })
      const clock = await textOf(page, '#clock time')
      await expect.poll(() => textOf(page, '#clock time'), patience).not.toBe(clock)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
    },
    40_000,
  )

  test('downloads the AddOn as NinjaTrader imports it', async () => {
    const { page } = await visit('/bridge')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a[href$="copilot-bridge.zip"]').click(),
    ])
    expect(download.suggestedFilename()).toBe('copilot-bridge.zip')
    const files = Object.keys(unzipSync(readFileSync(await download.path())))
    expect(files).toEqual(['Info.xml', 'CoPilotBridge.cs', 'FKSCore.cs', 'FKSVolume.cs', 'README.md'])
  })

  test('flattens an account only by a button that is held', async () => {
    const { page } = await visit()
    const posts: string[] = []
    page.on('request', (request) => void (request.method() === 'POST' && posts.push(new URL(request.url()).pathname)))
    await expect.poll(isThere(page, '#flatten-Sim101'), soon).toBe(true)
    expect(await textOf(page, '#flatten-Sim101')).toMatch(/^Flatten \d+ [A-Z]{3}.* on SIM101$/i)
    await press(page, '#flatten-Sim101', 150)
    await pause(700)
    expect(posts).toEqual([])
    // The keyboard is elsewhere on the page: taking it from there is no letting go.
    await page.locator('#gate button').first().focus()
    await press(page, '#flatten-Sim101', 900)
    await expect.poll(() => posts, patience).toEqual(['/accounts/Sim101/flatten'])
    await expect.poll(() => page.locator('#kill').getAttribute('data-state'), patience).toBe('flat')
    expect(await textOf(page, '#kill')).toMatch(/FLAT/)
  }, 90_000)

  test('who flattens everything is locked out, on every browser and after a power failure', async () => {
    const { page } = await visit()
    await press(page, '#kill-all', 900)
    await expect.poll(() => page.locator('#kill').getAttribute('data-state'), patience).toBe('flat')
    const isLocked = async (where: Page): Promise<void> => {
      await expect.poll(() => textOf(where, '#gate .answer'), patience).toBe('NO')
      await expect.poll(() => factOf(where, 'lockout'), patience).toMatch(/blocks.*kill switch/)
      await expect.poll(() => textOf(where, '#risk'), patience).toContain('LOCKED until 17:00')
    }
    await isLocked(page)
    expect(await textOf(page, '#positions')).toContain('Flat. Nothing is held.')
    await page.reload()
    await isLocked(page)
    const other = await openPage(browser, terminal.url)
    await isLocked(other.page)
    expect(await other.complaints()).toEqual([])
    await other.close()

    const key = { 'x-api-key': terminal.apiKey, 'content-type': 'application/json' }
    const post = async (path: string, body: object): Promise<number> => {
      const answer = await fetch(`${terminal.url}${path}`, { method: 'POST', headers: key, body: JSON.stringify(body) })
      return answer.status
    }
    const earlier = { confirmed: 'yes', until: '2026-11-20T14:00:00Z' }
    expect(await post('/settings/limits', { maxLossesInRow: 9, dailyLoss: 9_000 })).toBe(200)
    expect(
      await post('/settings/phases', { preMarket: '00:00', active: '01:00', windDown: '22:00', flatBy: '23:00' }),
    ).toBe(200)
    expect(await post('/accounts/Sim101', { watched: 'no' })).toBe(422)
    expect([200, 422]).toContain(await post('/lockout', earlier))
    expect([200, 422]).toContain(await post('/lockout', { ...earlier, account: 'Sim101' }))
    expect(await post('/kill', { confirmed: 'yes' })).toBe(200)
    await isLocked(page)
    await page.goto('about:blank')

    await terminal.kill9()
    await terminal.start()
    const again = await openPage(browser, terminal.url)
    await isLocked(again.page)
    await expect.poll(() => textOf(again.page, '#bridge'), soon).toMatch(/in sync\s+SIM/i)
    await isLocked(again.page)
    await pause(6_000)
    expect(await textOf(again.page, '#positions')).toContain('Flat. Nothing is held.')
    await again.close()
  }, 120_000)
})

const token = 'a-token-for-the-hand-bridge'

describe('a trader with one account', () => {
  let terminal: Terminal
  let bridge: HandBridge
  let life: Promise<void>
  beforeAll(async () => {
    const DATABASE_URL = await createDatabase(await backing('postgres'), `accounts_${randomUUID().replaceAll('-', '')}`)
    const marketAhead = Date.parse('2026-11-20T13:45:00Z') - Date.now()
    terminal = await startTerminal({ env: { DATABASE_URL, BRIDGE_TOKEN: token, INSTRUMENTS: 'MES,MNQ' } })
    const now = (): number => Date.now() + marketAhead
    bridge = createHandBridge({ url: terminal.url, token, account: 'Sim101', simulator: true, now })
    life = bridge.live()
  }, 120_000)
  afterAll(async () => {
    bridge?.stop()
    await life
    await terminal?.stop()
  })
  const visit = visitOf(() => terminal)
  const mes = 'MES 12-26'
  const stop = {
    ...{ orderId: 's-1', name: 'Stop', instrument: mes, side: 'sell', type: 'stop-market', quantity: 2, filled: 0 },
    ...{ stopPrice: 6600, state: 'working', where: 'broker' },
  }

  test('is warned of a position without a stop until it has one', async () => {
    const { page } = await visit()
    await expect.poll(() => textOf(page, '#bridge'), patience).toMatch(/in sync/i)
    await bridge.trade(mes, 2, 6650.25)
    await expect.poll(() => page.locator('#positions .naked').count(), patience).toBe(1)
    expect(await textOf(page, '#positions .naked')).toMatch(/NAKED/)
    await expect.poll(() => textOf(page, '#alerts'), patience).toMatch(/MES Z6: no stop for all of it/)
    await bridge.work([stop])
    await expect.poll(() => page.locator('#positions .naked').count(), patience).toBe(0)
    expect(await textOf(page, '#positions .held')).toMatch(/stop 6,600\.00/)
  }, 60_000)

  test('is told what does not agree, and settles it himself', async () => {
    const { page } = await visit()
    await bridge.hold([{ instrument: mes, quantity: 3, averagePrice: 6651 }])
    await expect.poll(() => textOf(page, '#positions'), patience).toMatch(/NinjaTrader \+3, ledger \+2/)
    await expect.poll(() => factOf(page, 'bridge'), patience).toMatch(/blocks.*differ/)
    expect(await textOf(page, '#gate .answer')).toBe('NO')
    await page.goto(`${terminal.url}/bridge`)
    await press(page, '#adopt-Sim101', 900)
    await expect.poll(() => textOf(page, '#connections'), patience).toMatch(/in sync/i)
    await page.goto(terminal.url)
    expect(await textOf(page, '#positions .held')).toMatch(/LONG 3\s+MES Z6/)
    await bridge.work([{ ...stop, quantity: 3 }])
  }, 60_000)

  test('tightens his limits at once and loosens them tomorrow', async () => {
    await bridge.say(bridge.fill('MNQ 12-26', 1, 25_000), bridge.fill('MNQ 12-26', -1, 24_810))
    const { page } = await visit()
    await expect.poll(() => textOf(page, '#figure-day .remark'), patience).toMatch(/closed −\$38[01]\.\d\d · 1 trade/)
    expect(await factOf(page, 'loss limits')).toMatch(/leave room/)
    await page.goto(`${terminal.url}/settings`)
    const save = async (name: string, value: string): Promise<void> => {
      await page.fill(`#limits input[name="${name}"]`, value)
      await page.locator('#limits button[type=submit]').click()
      await page.waitForLoadState()
    }
    await save('dailyLoss', 'much')
    expect(await textOf(page, '#limits label:has(input[name=dailyLoss]) .refused')).toMatch(/number/)
    await save('dailyLoss', '150')
    expect(await textOf(page, '.notice')).toMatch(/holds from now on/)
    await save('dailyLoss', '900')
    expect(await textOf(page, '.notice')).toMatch(/from the next trade date on/)
    expect(await textOf(page, '#limits')).toMatch(/Looser limits wait for the trade date 2026-11-23/)
    const audit = await textOf(page, '#audit')
    expect(audit).toMatch(/settings.*dailyLoss/)
    expect(await page.inputValue('#limits input[name=dailyLoss]')).toBe('150')
    await page.goto(terminal.url)
    await expect.poll(() => factOf(page, 'loss limits'), patience).toMatch(/blocks.*of \$150 used/)
  }, 60_000)

  test('gets flat and locks himself out without any script', async () => {
    const { page } = await visit('/', { javaScriptEnabled: false })
    await page.locator('#flatten-Sim101').click()
    await page.waitForLoadState()
    expect(await textOf(page, 'h1')).toMatch(/^Flatten 3 MES on SIM101\?$/i)
    expect(bridge.commands.filter(({ kind }) => kind.startsWith('flatten'))).toEqual([])
    await page.locator('button[data-loud]').click()
    await page.waitForLoadState()
    const isFlat = async (): Promise<string> => {
      await page.goto(terminal.url)
      return textOf(page, '#positions')
    }
    await expect.poll(isFlat, patience).toContain('Flat. Nothing is held.')
    await page.locator('#lock-out').click()
    await page.waitForLoadState()
    expect(await textOf(page, 'h1')).toBe('Lock me out until 17:00?')
    await page.locator('button[data-loud]').click()
    await page.waitForLoadState()
    expect(await textOf(page, '#risk')).toContain('LOCKED until 17:00')
    await expect.poll(() => bridge.commands.map(({ kind }) => kind), patience).toContain('lockout')
  }, 60_000)
})
