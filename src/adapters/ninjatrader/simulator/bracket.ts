import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import type { Flattening } from './flattening.ts'
import type { Journal } from './journal.ts'
import type { Platform } from './platform.ts'
import type { PlatformOrder } from './platform-order.ts'

/** A bracket as it was asked for; prices in points, 0 where there is none. */
export type BracketWish = {
  readonly account: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly quantity: number
  readonly entry: 'limit' | 'market'
  readonly limit: number
  readonly stop: number
  readonly target1: number
  readonly target2: number
  readonly tag: string
}

/** An entry and what it owes; kept in the journal, so that fills while the bridge was away get their stop too. */
type Owed = { readonly orderId: string; readonly id: string; readonly wish: BracketWish; readonly guarded: number }

const nameEnds = 50

/** Why a bracket may not be sent, by its own numbers and the last price where one is known. */
export const refuseBracket = (wish: BracketWish, spec: ContractSpec, last: number | undefined): string | undefined => {
  const { side, entry, limit, stop, target1, target2 } = wish
  if (!(stop > 0)) return 'no-stop'
  const prices = [stop, target1, target2, limit].filter((price) => price !== 0)
  if (!prices.every((price) => isOnGrid(spec, price))) return 'off-grid'
  const from = entry === 'limit' ? limit : last
  const way = side === 'buy' ? 1 : -1
  const ladder = [stop, from, target1, target2 === 0 ? undefined : target2].filter((price) => price !== undefined)
  const ascends = ladder.every((price, index) => index === 0 || way * (price - (ladder[index - 1] ?? 0)) > 0)
  return ascends ? undefined : 'wrong-side'
}

const left = ({ quantity, filled }: PlatformOrder): number => quantity - filled

/** The largest position these orders could lead to in one direction; an OCO group fills once. */
export const exposureAfter = (
  platform: Platform,
  nets: ReadonlyMap<string, number>,
  { account, side, quantity }: BracketWish,
): number => {
  const way = side === 'buy' ? 1 : -1
  const groups = new Map<string, number>()
  for (const order of platform.working(account)) {
    if (order.side !== side) continue
    const group = order.oco ?? order.orderId
    groups.set(group, Math.max(groups.get(group) ?? 0, left(order)))
  }
  const working = [...groups.values()].reduce((sum, part) => sum + part, 0)
  return [...nets.values()].reduce((sum, net) => sum + way * net, 0) + working + quantity
}

/**
 * Creates the brackets: entries whose every fill gets its stop and targets, as pairs that cancel each other, so that
 * never more can be closed than there is. A fill whose stop is refused is closed at market.
 */
