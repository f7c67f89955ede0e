import { expect } from 'vitest'
import { type Case, mgc, mnq, type Scene } from './scene.ts'

const flatten = { kind: 'flattenAccount', account: 'Sim101' } as const
const sellLimit = { account: 'Sim101', instrument: mnq, side: 'sell', type: 'limit', limitPrice: 20_010 } as const

const isFlat = async ({ look }: Scene, account = 'Sim101'): Promise<boolean> => {
  const { positions, working } = await look()
  return ![...positions, ...working].some((each) => each.account === account)
}
/** The closing order that rests because nothing fills by itself. */
const closingOrder = async ({ until, working }: Scene) =>
  until('the closing order', async () => (await working('market')).find(({ state }) => state !== 'submitted'))
/** A bridge that has just started trusts no position yet; one that has run for a while may be in a hurry. */
const startLongAgo = async (scene: Scene, changes?: Parameters<Scene['start']>[0]): Promise<void> => {
  await scene.start(changes)
  await pause(2_500)
}
/** Has the account flattened in vain; `meanwhile` happens on the way. Ten rounds take half a minute. */
const givenUp = async (scene: Scene, meanwhile: () => Promise<void> = async () => {}): Promise<void> => {
  const { id } = scene.give(flatten)
  await meanwhile()
  await pause(18_000)
  expect(await scene.endOf(id)).toBe('failed not-flat')
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Getting flat, whatever happens on the way; done is said only of what is so. */
export const flattening: readonly Case[] = [
  [
    'a position is closed by one order of its size',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.hold('buy', 3)
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      expect(await scene.obey(flatten)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
      expect((await scene.look()).submitted).toBe(1)
    },
  ],
  [
    'an account that is flat needs no order',
    async (scene) => {
      await scene.start()
      expect(await scene.obey(flatten)).toBe('done')
      expect((await scene.look()).submitted).toBe(0)
    },
  ],
  [
    'a short position in two markets is bought back',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.control({ do: 'price', instrument: mgc, last: 4_000 })
      await scene.hold('sell', 2)
      await scene.hold('buy', 1, 'Sim101', mgc)
      expect(await scene.obey(flatten)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
      expect((await scene.look()).submitted).toBe(2)
    },
  ],
  [
    'working orders are cancelled before the position is closed',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 2)
      const orderId = await scene.rest({ ...sellLimit, quantity: 2 })
      expect(await scene.obey(flatten)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
      const orders = scene.events('order').map(({ order }) => order)
      const cancelled = orders.findIndex((order) => order.orderId === orderId && order.state === 'cancelled')
      const closing = orders.findIndex(({ type, side }) => type === 'market' && side === 'sell')
      expect(cancelled).toBeGreaterThan(-1)
      expect(closing).toBeGreaterThan(cancelled)
    },
  ],
  [
    'an order that the platform has lost sight of is told, and cancelled before the position is closed',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 2)
      const orderId = await scene.rest({ ...sellLimit, quantity: 2 })
      await scene.control({ do: 'unknown', orderId })
      await scene.until('a snapshot that has it', () =>
        scene
          .events('positions')
          .some(({ orders }) => orders.some((each) => each.orderId === orderId && each.state === 'unknown')),
      )
      expect(await scene.obey(flatten)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
      const orders = scene.events('order').map(({ order }) => order)
      expect(orders.findLast((order) => order.orderId === orderId)?.state).toBe('cancelled')
    },
  ],
  [
    'nothing is closed while a cancel is not confirmed',
    async (scene) => {
      await scene.start({ auto: 'market', confirm: 'none' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 2)
      const orderId = await scene.rest({ ...sellLimit, quantity: 2 })
      const { id } = scene.give(flatten)
      const isPending = async () =>
        (await scene.look()).working.some((order) => order.orderId === orderId && order.state === 'cancel-pending')
      await scene.until('the cancel', isPending)
      await pause(600)
      expect((await scene.look()).submitted).toBe(0)
      await scene.control({ do: 'confirm', orderId })
      expect(await scene.endOf(id)).toBe('done')
      expect((await scene.look()).submitted).toBe(1)
    },
  ],
  [
    'what fills while its cancel is on the way is not sold twice',
    async (scene) => {
      await startLongAgo(scene, { auto: 'market', confirm: 'none' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 2)
      const orderId = await scene.rest({ ...sellLimit, quantity: 2 })
      const { id } = scene.give(flatten)
      await scene.until('the cancel', async () =>
        (await scene.look()).working.some((order) => order.state === 'cancel-pending'),
      )
      await scene.control({ do: 'fill', orderId, quantity: 1, price: 20_010, gapMs: 400 })
      await scene.control({ do: 'confirm', orderId })
      expect(await scene.endOf(id)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
      const sold = scene.events('execution').filter(({ side }) => side === 'sell')
      expect(sold.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(2)
    },
  ],
  [
    'a target that fills whole while its cancel is on the way leaves nothing to close',
    async (scene) => {
      await startLongAgo(scene, { auto: 'market', confirm: 'none' })
      await scene.hold('buy', 2)
      const orderId = await scene.rest({ ...sellLimit, quantity: 2 })
      const { id } = scene.give(flatten)
      await scene.until('the cancel', async () =>
        (await scene.look()).working.some((order) => order.state === 'cancel-pending'),
      )
      await scene.control({ do: 'fill', orderId, quantity: 2, price: 20_010, gapMs: 500 })
      expect(await scene.endOf(id)).toBe('done')
      expect((await scene.look()).submitted).toBe(0)
    },
  ],
  [
    'an entry that fills while its cancel is on the way is closed too',
    async (scene) => {
      await startLongAgo(scene, { auto: 'market', confirm: 'none' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      const entry = { ...sellLimit, side: 'buy', quantity: 2, limitPrice: 19_990 } as const
      const orderId = await scene.rest(entry)
      const { id } = scene.give(flatten)
      await scene.until('the cancel', async () =>
        (await scene.look()).working.some((order) => order.state === 'cancel-pending'),
      )
      await scene.control({ do: 'fill', orderId, quantity: 2, price: 19_990, gapMs: 100 })
      expect(await scene.endOf(id)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
    },
  ],
  [
    'a bracket’s entry that fills during the flatten gets no exits that would stand in its way',
    async (scene) => {
      await scene.start({ auto: 'market', confirm: 'none' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.obey(scene.bracket({ limit: 19_995 }))
      const entry = await scene.until('the entry', async () => (await scene.working('limit'))[0])
      const { id } = scene.give(flatten)
      await scene.until('the cancel', async () =>
        (await scene.look()).working.some((order) => order.state === 'cancel-pending'),
      )
      await scene.control({ do: 'fill', orderId: entry.orderId, quantity: 2, price: 19_995, gapMs: 100 })
      expect(await scene.endOf(id)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
    },
  ],
  [
    'what an entry fills after a flatten has given up gets its stop',
    async (scene) => {
      await scene.start({ confirm: 'none' })
      await scene.obey(scene.bracket({ limit: 19_995 }))
      const entry = await scene.until('the entry', async () => (await scene.working('limit'))[0])
      await givenUp(scene)
      await scene.control({ do: 'fill', orderId: entry.orderId, quantity: 2, price: 19_995, gapMs: 100 })
      await scene.until('the stop', async () => (await scene.working('stop-market'))[0]?.quantity === 2)
    },
  ],
  [
    'the exits that a flatten has taken away are put back when it gives up',
    async (scene) => {
      await scene.start({ confirm: 'none' })
      await scene.obey(scene.bracket())
      const entry = await scene.until('the entry', async () => (await scene.working('limit'))[0])
      await scene.control({ do: 'fill', orderId: entry.orderId, quantity: 2, price: 20_000, gapMs: 20 })
      const stop = await scene.until('the stop', async () => (await scene.working('stop-market'))[0])
      await scene.rest({ ...sellLimit, limitPrice: 20_500, quantity: 1 })
      await givenUp(scene, async () => {
        const isPending = async () =>
          (await scene.working('stop-market')).some(({ state }) => state === 'cancel-pending')
        await scene.until('the cancel of the stop', isPending)
        await scene.control({ do: 'confirm', orderId: stop.orderId })
      })
      const again = await scene.until('another stop', async () => (await scene.working('stop-market'))[0])
      expect(again).toMatchObject({ side: 'sell', quantity: 2, stopPrice: 19_990 })
      expect(again.orderId).not.toBe(stop.orderId)
      await scene.until('another target', async () =>
        (await scene.working('limit')).some(({ limitPrice, quantity }) => limitPrice === 20_010 && quantity === 2),
      )
    },
  ],
  [
    'a bracket whose fill was flattened lays no claim to what is bought afterwards, also after a restart',
    async (scene) => {
      await scene.start({ auto: 'market', confirm: 'none' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.obey(scene.bracket({ limit: 19_995 }))
      const entry = await scene.until('the entry', async () => (await scene.working('limit'))[0])
      const { id } = scene.give(flatten)
      await scene.until('the cancel', async () =>
        (await scene.look()).working.some((order) => order.state === 'cancel-pending'),
      )
      await scene.control({ do: 'fill', orderId: entry.orderId, quantity: 2, price: 19_995, gapMs: 100 })
      expect(await scene.endOf(id)).toBe('done')
      const { submitted } = await scene.look()
      await scene.hold('buy', 2)
      await pause(500)
      await scene.control({ do: 'stop' })
      await scene.start()
      await pause(1_500)
      expect(await scene.look()).toMatchObject({ submitted, working: [] })
    },
  ],
  [
    'a closing order that is not filled is not done',
    async (scene) => {
      await scene.start()
      await scene.hold('buy', 1)
      const { id } = scene.give(flatten)
      const order = await closingOrder(scene)
      await pause(500)
      expect(scene.statesOf(id)).not.toContain('done')
      await scene.control({ do: 'fill', orderId: order.orderId, quantity: 1, price: 20_000 })
      expect(await scene.endOf(id)).toBe('done')
    },
  ],
  [
    'a closing order that is filled in parts is waited for',
    async (scene) => {
      await startLongAgo(scene)
      await scene.hold('buy', 3)
      const { id } = scene.give(flatten)
      const { orderId } = await closingOrder(scene)
      await scene.control({ do: 'fill', orderId, quantity: 1, price: 20_000, gapMs: 100 })
      await scene.control({ do: 'fill', orderId, quantity: 2, price: 20_000, gapMs: 100 })
      expect(await scene.endOf(id)).toBe('done')
      expect((await scene.look()).submitted).toBe(1)
    },
  ],
  [
    'a position that is told late is not closed a second time',
    async (scene) => {
      await startLongAgo(scene)
      await scene.hold('buy', 2)
      const { id } = scene.give(flatten)
      const { orderId } = await closingOrder(scene)
      await scene.control({ do: 'fill', orderId, quantity: 2, price: 20_000, gapMs: 900 })
      expect(await scene.endOf(id)).toBe('done')
      expect((await scene.look()).submitted).toBe(1)
      expect(await isFlat(scene)).toBe(true)
    },
  ],
  [
    'a closing order that is rejected is followed by another',
    async (scene) => {
      await scene.start()
      await scene.hold('buy', 1)
      const { id } = scene.give(flatten)
      const first = await closingOrder(scene)
      await scene.control({ do: 'reject', orderId: first.orderId, reason: 'Try again' })
      const second = await scene.until('another', async () =>
        (await scene.working('market')).find(
          ({ orderId, state }) => orderId !== first.orderId && state !== 'submitted',
        ),
      )
      await scene.control({ do: 'fill', orderId: second.orderId, quantity: 1, price: 20_000 })
      expect(await scene.endOf(id)).toBe('done')
    },
  ],
  [
    'without a connection to the broker it is never done',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 1)
      await scene.control({ do: 'connection', name: 'Simulation', price: 'lost', orders: 'lost' })
      const { id } = scene.give(flatten)
      await scene.until('its beginning', () => scene.statesOf(id).includes('working'))
      await pause(1_500)
      expect(scene.statesOf(id)).not.toContain('done')
      await scene.control({ do: 'connection', name: 'Simulation', price: 'connected', orders: 'connected' })
      expect(await scene.obey(flatten)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
    },
  ],
  [
    'no order is sent for an account that is being flattened',
    async (scene) => {
      await scene.start()
      await scene.hold('buy', 1)
      const { id } = scene.give(flatten)
      const { orderId } = await closingOrder(scene)
      expect(await scene.obey(scene.bracket({ quantity: 1 }))).toBe('failed locked-out')
      await scene.control({ do: 'fill', orderId, quantity: 1, price: 20_000 })
      expect(await scene.endOf(id)).toBe('done')
    },
  ],
  [
    'a second flatten of the same account sends no second order',
    async (scene) => {
      await scene.start()
      await scene.hold('buy', 1)
      const first = scene.give(flatten)
      const { orderId } = await closingOrder(scene)
      const second = scene.give(flatten)
      await scene.until('the second', () => scene.statesOf(second.id).length > 0)
      await pause(300)
      await scene.control({ do: 'fill', orderId, quantity: 1, price: 20_000 })
      expect(await scene.endOf(first.id)).toBe('done')
      expect(await scene.endOf(second.id)).toBe('done')
      expect(await isFlat(scene)).toBe(true)
      expect((await scene.look()).submitted).toBe(1)
    },
  ],
  [
    'flattening everything is for every account, on the list or not',
    async (scene) => {
      await scene.start({ auto: 'market', accounts: ['Sim101'] })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      for (const account of ['Sim101', 'Eval50', 'Playback101']) await scene.hold('buy', 1, account)
      expect(await scene.obey({ kind: 'flattenAll', account: '' })).toBe('done')
      for (const account of ['Sim101', 'Eval50', 'Playback101']) expect(await isFlat(scene, account)).toBe(true)
      expect((await scene.look()).submitted).toBe(3)
    },
  ],
  [
    'flattening everything leaves out an account without a connection that holds nothing',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 1)
      await scene.control({ do: 'connection', name: 'Playback', price: 'disconnected', orders: 'disconnected' })
      expect(await scene.obey({ kind: 'flattenAll', account: '' })).toBe('done')
      expect(await isFlat(scene)).toBe(true)
    },
  ],
  [
    'flattening everything is not done while an account without a connection holds something',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 1, 'Playback101')
      await scene.control({ do: 'connection', name: 'Playback', price: 'lost', orders: 'lost' })
      const { id } = scene.give({ kind: 'flattenAll', account: '' })
      await scene.until('its beginning', () => scene.statesOf(id).includes('working'))
      await pause(1_500)
      expect(scene.statesOf(id)).not.toContain('done')
      await scene.control({ do: 'connection', name: 'Playback', price: 'connected', orders: 'connected' })
      expect(await scene.endOf(id)).toBe('done')
      expect(await isFlat(scene, 'Playback101')).toBe(true)
    },
  ],
  [
    'flattening one account leaves another alone',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.hold('buy', 1, 'Eval50')
      await scene.hold('buy', 1)
      expect(await scene.obey(flatten)).toBe('done')
      expect(await scene.held('Eval50')).toBe(1)
    },
  ],
  [
    'cancelling all orders leaves the position',
    async (scene) => {
      await scene.start()
      await scene.hold('buy', 1)
      await scene.rest({ ...sellLimit, quantity: 1 })
      await scene.rest({ ...sellLimit, side: 'buy', limitPrice: 19_900, quantity: 1 })
      expect(await scene.obey({ kind: 'cancelAll', account: 'Sim101' })).toBe('done')
      const { working, submitted } = await scene.look()
      expect(working).toEqual([])
      expect(submitted).toBe(0)
      expect(await scene.held()).toBe(1)
    },
  ],
]
