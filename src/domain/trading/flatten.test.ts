import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { type FlattenState, type FlattenStep, type FlattenTruth, nextFlattenStep, startFlatten } from './flatten.ts'
import { isFinal, type OrderState } from './order.ts'

const t0 = 1_000_000
const quiet: FlattenTruth = { connected: true, heardSince: 0, nets: [], orders: [] }
const long2 = { holding: 'MNQ 12-26', told: 2, byFills: 2, changedAt: 0 }
const stop = { orderId: 's1', state: 'working' as OrderState, closes: false }

const stateOf = (step: FlattenStep): FlattenState => {
  if (!('state' in step)) throw new Error(`the flatten ended: ${step.do}`)
  return step.state
}

test('an account that is flat with nothing working is done once it has stayed so for a quarter of a second', () => {
  const first = nextFlattenStep(startFlatten(t0), quiet, t0)
  expect(first.do).toBe('wait')
  expect(nextFlattenStep(stateOf(first), quiet, t0 + 249).do).toBe('wait')
  expect(nextFlattenStep(stateOf(first), quiet, t0 + 250)).toEqual({ do: 'done' })
})

test('working orders are cancelled before anything is closed, and each is asked once a round', () => {
  const truth = { ...quiet, nets: [long2], orders: [stop] }
  const step = nextFlattenStep(startFlatten(t0), truth, t0)
  expect(step).toMatchObject({ do: 'cancel', orderIds: ['s1'] })
  expect(nextFlattenStep(stateOf(step), truth, t0 + 100).do).toBe('wait')
  const confirmed = nextFlattenStep(stateOf(step), { ...quiet, nets: [long2] }, t0 + 200)
  expect(confirmed).toMatchObject({ do: 'close', orders: [{ holding: 'MNQ 12-26', side: 'sell', quantity: 2 }] })
})

test('an order whose change is pending is cancelled only when the change has come through', () => {
  const pending = { ...quiet, orders: [{ ...stop, state: 'change-pending' as const }] }
  const step = nextFlattenStep(startFlatten(t0), pending, t0)
  expect(step.do).toBe('wait')
  expect(nextFlattenStep(stateOf(step), { ...quiet, orders: [stop] }, t0 + 50).do).toBe('cancel')
})

test('an order the platform knows nothing certain of keeps the position from being closed', () => {
  const asked = { ...startFlatten(t0), asked: ['s1'] }
  const truth = { ...quiet, nets: [long2], orders: [{ ...stop, state: 'unknown' as const }] }
  expect(nextFlattenStep(asked, truth, t0 + 100).do).toBe('wait')
})

test('a position that does not have a fill in it yet is not closed, until the platform has stuck to it for two seconds', () => {
  const lagging = { ...quiet, nets: [{ ...long2, byFills: 1, changedAt: t0 }] }
  expect(nextFlattenStep(startFlatten(t0), lagging, t0 + 100).do).toBe('wait')
  const trusted = nextFlattenStep(startFlatten(t0 + 2_000), lagging, t0 + 2_000)
  expect(trusted).toMatchObject({ do: 'close', orders: [{ side: 'sell', quantity: 2 }] })
})

test('after a broken connection nothing is closed until executions have been heard for a while', () => {
  const truth = { ...quiet, heardSince: t0, nets: [{ ...long2, told: -2, byFills: -2 }] }
  expect(nextFlattenStep(startFlatten(t0), truth, t0 + 1_999).do).toBe('wait')
  expect(nextFlattenStep(startFlatten(t0), truth, t0 + 2_000)).toMatchObject({ orders: [{ side: 'buy', quantity: 2 }] })
})

test('a closing order is waited for, and cancelled when its round is over', () => {
  const sent = { ...startFlatten(t0), closed: true }
  const truth = { ...quiet, nets: [long2], orders: [{ orderId: 'f1', state: 'part-filled' as const, closes: true }] }
  expect(nextFlattenStep(sent, truth, t0 + 2_999).do).toBe('wait')
  const late = nextFlattenStep(sent, truth, t0 + 3_000)
  expect(nextFlattenStep(stateOf(late), truth, t0 + 3_000)).toMatchObject({ do: 'cancel', orderIds: ['f1'] })
})

