import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createChance } from '../bars.ts'
import { eventually, pause } from '../processes/eventually.ts'
import { createStandIn } from './conformance/stand-in.ts'
import { type BridgeControl, compile, type HandlerTimes, openBridge } from './mono.ts'

const token = 'mono-token-0123456789'
const mnq = 'MNQ 12-26'
const folder = mkdtempSync(join(tmpdir(), 'copilot-mono-'))
const opened: { readonly close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

type Position = { readonly account: string; readonly instrument: string; readonly quantity: number }
type Working = {
  readonly orderId: string
  readonly type: string
  readonly quantity: number
  readonly filled: number
  readonly limitPrice?: number
  readonly state: string
  readonly oco?: string
}
type Look = {
  readonly positions: readonly Position[]
  readonly working: readonly Working[]
  readonly escaped: number
  readonly logs: number
  readonly threads: number
}

/** A driver, and its answers as what they are; an answer that is not ok throws. */
const open = () => {
  const driver = openBridge()
  opened.push(driver)
  const control = async <T>(command: BridgeControl): Promise<T> => {
    const answer = await driver.control(command)
    if (!answer.ok) throw new Error(`${command.do}: ${answer.error}\n${driver.said()}`)
    return answer as unknown as T
  }
  return {
    control,
    said: driver.said,
    start: (url: string, name: string, confirm: 'auto' | 'none' = 'auto') =>
      control({
        ...{ do: 'start', url, token, bridge: 'pc-1', folder: join(folder, name), auto: 'none', confirm },
        ...{ allowOrders: true, accounts: ['Sim101'], maxContracts: 10 },
      }),
    look: () => control<Look>({ do: 'look' }),
    memory: async () => (await control<{ readonly bytes: number }>({ do: 'memory' })).bytes,
  }
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** A co-pilot that only counts: it keeps the executions in the order they came, and may take its time to answer. */
const createCounter = async () => {
  const executions: string[] = []
  const boots = new Set<string>()
  const held: ServerResponse[] = []
  let answerMs = 0
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') return void held.push(response)
    const body = JSON.parse(await bodyOf(request)) as {
      readonly batch: number
      readonly boot: string
      readonly events: readonly { readonly kind: string; readonly executionId?: string }[]
    }
    await pause(answerMs)
    if (response.destroyed) return
    boots.add(body.boot)
    for (const { kind, executionId } of body.events)
      if (kind === 'execution' && executionId !== undefined) executions.push(executionId)
    const answer = { batch: body.batch, accepted: body.events.length, alreadyKnown: 0, rejected: [] }
    response.writeHead(200, { 'x-copilot-time': `${Date.now()}` }).end(JSON.stringify(answer))
  }
  // A call that the bridge broke off is nobody's fault.
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()))
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  const leave = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  opened.push({ close: leave })
  return {
    url: `http://127.0.0.1:${port}`,
    executions,
    boots,
    leave,
    comeBack: () => listen(port),
    answerAfter: (ms: number): void => {
      answerMs = ms
    },
  }
}

const buy = { do: 'manual', account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1, price: 20_000 } as const

