import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import { isFinal } from '#src/domain/trading/order.ts'
import { type Brackets, type BracketWish, exposureAfter, refuseBracket } from './bracket.ts'
import type { Flattening } from './flattening.ts'
import { specOfName } from './instrument-name.ts'
import { isWatchdogs, type Journal, type Result, type ResultState } from './journal.ts'
import type { Platform } from './platform.ts'
import { platformAccounts } from './platform-accounts.ts'
import { isKnownKind, isSigned, type ReceivedCommand } from './signing.ts'
import type { Timers } from './timers.ts'

/** What the bridge itself permits, whatever is asked of it. */
export type Permission = {
  readonly allowOrders: boolean
  readonly accounts: readonly string[]
  readonly maxContracts: number
}

type Parts = {
  readonly platform: Platform
  readonly brackets: Brackets
  readonly flattening: Flattening
  readonly journal: Journal
  readonly permission: Permission
  readonly timers: Timers
  /** The co-pilot's clock, epoch ms. */
  readonly theirTime: () => number
  readonly tell: (command: string, result: Result) => void
}

/** Who commands; `now` is his clock, epoch ms. */
export type Superior = { readonly who: 'copilot' | 'watchdog'; readonly token: string; readonly now: () => number }

const done: Result = { state: 'done' }
const failed = (reason: string): Result => ({ state: 'failed', reason })
const lookMs = 25
const patienceMs = 5_000
const gettingOut = ['ping', 'cancelAll', 'flattenAccount', 'flattenAll', 'lockout']
/** They hold for the whole platform, whatever account they name. */
const ofNoAccount = ['ping', 'flattenAll', 'lockout']

/** Looks until `outcome` has one, or patience ends. */
const until = async (timers: Timers, outcome: () => Result | undefined, late: string): Promise<Result> => {
  for (let waited = 0; waited < patienceMs; waited += lookMs) {
    const result = outcome()
    if (result !== undefined) return result
    await timers.pause(lookMs)
  }
  return failed(late)
}

const readBracket = (command: ReceivedCommand): BracketWish | undefined => {
  const read = command as unknown as BracketWish
  const numbers = [read.quantity, read.limit, read.stop, read.target1, read.target2]
  const isSound =
    numbers.every((value) => Number.isFinite(value) && value >= 0) &&
    (read.side === 'buy' || read.side === 'sell') &&
    (read.entry === 'limit' || read.entry === 'market')
  return isSound ? read : undefined
}

