import { resolve } from 'node:path'
import { z } from 'zod'
import { parseInstrumentId } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in New York, like 05:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO instant with its zone, like 2026-11-20T13:45:00Z' })
  .transform((text) => Date.parse(text))

const instruments = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(
    z.array(
      z.string().transform((text, context): InstrumentId => {
        const parsed = parseInstrumentId(text)
        if (parsed.ok) return parsed.value
        context.addIssue({ code: 'custom', message: `names an unknown instrument: ${text}` })
        return z.NEVER
      }),
    ),
  )
  .refine((ids) => new Set(ids).size === ids.length, 'names an instrument twice')

const speed = z.coerce
  .number({ error: 'must be a number' })
  .min(0, 'must not be negative')
  .max(3600, 'must be at most 3600')
const url = (protocols: readonly string[]) =>
  z
    .url()
    .refine(
      (text) => protocols.some((each) => text.startsWith(`${each}://`)),
      `must begin with ${protocols.join(':// or ')}://`,
    )

const schema = z.object({
  PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65535).default(3000),
  HOST: z
    .literal('127.0.0.1', { error: 'must be 127.0.0.1: there is no login yet, so nothing else may reach the terminal' })
    .default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  REDIS_URL: url(['redis', 'rediss']).optional(),
  ROLE: z.enum(['all', 'engine', 'web'], { error: 'must be all, engine or web' }).default('all'),
  FEED: z.enum(['sim', 'replay'], { error: 'must be sim or replay' }).default('sim'),
  SIM_SEED: z.coerce
    .number({ error: 'must be a whole number' })
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(7),
  SIM_START: instant.optional(),
  SIM_SPEED: speed.default(1),
  REPLAY_FROM: instant.optional(),
  REPLAY_TO: instant.optional(),
  REPLAY_SPEED: speed.default(60),
  INSTRUMENTS: instruments.default(['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ']),
  ACCOUNT_SIZE: z.coerce
    .number({ error: 'must be dollars' })
    .min(1000, 'must be at least 1000 dollars')
    .max(100_000_000)
    .default(50_000),
  API_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  BRIDGE_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], { error: 'must be json or pretty' }).default('json'),
  PHASE_PRE_MARKET: clockTime.default(0),
  PHASE_ACTIVE: clockTime.default(300),
  PHASE_WIND_DOWN: clockTime.default(600),
  PHASE_FLAT_BY: clockTime.default(720),
})

type Variables = z.infer<typeof schema>
type Wrong = { readonly variable: string; readonly reason: string }

const contradictions = (v: Variables): readonly Wrong[] => {
  const ascending = [v.PHASE_PRE_MARKET, v.PHASE_ACTIVE, v.PHASE_WIND_DOWN, v.PHASE_FLAT_BY]
  const wrong = (variable: string, is: boolean, reason: string): readonly Wrong[] => (is ? [{ variable, reason }] : [])
  return [
    ...wrong(
      'PHASE_FLAT_BY',
      ascending.some((at, i) => i > 0 && at <= (ascending[i - 1] ?? 0)),
      'the phase boundaries must ascend',
    ),
    ...wrong('REPLAY_FROM', v.FEED === 'replay' && v.REPLAY_FROM === undefined, 'is needed when FEED=replay'),
    ...wrong('REPLAY_TO', v.FEED === 'replay' && v.REPLAY_TO === undefined, 'is needed when FEED=replay'),
    ...wrong('REPLAY_TO', (v.REPLAY_TO ?? Infinity) <= (v.REPLAY_FROM ?? -Infinity), 'must be after REPLAY_FROM'),
    ...wrong('REDIS_URL', v.ROLE !== 'all' && v.REDIS_URL === undefined, 'is needed when ROLE is engine or web'),
    ...wrong('DATABASE_URL', v.ROLE !== 'all' && v.DATABASE_URL === undefined, 'is needed when ROLE is engine or web'),
  ]
}

/** Everything the environment decides. Times of day are minutes after midnight New York, instants epoch ms. */
export type Config = ReturnType<typeof toConfig>

const toConfig = (v: Variables) => ({
  port: v.PORT,
  host: v.HOST,
  dataDir: resolve(v.DATA_DIR),
  databaseUrl: v.DATABASE_URL,
  redisUrl: v.REDIS_URL,
  role: v.ROLE,
  feed: v.FEED,
  sim: { seed: v.SIM_SEED, start: v.SIM_START, speed: v.SIM_SPEED },
  replay: { from: v.REPLAY_FROM, to: v.REPLAY_TO, speed: v.REPLAY_SPEED },
  instruments: v.INSTRUMENTS,
  accountSize: dollars(v.ACCOUNT_SIZE),
  apiKey: v.API_KEY,
  bridgeToken: v.BRIDGE_TOKEN,
  log: { level: v.LOG_LEVEL, format: v.LOG_FORMAT },
  boundaries: {
    preMarket: v.PHASE_PRE_MARKET,
    active: v.PHASE_ACTIVE,
    windDown: v.PHASE_WIND_DOWN,
    flatBy: v.PHASE_FLAT_BY,
  } satisfies PhaseBoundaries,
})

/** Thrown at boot; the message names every variable that is wrong and why, and never repeats a value that may be secret. */
export class ConfigError extends Error {
  readonly wrong: readonly Wrong[]
  constructor(wrong: readonly Wrong[]) {
    super(`The configuration is wrong:\n${wrong.map(({ variable, reason }) => `  ${variable}: ${reason}`).join('\n')}`)
    this.name = 'ConfigError'
    this.wrong = wrong
  }
}

const present = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])))

/** Reads the configuration; an empty variable counts as unset. Throws ConfigError naming every wrong one. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const parsed = schema.safeParse(present(environment))
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), reason: message })),
    )
  const wrong = contradictions(parsed.data)
  if (wrong.length > 0) throw new ConfigError(wrong)
  return toConfig(parsed.data)
}
