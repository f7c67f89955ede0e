import { Agent, get, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { openBrowser, openPage } from '../browser/browser.ts'
import { createSender } from '../ninjatrader/sender.ts'
import { startTerminal, type Terminal } from '../terminal.ts'

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

/** The prices are unique, so that each shows which fill it is of: 'from 6,650.25 since'. */
const firstPrice = 6_000
const numberOf = (price: string): number => (Number(price.replaceAll(',', '')) - firstPrice) * 4

/**
 * A caller that keeps its line open, as the bridge does, and costs little itself: what is measured is the product.
 * Answers with the status and the text.
 */
const createCaller = (url: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true })
  return async (path: string, init: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const headers = { ...(init.headers as Record<string, string>) }
      const call = request(`${url}${path}`, { agent, method: init.method ?? 'GET', headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve(new Response(text, { status: response.statusCode ?? 0 })))
      })
      call.on('error', reject)
      call.end(init.body)
    })
}

/** Hears the stream as a page does; calls with the number of the fill on the screen and the time its bytes came. */
const hearStream = (url: string, hear: (number: number, at: number) => void): (() => void) => {
  let rest = ''
  const stream = get(`${url}/live?page=terminal`, { headers: { accept: 'text/event-stream' } }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const at = clock()
      rest += chunk
      for (const [, price = ''] of rest.matchAll(/from ([\d,.]+) since/g)) hear(numberOf(price), at)
      rest = rest.slice(-200)
    })
  })
  return () => void stream.destroy()
}

/** In the page: the time at which each fill was painted. */
const watchPaint = `window.painted = {}
  const look = () => {
    const price = /from ([\\d,.]+) since/.exec(document.getElementById('${row}')?.textContent ?? '')?.[1]
    if (price !== undefined) window.painted[price] ??= performance.timeOrigin + performance.now()
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)`

/** So long a process that has seen no fill yet compiles what one needs; those fills are told apart. */
const coldSeconds = 2

/** Each turns the position around at a price of its own: LONG 1, SHORT 1, LONG 1 … */
const fill = (number: number, at: number) => ({
  id: `fill-${number}`,
  at,
  kind: 'execution',
  account: 'Sim101',
  executionId: `x-${number}`,
  orderId: `o-${number}`,
  orderName: 'Entry',
  instrument: 'MES 12-26',
  side: number % 2 === 1 ? 'buy' : 'sell',
  quantity: number === 1 ? 1 : 2,
  price: firstPrice + number / 4,
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

const snapshot = (number: number, at: number) => ({
  id: `positions-${number}`,
  at,
  kind: 'positions',
  account: 'Sim101',
  positions:
    number === 0
      ? []
      : [{ instrument: 'MES 12-26', quantity: number % 2 === 1 ? 1 : -1, averagePrice: firstPrice + number / 4 }],
  orders: [],
})

/** When each fill was there: the first time that it or a later one was. */
const firstAt = (seen: ReadonlyMap<number, number>, count: number): readonly number[] => {
  const times: number[] = []
  let next = Number.POSITIVE_INFINITY
  for (let number = count; number > 0; number--) {
    next = Math.min(next, seen.get(number) ?? Number.POSITIVE_INFINITY)
    times[number] = next
  }
  return times
}

/**
 * The way of an execution on the whole product, as shipped: from the first byte of the bridge's call to the byte on the
 * stream and, where a browser draws on the same machine (`painted`), to the frame in which it is painted. `perSecond`
 * events, one a batch, for `seconds`; those of the first two seconds of a process count apart.
 */
export const measureBridge = async ({
  perSecond,
  seconds,
  dataDir,
  painted: drawn,
  env = {},
  beside,
}: {
  readonly perSecond: number
  readonly seconds: number
  readonly dataDir: string
  readonly painted: boolean
  readonly env?: Readonly<Record<string, string>>
  /** What the terminal is busy with meanwhile; begun before anything is measured. */
  readonly beside?: (terminal: Terminal) => Promise<void>
}): Promise<{ readonly toByte: Way; readonly toByteAtFirst: Way; readonly toPixel: Way; readonly toAnswer: Way }> => {
  const terminal = await startTerminal({ dataDir, env: { SIM_NINJATRADER: 'no', BRIDGE_TOKEN: token, ...env } })
  const browser = drawn ? await openBrowser() : undefined
  try {
    const sender = createSender({
      ask: createCaller(terminal.url),
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
    await wait(8_000)
    await beside?.(terminal)
    const page = browser && (await openPage(browser, terminal.url)).page
    await page?.evaluate(watchPaint)
    const heard = new Map<number, number>()
    const hangUp = hearStream(terminal.url, (number, at) => {
      if (!heard.has(number)) heard.set(number, at)
    })
    await wait(1_000)
    // A platform that was quiet this long counts as lost, and its position is not shown before it is heard again.
    await say(beat(0, now()), snapshot(0, now()))
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
      Object.entries((await page?.evaluate<Record<string, number>>('window.painted')) ?? {}).map(([price, at]) => [
        numberOf(price),
        at,
      ]),
    )
    const since = (times: readonly number[], from: number, to: number): readonly number[] =>
      sent
        .flatMap((at, number) => (number < from || number > to ? [] : [(times[number] ?? Number.NaN) - at]))
        .filter(Number.isFinite)
    const [bytes, cold] = [firstAt(heard, count), perSecond * coldSeconds]
    return {
      toByte: wayOf(since(bytes, cold + 1, count)),
      toByteAtFirst: wayOf(since(bytes, 1, cold)),
      toPixel: wayOf(since(firstAt(painted, count), cold + 1, count)),
      toAnswer: wayOf(answered.filter(Number.isFinite)),
    }
  } finally {
    await browser?.close()
    await terminal.stop()
  }
}

const tradesPerBook = 5
const marketStart = Date.UTC(2026, 10, 20, 14)

/** Hears each turn of the gate's answer on the stream. */
const hearGate = (url: string, hear: (open: boolean, at: number) => void): (() => void) => {
  let rest = ''
  const stream = get(`${url}/live?page=terminal`, { headers: { accept: 'text/event-stream' } }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const at = clock()
      rest += chunk
      for (const [, open] of rest.matchAll(/id="gate"[^>]*data-open="(true|false)"/g)) hear(open === 'true', at)
      rest = rest.slice(-300)
    })
  })
  return () => void stream.destroy()
}

