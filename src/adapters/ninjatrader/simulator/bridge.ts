import type { Clock } from '#src/engine/ports.ts'
import { createBrackets } from './bracket.ts'
import { createCommands, type Permission, type Superior } from './commands.ts'
import { createFlattening } from './flattening.ts'
import { createJournal, isWatchdogs } from './journal.ts'
import { openKeptLines } from './kept-lines.ts'
import { createOutbox, type WireEvent } from './outbox.ts'
import type { Platform } from './platform.ts'
import { platformAccounts } from './platform-accounts.ts'
import type { PlatformOrder } from './platform-order.ts'
import { createBackOff, createCall, createSender } from './sender.ts'
import { readCommands } from './signing.ts'
import { createTimers, type Schedule } from './timers.ts'
import { createWatchdogLine } from './watchdog-line.ts'

/** Where the co-pilot is and under which name and token the bridge speaks to it; `folder` keeps journal and unsent events. */
export type BridgeSettings = Permission & {
  readonly url: string
  readonly token: string
  readonly bridge: string
  readonly folder?: string
  /** The second judge; without both there is none. */
  readonly watchdogUrl?: string
  readonly watchdogToken?: string
  /** How long the co-pilot has to be silent before the watchdog is asked. */
  readonly watchdogAfterMs?: number
}

/** Where it says what happens to it; the product's log is one. */
export type Log = Readonly<Record<'info' | 'warn', (about: object, text: string) => void>>

const versions = { bridge: '1.0.0', platform: 'simulator' }
const beatMs = 1_000
const snapshotMs = 5_000
/** Four prices a second and instrument. */
const priceMs = 250
const pollSeconds = 25
const silentMs = 20_000

const toWire = ({ account: _, ...order }: PlatformOrder): Omit<PlatformOrder, 'account'> => order

