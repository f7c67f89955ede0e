import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { requireTool } from '../provision.ts'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the machine's Chromium with a fresh profile; `CHROMIUM` names another one. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? requireTool('Chromium'), args: quiet })

/** Run in every page before its own script: what the browser refuses, and what moves without being touched. */
const watchers = `
  window.refused = []
  window.shifts = []
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    window.refused.push(violatedDirective + ' ' + blockedURI))
  const place = ({ x, y, width, height }) => ({ x, y, width, height })
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries())
      for (const { node, previousRect, currentRect } of sources)
        window.shifts.push({ id: node?.closest?.('[id]')?.id ?? node?.parentElement?.closest('[id]')?.id ?? '',
          part: node?.className ?? '', from: place(previousRect), to: place(currentRect) })
  }).observe({ type: 'layout-shift', buffered: true })`

type Place = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Something that moved on the page by itself; `id` is its own or the nearest around it, `part` its class. */
export type Shift = { readonly id: string; readonly part: string; readonly from: Place; readonly to: Place }

/** One page in a profile of its own, and everything that went wrong in it. */
export type Watched = {
  readonly page: Page
  /** Errors of the console, of scripts and of the content security policy since the page was opened. */
  readonly complaints: () => Promise<readonly string[]>
  readonly shifts: () => Promise<readonly Shift[]>
  readonly close: () => Promise<void>
}

export const desk = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

/** Opens `url` in a new profile. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ viewport: desk, ...options })
  const page = await context.newPage()
  const heard: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(message.text())
  })
  page.on('pageerror', (error) => heard.push(String(error)))
  await page.addInitScript(watchers)
  await page.goto(url)
  return {
    page,
    complaints: async () => [...heard, ...(await page.evaluate<string[]>('window.refused ?? []'))],
    shifts: () => page.evaluate<Shift[]>('window.shifts'),
    close: () => context.close(),
  }
}
