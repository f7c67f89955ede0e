import { nextInstant } from './zoned.ts'

/** A time in which the trader keeps himself from trading; `account` '' is all of them. Market time, epoch ms. */
export type Lock = {
  readonly account: string
  readonly from: number
  readonly until: number
  readonly reason: string
}

/** Every lock that was made, and the highest market time seen: plain JSON. */
export type Locks = { readonly highest: number; readonly locks: readonly Lock[] }

export const noLocks: Locks = { highest: 0, locks: [] }

/** When the session of an instant ends: 17:00 New York, the next one while it is later than that. */
export const sessionEndAt = (ms: number): number => nextInstant({ zone: 'America/New_York', time: '17:00' }, ms)

/** Takes note of the market time; one before the highest seen changes nothing, so a clock set back ends no lock. */
export const noteTime = (state: Locks, at: number): Locks => (at > state.highest ? { ...state, highest: at } : state)

/**
 * Locks an account, or all with '', until the session ends or until a later instant. There is no way to take a lock back:
 * another one can only add to it.
 */
export const lockOut = (
  state: Locks,
  { account, at, until = 0, reason }: { account: string; at: number; until?: number; reason: string },
): Locks => {
  const from = Math.max(at, state.highest)
  const lock: Lock = { account, from, until: Math.max(until, sessionEndAt(from)), reason }
  return { highest: from, locks: [...state.locks.filter((one) => one.until > from), lock] }
}

/** The lock an account is under that ends last, of its own and those of all accounts; undefined when it is free. */
export const lockOf = (state: Locks, account: string, at: number): Lock | undefined => {
  const now = Math.max(at, state.highest)
  return state.locks
    .filter((lock) => (lock.account === '' || lock.account === account) && lock.until > now)
    .reduce<Lock | undefined>((last, lock) => (last === undefined || lock.until > last.until ? lock : last), undefined)
}
