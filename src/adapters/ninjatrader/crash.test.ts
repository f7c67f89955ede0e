import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backing, createDatabase } from '#src/testing/database.ts'
import { migrationsFolder, projectFolder } from '#src/testing/folders.ts'
import { token } from '#src/testing/ninjatrader/bridge-app.ts'
import { crashServer } from '#src/testing/ninjatrader/crash-server.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import * as told from '#src/testing/ninjatrader/told.ts'
import { type Cluster, ended, endWithUs, startPostgres } from '#src/testing/postgres.ts'
import { connectDatabase } from '../db/connect.ts'
import { fillsOf } from '../db/platform.ts'

/** A co-pilot of its own process, and the database it keeps things in. */
type Store = { readonly open: () => ReturnType<typeof connectDatabase>; readonly arguments: readonly string[] }

const boot = new Date(told.toldAt).toISOString()
const sizes = { perBatch: 3, batches: 40 }
const at = () => Date.now()

/** The bytes of a batch, the same at every try. */
const bodyOf = (batch: number): string => {
  const ids = Array.from({ length: sizes.perBatch }, (_, i) => String((batch - 1) * sizes.perBatch + i))
  const events = ids.map((id) => told.execution(id))
  // The ninth is the first that the second process hears: it greets again, as it would be asked to.
  const hello = batch === 1 || batch === 9 ? [told.hello(`h${batch}`, { simulator: true })] : []
  return JSON.stringify({ v: 1, bridge: 'pc-1', boot, batch, sentAt: told.toldAt, events: [...hello, ...events] })
}

const startServer = async (
  moment: 'told' | 'stored',
  fatal: number,
  store: Store,
): Promise<{ readonly child: ChildProcess; readonly url: string }> => {
  const child = spawn(process.execPath, ['--import', 'tsx', crashServer, moment, `${fatal}`, ...store.arguments], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithUs(child)
  const [text] = await once(child.stdout, 'data')
  return { child, url: `http://127.0.0.1:${Number(String(text))}` }
}

type Answered = { readonly accepted: number; readonly alreadyKnown: number }

/** Sends batches in order until all are answered or the server is gone; the first that was not answered. */
const sendUntilGone = async (
  from: number,
  url: string,
  answered: Answered[],
  last = sizes.batches,
): Promise<number> => {
  const sender = createSender({ ask: (path, init) => fetch(`${url}${path}`, init), token, wall: at })
  for (let batch = from; batch <= last; batch++) {
    const response = await sender.post(bodyOf(batch)).catch(() => undefined)
    if (response === undefined) return batch
    expect(response.status).toBe(200)
    // Half an answer is none: it may die while it speaks.
    const answer = (await response.json().catch(() => undefined)) as Answered | undefined
    if (answer === undefined) return batch
    answered.push(answer)
  }
  return last + 1
}

/** Three deaths — after storing, between telling and storing, anywhere — then a quiet end: all is there once. */
const survives = async (store: Store): Promise<void> => {
  const answered: Answered[] = []
  const first = await startServer('stored', 8, store)
  let next = await sendUntilGone(1, first.url, answered)
  expect(next).toBe(8)
  await ended(first.child)

  const second = await startServer('told', 6, store)
  next = await sendUntilGone(next, second.url, answered)
  expect(next).toBe(13)
  await ended(second.child)

  const third = await startServer('stored', 0, store)
  next = await sendUntilGone(next, third.url, answered, next)
  const death = setTimeout(() => third.child.kill('SIGKILL'), randomInt(150))
  next = await sendUntilGone(next, third.url, answered)
  clearTimeout(death)
  third.child.kill('SIGKILL')
  await ended(third.child)

  const fourth = await startServer('stored', 0, store)
  expect(await sendUntilGone(next, fourth.url, answered)).toBe(sizes.batches + 1)
  fourth.child.kill('SIGKILL')
  await ended(fourth.child)

  // The eighth was stored before the death: its second try is told, and is no news. The thirteenth was not.
  expect(answered[7]).toMatchObject({ accepted: 0, alreadyKnown: sizes.perBatch })
  expect(answered[12]).toMatchObject({ accepted: sizes.perBatch, alreadyKnown: 0 })
  const { db, close } = await store.open()
  const fills = await fillsOf(db, `sim:${boot}`)
  expect(fills.map(({ executionId }) => Number(executionId))).toEqual(
    Array.from({ length: sizes.batches * sizes.perBatch }, (_, i) => i),
  )
  await close()
}

describe('a co-pilot killed before it answers loses no execution and doubles none', () => {
  test('on PGlite', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bridge-crash-'))
    cpSync(await backing('pglite'), dataDir, { recursive: true })
    await survives({ open: () => connectDatabase({ dataDir, migrationsFolder }), arguments: ['', dataDir] })
    rmSync(dataDir, { recursive: true })
  }, 120_000)

  describe('on PostgreSQL', () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startPostgres()
    })
    afterAll(() => cluster.stop())

    test('of its own', async () => {
      const databaseUrl = await createDatabase(cluster.url('postgres'), `bridge${randomInt(1_000_000_000)}`)
      const open: Store['open'] = () => connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })
      await (await open()).close()
      await survives({ open, arguments: [databaseUrl] })
    }, 120_000)
  })
})