/** Creates the doing of commands: each once, ever; the journal has it before anything is done. */
export const createCommands = (parts: Parts) => {
  const { platform, brackets, flattening, journal, permission, timers, theirTime, tell } = parts
  const forged = new Set<string>()

  const cancelAll = async (account: string): Promise<Result> => {
    const before = platform.working(account).map(({ orderId }) => orderId)
    const isOver = (orderId: string): boolean => isFinal(platform.order(orderId)?.state ?? 'cancelled')
    const outcome = (): Result | undefined => {
      for (const orderId of before) if (!isOver(orderId)) platform.cancel(orderId)
      return before.every(isOver) ? done : undefined
    }
    return until(timers, outcome, 'rejected-by-platform')
  }
  const flattenOne = async (account: string): Promise<'done' | 'not-flat'> => {
    const hearEnd = brackets.onFlatten(account)
    const end = await flattening.flatten(account)
    hearEnd(end)
    return end
  }
  const flatten = async (accounts: readonly string[]): Promise<Result> => {
    const ends = await Promise.all(accounts.map(flattenOne))
    return ends.every((end) => end === 'done') ? done : failed('not-flat')
  }
  /** Accounts without a connection count while they hold something: nobody can say that they are flat. */
  const flattenAll = async (): Promise<Result> => {
    const holds = (name: string): boolean =>
      platform.working(name).length > 0 || platform.positions().some(({ account }) => account === name)
    const names = platformAccounts.map(({ name }) => name).filter((name) => platform.isConnected(name) || holds(name))
    return names.length === 0 ? failed('not-flat') : flatten(names)
  }
  const placeBracket = async (command: ReceivedCommand): Promise<Result> => {
    const wish = readBracket(command)
    if (wish === undefined) return failed('exception')
    const spec = specOfName(wish.instrument)
    if (spec === undefined) return failed('unknown-instrument')
    const isSized = Number.isInteger(wish.quantity) && wish.quantity > 0
    const nets = flattening.held(wish.account)
    if (!isSized || exposureAfter(platform, nets, wish) > permission.maxContracts) return failed('over-cap')
    const held = nets.get(wish.instrument) ?? 0
    // Its exits would turn the position around.
    if (held !== 0 && held > 0 !== (wish.side === 'buy')) return failed('wrong-side')
    const reason = refuseBracket(wish, spec, platform.lastPrice(wish.instrument))
    if (reason !== undefined) return failed(reason)
    const { orderId } = brackets.enter(command.id, wish)
    const outcome = (): Result | undefined => {
      const state = platform.order(orderId)?.state
      if (state === 'rejected') return failed('rejected-by-platform')
      return state === 'submitted' ? undefined : done
    }
    return until(timers, outcome, 'rejected-by-platform')
  }
  const changeStop = async ({ account, ...command }: ReceivedCommand): Promise<Result> => {
    const [orderId, stopPrice] = [String(command['orderId']), Number(command['stopPrice'])]
    const order = platform.order(orderId)
    const spec = order && specOfName(order.instrument)
    if (order?.account !== account || order.stopPrice === undefined || !spec) return failed('unknown-order')
    if (isFinal(order.state)) return failed('order-final')
    if (!isOnGrid(spec, stopPrice)) return failed('off-grid')
    const way = order.side === 'sell' ? 1 : -1
    if (way * (stopPrice - order.stopPrice) < 0) return failed('widens-stop')
    const last = platform.lastPrice(order.instrument)
    if (last !== undefined && way * (last - stopPrice) <= 0) return failed('wrong-side')
    if (!platform.change(orderId, stopPrice)) return failed('rejected-by-platform')
    const outcome = (): Result | undefined => {
      const now = platform.order(orderId)
      if (now?.state === 'change-pending') return undefined
      return now?.stopPrice === stopPrice ? done : failed('rejected-by-platform')
    }
    return until(timers, outcome, 'rejected-by-platform')
  }
  const lockOut = (until: unknown): Result => {
    if (!Number.isSafeInteger(until)) return failed('exception')
    journal.lock(Number(until))
    return done
  }

  /** What stands between a command and being done, before its own numbers are looked at. */
  const refuse = ({ kind, account, expiresAt }: ReceivedCommand, { who, now }: Superior): string | undefined => {
    if (!isKnownKind(kind)) return 'unknown-kind'
    if (now() > expiresAt) return 'expired'
    const isWayOut = gettingOut.includes(kind)
    if (who === 'watchdog' && !isWayOut) return 'not-allowed'
    if (!ofNoAccount.includes(kind) && !platformAccounts.some(({ name }) => name === account)) return 'unknown-account'
    if (isWayOut) return undefined
    if (!permission.allowOrders || !permission.accounts.includes(account)) return 'not-allowed'
    const isLocked = kind === 'placeBracket' && theirTime() < journal.lockedUntil()
    return isLocked || flattening.isRunning(account) ? 'locked-out' : undefined
  }
  const carryOut = async (command: ReceivedCommand): Promise<Result> => {
    switch (command.kind) {
      case 'cancelAll':
        return cancelAll(command.account)
      case 'flattenAccount':
        return flatten([command.account])
      case 'flattenAll':
        return flattenAll()
      case 'placeBracket':
        return placeBracket(command)
      case 'changeStop':
        return changeStop(command)
      case 'lockout':
        return lockOut(command['until'])
      default:
        return done
    }
  }
  const record = (command: ReceivedCommand, result: Result): void => {
    journal.record(command, result)
    tell(command.id, result)
  }
  const step = (state: ResultState): Result => ({ state })
  const obey = async (command: ReceivedCommand, from: Superior): Promise<void> => {
    record(command, step('received'))
    const refused = refuse(command, from)
    if (refused !== undefined) return record(command, failed(refused))
    record(command, step('working'))
    record(command, await carryOut(command).catch(() => failed('exception')))
  }

  return {
    /** Takes one command as it came; false when its superior did not sign it and it is as good as not received. */
    take: (command: ReceivedCommand, from: Superior): boolean => {
      const { who, token } = from
      // Neither of the two may speak for the other: not even in what is answered.
      if (who === 'watchdog' ? command.id !== `w-${command.number}` : isWatchdogs(command.id)) return false
      const known = journal.resultOf(command.id)
      if (!isSigned(command, token)) {
        if (!forged.has(command.id)) tell(command.id, failed('signature-wrong'))
        forged.add(command.id)
        return false
      }
      if (known !== undefined) tell(command.id, known)
      else if (command.number > journal.highest(who)) void obey(command, from)
      return true
    },
    /** Commands that were under way when the last process ended: what became of them is not known here. */
    answerInterrupted: (): void => {
      for (const { id, number } of journal.interrupted()) {
        const result = failed('exception')
        journal.record({ id, number }, result)
        tell(id, result)
      }
    },
  }
}

export type Commands = ReturnType<typeof createCommands>