test('a closing order has its time however long the account took to settle', () => {
  const late = nextFlattenStep(startFlatten(t0), { ...quiet, nets: [long2] }, t0 + 2_900)
  expect(late.do).toBe('close')
  const truth = { ...quiet, nets: [long2], orders: [{ orderId: 'f1', state: 'working' as const, closes: true }] }
  expect(nextFlattenStep(stateOf(late), truth, t0 + 5_800)).toMatchObject({ do: 'wait', state: { closed: true } })
})

test('a rejected closing order is followed by another after a pause, ten times at most', () => {
  const truth = { ...quiet, nets: [long2] }
  const step = nextFlattenStep(startFlatten(t0), truth, t0)
  expect(nextFlattenStep(stateOf(step), truth, t0 + 299).do).toBe('wait')
  const second = stateOf(nextFlattenStep(stateOf(step), truth, t0 + 300))
  expect(second.round).toBe(2)
  const tenth = { ...second, round: 10, closed: true }
  expect(nextFlattenStep(tenth, truth, t0 + 600)).toEqual({ do: 'give-up', reason: 'not-flat' })
})

test('without a connection it only waits, and gives up after ten rounds', () => {
  const truth = { ...quiet, connected: false, nets: [long2], orders: [stop] }
  let step: FlattenStep = { do: 'wait', state: startFlatten(t0) }
  let now = t0
  while ('state' in step && now < t0 + 60_000) {
    expect(step.do).toBe('wait')
    now += 100
    step = nextFlattenStep(step.state, truth, now)
  }
  expect(step.do).toBe('give-up')
  expect(now).toBe(t0 + 30_000)
})

/** An order at the exchange, and how the platform last told it. */
type RealOrder = {
  readonly id: string
  readonly holding: string
  readonly sign: 1 | -1
  readonly market: boolean
  readonly closes: boolean
  left: number
  live: boolean
  told: OrderState
}

const stepMs = 10

/**
 * One random story: an exchange whose word comes late — executions and order states first, positions a tenth of a second
 * after — with fills while cancels travel, refused cancels, refused and partly filled closing orders, broken
 * connections, and a flatten that is started anew having forgotten all it knew.
 */
