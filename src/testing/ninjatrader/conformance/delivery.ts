import { expect } from 'vitest'
import { type Case, mnq, type Scene } from './scene.ts'
import type { Answering } from './stand-in.ts'

const buy = { account: 'Sim101', instrument: mnq, side: 'buy', quantity: 1 } as const

/** The trader's fills at prices that tell them apart. */
const trade = async ({ control }: Scene, ...prices: readonly number[]): Promise<void> => {
  for (const price of prices) await control({ do: 'manual', ...buy, price, gapMs: 10 })
}
const pricesTold = ({ events }: Scene): readonly number[] => events('execution').map(({ price }) => price)
const attempts = ({ copilot }: Scene): readonly { readonly body: string; readonly status: number }[] => copilot.posts

const kindsOf = (body = ''): readonly string[] =>
  (JSON.parse(body) as { readonly events: readonly { readonly kind: string }[] }).events.map(({ kind }) => kind)

/** A way of not answering, after which the same bytes come again and everything arrives once. */
const comesAgain =
  (answering: Answering) =>
  async (scene: Scene): Promise<void> => {
    await scene.start()
    scene.copilot.answerNext(answering)
    await trade(scene, 20_001, 20_002)
    await scene.until(
      'both executions',
      () => pricesTold(scene).length === 2 && scene.copilot.posts.at(-1)?.status === 200,
    )
    const at = scene.copilot.posts.findIndex((post) => post.answering === answering)
    expect(at).toBeGreaterThan(-1)
    expect(scene.copilot.posts[at + 1]?.body).toBe(scene.copilot.posts[at]?.body)
    expect(pricesTold(scene)).toEqual([20_001, 20_002])
  }

