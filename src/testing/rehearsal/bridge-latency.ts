import { get } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { openBrowser, openPage } from '../browser/browser.ts'
import { createSender } from '../ninjatrader/sender.ts'
import { startTerminal } from '../terminal.ts'

/** Times of one way, ms. */
type Way = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly count: number
}

const wayOf = (times: readonly number[]): Way => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), count: sorted.length }
}

/** One clock for this process and the page, ms. */
const clock = (): number => performance.timeOrigin + performance.now()

const token = 'a-token-for-measuring'
const row = 'position-Sim101-MES_20Z6'

/** Hears the stream as a page does; calls with the quantity of the position and the time its bytes came. */
const hearStream = (url: string, hear: (quantity: number, at: number) => void): (() => void) => {
  let rest = ''
  const request = get(`${url}/live?page=terminal`, { headers: { accept: 'text/event-stream' } }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const at = clock()
      rest = (rest + chunk).slice(-200_000)
      for (const [, quantity] of rest.matchAll(new RegExp(`id="${row}".*?LONG (\\d+)`, 'gs')))
        hear(Number(quantity), at)
      rest = rest.slice(Math.max(0, rest.lastIndexOf('\n\n')))
    })
  })
  return () => void request.destroy()
}

/** In the page: the time at which each quantity was painted. */
const watchPaint = `window.painted = {}
  const look = () => {
    const text = document.getElementById('${row}')?.querySelector('.bias')?.textContent ?? ''
    const quantity = /LONG\\s+(\\d+)/.exec(text)?.[1]
    if (quantity !== undefined) window.painted[quantity] ??= performance.timeOrigin + performance.now()
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)`

const fill = (number: number, at: number) => ({
  id: `fill-${number}`,
  at,
  kind: 'execution',
  account: 'Sim101',
  executionId: `x-${number}`,
  orderId: `o-${number}`,
  orderName: 'Entry',
  instrument: 'MES 12-26',
  side: 'buy',
  quantity: 1,
  price: 6650.25,
  commission: 0.62,
})

const beat = (number: number, at: number) => ({
  id: `beat-${number}`,
  at,
  kind: 'heartbeat',
  connections: [],
  queues: { executions: 0, market: 0 },
  dropped: 0,
})

const snapshot = (quantity: number, at: number) => ({
  id: `positions-${quantity}`,
  at,
  kind: 'positions',
  account: 'Sim101',
  positions: quantity === 0 ? [] : [{ instrument: 'MES 12-26', quantity, averagePrice: 6650.25 }],
  orders: [],
})

/** When each quantity was there: the first time that one or a greater one was. */
const firstAt = (seen: ReadonlyMap<number, number>, count: number): readonly number[] => {
  const times: number[] = []
  let next = Number.POSITIVE_INFINITY
  for (let quantity = count; quantity > 0; quantity--) {
    next = Math.min(next, seen.get(quantity) ?? Number.POSITIVE_INFINITY)
    times[quantity] = next
  }
  return times
}

/**
 * The way of an execution on the whole product, as shipped: from the first byte of the bridge's call to the byte on the
 * stream, and to the frame of a real browser in which it is painted. `perSecond` events, one a batch, for `seconds`.
 */
export const measureBridge = async ({
  perSecond,
  seconds,
  dataDir,
  env = {},
}: {
  readonly perSecond: number
  readonly seconds: number
  readonly dataDir: string
  readonly env?: Readonly<Record<string, string>>
}): Promise<{ readonly toByte: Way; readonly toPixel: Way; readonly toAnswer: Way }> => {
  const terminal = await startTerminal({ dataDir, env: { SIM_NINJATRADER: 'no', BRIDGE_TOKEN: token, ...env } })
  const browser = await openBrowser()
  try {
    const sender = createSender({
      ask: (path, init) => fetch(`${terminal.url}${path}`, init),
      token,
      boot: new Date().toISOString(),
      wall: () => Date.now(),
    })
    let batch = 0
    const say = async (...events: readonly object[]): Promise<void> => {
      const answer = await sender.post(sender.body(++batch, events))
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
      await answer.arrayBuffer()
    }
    const now = (): number => Date.now()
    await say(
      {
        id: 'hello',
        at: now(),
        kind: 'hello',
        versions: { bridge: '1.0.0', platform: 'measured' },
        simulator: true,
        allowOrders: false,
        maxContracts: 5,
        accounts: [{ name: 'Sim101', connection: 'Simulation' }],
        instruments: ['MES 12-26'],
        commandsAfter: 0,
      },
      { id: 'account', at: now(), kind: 'account', account: 'Sim101', cash: 50_000, basis: 'net' },
      snapshot(0, now()),
    )
    await wait(2_000)
    const { page } = await openPage(browser, terminal.url)
    await page.evaluate(watchPaint)
    const heard = new Map<number, number>()
    const hangUp = hearStream(terminal.url, (quantity, at) => {
      if (!heard.has(quantity)) heard.set(quantity, at)
    })
    await wait(1_000)
    const sent: number[] = []
    const answered: number[] = []
    const count = perSecond * seconds
    const began = clock()
    for (let number = 1; number <= count; number++) {
      const due = began + (number * 1_000) / perSecond
      if (due > clock()) await wait(due - clock())
      sent[number] = clock()
      await say(fill(number, now()))
      answered[number] = clock() - (sent[number] ?? 0)
      // What a platform says beside its executions: it lives, and it holds what they add up to.
      if (number % 25 === 0) await say(beat(number, now()), snapshot(number, now()))
    }
    await wait(1_500)
    hangUp()
    const painted = new Map(
      Object.entries(await page.evaluate<Record<string, number>>('window.painted')).map(([quantity, at]) => [
        Number(quantity),
        at,
      ]),
    )
    const since = (times: readonly number[]): readonly number[] =>
      sent.flatMap((at, number) => (Number.isFinite(times[number] ?? Number.NaN) ? [(times[number] ?? 0) - at] : []))
    return {
      toByte: wayOf(since(firstAt(heard, count))),
      toPixel: wayOf(since(firstAt(painted, count))),
      toAnswer: wayOf(answered.filter(Number.isFinite)),
    }
  } finally {
    await browser.close()
    await terminal.stop()
  }
}