/** Creates the bridge between a platform and the co-pilot: protocol v1, as the AddOn inside NinjaTrader speaks it. */
export const createBridge = ({
  settings,
  platform,
  clock,
  random,
  schedule,
  log,
}: {
  readonly settings: BridgeSettings
  readonly platform: Platform
  readonly clock: Pick<Clock, 'now' | 'wall'>
  readonly random: () => number
  readonly schedule: Schedule
  readonly log: Log
}) => {
  const { url, token, bridge, folder, watchdogUrl = '', watchdogToken = '', watchdogAfterMs = silentMs } = settings
  const { wall } = clock
  const prefix = wall().toString(36)
  const timers = createTimers(schedule)
  const ended = new AbortController()
  const outbox = createOutbox(openKeptLines(folder, 'unsent.jsonl', false))
  const journal = createJournal(openKeptLines(folder, 'journal.jsonl', true))
  const dirty = new Set<string>()
  const prices = new Map<string, { readonly last: number; readonly bid?: number; readonly ask?: number }>()
  const instruments = new Set<string>()
  let number = 0
  let marketDataAt: number | undefined
  /** The co-pilot's clock less ours, ms. */
  let offset = 0
  let heardAt = wall()

  const event = (kind: string, body: Readonly<Record<string, unknown>>): WireEvent => ({
    ...{ id: `${prefix}-${number++}`, at: clock.now(), kind },
    ...body,
  })
  const hello = (): WireEvent =>
    event('hello', {
      versions,
      simulator: true,
      allowOrders: settings.allowOrders,
      maxContracts: settings.maxContracts,
      accounts: platformAccounts,
      instruments: [...instruments],
      commandsAfter: journal.highest('copilot'),
    })
  const states = (): readonly WireEvent[] => {
    const accounts = [...dirty]
    dirty.clear()
    return accounts.flatMap((account) => [
      event('account', { account, ...platform.balance(account), basis: 'gross' }),
      event('positions', {
        account,
        positions: platform
          .positions()
          .filter((position) => position.account === account)
          .map(({ account: _, ...position }) => position),
        orders: platform.working(account).map(toWire),
      }),
    ])
  }
  const tellEverything = (): void => {
    for (const { name } of platformAccounts) dirty.add(name)
  }
  const warn = (text: string): void => {
    log.warn({ bridge }, text)
    outbox.keep(event('log', { level: 'warn', text: text.slice(0, 500) }))
  }

  const flattening = createFlattening({ platform, timers, wall })
  const brackets = createBrackets({ platform, journal, flattening, warn })
  const theirTime = (): number => wall() + offset
  const copilot: Superior = { who: 'copilot', token, now: theirTime }
  const tell = (command: string, result: object): void => {
    const told = event('commandResult', { command, ...result })
    outbox.keep(told)
    if (isWatchdogs(command)) watchdog?.add(told)
  }
  const commands = createCommands({
    ...{ platform, brackets, flattening, journal, timers, theirTime, tell },
    permission: settings,
  })

  const line = { bridge, wall, signal: ended.signal }
  const call = createCall({
    ...{ ...line, url, token },
    onHeard: () => {
      heardAt = wall()
    },
  })
  const sender = createSender({
    ...{ call, outbox, states, timers, random, wall, bridge },
    newBoot: () => new Date(wall()).toISOString(),
    onBack: () => {
      outbox.say(hello())
      tellEverything()
    },
    onRefused: (status) => log.warn({ bridge, status }, 'The co-pilot refuses what the simulator tells'),
    onLeftOut: (lone, status) => warn(`An event was refused (${status}) and is left out: ${JSON.stringify(lone)}`),
  })
  const watchdog =
    watchdogUrl === '' || watchdogToken === ''
      ? undefined
      : createWatchdogLine({
          ...{ commands, journal, timers, random, wall, token: watchdogToken },
          call: createCall({ ...line, url: watchdogUrl, token: watchdogToken }),
          isSilent: () => wall() - heardAt >= watchdogAfterMs,
          names: () => ({ bridge, boot: sender.boot() }),
        })
  const tellExecution = ({ at, ...execution }: ReturnType<Platform['executions']>[number]): void =>
    outbox.keep({
      id: `x-${execution.account}-${execution.executionId}`.slice(0, 64),
      at,
      kind: 'execution',
      ...execution,
    })
  const silence = platform.hear({
    onOrder: (order) => {
      outbox.keep(event('order', { account: order.account, order: toWire(order) }))
      dirty.add(order.account)
    },
    onExecution: tellExecution,
    onPositions: (account) => dirty.add(account),
  })

  const beat = (): void =>
    outbox.pass(
      event('heartbeat', {
        connections: platform.connections(),
        ...(marketDataAt !== undefined && { marketDataAt }),
        ...outbox.depth(),
      }),
    )
  const tellPrices = (): void => {
    for (const [instrument, price] of prices) outbox.pass(event('price', { instrument, ...price }))
    prices.clear()
  }
  const poll = async (): Promise<void> => {
    const backOff = createBackOff(random)
    while (!ended.signal.aborted) {
      const { status, json, serverTime } = await call(
        'GET',
        `/api/bridge/v1/commands?after=${journal.highest('copilot')}&wait=${pollSeconds}`,
      )
      if (serverTime !== undefined) offset = serverTime - wall()
      const list = status === 200 ? readCommands(json) : undefined
      if (list === undefined) {
        if (status === 0) sender.onBroken()
        await timers.pause(backOff.next())
        continue
      }
      backOff.reset()
      const taken = list.map((command) => commands.take(command, copilot))
      // What nobody signed comes again at once; it may not keep the line busy.
      if (taken.includes(false)) await timers.pause(1_000)
    }
  }

  return {
    start: (): void => {
      log.info({ bridge, boot: sender.boot() }, 'The NinjaTrader simulator speaks')
      outbox.say(hello())
      outbox.takeUp()
      for (const execution of platform.executions()) tellExecution(execution)
      tellEverything()
      commands.answerInterrupted()
      brackets.coverAll()
      beat()
      timers.every(beatMs, beat)
      timers.every(snapshotMs, tellEverything)
      timers.every(priceMs, tellPrices)
      void sender.run()
      void poll()
      void watchdog?.listen()
      void watchdog?.tellAll()
    },
    /** Ends at once; what was not sent is in the folder. */
    stop: (): void => {
      ended.abort()
      sender.stop()
      timers.stop()
      for (const end of [silence, flattening.stop, brackets.stop]) end()
    },
    onPrice: (
      instrument: string,
      price: { readonly last: number; readonly bid?: number; readonly ask?: number },
    ): void => {
      marketDataAt = clock.now()
      instruments.add(instrument)
      prices.set(instrument, price)
    },
    depth: outbox.depth,
  }
}

export type Bridge = ReturnType<typeof createBridge>