/** How what is told gets to the co-pilot, and what becomes of it when it does not. */
export const delivery: readonly Case[] = [
  [
    'batches count from 1 within a boot, each the next',
    async ({ start, copilot, until }) => {
      await start()
      await until('some batches', () => copilot.posts.length >= 4)
      expect(copilot.posts[0]?.batch).toBe(1)
      expect(new Set(copilot.posts.map(({ boot }) => boot)).size).toBe(1)
    },
  ],
  ['a batch whose answer was lost comes again byte for byte', comesAgain('lost')],
  ['a batch answered with an error of the server comes again byte for byte', comesAgain(500)],
  ['a batch answered by a proxy’s page comes again byte for byte', comesAgain('garbage')],
  ['a batch the server had no time for comes again byte for byte', comesAgain(503)],
  ['a batch refused as reused comes again byte for byte', comesAgain(409)],
  ['a batch refused by a page of another server comes again byte for byte', comesAgain('page-400')],
  ['a batch refused in the words of another program comes again byte for byte', comesAgain('other-400')],
  ['a batch refused for the bridge’s name comes again byte for byte', comesAgain('bridge-differs')],
  [
    'of a batch that a proxy finds too large the halves arrive, and what it refuses alone is not left out',
    async (scene) => {
      await scene.start()
      const alone = () =>
        scene.copilot.posts.filter(({ answering, body }) => answering === 'page-413' && kindsOf(body).length === 1)
      scene.copilot.answerFor((body) =>
        body.includes('"executionId":"too large"') && alone().length < 2 ? 'page-413' : undefined,
      )
      await trade(scene, 20_001)
      await scene.control({ do: 'manual', ...buy, price: 20_002, executionId: 'too large', gapMs: 10 })
      await trade(scene, 20_003)
      await scene.until('all three', () => pricesTold(scene).length === 3)
      expect(pricesTold(scene)).toEqual([20_001, 20_002, 20_003])
      expect(new Set(alone().map(({ body }) => body)).size).toBe(1)
      expect(scene.events('log').filter(({ text }) => text.includes('left out'))).toEqual([])
    },
  ],
  [
    'a bridge whose numbers are not believed counts from 1 in a new boot, which says hello first',
    async (scene) => {
      await scene.start()
      scene.copilot.answerNext(409, 409)
      await trade(scene, 20_001, 20_002)
      await scene.until('both executions', () => pricesTold(scene).length === 2)
      const [first = ''] = new Set(scene.copilot.posts.map(({ boot }) => boot))
      const second = scene.copilot.posts.find(({ boot }) => boot !== first)
      expect(second?.batch).toBe(1)
      expect(kindsOf(second?.body)[0]).toBe('hello')
      expect(pricesTold(scene)).toEqual([20_001, 20_002])
    },
  ],
  ...([400, 413] as const).map(
    (status): Case => [
      `of a batch refused with ${status} only the event at fault is lost, and the log says so`,
      async (scene) => {
        await scene.start()
        scene.copilot.answerFor((body) => (body.includes('"executionId":"at fault"') ? status : undefined))
        await trade(scene, 20_001)
        await scene.control({ do: 'manual', ...buy, price: 20_002, executionId: 'at fault', gapMs: 10 })
        await trade(scene, 20_003)
        await scene.until('the others', () => pricesTold(scene).length === 2)
        expect(pricesTold(scene)).toEqual([20_001, 20_003])
        await scene.until('the log', () => scene.events('log').some(({ text }) => text.includes('at fault')))
        const alone = scene.copilot.posts.findLast((post) => post.status === status)
        expect(JSON.parse(alone?.body ?? '')).toMatchObject({ events: [{ executionId: 'at fault' }] })
      },
    ],
  ),
  [
    'a co-pilot that asks for it is told hello, and what every account holds, again',
    async (scene) => {
      await scene.start()
      const told = scene.copilot.events.length
      scene.copilot.answerNext('ask-hello')
      await scene.until('a second hello', () => scene.events('hello').length > 1)
      const accounts = () =>
        scene.copilot.events.slice(told).flatMap((event) => (event.kind === 'account' ? [event.account] : []))
      await scene.until('every account', () => new Set(accounts()).size === 3)
      expect(new Set(scene.copilot.posts.map(({ boot }) => boot)).size).toBe(1)
    },
  ],
  [
    'a batch that comes again is signed anew',
    async (scene) => {
      await scene.start()
      scene.copilot.answerNext(500)
      await trade(scene, 20_001)
      await scene.until('the execution', () => pricesTold(scene).length === 1)
      const at = scene.copilot.posts.findIndex(({ status }) => status === 500)
      expect(scene.copilot.posts[at + 1]?.timestamp).not.toBe(scene.copilot.posts[at]?.timestamp)
    },
  ],
  [
    'a slow co-pilot delays the sending and nothing else',
    async (scene) => {
      await scene.start()
      scene.copilot.answerAlways('slow')
      await trade(scene, 20_001)
      await trade(scene, 20_002, 20_003)
      await scene.until('all three', () => pricesTold(scene).length === 3)
      expect(pricesTold(scene)).toEqual([20_001, 20_002, 20_003])
    },
  ],
  [
    'what happens while the co-pilot is away arrives in its order when it is back',
    async (scene) => {
      await scene.start()
      await scene.copilot.leave()
      await trade(scene, 20_001, 20_002, 20_003, 20_004, 20_005)
      await scene.copilot.comeBack()
      await scene.until('all five', () => pricesTold(scene).length === 5)
      expect(pricesTold(scene)).toEqual([20_001, 20_002, 20_003, 20_004, 20_005])
    },
  ],
  [
    'a co-pilot that starts after the bridge hears everything from the hello on',
    async (scene) => {
      await scene.copilot.leave()
      await scene.launch()
      await trade(scene, 20_001)
      await scene.copilot.comeBack()
      await scene.until('the execution', () => pricesTold(scene).length === 1)
      expect(scene.copilot.events[0]?.kind).toBe('hello')
    },
  ],
  [
    'after a broken connection the bridge says hello, and what every account holds, again',
    async (scene) => {
      await scene.start()
      await scene.copilot.leave()
      await trade(scene, 20_001)
      // Long enough for a heartbeat to have found nobody.
      await new Promise((resolve) => setTimeout(resolve, 2_500))
      const told = scene.copilot.events.length
      const sent = scene.copilot.posts.length
      await scene.copilot.comeBack()
      await scene.until('a second hello', () => scene.events('hello').length >= 2)
      // First what had its number already, and then the hello before all else.
      expect(kindsOf(scene.copilot.posts[sent]?.body)).not.toContain('hello')
      expect(kindsOf(scene.copilot.posts[sent + 1]?.body)[0]).toBe('hello')
      const since = () => scene.copilot.events.slice(told).filter(({ kind }) => kind === 'positions')
      await scene.until(
        'the snapshots',
        () => new Set(since().map((event) => JSON.stringify(event, ['account']))).size === 3,
      )
      expect(new Set(scene.copilot.posts.map(({ boot }) => boot)).size).toBe(1)
    },
  ],
  [
    'a restart is a new boot that counts from 1 and says hello first',
    async (scene) => {
      await scene.start()
      await scene.control({ do: 'stop' })
      const told = scene.copilot.events.length
      const sent = scene.copilot.posts.length
      await scene.start()
      const [before, after] = [scene.copilot.posts[0], scene.copilot.posts[sent]]
      expect(after?.boot).not.toBe(before?.boot)
      expect(after?.batch).toBe(1)
      expect(scene.copilot.events[told]?.kind).toBe('hello')
    },
  ],
  [
    'what was not sent when the bridge was stopped is sent after its next start',
    async (scene) => {
      await scene.start()
      await scene.copilot.leave()
      await trade(scene, 20_001, 20_002)
      await scene.control({ do: 'stop' })
      await scene.copilot.comeBack()
      await scene.start()
      await scene.until('both', () => pricesTold(scene).length === 2)
      expect(pricesTold(scene)).toEqual([20_001, 20_002])
    },
  ],
  [
    'what was not sent when the platform died is sent after its next start',
    async (scene) => {
      await scene.start()
      await scene.copilot.leave()
      await trade(scene, 20_001, 20_002)
      // A moment to write them down; what dies before that is told by the platform itself when it is back.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await scene.kill()
      await scene.copilot.comeBack()
      await scene.start()
      await scene.until('both', () => pricesTold(scene).length === 2)
      expect(pricesTold(scene)).toEqual([20_001, 20_002])
    },
  ],
  [
    'an execution has the same id after a restart',
    async (scene) => {
      await scene.start()
      await trade(scene, 20_001)
      await scene.until('the execution', () => pricesTold(scene).length === 1)
      await scene.control({ do: 'stop' })
      await scene.start()
      // The stand-in keeps an id once: told under another id, the execution would be there twice.
      await trade(scene, 20_002)
      await scene.until('the next one', () => pricesTold(scene).includes(20_002))
      expect(pricesTold(scene)).toEqual([20_001, 20_002])
    },
  ],
  [
    'hundreds of executions wait through an outage, and no batch has more than two hundred events',
    async (scene) => {
      await scene.start()
      await scene.copilot.leave()
      await scene.control({ do: 'burst', count: 500, perSecond: 2_000, kind: 'execution' })
      await scene.copilot.comeBack()
      await scene.until('all of them', () => pricesTold(scene).length >= 500)
      expect(new Set(scene.events('execution').map(({ executionId }) => executionId)).size).toBe(500)
    },
  ],
  [
    'a flood of prices during an outage loses no execution',
    async (scene) => {
      await scene.start()
      await scene.copilot.leave()
      await trade(scene, 20_001)
      await scene.control({ do: 'burst', count: 4_000, perSecond: 8_000, kind: 'market' })
      await trade(scene, 20_002)
      await scene.copilot.comeBack()
      await scene.until('both', () => pricesTold(scene).length === 2)
      expect(pricesTold(scene)).toEqual([20_001, 20_002])
      expect(scene.events('price').length).toBeLessThan(2_000)
    },
  ],
  [
    'an event the co-pilot rejected is not sent again',
    async (scene) => {
      await scene.start()
      scene.copilot.answerNext('reject-first')
      await trade(scene, 20_001)
      await scene.until('the next batches', () => {
        const at = scene.copilot.posts.findIndex(({ answering }) => answering === 'reject-first')
        return at !== -1 && scene.copilot.posts.length > at + 2
      })
      const at = scene.copilot.posts.findIndex(({ answering }) => answering === 'reject-first')
      const { events } = JSON.parse(scene.copilot.posts[at]?.body ?? '') as {
        events: readonly { readonly id: string }[]
      }
      const later = scene.copilot.posts.slice(at + 1)
      expect(later.filter(({ body }) => body.includes(`"${events[0]?.id}"`))).toEqual([])
    },
  ],
  [
    'with a wrong token the bridge keeps trying, slowly and in silence',
    async (scene) => {
      scene.copilot.expectRefusals()
      await scene.launch({ token: 'another-token-0000' })
      await scene.until('both kinds of call', () => new Set(scene.copilot.refused).size === 2)
      await new Promise((resolve) => setTimeout(resolve, 4_000))
      expect(scene.copilot.events).toEqual([])
      expect(attempts(scene)).toEqual([])
      expect(scene.copilot.refused.length).toBeLessThan(14)
    },
  ],
]