const tell = (seed: number) => {
  const { uniform } = createStream(seed)
  const chance = (share: number): boolean => uniform() < share
  const between = (from: number, to: number): number => from + Math.floor(uniform() * (to - from + 1))
  let now = t0
  let connected = true
  let heardSince = 0
  let number = 0
  let turned = false
  const happenings: { at: number; readonly run: () => void }[] = []
  const later = (ms: number, run: () => void): void => void happenings.push({ at: now + ms, run })
  /** What the platform tells; it keeps its order, and waits while the connection is broken. */
  let heldBack: (() => void)[] = []
  let channel = 0
  let positionsAt = 0
  const say = (run: () => void): void => {
    channel = Math.max(channel + 1, now + between(5, 40))
    happenings.push({ at: channel, run: () => (connected ? run() : void heldBack.push(run)) })
  }

  const orders: RealOrder[] = []
  const nets = new Map<string, { real: number; told: number; byFills: number; changedAt: number }>()
  const net = (holding: string) => {
    const known = nets.get(holding) ?? { real: 0, told: 0, byFills: 0, changedAt: 0 }
    nets.set(holding, known)
    return known
  }
  const finish = (order: RealOrder, state: OrderState): void => {
    order.live = false
    say(() => {
      order.told = state
    })
  }
  const fill = (order: RealOrder, quantity: number): void => {
    const holding = net(order.holding)
    const after = holding.real + order.sign * quantity
    if (order.closes && (Math.abs(after) > Math.abs(holding.real) || after * holding.real < 0)) turned = true
    holding.real = after
    order.left -= quantity
    const state = order.left === 0 ? 'filled' : 'part-filled'
    if (order.left === 0) order.live = false
    say(() => {
      order.told = state
      holding.byFills += order.sign * quantity
      holding.changedAt = now
      positionsAt = Math.max(positionsAt + 1, now + between(30, 150))
      later(positionsAt - now, () => {
        holding.told = after
        holding.changedAt = now
      })
    })
  }
  const send = (holding: string, sign: 1 | -1, quantity: number, market: boolean, closes: boolean): void => {
    const order = { id: `o${number++}`, holding, sign, market, closes, left: quantity, live: false, told: 'submitted' }
    const real = order as RealOrder
    orders.push(real)
    later(between(5, 80), () => {
      if (chance(0.1)) return finish(real, 'rejected')
      real.live = true
      say(() => {
        if (real.told === 'submitted') real.told = 'working'
      })
    })
  }
  const cancel = (order: RealOrder): void => {
    order.told = 'cancel-pending'
    later(between(5, 120), () => {
      if (!order.live) return
      if (!chance(0.15)) return finish(order, 'cancelled')
      say(() => {
        if (order.told === 'cancel-pending') order.told = 'working'
      })
    })
  }
  const breakConnection = (): void => {
    connected = false
    later(between(100, 3_000), () => {
      connected = true
      heardSince = now
      const waiting = heldBack
      heldBack = []
      for (const run of waiting) run()
    })
  }

  for (const holding of ['MNQ 12-26', 'MGC 02-27']) {
    const quantity = between(-3, 3)
    nets.set(holding, { real: quantity, told: quantity, byFills: quantity, changedAt: 0 })
    for (let count = between(0, 3); count > 0; count--)
      send(holding, chance(0.5) ? 1 : -1, between(1, 3), chance(0.1), false)
  }
  let state: FlattenState | undefined
  let end: FlattenStep | undefined
  const startAt = t0 + between(0, 300)
  let restarts = 0
  const truth = (): FlattenTruth => ({
    connected,
    heardSince,
    nets: [...nets].map(([holding, { told, byFills, changedAt }]) => ({ holding, told, byFills, changedAt })),
    orders: orders
      .filter(({ told }) => !isFinal(told))
      .map(({ id, told, closes }) => ({ orderId: id, state: told, closes: closes && (state?.closed ?? false) })),
  })
  while (end === undefined && now < t0 + 120_000) {
    now += stepMs
    for (const due of happenings.filter(({ at }) => at <= now)) {
      happenings.splice(happenings.indexOf(due), 1)
      due.run()
    }
    for (const order of orders) if (order.live && chance(order.market ? 0.2 : 0.02)) fill(order, between(1, order.left))
    if (connected && chance(0.002)) breakConnection()
    if (now < startAt) continue
    if (state !== undefined && restarts < 3 && chance(0.002)) {
      restarts++
      state = undefined
      heardSince = now
      for (const holding of nets.values()) holding.byFills = holding.told
    }
    const step: FlattenStep = nextFlattenStep(state ?? startFlatten(now), truth(), now)
    if (!('state' in step)) {
      end = step
      break
    }
    state = step.state
    if (step.do === 'cancel') for (const order of orders) if (step.orderIds.includes(order.id)) cancel(order)
    if (step.do === 'close')
      for (const { holding, side, quantity } of step.orders)
        send(holding, side === 'buy' ? 1 : -1, quantity, true, true)
  }
  const flat = [...nets.values()].every(({ real }) => real === 0) && orders.every(({ live }) => !live)
  return { seed, end: end?.do ?? 'never ended', flat, turned, restarts, rounds: state?.round ?? 0, took: now - startAt }
}

test('a thousand random stories end flat with nothing working, or say so; none turns a position around', () => {
  const stories = Array.from({ length: 1_000 }, (_, seed) => tell(seed))
  expect(stories.filter(({ turned }) => turned)).toEqual([])
  expect(stories.filter(({ end, flat }) => end !== 'give-up' && !(end === 'done' && flat))).toEqual([])
  expect(stories.filter(({ end }) => end === 'done').length).toBeGreaterThan(950)
  expect(stories.filter(({ restarts }) => restarts > 0).length).toBeGreaterThan(100)
  expect(stories.filter(({ rounds }) => rounds > 1).length).toBeGreaterThan(100)
})