describe('the AddOn', () => {
  test('compiles without a warning, in the C# that every NinjaTrader 8 understands', () => {
    compile(join(folder, 'alone.dll'), ['CoPilotBridge.cs', 'stubs/Common', 'stubs/AddOn'])
  })

  test('survives session breaks that null everything, and goes on telling', async () => {
    const copilot = await createCounter()
    const { start, control, look } = open()
    await start(copilot.url, 'nulls')
    await eventually('the first batch', () => copilot.boots.size || undefined)
    await control({ do: 'nulls', count: 150 })
    await control({ ...buy, executionId: 'after the storm' })
    await eventually('the fill after it', () => copilot.executions.includes('after the storm') || undefined)
    const { escaped, logs } = await look()
    expect(escaped).toBe(0)
    expect(logs).toBeLessThanOrEqual(1)
  })

  test('loses nothing and blocks nobody while the co-pilot is away, then slow, at 2,000 events a second', async () => {
    const copilot = await createCounter()
    const { start, control, look, memory, said } = open()
    await start(copilot.url, 'storm')
    await eventually('the first batch', () => copilot.boots.size || undefined)
    const before = await memory()

    await copilot.leave()
    const told: string[] = []
    const away = await control<HandlerTimes>({ do: 'burst', count: 3_000, perSecond: 2_000, kind: 'execution' })
    for (const id of ['first', 'second']) {
      told.push(id)
      await control({ ...buy, executionId: id })
    }
    const prices = await control<HandlerTimes>({ do: 'burst', count: 3_000, perSecond: 2_000, kind: 'market' })
    copilot.answerAfter(2_000)
    await copilot.comeBack()
    const slow = await control<HandlerTimes>({ do: 'burst', count: 5_000, perSecond: 2_000, kind: 'order' })
    const after = await memory()
    copilot.answerAfter(0)
    await eventually('every execution', () => copilot.executions.length >= 3_002 || undefined)

    expect(new Set(copilot.executions).size).toBe(3_002)
    expect(copilot.executions.slice(-2)).toEqual(told)
    expect((await look()).escaped).toBe(0)
    expect(after - before).toBeLessThan(16 * 1024 * 1024)
    expect(said()).toBe('')
    for (const times of [away, prices, slow]) {
      // A handler takes some hundredths of a millisecond: a hundred times that is room for a busy machine, not for a wait.
      expect(times.p99Ms, JSON.stringify(times)).toBeLessThanOrEqual(2)
      expect(times.handlers).toBeGreaterThanOrEqual(3_000)
    }
  }, 60_000)

  test('ends what it started, and only that', async () => {
    const copilot = await createCounter()
    const { start, control, look } = open()
    await start(copilot.url, 'lives')
    await eventually('the first batch', () => copilot.boots.size || undefined)
    const running = (await look()).threads
    expect(running).toBeGreaterThan(0)
    await control({ do: 'list' })
    await control({ ...buy, executionId: 'one' })
    await eventually('a bridge that still runs', () => copilot.executions.includes('one') || undefined)

    // A compile: the next instance comes before the last one has gone.
    await start(copilot.url, 'lives')
    await eventually('the second boot', () => copilot.boots.size === 2 || undefined)
    await control({ ...buy, executionId: 'two' })
    await eventually('its fill', () => copilot.executions.includes('two') || undefined)
    await eventually('one set of threads', async () => (await look()).threads === running || undefined)
    expect(copilot.executions.filter((id) => id === 'two')).toEqual(['two'])

    await control({ do: 'stop' })
    await eventually('no thread', async () => (await look()).threads === 0 || undefined)
    for (const kind of ['order', 'execution', 'market'] as const)
      expect(await control<HandlerTimes>({ do: 'burst', count: 5, perSecond: 1_000, kind })).toMatchObject({
        handlers: 0,
      })
  })

  test.each([1, 2, 3])(
    'is never turned round by a fill in flight while it flattens (%i)',
    async (seed) => {
      const chance = createChance(seed)
      const below = (n: number): number => Math.floor(chance() * n)
      const copilot = await createStandIn(token)
      opened.push({ close: copilot.leave })
      const { start, control, look } = open()
      await control({ do: 'price', instrument: mnq, last: 20_000 })
      await start(copilot.url, `race ${seed}`, 'none')
      await control({ ...buy, quantity: 4, gapMs: 1 })
      // All of it may be sold by these two, and one more bought: nothing but the bridge could turn it round.
      const own = { do: 'order', account: 'Sim101', instrument: mnq } as const
      await control({ ...own, side: 'sell', quantity: 2, type: 'limit', limitPrice: 20_010 })
      await control({ ...own, side: 'sell', quantity: 2, type: 'stop-market', stopPrice: 19_990 })
      await control({ ...own, side: 'buy', quantity: 1, type: 'limit', limitPrice: 19_995 })
      await eventually('the snapshot', () => copilot.events.find(({ kind }) => kind === 'positions'))

      const command = copilot.sign({ kind: 'flattenAccount', account: 'Sim101' })
      copilot.give(command)
      const end = () =>
        copilot.events.find(
          (event) => event.kind === 'commandResult' && event.command === command.id && /done|failed/.test(event.state),
        )
      const held: number[] = []
      while (end() === undefined) {
        const { positions, working } = await look()
        held.push(positions[0]?.quantity ?? 0)
        const order = working[below(working.length)]
        const quantity = order === undefined ? 0 : 1 + below(order.quantity - order.filled)
        const fill = { do: 'fill', quantity, price: 20_000, gapMs: 30 + below(120) } as const
        // The order may be over by then: the platform says no, as it should.
        if (order !== undefined && chance() < 0.8)
          await control(
            chance() < 0.5 ? { ...fill, orderId: order.orderId } : { do: 'confirm', orderId: order.orderId },
          ).catch(() => undefined)
        await pause(below(60))
      }
      expect(end()).toMatchObject({ state: 'done' })
      expect(Math.min(...held)).toBeGreaterThanOrEqual(0)
      const { positions, working } = await look()
      expect({ positions, working }).toEqual({ positions: [], working: [] })
      expect(copilot.faults).toEqual([])
    },
    40_000,
  )

  test('counts an entry against the cap before the platform has it on its list', async () => {
    const copilot = await createStandIn(token)
    opened.push({ close: copilot.leave })
    const { start, control } = open()
    await start(copilot.url, 'unlisted')
    await control({ do: 'lists', ms: 1_000 })
    const half = { kind: 'placeBracket', account: 'Sim101', instrument: mnq, side: 'buy', quantity: 6 } as const
    const prices = { entry: 'limit', limit: 20_000, stop: 19_990, target1: 20_010, target2: 0, tag: '' } as const
    const [first, second] = [copilot.sign({ ...half, ...prices }), copilot.sign({ ...half, ...prices })]
    copilot.give(first, second)
    const told = (id: string) =>
      copilot.events.flatMap((event) =>
        event.kind === 'commandResult' && event.command === id ? [event.reason ?? event.state] : [],
      )
    await eventually('both ends', () => (told(first.id).includes('done') && told(second.id).length > 1) || undefined)
    expect(told(second.id)).toEqual(['received', 'over-cap'])
  })

  describe('with a bracket of three', () => {
    const bracket = { kind: 'placeBracket', account: 'Sim101', instrument: mnq, side: 'buy', quantity: 3 } as const
    const prices = {
      entry: 'limit',
      limit: 20_000,
      stop: 19_990,
      target1: 20_010,
      target2: 20_020,
      tag: 'plan',
    } as const
    /** All held, the larger half to go at the first target and the rest at the second, each with its stop. */
    const hold = async (name: string, quantity = 3, filled = quantity, confirm?: 'none') => {
      const copilot = await createStandIn(token)
      opened.push({ close: copilot.leave })
      const driver = open()
      await driver.start(copilot.url, name, confirm)
      const working = async (type: string) => (await driver.look()).working.filter((order) => order.type === type)
      const sizes = async (type: string) => (await working(type)).map((order) => order.quantity)
      const until = (what: string, isSo: () => Promise<boolean>) =>
        eventually(what, async () => (await isSo()) || undefined)
      const fill = (orderId: string, quantity: number) =>
        driver.control({ do: 'fill', orderId, quantity, price: 20_000, gapMs: 30 })
      await eventually('the snapshot', () => copilot.events.find(({ kind }) => kind === 'positions'))
      copilot.give(copilot.sign({ ...bracket, ...prices, quantity }))
      const [entry] = await eventually('the entry', async () => {
        const orders = await working('limit')
        return orders.length > 0 ? orders : undefined
      })
      await fill(entry?.orderId ?? '', filled)
      const total = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0)
      await until('the exits', async () => total(await sizes('stop-market')) === filled)
      const first = (await working('limit')).find(({ limitPrice }) => limitPrice === 20_010)?.orderId ?? ''
      return { ...driver, copilot, working, sizes, until, fill, first, entry: entry?.orderId ?? '' }
    }

    test('makes the stop no larger than what a target filled in part has left', async () => {
      const { fill, first, sizes, until } = await hold('part')
      await fill(first, 1)
      await until('a smaller stop', async () => `${await sizes('stop-market')}` === '1,1')
      expect((await sizes('limit')).sort()).toEqual([1, 2])
    })

    test('puts the pair back when the platform takes it away half filled', async () => {
      const { control, fill, first, sizes, until } = await hold('renewed')
      await fill(first, 1)
      await until('a smaller stop', async () => `${await sizes('stop-market')}` === '1,1')
      await control({ do: 'cancel', orderId: first })
      await until('another pair', async () => `${await sizes('stop-market')} ${await sizes('limit')}` === '1,1 1,1')
    })

    test('puts the stop back when the platform takes it away with a refused target', async () => {
      const { control, first, sizes, until } = await hold('refused')
      await control({ do: 'reject', orderId: first, reason: 'price out of band' })
      await until('the stop alone', async () => `${await sizes('stop-market')} ${await sizes('limit')}` === '1,2 1')
    })

    test('knows a pair of which both halves are filled in part after a compile', async () => {
      const { start, copilot, working, look, fill, first, sizes, until } = await hold('both halves', 5)
      await fill(first, 1)
      await until('a smaller stop', async () => `${await sizes('stop-market')}` === '2,2')
      const pair = (await look()).working.find(({ orderId }) => orderId === first)?.oco
      const stop = (await working('stop-market')).find(({ oco }) => oco === pair)?.orderId ?? ''
      await fill(stop, 1)
      await until('a smaller target', async () => `${await sizes('limit')}` === '2,2')
      const before = (await look()).working
      await start(copilot.url, 'both halves')
      await pause(1_500)
      expect((await look()).working).toEqual(before)
    })

    test('covers what the entry filled while it was away, beside a pair that was put back', async () => {
      const { start, control, copilot, look, fill, first, entry, sizes, until } = await hold('put back', 3, 2)
      await fill(first, 1)
      await until('a smaller stop', async () => `${await sizes('stop-market')}` === '1')
      await control({ do: 'cancel', orderId: first })
      await until('another pair', async () => `${await sizes('stop-market')} ${await sizes('limit')}` === '1 3,1')
      await control({ do: 'stop' })
      await until('its end', async () => (await look()).threads === 0)
      await fill(entry, 1)
      await start(copilot.url, 'put back')
      await until('a stop for each', async () => `${await sizes('stop-market')}` === '1,1')
    })

    test('puts no exits beside a closing order that still works, and puts them back when it is gone', async () => {
      const { control, copilot, working, sizes, until } = await hold('left over', 1, 1, 'none')
      const flatten = copilot.sign({ kind: 'flattenAccount', account: 'Sim101' })
      copilot.give(flatten)
      await until('the cancel', async () => (await working('stop-market'))[0]?.state === 'cancel-pending')
      await control({ do: 'confirm', orderId: (await working('stop-market'))[0]?.orderId ?? '' })
      await until('the closing order', async () => (await working('market')).length === 1)
      const [closing] = await working('market')
      await pause(18_000)
      await until('its end', async () =>
        copilot.events.some((event) => event.kind === 'commandResult' && event.reason === 'not-flat'),
      )
      await pause(4_000)
      expect(await sizes('stop-market')).toEqual([])
      await control({ do: 'confirm', orderId: closing?.orderId ?? '' })
      await until('the stop', async () => `${await sizes('stop-market')}` === '1')
    }, 60_000)

    test('takes away the exits of what was closed by hand', async () => {
      const { control, look, until } = await hold('by hand')
      await control({ ...buy, side: 'sell', quantity: 3 })
      await until('nothing working', async () => (await look()).working.length === 0)
      expect((await look()).positions).toEqual([])
    })
  })
})
