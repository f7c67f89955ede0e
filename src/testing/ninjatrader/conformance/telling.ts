import { expect } from 'vitest'
import { type Case, mgc, mnq } from './scene.ts'

const all = ['Eval50', 'Playback101', 'Sim101']

/** What a bridge tells of a platform and in which order. */
export const telling: readonly Case[] = [
  [
    'the first word of a bridge is hello',
    async ({ start, copilot }) => {
      await start()
      expect(copilot.events[0]?.kind).toBe('hello')
    },
  ],
  [
    'the hello names the versions, the accounts, the switch and the cap',
    async ({ start, events }) => {
      await start({ allowOrders: false, maxContracts: 3 })
      const [hello] = events('hello')
      expect(hello).toMatchObject({ allowOrders: false, maxContracts: 3, commandsAfter: 0 })
      expect(hello?.versions.bridge).not.toBe('')
      expect(hello?.accounts.map(({ name }) => name).sort()).toEqual(all)
    },
  ],
  [
    'a playback account is told like any other, with a connection of its own name',
    async ({ start, events }) => {
      await start()
      const playback = events('hello')[0]?.accounts.find(({ name }) => name === 'Playback101')
      expect(playback?.connection).not.toBe('')
      expect(events('positions').some(({ account }) => account === 'Playback101')).toBe(true)
    },
  ],
  [
    'after the hello comes what every account has and holds',
    async ({ start, copilot, events }) => {
      await start()
      const told = (kind: 'account' | 'positions'): string[] => [...new Set(events(kind).map(({ account }) => account))]
      expect(told('account').sort()).toEqual(all)
      expect(told('positions').sort()).toEqual(all)
      const kinds = copilot.events.map(({ kind }) => kind)
      expect(kinds.indexOf('account')).toBeGreaterThan(kinds.indexOf('hello'))
    },
  ],
  [
    'the switch that is off and the list that is empty are told as they are',
    async ({ start, events }) => {
      await start({ allowOrders: false, accounts: [], maxContracts: 0 })
      expect(events('hello')[0]).toMatchObject({ allowOrders: false, maxContracts: 0 })
    },
  ],
  [
    'a heartbeat says how each connection is, what waits, and what was dropped',
    async ({ start, events, until }) => {
      await start()
      await until('three heartbeats', () => events('heartbeat').length >= 3)
      const beat = events('heartbeat').at(-1)
      expect(beat?.connections.find(({ name }) => name === 'Simulation')).toEqual({
        name: 'Simulation',
        price: 'connected',
        orders: 'connected',
      })
      expect(beat?.dropped).toBe(0)
    },
  ],
  [
    'a connection that breaks and comes back shows in the heartbeats',
    async ({ start, control, events, until }) => {
      await start()
      const stateNow = () =>
        events('heartbeat')
          .at(-1)
          ?.connections.find(({ name }) => name === 'Simulation')
      await control({ do: 'connection', name: 'Simulation', price: 'lost', orders: 'lost' })
      await until('the loss', () => stateNow()?.price === 'lost' && stateNow()?.orders === 'lost')
      await control({ do: 'connection', name: 'Simulation', price: 'connected', orders: 'connected' })
      await until('the return', () => stateNow()?.orders === 'connected')
    },
  ],
  [
    'a fill is followed by a snapshot that has it',
    async ({ start, hold, events, until }) => {
      await start()
      await hold('buy', 2)
      const snapshot = await until('the snapshot', () =>
        events('positions').find(({ account, positions }) => account === 'Sim101' && positions.length > 0),
      )
      expect(snapshot.positions[0]).toMatchObject({ instrument: mnq, quantity: 2, averagePrice: 20_000 })
    },
  ],
  [
    'a snapshot comes again though nothing changed',
    async ({ start, events, until }) => {
      await start()
      const count = (): number => events('positions').filter(({ account }) => account === 'Eval50').length
      const before = count()
      await until('two more snapshots of a quiet account', () => count() >= before + 2)
    },
  ],
  [
    'a position that was closed is absent from the next snapshot',
    async ({ start, hold, events, until }) => {
      await start()
      await hold('buy', 1)
      await until('the position', () => events('positions').some(({ positions }) => positions.length === 1))
      await hold('sell', 1)
      await until('the flat snapshot', () => {
        const last = events('positions').findLast(({ account }) => account === 'Sim101')
        return last !== undefined && last.positions.length === 0 && events('execution').length === 2
      })
    },
  ],
  [
    'an execution is told before the position that has it',
    async ({ start, control, copilot, until }) => {
      await start()
      const fill = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1, price: 20_000 } as const
      await control({ do: 'manual', ...fill, gapMs: 1_000 })
      // Orders are in a snapshot too: what is held is in its positions alone.
      const position = await until('the position', () => {
        const index = copilot.events.findIndex((event) => event.kind === 'positions' && event.positions.length > 0)
        return index === -1 ? undefined : index
      })
      const execution = copilot.events.findIndex(({ kind }) => kind === 'execution')
      expect(execution).toBeGreaterThan(-1)
      expect(execution).toBeLessThan(position)
    },
  ],
  [
    'an execution has the platform’s own number, side, price and commission',
    async ({ start, control, events, until }) => {
      await start()
      const fill = { account: 'Sim101', instrument: mnq, side: 'sell', quantity: 2, price: 20_110.25 } as const
      await control({ do: 'manual', ...fill, commission: 1.24, executionId: 'kit-exec-1' })
      const execution = await until('the execution', () => events('execution')[0])
      expect(execution).toMatchObject({ ...fill, executionId: 'kit-exec-1', commission: 1.24 })
    },
  ],
  [
    'an order that is filled in parts is told with each part and its average',
    async ({ start, control, rest, events, until }) => {
      await start()
      const order = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 3 } as const
      const orderId = await rest({ ...order, type: 'limit', limitPrice: 20_000 })
      await control({ do: 'fill', orderId, quantity: 1, price: 20_000 })
      await control({ do: 'fill', orderId, quantity: 2, price: 19_997 })
      await until('both executions', () => events('execution').length === 2)
      expect(events('execution').map(({ quantity, price }) => [quantity, price])).toEqual([
        [1, 20_000],
        [2, 19_997],
      ])
      const told = await until('the end of the order', () =>
        events('order').find((event) => event.order.orderId === orderId && event.order.state === 'filled'),
      )
      expect(told.order).toMatchObject({ filled: 3, averagePrice: 19_998 })
      const states = events('order').map((event) => event.order.state)
      expect(states).toContain('part-filled')
    },
  ],
  [
    'a position that is turned around is told at the price of the turn',
    async ({ start, hold, control, held, events, until }) => {
      await start()
      await hold('buy', 2)
      const fill = { account: 'Sim101', instrument: mnq, side: 'sell', quantity: 5, price: 20_004 } as const
      await control({ do: 'manual', ...fill })
      await until('the turn', async () => (await held()) === -3)
      const snapshot = await until('the snapshot', () =>
        events('positions').find(({ positions }) => positions[0]?.quantity === -3),
      )
      expect(snapshot.positions[0]?.averagePrice).toBe(20_004)
    },
  ],
  [
    'a position that is added to has the average of its fills',
    async ({ start, hold, control, held, events, until }) => {
      await start()
      await hold('buy', 1)
      const fill = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 3, price: 20_004 } as const
      await control({ do: 'manual', ...fill })
      await until('all four', async () => (await held()) === 4)
      const snapshot = await until('the snapshot', () =>
        events('positions').find(({ positions }) => positions[0]?.quantity === 4),
      )
      expect(snapshot.positions[0]?.averagePrice).toBe(20_003)
    },
  ],
  [
    'a short position is negative',
    async ({ start, hold, events, until }) => {
      await start()
      await hold('sell', 2, 'Sim101', mgc)
      const snapshot = await until('the snapshot', () =>
        events('positions').find(({ positions }) => positions[0]?.instrument === mgc),
      )
      expect(snapshot.positions[0]?.quantity).toBe(-2)
    },
  ],
  [
    'a resting order is in the snapshot with its prices and where it rests',
    async ({ start, rest, events, until }) => {
      await start()
      const order = { account: 'Sim101', instrument: mnq, side: 'sell', quantity: 2 } as const
      const orderId = await rest({ ...order, type: 'stop-market', stopPrice: 19_990, name: 'my stop' })
      const snapshot = await until('the snapshot', () =>
        events('positions').find(({ orders }) =>
          orders.some((each) => each.orderId === orderId && each.state !== 'submitted'),
        ),
      )
      const told = snapshot.orders.find((each) => each.orderId === orderId)
      const { account: _, ...asked } = order
      expect(told).toMatchObject({ ...asked, type: 'stop-market', stopPrice: 19_990, name: 'my stop', filled: 0 })
      expect(['broker', 'platform', 'unknown']).toContain(told?.where)
    },
  ],
  [
    'an order that is cancelled is told at every step and leaves the snapshot',
    async ({ start, rest, control, events, until }) => {
      await start({ confirm: 'none' })
      const order = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1 } as const
      const orderId = await rest({ ...order, type: 'limit', limitPrice: 19_900 })
      const statesTold = () => events('order').map((event) => event.order.state)
      await control({ do: 'cancel', orderId })
      await until('the pending cancel', () => statesTold().includes('cancel-pending'))
      await control({ do: 'confirm', orderId })
      await until('the cancel', () => statesTold().includes('cancelled'))
      await until('a snapshot without it', () => {
        const last = events('positions').findLast(({ account }) => account === 'Sim101')
        return last?.orders.length === 0
      })
      const told = statesTold()
      expect(told.some((state) => state === 'working' || state === 'accepted')).toBe(true)
      expect(told.indexOf('cancel-pending')).toBeLessThan(told.indexOf('cancelled'))
    },
  ],
  [
    'an order that is rejected is told with the platform’s reason',
    async ({ start, rest, control, events, until }) => {
      await start()
      const order = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1 } as const
      const orderId = await rest({ ...order, type: 'limit', limitPrice: 19_900 })
      await control({ do: 'reject', orderId, reason: 'Margin exceeded' })
      const told = await until('the refusal', () => events('order').find((event) => event.order.state === 'rejected'))
      expect(told.order.reason).toContain('Margin exceeded')
    },
  ],
  [
    'of two orders of a group the second is cancelled when the first is filled',
    async ({ start, hold, rest, control, events, until }) => {
      await start()
      await hold('buy', 1)
      const exit = { account: 'Sim101', instrument: mnq, side: 'sell', quantity: 1, oco: 'pair-1' } as const
      const stop = await rest({ ...exit, type: 'stop-market', stopPrice: 19_990 })
      const target = await rest({ ...exit, type: 'limit', limitPrice: 20_010 })
      await control({ do: 'fill', orderId: target, quantity: 1, price: 20_010 })
      const told = await until('the cancel', () =>
        events('order').find(({ order }) => order.orderId === stop && order.state === 'cancelled'),
      )
      expect(told.order.oco).toBe('pair-1')
    },
  ],
  [
    'accounts are kept apart',
    async ({ start, hold, events, until }) => {
      await start()
      await hold('buy', 1, 'Sim101')
      await hold('sell', 2, 'Eval50')
      const quantityOf = (name: string) =>
        events('positions').findLast(({ account }) => account === name)?.positions[0]?.quantity
      await until('both snapshots', () => quantityOf('Sim101') === 1 && quantityOf('Eval50') === -2)
      expect(events('execution').map(({ account }) => account)).toEqual(['Sim101', 'Eval50'])
    },
  ],
  [
    'the account’s money is told as the platform says it',
    async ({ start, control, events, until }) => {
      await start()
      const money = { cash: 50_120.5, realized: 120.5, unrealized: -30.25, netLiquidation: 50_090.25 }
      await control({ do: 'account', account: 'Sim101', ...money })
      const told = await until('the money', () =>
        events('account').find(({ account, cash }) => account === 'Sim101' && cash === 50_120.5),
      )
      expect(told).toMatchObject(money)
    },
  ],
  [
    'prices come at most four a second and instrument',
    async ({ start, hold, control, events, until }) => {
      await start()
      await hold('buy', 1)
      for (let n = 0; n < 60; n++) {
        await control({ do: 'price', instrument: mnq, last: 20_000 + (n % 8) / 4, bid: 19_999.75, ask: 20_002 })
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      const prices = await until('some prices', () => events('price').length >= 2 && events('price'))
      const times = prices.map(({ at }) => at)
      const tooDense = times.filter((at, index) => at - (times[index - 4] ?? Number.NEGATIVE_INFINITY) < 900)
      expect(tooDense).toEqual([])
      expect(prices[0]).toMatchObject({ instrument: mnq, bid: 19_999.75, ask: 20_002 })
    },
  ],
  [
    'a storm of events about nothing changes nothing',
    async ({ start, control, hold, look, events, until }) => {
      await start()
      await control({ do: 'nulls', count: 200 })
      await hold('buy', 1)
      await until('the execution', () => events('execution').length === 1)
      expect((await look()).escaped).toBe(0)
    },
  ],
]
