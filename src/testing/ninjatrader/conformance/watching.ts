import { expect } from 'vitest'
import { type Case, mnq, type Scene } from './scene.ts'
import type { SignedCommand, StandIn } from './stand-in.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The numbers of a watchdog are its clock's. */
const firstNumber = 1_795_266_147_522
const flattenAll = { kind: 'flattenAll', account: '' } as const

/** A command of the watchdog, under the id that its number makes. */
const ordered = (watchdog: StandIn, command: Readonly<Record<string, unknown>>, number = firstNumber): SignedCommand =>
  watchdog.sign(command, { id: `w-${number}`, number })

/** What the watchdog itself was told of a command. */
const toldTo = (watchdog: StandIn, id: string): readonly string[] =>
  watchdog.events.flatMap((event) =>
    event.kind === 'commandResult' && event.command === id ? [`${event.state} ${event.reason ?? ''}`.trim()] : [],
  )

/** A bridge with a watchdog, whose co-pilot then dies; two contracts are held where nobody allowed an order. */
const alone = async (scene: Scene) => {
  const { watchdog, knowing } = await scene.openWatchdog(1_500)
  await scene.start({ auto: 'market', allowOrders: false, accounts: [], ...knowing })
  await scene.control({ do: 'price', instrument: mnq, last: 20_000 })
  await scene.hold('buy', 1)
  await scene.hold('sell', 1, 'Playback101')
  await scene.copilot.leave()
  return { watchdog, knowing }
}
const until = async (scene: Scene, watchdog: StandIn, id: string, word: string): Promise<void> => {
  await scene.until(`${id} ${word}`, () => toldTo(watchdog, id).includes(word))
}
/** Has everything flattened from there. */
const flattened = async (scene: Scene) => {
  const { watchdog, knowing } = await alone(scene)
  const command = ordered(watchdog, flattenAll)
  watchdog.give(command)
  await until(scene, watchdog, command.id, 'done')
  return { watchdog, knowing, command }
}

/** A command from there that must not be done, and the word for it. */
const refused =
  (command: Readonly<Record<string, unknown>>, reason: string, changes: object = {}) =>
  async (scene: Scene): Promise<void> => {
    const { watchdog, knowing } = await scene.openWatchdog(1_500)
    await scene.start(knowing)
    await scene.copilot.leave()
    const given = { ...ordered(watchdog, command), ...changes }
    watchdog.give(given)
    await until(scene, watchdog, given.id, `failed ${reason}`)
    expect((await scene.look()).submitted).toBe(0)
  }

