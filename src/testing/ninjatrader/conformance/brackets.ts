import { expect } from 'vitest'
import { type Case, mnq, type Scene, type WorkingOrder } from './scene.ts'

const quantities = (orders: readonly WorkingOrder[]): number => orders.reduce((sum, { quantity }) => sum + quantity, 0)

/** The entry of the bracket that was just placed. */
const entryOf = async ({ until, working }: Scene): Promise<WorkingOrder> =>
  until('the entry', async () =>
    (await working('limit')).find(({ side, state }) => side === 'buy' && state !== 'submitted'),
  )

/** Fills so much of an entry and waits until it is in the position and has its stop. */
const fillEntry = async (scene: Scene, orderId: string, quantity: number, price = 20_000): Promise<void> => {
  const before = quantities(await scene.working('stop-market'))
  const held = await scene.held()
  await scene.control({ do: 'fill', orderId, quantity, price, gapMs: 20 })
  await scene.until('the stop', async () => quantities(await scene.working('stop-market')) === before + quantity)
  await scene.until('the position', async () => (await scene.held()) === held + quantity)
}
/** Fills two of an entry; the position has them only most of a second later. */
const fillLate = async ({ control }: Scene, orderId: string): Promise<void> => {
  await control({ do: 'fill', orderId, quantity: 2, price: 20_000, gapMs: 900 })
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const targets = async ({ working }: Scene): Promise<readonly WorkingOrder[]> =>
  (await working('limit')).filter(({ side }) => side === 'sell')

/** A bracket that must not be sent, and the word for it. */
const refused =
  (changes: Parameters<Scene['bracket']>[0], reason: string) =>
  async ({ start, obey, bracket, look }: Scene): Promise<void> => {
    await start()
    expect(await obey(bracket(changes))).toBe(`failed ${reason}`)
    expect((await look()).submitted).toBe(0)
  }

/** A protective stop of the trader's over a long position, for changing. */
const guard = async ({ start, hold, rest, control }: Scene): Promise<string> => {
  await start()
  await control({ do: 'price', instrument: mnq, last: 20_005 })
  await hold('buy', 1)
  return rest({ account: 'Sim101', instrument: mnq, side: 'sell', quantity: 1, type: 'stop-market', stopPrice: 19_990 })
}
const change = (orderId: string, stopPrice: number) =>
  ({ kind: 'changeStop', account: 'Sim101', orderId, stopPrice }) as const

/** Orders with their stop and targets, and what is refused before one is sent. */
export const brackets: readonly Case[] = [
  [
    'a limit entry rests alone until it is filled',
    async (scene) => {
      await scene.start()
      expect(await scene.obey(scene.bracket())).toBe('done')
      const { working, submitted } = await scene.look()
      expect(submitted).toBe(1)
      expect(working).toMatchObject([{ type: 'limit', side: 'buy', quantity: 2, limitPrice: 20_000 }])
    },
  ],
  [
    'an entry carries the plan’s word in its name, within fifty characters',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket({ tag: 'card-7' }))
      const { name } = await entryOf(scene)
      expect(name).toContain('card-7')
      await scene.obey(scene.bracket({ tag: 'x'.repeat(50), quantity: 1 }))
      for (const order of (await scene.look()).working) expect(order.name.length).toBeLessThanOrEqual(50)
    },
  ],
  [
    'a filled entry gets its stop and its target, which cancel each other',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket())
      await fillEntry(scene, (await entryOf(scene)).orderId, 2)
      const [stop] = await scene.working('stop-market')
      const target = await scene.until('the target', async () => (await targets(scene))[0])
      expect(stop).toMatchObject({ side: 'sell', quantity: 2, stopPrice: 19_990 })
      expect(target).toMatchObject({ side: 'sell', quantity: 2, limitPrice: 20_010 })
      expect(stop?.oco).toBeTruthy()
      expect(target.oco).toBe(stop?.oco)
    },
  ],
  [
    'a market entry gets its stop and its target',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      expect(await scene.obey(scene.bracket({ entry: 'market', limit: 0 }))).toBe('done')
      await scene.until('both exits', async () => (await scene.look()).working.length === 2)
      await scene.until('the position', async () => (await scene.held()) === 2)
    },
  ],
  [
    'a short bracket is the mirror of a long one',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      const mirror = { side: 'sell', entry: 'market', limit: 0, stop: 20_010, target1: 19_990 } as const
      expect(await scene.obey(scene.bracket(mirror))).toBe('done')
      await scene.until('both exits', async () => (await scene.look()).working.length === 2)
      for (const order of (await scene.look()).working) expect(order).toMatchObject({ side: 'buy', quantity: 2 })
      await scene.until('the position', async () => (await scene.held()) === -2)
    },
  ],
  [
    'each part of an entry that is filled gets exits of its own size',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket({ quantity: 3 }))
      const { orderId } = await entryOf(scene)
      await fillEntry(scene, orderId, 1)
      await scene.until('the first target', async () => quantities(await targets(scene)) === 1)
      await fillEntry(scene, orderId, 2)
      await scene.until('the whole target', async () => quantities(await targets(scene)) === 3)
      expect(quantities(await scene.working('stop-market'))).toBe(3)
    },
  ],
  [
    'of two targets the first gets the larger half',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket({ quantity: 3, target2: 20_020 }))
      await fillEntry(scene, (await entryOf(scene)).orderId, 3)
      await scene.until('both targets', async () => quantities(await targets(scene)) === 3)
      const at = async (price: number) =>
        quantities((await targets(scene)).filter(({ limitPrice }) => limitPrice === price))
      expect([await at(20_010), await at(20_020)]).toEqual([2, 1])
      expect(quantities(await scene.working('stop-market'))).toBe(3)
    },
  ],
  [
    'a target that is filled takes its stop with it',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket())
      await fillEntry(scene, (await entryOf(scene)).orderId, 2)
      const target = await scene.until('the target', async () =>
        (await targets(scene)).find(({ state }) => state !== 'submitted'),
      )
      await scene.control({ do: 'fill', orderId: target.orderId, quantity: 2, price: 20_010 })
      await scene.until('nothing working', async () => (await scene.look()).working.length === 0)
      await scene.until('flat', async () => (await scene.held()) === 0)
    },
  ],
  [
    'of two pairs the second stays when the first is done',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket({ quantity: 2, target2: 20_020 }))
      await fillEntry(scene, (await entryOf(scene)).orderId, 2)
      const first = await scene.until('the first target', async () =>
        (await targets(scene)).find(({ limitPrice, state }) => limitPrice === 20_010 && state !== 'submitted'),
      )
      await scene.control({ do: 'fill', orderId: first.orderId, quantity: 1, price: 20_010 })
      await scene.until('one pair', async () => (await scene.look()).working.length === 2)
      expect(quantities(await scene.working('stop-market'))).toBe(1)
    },
  ],
  [
    'an entry the platform rejects fails and leaves nothing behind',
    async (scene) => {
      await scene.start()
      await scene.control({ do: 'connection', name: 'Simulation', price: 'lost', orders: 'lost' })
      const command = scene.give(scene.bracket())
      expect(await scene.endOf(command.id)).toBe('failed rejected-by-platform')
      expect((await scene.look()).working).toEqual([])
    },
  ],
  [
    'a fill whose stop is rejected is closed, which a log tells and no second answer',
    async (scene) => {
      await scene.start({ auto: 'market' })
      await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
      await scene.obey(scene.bracket())
      await fillEntry(scene, (await entryOf(scene)).orderId, 2)
      const [stop] = await scene.working('stop-market')
      await scene.control({ do: 'reject', orderId: stop?.orderId ?? '', reason: 'Stop price is not valid' })
      await scene.until('flat with nothing working', async () => {
        const { positions, working } = await scene.look()
        return positions.length === 0 && working.length === 0
      })
      await scene.until('the log', () => scene.events('log').some(({ text }) => text.includes('was rejected')))
      expect(scene.statesOf('c-1').filter((state) => state !== 'received' && state !== 'working')).toEqual(['done'])
    },
  ],
  [
    'a stop follows a fill that came while the bridge was away',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket())
      const { orderId } = await entryOf(scene)
      await scene.control({ do: 'stop' })
      await scene.control({ do: 'fill', orderId, quantity: 2, price: 20_000, gapMs: 20 })
      await scene.start()
      await scene.until('the stop', async () => quantities(await scene.working('stop-market')) === 2)
    },
  ],
  [
    'a target that is filled in part when the bridge starts again gets no exits beside its own',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket({ quantity: 3, target2: 20_020 }))
      await fillEntry(scene, (await entryOf(scene)).orderId, 3)
      const first = await scene.until('the first target', async () =>
        (await targets(scene)).find(({ limitPrice, state }) => limitPrice === 20_010 && state !== 'submitted'),
      )
      await scene.control({ do: 'fill', orderId: first.orderId, quantity: 1, price: 20_010, gapMs: 20 })
      const stops = async () => quantities(await scene.working('stop-market'))
      await scene.until('a smaller stop', async () => (await stops()) === 2)
      const { submitted } = await scene.look()
      await scene.control({ do: 'stop' })
      await scene.start()
      await pause(1_500)
      expect([await stops(), (await scene.look()).submitted]).toEqual([2, submitted])
    },
  ],
  ['more contracts than the cap are refused', refused({ quantity: 6 }, 'over-cap')],
  [
    'the cap counts what is held and what is working',
    async (scene) => {
      await scene.start()
      await scene.hold('buy', 2)
      await scene.rest({
        account: 'Sim101',
        instrument: mnq,
        side: 'buy',
        quantity: 2,
        type: 'limit',
        limitPrice: 19_900,
      })
      expect(await scene.obey(scene.bracket({ quantity: 2 }))).toBe('failed over-cap')
      expect(await scene.obey(scene.bracket({ quantity: 1 }))).toBe('done')
    },
  ],
  [
    'the cap counts a fill that the position does not show yet',
    async (scene) => {
      await scene.start({ maxContracts: 2 })
      await scene.obey(scene.bracket())
      await fillLate(scene, (await entryOf(scene)).orderId)
      expect(await scene.obey(scene.bracket())).toBe('failed over-cap')
    },
  ],
  [
    'of two brackets that come together the second counts the first against the cap',
    async (scene) => {
      await scene.start({ maxContracts: 2 })
      const [first, second] = [scene.copilot.sign(scene.bracket()), scene.copilot.sign(scene.bracket())]
      scene.copilot.give(first, second)
      expect([await scene.endOf(first.id), await scene.endOf(second.id)]).toEqual(['done', 'failed over-cap'])
    },
  ],
  ['no contracts at all are refused', refused({ quantity: 0 }, 'over-cap')],
  ['an entry off the tick grid is refused', refused({ limit: 20_000.1 }, 'off-grid')],
  ['a stop off the tick grid is refused', refused({ stop: 19_990.13 }, 'off-grid')],
  ['an order without a stop is refused', refused({ stop: 0 }, 'no-stop')],
  ['a stop above a long entry is refused', refused({ stop: 20_001 }, 'wrong-side')],
  ['a target below a long entry is refused', refused({ target1: 19_999 }, 'wrong-side')],
  ['a stop below a short entry is refused', refused({ side: 'sell', target1: 19_980 }, 'wrong-side')],
  [
    'an entry against a position is refused, because its exits would turn it around',
    async (scene) => {
      await scene.start()
      await scene.hold('sell', 1)
      expect(await scene.obey(scene.bracket({ quantity: 1 }))).toBe('failed wrong-side')
      expect((await scene.look()).submitted).toBe(0)
    },
  ],
  [
    'an entry against a fill that the position does not show yet is refused as well',
    async (scene) => {
      await scene.start()
      await scene.obey(scene.bracket())
      await fillLate(scene, (await entryOf(scene)).orderId)
      const against = { side: 'sell', quantity: 1, limit: 20_020, stop: 20_030, target1: 20_005 } as const
      expect(await scene.obey(scene.bracket(against))).toBe('failed wrong-side')
    },
  ],
  [
    'a stop moves toward profit',
    async (scene) => {
      const orderId = await guard(scene)
      expect(await scene.obey(change(orderId, 19_995.25))).toBe('done')
      expect(await scene.working('stop-market')).toMatchObject([{ orderId, stopPrice: 19_995.25 }])
    },
  ],
  [
    'a stop does not move away',
    async (scene) => {
      const orderId = await guard(scene)
      expect(await scene.obey(change(orderId, 19_989.75))).toBe('failed widens-stop')
      expect(await scene.working('stop-market')).toMatchObject([{ stopPrice: 19_990 }])
    },
  ],
  [
    'a stop of a short position moves down only',
    async (scene) => {
      await scene.start()
      await scene.control({ do: 'price', instrument: mnq, last: 19_995 })
      await scene.hold('sell', 1)
      const stop = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1, type: 'stop-market' } as const
      const orderId = await scene.rest({ ...stop, stopPrice: 20_010 })
      expect(await scene.obey(change(orderId, 20_011))).toBe('failed widens-stop')
      expect(await scene.obey(change(orderId, 20_005))).toBe('done')
    },
  ],
  [
    'a stop is not moved off the tick grid',
    async (scene) => {
      const orderId = await guard(scene)
      expect(await scene.obey(change(orderId, 19_995.1))).toBe('failed off-grid')
    },
  ],
  [
    'an order nobody knows cannot be changed',
    async (scene) => {
      await guard(scene)
      expect(await scene.obey(change('no-such-order', 19_995))).toBe('failed unknown-order')
    },
  ],
  [
    'an order that is final cannot be changed',
    async (scene) => {
      const orderId = await guard(scene)
      await scene.control({ do: 'cancel', orderId })
      await scene.until('its end', async () => (await scene.look()).working.length === 0)
      expect(await scene.obey(change(orderId, 19_995))).toBe('failed order-final')
    },
  ],
  [
    'no stop is changed while order sending is off',
    async (scene) => {
      await scene.start({ allowOrders: false })
      expect(await scene.obey(change('any', 19_995))).toBe('failed not-allowed')
    },
  ],
]