/**
 * From a fill that opens the second trade to NO on the stream, and from the one that closes it to YES: five times each in
 * a book, as no more trades a day are allowed, over `books` starts of a platform.
 */
export const measureGate = async ({
  books,
  dataDir,
}: {
  readonly books: number
  readonly dataDir: string
}): Promise<Way> => {
  const began = Date.now()
  const at = (): number => marketStart + Date.now() - began
  const env = { SIM_NINJATRADER: 'no', BRIDGE_TOKEN: token, SIM_START: new Date(marketStart).toISOString() }
  const terminal = await startTerminal({ dataDir, env })
  const turns: { open: boolean; at: number }[] = []
  const hangUp = hearGate(terminal.url, (open, heardAt) => {
    if (turns.at(-1)?.open !== open) turns.push({ open, at: heardAt })
  })
  const times: number[] = []
  for (let book = 0; book < books; book++) {
    const sender = createSender({
      ask: createCaller(terminal.url),
      token,
      boot: new Date().toISOString(),
      wall: () => Date.now(),
    })
    let batch = 0
    const held = new Map<string, number>()
    const say = async (...events: readonly object[]): Promise<void> =>
      void (await (await sender.post(sender.body(++batch, events))).arrayBuffer())
    const hello = {
      ...{ id: `hello-${book}`, at: at(), kind: 'hello', versions: { bridge: '1.0.0', platform: 'measured' } },
      ...{ simulator: true, allowOrders: false, maxContracts: 5, commandsAfter: 0, instruments: [] },
      accounts: [{ name: 'Sim101', connection: 'Simulation' }],
    }
    const positions = () => ({
      ...{ id: `held-${book}-${batch}`, at: at(), kind: 'positions', account: 'Sim101', orders: [] },
      positions: [...held]
        .filter(([, quantity]) => quantity !== 0)
        .map(([instrument, quantity]) => ({ instrument, quantity, averagePrice: 100 })),
    })
    const trade = async (instrument: string, side: 'buy' | 'sell', price: number): Promise<void> => {
      held.set(instrument, (held.get(instrument) ?? 0) + (side === 'buy' ? 1 : -1))
      const id = `x-${book}-${batch}`
      const order = { executionId: id, orderId: id, orderName: 'Entry' }
      const fill = {
        id,
        at: at(),
        kind: 'execution',
        account: 'Sim101',
        instrument,
        side,
        quantity: 1,
        price,
        ...order,
      }
      await say(fill, positions(), beat(book * 1_000 + batch, at()))
    }
    const turn = async (open: boolean, run: () => Promise<void>): Promise<void> => {
      const sent = clock()
      await run()
      for (let waited = 0; waited < 5_000; waited += 20) {
        const heard = turns.find((each) => each.open === open && each.at >= sent)
        if (heard !== undefined) return void times.push(heard.at - sent)
        await wait(20)
      }
      throw new Error(`the gate did not turn ${open ? 'YES' : 'NO'}`)
    }
    await say(
      hello,
      { id: `cash-${book}`, at: at(), kind: 'account', account: 'Sim101', cash: 50_000, basis: 'net' },
      positions(),
    )
    await wait(3_500)
    await trade('MES 12-26', 'buy', 6_650)
    await wait(1_500)
    for (let count = 0; count < tradesPerBook; count++) {
      await turn(false, () => trade('MGC 12-26', 'buy', 4_200))
      await wait(1_300 + 70 * count)
      await turn(true, () => trade('MGC 12-26', 'sell', 4_210))
      await wait(1_300 + 70 * count)
    }
  }
  hangUp()
  await terminal.stop()
  return wayOf(times)
}