/** The second judge: heard while the co-pilot is silent, and to get out alone. */
export const watching: readonly Case[] = [
  [
    'the watchdog is not asked while the co-pilot answers',
    async (scene) => {
      const { watchdog, knowing } = await scene.openWatchdog(6_000)
      await scene.start(knowing)
      const heard = scene.events('heartbeat').length
      await scene.until('some seconds', () => scene.events('heartbeat').length >= heard + 8)
      expect(watchdog.polls).toEqual([])
    },
  ],
  [
    'a co-pilot that is there and has only errors counts as silent',
    async (scene) => {
      const { watchdog, knowing } = await scene.openWatchdog(4_000)
      await scene.start(knowing)
      scene.copilot.answerAlways(503)
      const poll = await scene.until('a call to the watchdog', () => watchdog.polls[0])
      const error = scene.copilot.posts.findLast(({ at }) => at < poll.at)
      expect(error?.status).toBe(503)
      expect(poll.at - (error?.at ?? 0)).toBeLessThan(4_000)
    },
  ],
  [
    'when the co-pilot is gone the watchdog has every account flattened, and hears so at once',
    async (scene) => {
      const { watchdog, command } = await flattened(scene)
      const { positions, working, submitted } = await scene.look()
      expect({ positions, working, submitted }).toEqual({ positions: [], working: [], submitted: 2 })
      expect(toldTo(watchdog, command.id)[0]).toBe('received')
      expect(new Set(watchdog.events.map(({ kind }) => kind))).toEqual(new Set(['commandResult']))
      await scene.until('the next call', () => watchdog.polls.at(-1)?.after === firstNumber)
    },
  ],
  [
    'a command of the watchdog is done once, also over a death of the platform’s program',
    async (scene) => {
      const { watchdog, knowing, command } = await flattened(scene)
      await scene.kill()
      const { submitted } = await scene.look()
      const polls = watchdog.polls.length
      await scene.launch({ auto: 'market', ...knowing })
      await scene.hold('buy', 1)
      await scene.until('a call', () => watchdog.polls.length > polls)
      expect(watchdog.polls[polls]?.after).toBe(firstNumber)
      const done = () => toldTo(watchdog, command.id).filter((word) => word === 'done').length
      const before = done()
      watchdog.giveAgain(command)
      await scene.until('its answer', () => done() > before)
      expect(await scene.held()).toBe(1)
      expect((await scene.look()).submitted).toBe(submitted)
    },
  ],
  [
    'the co-pilot hears of it when it is back, and its own numbers go on',
    async (scene) => {
      const { watchdog, command } = await flattened(scene)
      const hellos = scene.events('hello').length
      await scene.copilot.comeBack()
      expect(await scene.endOf(command.id)).toBe('done')
      expect(scene.statesOf(command.id)).toEqual(toldTo(watchdog, command.id))
      await scene.until('another hello', () => scene.events('hello').length > hellos)
      expect(scene.events('hello').at(-1)?.commandsAfter).toBe(0)
      expect(await scene.obey({ kind: 'ping', account: '' })).toBe('done')
    },
  ],
  [
    'once the co-pilot is back the watchdog is not believed any more',
    async (scene) => {
      const { watchdog, knowing } = await scene.openWatchdog(4_000)
      await scene.start({ auto: 'market', ...knowing })
      await scene.copilot.leave()
      const hellos = scene.events('hello').length
      await scene.until('a call', () => watchdog.polls.length > 0)
      await scene.copilot.comeBack()
      await scene.until('another hello', () => scene.events('hello').length > hellos)
      await scene.hold('buy', 1)
      const command = ordered(watchdog, flattenAll)
      watchdog.give(command)
      await pause(1_000)
      expect(toldTo(watchdog, command.id)).toEqual([])
      expect(await scene.held()).toBe(1)
    },
  ],
  [
    'results that the watchdog does not take are told to the co-pilot alone',
    async (scene) => {
      const { watchdog } = await alone(scene)
      watchdog.answerAlways(500)
      const command = ordered(watchdog, flattenAll)
      watchdog.expectGivenUp()
      watchdog.give(command)
      await scene.until('flat', async () => (await scene.look()).positions.length === 0)
      await scene.until('three tries', () => watchdog.posts.length >= 3)
      expect(new Set(watchdog.posts.slice(0, 3).map(({ body }) => body)).size).toBe(1)
      await scene.copilot.comeBack()
      expect(await scene.endOf(command.id)).toBe('done')
    },
  ],
  [
    'no order is sent for the watchdog',
    refused(
      {
        ...{ kind: 'placeBracket', account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1, entry: 'limit' },
        ...{ limit: 20_000, stop: 19_990, target1: 20_010, target2: 0, tag: 'no' },
      },
      'not-allowed',
    ),
  ],
  [
    'no stop is moved for the watchdog',
    refused({ kind: 'changeStop', account: 'Sim101', orderId: 'any', stopPrice: 19_995 }, 'not-allowed'),
  ],
  ['what the watchdog did not sign is not done', refused(flattenAll, 'signature-wrong', { signature: '0'.repeat(64) })],
  [
    'the watchdog cannot speak for the co-pilot',
    async (scene) => {
      const { watchdog } = await alone(scene)
      const own = ordered(watchdog, { kind: 'ping', account: '' })
      watchdog.give(watchdog.sign(flattenAll, { id: 'c-1', number: 1 }), own)
      await until(scene, watchdog, own.id, 'done')
      await scene.copilot.comeBack()
      expect(await scene.endOf(own.id)).toBe('done')
      expect([...scene.statesOf('c-1'), ...toldTo(watchdog, 'c-1')]).toEqual([])
      expect(await scene.held()).toBe(1)
    },
  ],
]
