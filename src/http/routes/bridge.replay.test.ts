import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { latestCommands } from '#src/adapters/db/commands.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import { databases } from '#src/testing/database.ts'
import { createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import * as told from '#src/testing/ninjatrader/told.ts'

const { toldAt } = told
const sizes = { executions: 300, batches: 400, commands: 20, atOnce: 25 }
const starts = 4

/** A batch as a platform might make it: executions told again under other ids, results told twice, prices between. */
const madeBatch = (commands: readonly string[]) =>
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.nat(sizes.executions - 1).map((n) => told.execution('', { executionId: `x${n}` })) },
      { weight: 1, arbitrary: fc.constant(told.priceTold('')) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(...commands), fc.constantFrom('received', 'working', 'done'))
          .map(([command, state]) => told.resultTold('', command, state)),
      },
    ),
    { minLength: 1, maxLength: 6 },
  )

type Delivery = { readonly batch: number } | { readonly after: number }

describe.each([
  { ...databases[0], deliveries: 2_000 },
  { ...databases[1], deliveries: 10_000 },
])('on $name', ({ open, deliveries }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test(`${deliveries} deliveries, doubled, reordered and replayed over restarts, double nothing`, async () => {
    const { db } = database
    const wall = () => toldAt
    const { outbox } = createBridgeApp({ db, wall })
    const issued: { id: string; number: number }[] = []
    for (let i = 0; i < sizes.commands; i++)
      issued.push(
        await outbox.issue(
          { kind: 'flattenAccount', account: 'Sim101' },
          { bridge: 'pc-1', book: 'real', by: 'the trader' },
        ),
      )
    const lowest = issued[0]?.number ?? 0

    const [contents = []] = fc.sample(
      fc.array(madeBatch(issued.map(({ id }) => id)), { minLength: sizes.batches, maxLength: sizes.batches }),
      { numRuns: 1, seed: 11 },
    )
    const bodies = contents.map((events, i) => {
      const boot = new Date(toldAt + (i % starts)).toISOString()
      const sender = createSender({ ask: () => new Response(), token, boot, wall })
      const named = events.map((event, k) => ({ ...event, id: k === 0 ? `e${i % 50}` : `e${i}-${k}` }))
      return sender.body(1 + Math.floor(i / starts), [told.hello(`h${i}`), ...named])
    })
    const [plan = []] = fc.sample(
      fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.record({ batch: fc.nat(sizes.batches - 1) }) },
          { weight: 1, arbitrary: fc.record({ after: fc.integer({ min: lowest - 1, max: lowest + sizes.commands }) }) },
        ),
        { minLength: deliveries, maxLength: deliveries, size: 'max' },
      ),
      { numRuns: 1, seed: 12 },
    )

    const toldFills = new Set<string>()
    let web = createBridgeApp({ db, wall })
    const deliver = async (delivery: Delivery): Promise<void> => {
      const sender = createSender({ ask: web.app.request, token, wall })
      if ('batch' in delivery) {
        expect((await sender.post(bodies[delivery.batch] ?? '')).status).toBe(200)
        return
      }
      const { commands } = (await (await sender.get(`?after=${delivery.after}&wait=0`)).json()) as {
        commands: { number: number }[]
      }
      const numbers = commands.map(({ number }) => number)
      expect(numbers).toEqual([...new Set(numbers)].filter((number) => number > delivery.after).sort((a, b) => a - b))
    }
    const collect = (): void => {
      for (const { event } of web.heard) if (event.kind === 'execution') toldFills.add(event.fill.executionId)
    }
    for (let i = 0; i < plan.length; i += sizes.atOnce) {
      if (i > 0 && i % (plan.length / 4) === 0) {
        collect()
        web = createBridgeApp({ db, wall })
      }
      await Promise.all(plan.slice(i, i + sizes.atOnce).map(deliver))
    }
    collect()

    const delivered = new Set(plan.flatMap((delivery) => ('batch' in delivery ? [delivery.batch] : [])))
    const sent = [...delivered].flatMap((i) => contents[i] ?? [])
    const executed = new Set(sent.flatMap((event) => ('executionId' in event ? [event.executionId] : [])))
    const stored = (await fillsOf(db, 'real')).map(({ executionId }) => executionId)
    expect(stored.toSorted()).toEqual([...executed].sort())
    // A process cannot know what the one before it has told; the books know each by its id.
    expect([...toldFills].sort()).toEqual([...executed].sort())
    const commands = await latestCommands(db, 'real', 1_000)
    expect(commands.map(({ command }) => command.number)).toEqual(issued.map(({ number }) => number).reverse())
    expect(commands.map(({ state }) => state)).toEqual(commands.map(() => 'done'))
  }, 120_000)
})
