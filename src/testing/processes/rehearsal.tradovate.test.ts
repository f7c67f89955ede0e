import { afterEach, expect, test } from 'vitest'
import { createClock } from '#src/adapters/clock.ts'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { startRehearsal } from '../rehearsal/rehearsal.ts'
import { openScreen } from '../rehearsal/screen.ts'
import { startTerminal } from '../terminal.ts'
import { createTradovateStandIn } from '../tradovate/stand-in.ts'
import { syntheticTape, writtenTape } from '../tradovate/tape.ts'
import { eventually } from './eventually.ts'

const from = Date.UTC(2026, 10, 20, 14)
const stops: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

const credentials = {
  TRADOVATE_NAME: 'trader',
  TRADOVATE_PASSWORD: 'correct horse',
  TRADOVATE_CID: '123',
  TRADOVATE_SECRET: 'f03741b6-f634-48d6-9308-c8fb871150c2',
}

test('the terminal runs on Tradovate: minutes as the vendor has them, positions as its books say', async () => {
  const speed = 20
  const clock = createClock(from, speed)
  const tape = syntheticTape(7, [contractOf('MES', 202612), contractOf('MGC', 202612)])
  const vendor = await createTradovateStandIn({ tape, clock })
  stops.push(vendor.close)
  vendor.setPosition('MESZ6', 2, 6660.25)
  const terminal = await startTerminal({
    env: {
      FEED: 'tradovate',
      INSTRUMENTS: 'MES,MGC',
      HISTORY_DAYS: '2',
      ...credentials,
      TRADOVATE_REST_URL: vendor.restUrl,
      TRADOVATE_WS_URL: vendor.userUrl,
      TRADOVATE_MD_URL: vendor.mdUrl,
      REHEARSAL_CLOCK: `${new Date(clock.now()).toISOString()}/${new Date(clock.wall()).toISOString()}/${speed}`,
    },
  })
  stops.push(terminal.stop)
  const screen = openScreen(terminal.url)
  stops.push(screen.close)
  await eventually('live', () => screen.state() === 'live' || undefined)
  const begun = Math.ceil(clock.now() / minuteMs) * minuteMs
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${terminal.url}${path}`, { headers: { 'x-api-key': terminal.apiKey } })).json()) as T
  expect(await (await fetch(terminal.url)).text()).toContain('Read from Tradovate')
  await eventually('five minutes', () => clock.now() > begun + 6 * minuteMs || undefined)
  const bars = async (): Promise<readonly Bar[]> =>
    (await ask<{ bars: Bar[] }>(`/api/bars/MES?timeframe=1m&from=${begun - 30 * minuteMs}&to=${begun + 5 * minuteMs}`))
      .bars
  await eventually('every minute', async () =>
    JSON.stringify(await bars()) === JSON.stringify(tape.bars('MESZ6', begun - 30 * minuteMs, begun + 5 * minuteMs))
      ? true
      : undefined,
  )
}, 90_000)

test('a second source of another price closes the gate, and the alert names both contracts', async () => {
  const mgc = contractOf('MGC', 202612)
  const clock = createClock(from, 1)
  const tape = writtenTape([mgc, contractOf('MES', 202612)])
  const vendor = await createTradovateStandIn({ tape, clock })
  stops.push(vendor.close)
  const rehearsal = await startRehearsal({
    from,
    speed: 1,
    instruments: ['MGC'],
    env: {
      HISTORY_DAYS: '2',
      SECOND_SOURCE: 'tradovate',
      ...credentials,
      TRADOVATE_REST_URL: vendor.restUrl,
      TRADOVATE_WS_URL: vendor.userUrl,
      TRADOVATE_MD_URL: vendor.mdUrl,
    },
  })
  stops.push(rehearsal.stop)
  let id = 1
  const trade = setInterval(() => {
    const at = clock.now()
    tape.write('MGCZ6', { id: id++, at, price: 4321.5, size: 1, bid: 4321.4, ask: 4321.5 })
  }, 300)
  stops.push(() => clearInterval(trade))
  await eventually('the alert', () =>
    rehearsal.screen.alerts().find((text) => /MGC Z6 [\d.]+, Tradovate MGC Z6 4321\.\d: prices disagree/.test(text)),
  )
  await eventually('the gate', async () => {
    const page = await (await fetch(rehearsal.terminal.url)).text()
    return /two sources disagree/.test(page) || undefined
  })
}, 90_000)
