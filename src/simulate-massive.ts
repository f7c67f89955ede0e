import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClock } from '#src/adapters/clock.ts'
import { barCoverage, readBars } from '#src/adapters/db/bars.ts'
import { databaseFolders } from '#src/adapters/db/blank-folder.ts'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import { instrumentIds } from '#src/domain/instruments/instrument.ts'
import { planNames } from '#src/testing/massive/plan.ts'
import { createMassiveStandIn, type MassiveStandIn } from '#src/testing/massive/stand-in.ts'
import { type StoredBars, tapeFromBars } from '#src/testing/massive/stored-tape.ts'
import { createSyntheticTape } from '#src/testing/massive/synthetic-tape.ts'
import type { Tape } from '#src/testing/massive/tape.ts'

const usage = `npm run simulate:massive -- --from 2026-11-20T13:45:00Z [--speed 1] [--plan ${planNames.join('|')}] [--seed 7] [--port 0] [--data data | postgres://…]`
const key = 'rehearsal-key-0001'
const dayMs = 86_400_000
/** The stored bars around the start that are played, ms. */
const before = 60 * dayMs
const after = 5 * dayMs

const storedBars = async (db: Db, from: number): Promise<readonly StoredBars[]> => {
  const found: StoredBars[] = []
  for (const instrument of instrumentIds)
    for (const { contract } of await barCoverage(db, { market: 'real', instrument })) {
      const bars = await readBars(db, { market: 'real', instrument, contract, from: from - before, to: from + after })
      if (bars.time.length > 0) found.push({ contract: contractOf(instrument, contract), bars })
    }
  return found
}

/** The stored bars of a place; the database is closed again, because only one process may hold an embedded one. */
const readStored = async (place: string, from: number): Promise<readonly StoredBars[]> => {
  // One step up from src/ as from the bundle in dist/.
  const root = fileURLToPath(new URL('..', import.meta.url))
  const databaseUrl = /^postgres(ql)?:/.test(place) ? place : undefined
  const database = await connectDatabase({ databaseUrl, dataDir: place, ...databaseFolders(root) })
  try {
    return await storedBars(database.db, from)
  } finally {
    await database.close()
  }
}

const tapeOf = async (place: string | undefined, from: number, seed: number): Promise<Tape> => {
  const stored = place === undefined ? [] : await readStored(place, from)
  const covers = stored.some(({ bars }) => (bars.time.at(-1) ?? 0) >= from)
  process.stdout.write(covers ? `plays the stored bars of ${place}\n` : `plays the synthetic market, seed ${seed}\n`)
  return covers ? tapeFromBars(stored, seed) : createSyntheticTape({ seed, from })
}

/** What can be typed while it runs. */
const commandsOf = (massive: MassiveStandIn): ReadonlyMap<string, () => unknown> =>
  new Map<string, () => unknown>([
    ['stall', () => massive.inject({ kind: 'stalled' })],
    ['hang', () => massive.inject({ kind: 'half-open' })],
    ['drop', massive.drop],
    ['kick', massive.kick],
    ['garbage', () => massive.inject({ kind: 'garbage', perSecond: 5 })],
    ['strings', () => massive.inject({ kind: 'strings' })],
    ['429', () => massive.inject({ kind: 'rest-error', status: 429, times: 5, retryAfterS: 2 })],
    ['jump', () => massive.inject({ kind: 'clock-skew', byMs: 90_000 })],
    ['clear', () => massive.clear()],
    ['counts', () => process.stdout.write(`${JSON.stringify(massive.counts())}\n`)],
  ])

/** What the command line asks for; undefined when it makes no sense. */
const readArguments = () => {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      speed: { type: 'string', default: '1' },
      plan: { type: 'string', default: 'advanced' },
      seed: { type: 'string', default: '7' },
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
    },
  })
  const plan = planNames.find((name) => name === values.plan)
  const numbers = {
    from: Date.parse(values.from ?? ''),
    speed: Number(values.speed),
    seed: Number(values.seed),
    port: Number(values.port),
  }
  const isSound = plan !== undefined && Object.values(numbers).every(Number.isFinite)
  return isSound ? { ...numbers, plan, data: values.data } : undefined
}

/** Runs the vendor's stand-in until `quit` is typed or the process is told to end. */
const simulate = async (): Promise<void> => {
  const asked = readArguments()
  if (asked === undefined) throw new Error(usage)
  const { from, speed, seed, port, plan, data } = asked
  const tape = await tapeOf(data, from, seed)
  const clock = createClock(from, speed)
  const random = createStream(seed, port).uniform
  const massive = await createMassiveStandIn({ tape, clock, key, plan, random, port })
  const iso = (ms: number): string => new Date(ms).toISOString()
  const rehearsal = `${iso(clock.now())}/${iso(clock.wall())}/${speed}`
  process.stdout.write(
    `FEED=massive MASSIVE_API_KEY=${key} MASSIVE_REST_URL=${massive.restUrl} MASSIVE_WS_URL=${massive.wsUrl} MASSIVE_DELAYED_WS_URL=${massive.delayedUrl} REHEARSAL_CLOCK=${rehearsal} npm start\n`,
  )
  const commands = commandsOf(massive)
  process.stdout.write(`commands: ${[...commands.keys(), 'quit'].join(', ')}\n`)
  const lines = createInterface({ input: process.stdin })
  const quit = async (): Promise<void> => {
    lines.close()
    await massive.close()
  }
  lines.on('line', (line) => {
    const word = line.trim()
    if (word === 'quit') void quit()
    else if (word !== '') (commands.get(word) ?? (() => process.stdout.write(`unknown: ${word}\n`)))()
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void quit())
}

try {
  await simulate()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
