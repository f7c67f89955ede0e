import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../processes/eventually.ts'
import { listen } from '../processes/listen.ts'
import { startTerminal, type Terminal } from '../terminal.ts'
import { openBrowser, openPage } from './browser.ts'

let terminal: Terminal
let browser: Browser

beforeAll(async () => {
  // The morning runs two minutes a second, so that every few seconds something is worth an alert.
  terminal = await startTerminal({ isSecond: true, env: { SIM_SPEED: '120', SIM_START: '2026-11-20T10:30:00Z' } })
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await terminal?.stop()
})

test('a page that lost its line is told the alerts it missed, each once and in order', async () => {
  const witness = listen(terminal)
  const page = listen(terminal)
  const known = await eventually('an alert', () => page.alerts.at(0)?.id)
  page.close()
  await eventually('two more alerts', () => witness.alerts.at(2))
  const back = listen(terminal, known)
  const newest = witness.alerts.at(-1)?.id ?? 0
  await eventually('what was missed', () => back.alerts.find(({ id }) => id >= newest))
  const missed = witness.alerts.filter(({ id }) => id > known && id <= newest)
  expect(back.alerts.slice(0, missed.length)).toEqual(missed)
  for (const { close } of [witness, back]) close()
}, 120_000)

test('killed and started again, the server has its page back and current', async () => {
  const { page, close } = await openPage(browser, terminal.url)
  const state = (): Promise<{ lost: boolean; answer: string; clock: string; ages: string[] }> =>
    page.evaluate(`({
      lost: document.documentElement.classList.contains('lost'),
      answer: document.querySelector('#gate .answer').textContent,
      clock: document.querySelector('#clock time').textContent,
      ages: [...document.querySelectorAll('.price')].map(({ dataset }) => dataset.freshness),
    })`)
  const streams: URL[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.pathname === '/live') streams.push(url)
  })
  await page.evaluate('window.sameDocument = true')
  const { clock: painted } = await state()
  await expect.poll(async () => (await state()).clock, { timeout: 20_000 }).not.toBe(painted)
  const newest = Number((await page.locator('[data-alert]').first().getAttribute('data-alert')) ?? 0)

  await terminal.kill9()
  await expect.poll(state, { timeout: 10_000 }).toMatchObject({ lost: true, answer: 'NO' })
  expect(await page.locator('#connection').textContent()).toMatch(/^Reconnecting: nothing heard/)

  await terminal.start()
  const fresh = Array(6).fill('fresh')
  await expect.poll(state, { timeout: 20_000, interval: 100 }).toMatchObject({ lost: false, ages: fresh })
  const { clock } = await state()
  await expect.poll(async () => (await state()).clock, { timeout: 20_000 }).not.toBe(clock)
  expect(await page.locator('#connection').isHidden()).toBe(true)
  expect(await page.evaluate('window.sameDocument')).toBe(true)
  expect(Number(streams.at(-1)?.searchParams.get('after'))).toBeGreaterThanOrEqual(newest)
  await close()
}, 120_000)
