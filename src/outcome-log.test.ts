import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAudit, latestAudit, verifyAudit } from '#src/adapters/db/audit.ts'
import { openSeal } from '#src/adapters/db/audit-seal.ts'
import { issueCommand, lapseCommands } from '#src/adapters/db/commands.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { commands } from '#src/adapters/db/schema.ts'
import { journalOf, keepWord } from '#src/adapters/watchdog/journal.ts'
import { createOutcomeLog } from './outcome-log.ts'
import { databases } from './testing/database.ts'
import { createHandClock } from './testing/hand-clock.ts'

describe.each(databases)('what became of commands, in $name', ({ open }) => {
  let database: Database
  let dataDir: string
  const errors: unknown[] = []
  beforeAll(async () => {
    database = await open()
    dataDir = mkdtempSync(join(tmpdir(), 'copilot-outcomes-'))
  })
  afterAll(async () => {
    await database.close()
    rmSync(dataDir, { recursive: true })
    expect(errors).toEqual([])
  })
  let before = 0
  beforeEach(async () => {
    before = (await latestAudit(database.db, 1))[0]?.number ?? 0
  })

  /** Looks as a terminal does that has just started; so every call is a restart too. */
  const tell = async (times = 1): Promise<readonly unknown[]> => {
    const { db } = database
    const hand = createHandClock(0)
    const audit = createAudit({ db, seal: openSeal(dataDir) })
    const log = createOutcomeLog({
      ...{ audit, dataDir, wall: () => 7, schedule: hand.schedule },
      onError: (error) => errors.push(error),
    })
    for (let i = 0; i < times; i++) log.look()
    await hand.pass(500)
    await log.close()
    const lines = await latestAudit(db, 50)
    return lines
      .filter(({ number }) => number > before)
      .map(({ kind, who, body }) => [kind, who, body])
      .toReversed()
  }
  const issue = (bridge: string) =>
    issueCommand(
      database.db,
      { bridge, book: 'real' },
      { kind: 'flattenAccount', account: 'Sim101' },
      { issuedAt: 1_000, expiresAt: 11_000, by: 'the trader' },
    )
  const settle = (number: number, state: 'working' | 'done' | 'unknown') =>
    database.db.update(commands).set({ state, changedAt: 2_000 }).where(eq(commands.number, number))

  test('each end is one line, also when it is looked for twice and after a restart', async () => {
    const { id, number } = await issue('pc-1')
    await settle(number, 'working')
    expect(await tell()).toEqual([])
    await settle(number, 'done')
    const of = { book: 'real', bridge: 'pc-1', id, kind: 'flattenAccount', account: 'Sim101', at: 2_000 }
    const line = ['command-end', 'the program', { ...of, state: 'done' }]
    expect(await tell(2)).toEqual([line])
    expect(await tell()).toEqual([line])
  })

  test('a silence is an end, and so is the word that ends it; one never handed out failed', async () => {
    const [silent] = [await issue('pc-2'), await issue('pc-2')]
    await settle(silent.number, 'unknown')
    await lapseCommands(database.db, 60_000)
    await tell()
    await settle(silent.number, 'done')
    const ends = (await tell()).map((line) => (line as [string, string, { state: string; reason?: string }])[2])
    expect(ends.map(({ state, reason }) => [state, reason])).toEqual([
      ['unknown', undefined],
      ['failed', 'expired'],
      ['done', undefined],
    ])
  })

  test('what a watchdog did meanwhile is told, a line that is being written only when it is whole', async () => {
    keepWord(dataDir, { at: 5, text: 'w-9: pc-1 is asked to flatten every account' })
    appendFileSync(journalOf(dataDir), '{"at":6,')
    const asked = ['watchdog', 'the watchdog', { at: 5, text: 'w-9: pc-1 is asked to flatten every account' }]
    expect(await tell()).toEqual([asked])
    appendFileSync(journalOf(dataDir), '"text":"w-9: pc-1 says done"}\n')
    const done = ['watchdog', 'the watchdog', { at: 6, text: 'w-9: pc-1 says done' }]
    expect(await tell()).toEqual([asked, done])
    expect(await tell()).toEqual([asked, done])
    // A shorter file is another one.
    writeFileSync(journalOf(dataDir), 'no word\n')
    const torn = ['watchdog', 'the watchdog', { text: 'a line nobody can read' }]
    expect(await tell()).toEqual([asked, done, torn])
  })

  test('the log is unbroken', async () => {
    expect((await verifyAudit(database.db, openSeal(dataDir))).breaks).toEqual([])
  })
})
