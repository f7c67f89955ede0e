import { type FlattenTruth, nextFlattenStep, settleMs, startFlatten } from '#src/domain/trading/flatten.ts'
import { signed } from './holding.ts'
import type { Platform } from './platform.ts'
import type { Timers } from './timers.ts'

const lookMs = 50

type Net = { told: number; byFills: number; changedAt: number }

/**
 * Creates the getting flat of accounts. It hears every execution from the start, because a position that does not have
 * its fills in it yet must not be closed by.
 */
export const createFlattening = ({
  platform,
  timers,
  wall,
}: {
  readonly platform: Platform
  readonly timers: Timers
  readonly wall: () => number
}) => {
  const nets = new Map<string, Map<string, Net>>()
  const heardSince = new Map<string, number>()
  const running = new Map<string, Promise<'done' | 'not-flat'>>()
  const startedAt = wall()

  const netsOf = (account: string): Map<string, Net> => {
    const known = nets.get(account) ?? new Map<string, Net>()
    nets.set(account, known)
    return known
  }
  const toldOf = (account: string, instrument: string): number =>
    platform.positions().find((held) => held.account === account && held.instrument === instrument)?.quantity ?? 0
  const netOf = (account: string, instrument: string): Net => {
    const known = netsOf(account)
    const told = toldOf(account, instrument)
    const net = known.get(instrument) ?? { told, byFills: told, changedAt: startedAt }
    known.set(instrument, net)
    return net
  }
  const look = (account: string): void => {
    for (const held of platform.positions()) if (held.account === account) netOf(account, held.instrument)
    const now = wall()
    for (const [instrument, net] of netsOf(account)) {
      const told = toldOf(account, instrument)
      // What the platform sticks to is so: an execution that never came is not waited for twice.
      if (net.told !== net.byFills && told === net.told && now - net.changedAt >= settleMs) net.byFills = told
      if (told !== net.told) Object.assign(net, { told, changedAt: now })
    }
  }
  const silence = platform.hear({
    onPositions: look,
    onExecution: ({ account, instrument, side, quantity }) => {
      const net = netOf(account, instrument)
      net.byFills += signed(side, quantity)
      net.changedAt = wall()
    },
  })

  const truthOf = (account: string, closing: ReadonlySet<string>): FlattenTruth => {
    look(account)
    const connected = platform.isConnected(account)
    if (!connected) heardSince.set(account, wall())
    return {
      connected,
      heardSince: heardSince.get(account) ?? startedAt,
      nets: [...netsOf(account)].map(([holding, net]) => ({ holding, ...net })),
      orders: platform.working(account).map(({ orderId, state }) => ({ orderId, state, closes: closing.has(orderId) })),
    }
  }
  const run = async (account: string): Promise<'done' | 'not-flat'> => {
    const closing = new Set<string>()
    let state = startFlatten(wall())
    for (;;) {
      const step = nextFlattenStep(state, truthOf(account, closing), wall())
      if (step.do === 'done') return 'done'
      if (step.do === 'give-up') return step.reason
      state = step.state
      if (step.do === 'cancel') for (const orderId of step.orderIds) platform.cancel(orderId)
      else if (step.do === 'close')
        for (const { holding: instrument, side, quantity } of step.orders)
          closing.add(platform.submit({ account, instrument, side, quantity, type: 'market', name: 'Flatten' }).orderId)
      else await timers.pause(lookMs)
    }
  }

  return {
    /** Gets an account flat; one that is under way is waited for and not begun twice. */
    flatten: (account: string): Promise<'done' | 'not-flat'> => {
      const known = running.get(account) ?? run(account).finally(() => running.delete(account))
      running.set(account, known)
      return known
    },
    /** What an account comes to by the fills that were heard, which run ahead of its positions: signed, by market. */
    held: (account: string): ReadonlyMap<string, number> => {
      look(account)
      return new Map([...netsOf(account)].map(([instrument, { byFills }]) => [instrument, byFills]))
    },
    /** While an account is being flattened nothing new may be sent for it. */
    isRunning: (account: string): boolean => running.has(account),
    stop: silence,
  }
}

export type Flattening = ReturnType<typeof createFlattening>