export const createBrackets = ({
  platform,
  journal,
  flattening,
  warn,
}: {
  readonly platform: Platform
  readonly journal: Journal
  readonly flattening: Flattening
  readonly warn: (text: string) => void
}) => {
  const owed = new Map<string, Owed>()
  for (const entry of journal.brackets() as readonly Owed[]) owed.set(entry.orderId, entry)

  const pair = ({ id, wish }: Owed, quantity: number, number: 1 | 2, from: number): void => {
    if (quantity === 0) return
    const { account, instrument, side, stop, tag } = wish
    const target = number === 1 ? wish.target1 : wish.target2
    const exit = { account, instrument, side: side === 'buy' ? 'sell' : 'buy', quantity, oco: `${id}:${from}` } as const
    const name = tag.slice(0, nameEnds - 8)
    platform.submit({ ...exit, type: 'stop-market', stopPrice: stop, name: `${name} stop` })
    if (target > 0) platform.submit({ ...exit, type: 'limit', limitPrice: target, name: `${name} target${number}` })
  }
  const keep = (entry: Owed): Owed => {
    journal.owe(entry)
    owed.set(entry.orderId, entry)
    return entry
  }
  /** Gives what has been filled and has none yet its stop and target; the first target gets the larger half of the whole. */
  const cover = (entry: Owed): void => {
    const { wish, guarded, orderId } = entry
    const filled = platform.order(orderId)?.filled ?? 0
    if (filled <= guarded || flattening.isRunning(wish.account)) return
    const share = wish.target2 > 0 ? Math.ceil(wish.quantity / 2) : wish.quantity
    const first = Math.max(0, Math.min(filled, share) - guarded)
    const now = keep({ ...entry, guarded: filled })
    pair(now, first, 1, guarded)
    pair(now, filled - guarded - first, 2, guarded + first)
  }
  /** The contracts that working stops stand over: an entry's own, or all of its side and market. */
  const stopped = ({ id, wish }: Owed, whose: 'own' | 'all'): number =>
    platform
      .working(wish.account)
      .filter(
        ({ type, instrument, side }) => type === 'stop-market' && instrument === wish.instrument && side !== wish.side,
      )
      .filter(({ oco }) => whose === 'all' || oco?.startsWith(`${id}:`))
      .reduce((sum, order) => sum + left(order), 0)
  /** What of an entry is held and lost its stop, of which it had so many. */
  const bared = (entry: Owed, had: number): number => {
    const { account, instrument, side } = entry.wish
    const held = (flattening.held(account).get(instrument) ?? 0) * (side === 'buy' ? 1 : -1)
    return Math.max(0, Math.min(had - stopped(entry, 'own'), held - stopped(entry, 'all')))
  }
  /** The stop of a fill was refused: nothing may stand unguarded. */
  const giveBack = (entry: Owed, { account, instrument, side, quantity }: PlatformOrder, reason: string): void => {
    warn(`The stop of ${entry.wish.tag} was rejected (${reason}): ${quantity} ${instrument} are closed at market`)
    platform.cancel(entry.orderId)
    if (!flattening.isRunning(account))
      platform.submit({ account, instrument, side, quantity, type: 'market', name: 'Stop rejected' })
  }
  const silence = platform.hear({
    onOrder: (order) => {
      const entry = owed.get(order.orderId)
      if (entry !== undefined) cover(entry)
      if (order.state !== 'rejected' || order.type !== 'stop-market' || order.oco === undefined) return
      const [id] = order.oco.split(':')
      const whose = [...owed.values()].find((other) => other.id === id)
      if (whose !== undefined) giveBack(whose, order, order.reason ?? 'no reason given')
    },
  })

  return {
    /** Sends the entry; what it fills is covered from then on. */
    enter: (id: string, wish: BracketWish): PlatformOrder => {
      const { account, instrument, side, quantity, entry, limit, tag } = wish
      const asked = { account, instrument, side, quantity, name: tag.slice(0, nameEnds) }
      const order = platform.submit(
        entry === 'market' ? { ...asked, type: 'market' } : { ...asked, type: 'limit', limitPrice: limit },
      )
      keep({ orderId: order.orderId, id, wish, guarded: 0 })
      return order
    },
    /**
     * A flatten begins; what is returned hears its end. What it closed needs no exits any more; where it gave up, what it
     * took away is put back.
     */
    onFlatten: (account: string): ((end: 'done' | 'not-flat') => void) => {
      const mine = [...owed.values()].filter(({ wish }) => wish.account === account)
      const before = mine.map((entry) => ({ orderId: entry.orderId, had: stopped(entry, 'own') }))
      return (end) => {
        for (const { orderId, had } of before) {
          const entry = owed.get(orderId)
          if (entry === undefined) continue
          const filled = platform.order(orderId)?.filled ?? 0
          cover(keep({ ...entry, guarded: end === 'done' ? filled : entry.guarded - bared(entry, had) }))
        }
      }
    },
    /** Covers what was filled while nobody looked. */
    coverAll: (): void => {
      for (const entry of owed.values()) cover(entry)
    },
    stop: silence,
  }
}

export type Brackets = ReturnType<typeof createBrackets>
