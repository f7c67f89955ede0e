import { pause } from '../processes/eventually.ts'
import { createSender } from './sender.ts'

/** What is said of an event beside its id and time, as the protocol writes it. */
export type Word = { readonly kind: string } & Readonly<Record<string, unknown>>

type Held = { readonly instrument: string; readonly quantity: number; readonly averagePrice: number }
type Asked = { readonly id: string; readonly number: number; readonly kind: string; readonly account: string }

const beatMs = 500

export type HandBridge = ReturnType<typeof createHandBridge>

/**
 * A bridge led by hand, with one account: it beats, tells its account and positions, sends what was not answered again, and
 * gets flat when it is asked; what it holds and what works is what the test says.
 */
export const createHandBridge = ({
  url,
  token,
  account,
  simulator = false,
  cash = 50_000,
  now = () => Date.now(),
}: {
  readonly url: string
  readonly token: string
  readonly account: string
  readonly simulator?: boolean
  readonly cash?: number
  /** The platform's clock; a simulator lives in the market's time. */
  readonly now?: () => number
}) => {
  const boot = new Date().toISOString()
  const sender = createSender({
    ask: (path, init) => fetch(`${url}${path}`, init),
    token,
    boot,
    wall: () => Date.now(),
  })
  const commands: Asked[] = []
  let held: readonly Held[] = []
  let orders: readonly object[] = []
  let batch = 0
  let words = 0
  let executions = 0
  let hellos = 0
  let isOver = false
  let tail: Promise<unknown> = Promise.resolve()

  const event = (word: Word): object => ({ id: `${boot}-${++words}`, at: now(), ...word })

  /** Sends one batch until it is answered; the same bytes each time. */
  const send = async (...said: readonly Word[]): Promise<void> => {
    const body = sender.body(++batch, said.map(event))
    while (!isOver) {
      const answer = await sender.post(body).catch(() => undefined)
      if (answer?.ok) {
        const { rejected } = (await answer.json()) as { rejected: readonly unknown[] }
        if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
        if (answer.headers.get('x-copilot-resend') === 'hello') greet()
        return
      }
      if (answer !== undefined && answer.status < 500) throw new Error(`${answer.status} ${await answer.text()}`)
      await pause(100)
    }
  }
  /** One batch at a time, in order. */
  const say = (...said: readonly Word[]): Promise<void> => {
    const done = tail.then(() => send(...said))
    tail = done.catch(() => {})
    return done
  }

  const snapshot = (): Word => ({ kind: 'positions', account, positions: held, orders })
  const greet = (): Promise<void> => {
    hellos++
    return say(
      {
        kind: 'hello',
        versions: { bridge: '1.0.0', platform: '8.1.4.2' },
        simulator,
        allowOrders: false,
        maxContracts: 5,
        accounts: [{ name: account, connection: 'Rithmic' }],
        instruments: [],
        commandsAfter: commands.at(-1)?.number ?? 0,
      },
      { kind: 'account', account, cash, basis: 'net' },
      snapshot(),
    )
  }
  const beat = (): Promise<void> =>
    say(
      {
        kind: 'heartbeat',
        connections: [{ name: 'Rithmic', price: 'connected', orders: 'connected' }],
        queues: { executions: 0, market: 0 },
        dropped: 0,
      },
      snapshot(),
    )

  const fill = (instrument: string, signed: number, price: number): Word => ({
    kind: 'execution',
    account,
    executionId: `${boot}-x${++executions}`,
    orderId: `o-${executions}`,
    orderName: 'By hand',
    instrument,
    side: signed > 0 ? 'buy' : 'sell',
    quantity: Math.abs(signed),
    price,
  })
  /** Buys or sells: the execution, and from then on the position. */
  const trade = (instrument: string, signed: number, price: number): Promise<void> => {
    const before = held.find((each) => each.instrument === instrument)?.quantity ?? 0
    const others = held.filter((each) => each.instrument !== instrument)
    const quantity = before + signed
    held = quantity === 0 ? others : [...others, { instrument, quantity, averagePrice: price }]
    return say(fill(instrument, signed, price), snapshot())
  }

  const obey = async ({ id, kind }: Asked): Promise<void> => {
    await say({ kind: 'commandResult', command: id, state: 'received' })
    if (kind.startsWith('flatten')) {
      orders = []
      for (const { instrument, quantity, averagePrice } of held) await trade(instrument, -quantity, averagePrice)
    }
    await say({ kind: 'commandResult', command: id, state: 'done' }, snapshot())
  }
  const listen = async (): Promise<void> => {
    while (!isOver) {
      const answer = await sender.get(`?after=${commands.at(-1)?.number ?? 0}&wait=1`).catch(() => undefined)
      const given = answer?.ok ? ((await answer.json()) as { commands: readonly Asked[] }).commands : []
      for (const command of given) {
        commands.push(command)
        await obey(command)
      }
      if (answer === undefined) await pause(100)
    }
  }
  const live = async (): Promise<void> => {
    await greet()
    const heard = listen()
    while (!isOver) {
      await beat()
      await pause(beatMs)
    }
    await heard
  }

  return {
    account,
    commands: commands as readonly Asked[],
    hellos: () => hellos,
    /** Begins to speak; resolves when it has stopped. */
    live,
    say,
    trade,
    fill,
    /** What the account holds from now on by its own word, whatever was executed. */
    hold: (positions: readonly Held[]): Promise<void> => {
      held = positions
      return say(snapshot())
    },
    /** The orders that work from now on. */
    work: (working: readonly object[]): Promise<void> => {
      orders = working
      return say(snapshot())
    },
    stop: (): void => {
      isOver = true
    },
  }
}
