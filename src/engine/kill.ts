import type { KillReading } from '#src/domain/picture.ts'
import type { PlatformCommand } from '#src/domain/trading/platform-event.ts'

/** What the platform last said of one account; `heardAt` is wall clock, `busyAt` that of its last execution or order. */
export type AccountTruth = {
  readonly heardAt: number
  readonly busyAt: number
  readonly positions: number
  readonly working: number
}

type Options = {
  readonly wall: () => number
  /** Every account of the platform that is open now; empty while none is known. */
  readonly truth: () => ReadonlyMap<string, AccountTruth>
  /** Whether the platform can be asked at this moment. */
  readonly reachable: () => boolean
  readonly issue: (command: PlatformCommand, by: string) => void
  /** Which accounts are being closed has changed. */
  readonly onAims: (accounts: readonly string[]) => void
  readonly onChange: (reading: KillReading) => void
}

/** What is being closed: one account, or all of them ('') by the kill switch. */
type Aim = { readonly account: string; readonly by: string; readonly since: number; askedAt: number; asked: number }

/** A command lives ten seconds; five more and its silence is settled by what the platform shows. */
const patienceMs = 15_000
/** An execution may run ahead of the position it makes: a snapshot counts once nothing happened for this long before it. */
const settleMs = 1_000
const loudAfter = 2
/** Being flat is told for this long, and is then what it was before. */
const flatShownMs = 60_000

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

const wordOf = (account: string): string => (account === '' ? 'every account' : account)

/**
 * Gets accounts flat and stays at it: asks, reads what the platform holds, asks again. It believes snapshots alone: an
 * answered command is not a flat account. What cannot be confirmed is escalated, and is still tried.
 */
export const createKill = ({ wall, truth, reachable, issue, onAims, onChange }: Options) => {
  const aims = new Map<string, Aim>()
  let reading: KillReading = { state: 'off', since: wall(), detail: '' }

  const say = (state: KillReading['state'], detail: string): void => {
    if (reading.state === state && reading.detail === detail) return
    reading = { state, detail, since: reading.state === state ? reading.since : wall() }
    onChange(reading)
  }

  const ask = (aim: Aim): void => {
    aim.askedAt = wall()
    aim.asked++
    issue(
      aim.account === '' ? { kind: 'flattenAll', account: '' } : { kind: 'flattenAccount', account: aim.account },
      aim.by,
    )
  }

  const accountsOf = ({ account }: Aim): readonly [string, AccountTruth][] =>
    [...truth()].filter(([name]) => account === '' || name === account)

  /** Flat with nothing working, told after it was asked and after the last thing that happened there. */
  const isFlat = (aim: Aim, { heardAt, busyAt, positions, working }: AccountTruth): boolean =>
    positions === 0 && working === 0 && heardAt > aim.askedAt && heardAt >= busyAt + settleMs

  const isReached = (aim: Aim): boolean => {
    const accounts = accountsOf(aim)
    return aim.asked > 0 && accounts.length > 0 && accounts.every(([, each]) => isFlat(aim, each))
  }

  const left = (aim: Aim): string => {
    const open = accountsOf(aim).filter(([, { positions, working }]) => positions + working > 0)
    return open
      .map(
        ([name, { positions, working }]) =>
          `${name}: ${count(positions, 'position')}, ${count(working, 'working order')}`,
      )
      .join('; ')
  }

  const chase = (aim: Aim): void => {
    if (!reachable()) return
    if (aim.asked === 0 || wall() - aim.askedAt >= patienceMs) ask(aim)
  }

  const isLate = (aim: Aim): boolean =>
    wall() - aim.since >= loudAfter * patienceMs || (!reachable() && wall() - aim.since >= settleMs)

  const describe = (): void => {
    const late = [...aims.values()].filter(isLate)
    if (late.length > 0) {
      const open = late.map(left).filter((each) => each !== '')
      const why = reachable() ? 'not confirmed flat' : 'NinjaTrader does not answer'
      say('escalated', [why, ...open].join('; '))
    } else say('flattening', [...aims.values()].map(({ account }) => wordOf(account)).join(', '))
  }

  /** Looks at what the platform says now; call it after every snapshot and at least once a second. */
  const look = (): void => {
    if (aims.size === 0 && reading.state === 'flat' && wall() - reading.since >= flatShownMs) say('off', '')
    if (aims.size === 0) return
    const reached = [...aims.values()].filter(isReached)
    for (const { account } of reached) aims.delete(account)
    if (reached.length > 0) onAims([...aims.keys()])
    if (aims.size === 0) say('flat', reached.map(({ account }) => wordOf(account)).join(', '))
    for (const aim of aims.values()) chase(aim)
    if (aims.size > 0) describe()
  }

  return {
    get reading() {
      return reading
    },
    /** Gets one account flat, or all with ''. Asked again while under way it changes nothing. */
    flatten: (account: string, by: string): void => {
      if (!aims.has(account)) {
        aims.set(account, { account, by, since: wall(), askedAt: 0, asked: 0 })
        onAims([...aims.keys()])
      }
      look()
    },
    /** What was under way in the book that is open now goes on, and what was asked of another one is not asked of this. */
    resume: (accounts: readonly string[], since: number): void => {
      aims.clear()
      if (reading.state !== 'off') reading = { state: 'off', since, detail: '' }
      for (const account of accounts)
        aims.set(account, { account, by: 'resumed after a restart', since, askedAt: 0, asked: 0 })
      if (aims.size > 0) onAims([...aims.keys()])
      look()
    },
    /** The accounts that are being closed: kept on disk, so that a restart goes on. */
    aims: (): readonly string[] => [...aims.keys()],
    look,
  }
}
