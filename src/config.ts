import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
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

/** The synthetic market begins in 2010 and needs 30 trade dates of history; the exchange calendar ends with 2028. */
const isSimulated = (at: number): boolean => at >= Date.UTC(2010, 2, 1) && at < Date.UTC(2029, 0, 1)

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

const wholeNumber = (most: number, error: string) =>
  z.coerce.number({ error }).int(error).min(0, error).max(most, error)

/** '2026-11-20T13:45:00Z/2026-11-21T10:00:00Z/60': market time, the wall-clock time at which it was that, and its speed. */
const rehearsalClock = z.string().transform((text, context) => {
  const [market = '', wall = '', pace = ''] = text.split('/')
  const [at, began, times] = [Date.parse(market), Date.parse(wall), Number(pace)]
  if (Number.isFinite(at) && Number.isFinite(began) && times > 0 && times <= 3600) return { at, began, speed: times }
  context.addIssue({ code: 'custom', message: 'must be <market ISO instant>/<wall ISO instant>/<speed>' })
  return z.NEVER
})

const flag = z.enum(['yes', 'no'], { error: 'must be yes or no' }).transform((word) => word === 'yes')

const url = (first: string, second: string) =>
  z.url({ protocol: new RegExp(`^(${first}|${second})$`), error: `must be a URL with ${first}:// or ${second}://` })

const schema = z.object({
  PORT: wholeNumber(65535, 'must be a port number, 0 to 65535').default(3000),
  HOST: z
    .literal('127.0.0.1', { error: 'must be 127.0.0.1: there is no login yet, so nothing else may reach the terminal' })
    .default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  REDIS_URL: url('redis', 'rediss').optional(),
  ROLE: z.enum(['all', 'engine', 'web'], { error: 'must be all, engine or web' }).default('all'),
  FEED: z
    .enum(['sim', 'replay', 'massive', 'tradovate'], { error: 'must be sim, replay, massive or tradovate' })
    .default('sim'),
  FEED_SLEEPS: flag.default(true),
  SECOND_SOURCE: z.enum(['none', 'tradovate'], { error: 'must be none or tradovate' }).default('none'),
  HISTORY_DAYS: wholeNumber(3660, 'must be days, 1 to 3660').pipe(z.number().min(1, 'must be at least 1')).default(365),
  OPTIMIZE_THREADS: wholeNumber(64, 'must be a whole number, 1 to 64')
    .pipe(z.number().min(1, 'must be at least 1'))
    .optional(),
  HISTORY_ADJUST: z.enum(['none', 'back'], { error: 'must be none or back' }).default('none'),
  MASSIVE_API_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  MASSIVE_REST_URL: url('http', 'https').default('https://api.massive.com'),
  MASSIVE_WS_URL: url('ws', 'wss').default('wss://socket.massive.com/futures'),
  MASSIVE_DELAYED_WS_URL: url('ws', 'wss').default('wss://delayed.massive.com/futures'),
  MASSIVE_REQUESTS_PER_MINUTE: wholeNumber(6000, 'must be a whole number, 1 to 6000')
    .pipe(z.number().min(1, 'must be at least 1'))
    .default(300),
  TRADOVATE_NAME: z.string().optional(),
  TRADOVATE_PASSWORD: z.string().optional(),
  TRADOVATE_APP_ID: z.string().default('FuturesCoPilot'),
  TRADOVATE_APP_VERSION: z.string().default('1.0'),
  TRADOVATE_CID: z.string().optional(),
  TRADOVATE_SECRET: z.string().optional(),
  TRADOVATE_REST_URL: url('http', 'https').default('https://demo.tradovateapi.com/v1'),
  TRADOVATE_WS_URL: url('ws', 'wss').default('wss://demo.tradovateapi.com/v1/websocket'),
  TRADOVATE_MD_URL: url('ws', 'wss').default('wss://md.tradovateapi.com/v1/websocket'),
  REHEARSAL_CLOCK: rehearsalClock.optional(),
  SIM_SEED: wholeNumber(2 ** 31 - 1, 'must be a whole number, 0 to 2147483647').default(7),
  SIM_START: instant.refine(isSimulated, 'must be from 2010-03-01 to 2028-12-31').optional(),
  SIM_SPEED: speed.default(1),
  SIM_NINJATRADER: flag.default(true),
  REPLAY_FROM: instant.optional(),
  REPLAY_TO: instant.optional(),
  REPLAY_SPEED: speed.default(60),
  NEWS_FILE: z.string().min(1).optional(),
  INSTRUMENTS: instruments.default(['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ']),
  ACCOUNT_SIZE: z.coerce
    .number({ error: 'must be dollars' })
    .min(1000, 'must be at least 1000 dollars')
    .max(100_000_000, 'must be at most 100000000 dollars')
    .default(50_000),
  API_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  BRIDGE_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be trace, debug, info, warn, error or silent',
    })
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], { error: 'must be json or pretty' }).default('json'),
  PHASE_PRE_MARKET: clockTime.default(0),
  PHASE_ACTIVE: clockTime.default(300),
  PHASE_WIND_DOWN: clockTime.default(600),
  PHASE_FLAT_BY: clockTime.default(720),
})

/** The name of every variable that is read. */
export const variables: readonly string[] = Object.keys(schema.shape)

type Variables = z.infer<typeof schema>
type Wrong = { readonly variable: string; readonly reason: string }
/** Two variables, each sound, that do not go together. */
type Contradiction = Wrong & { readonly against: string }

const ascending = [
  ['PHASE_PRE_MARKET', 'PHASE_ACTIVE'],
  ['PHASE_ACTIVE', 'PHASE_WIND_DOWN'],
  ['PHASE_WIND_DOWN', 'PHASE_FLAT_BY'],
  ['REPLAY_FROM', 'REPLAY_TO'],
] as const

const needed = [
  ['REPLAY_FROM', 'FEED', 'replay'],
  ['REPLAY_TO', 'FEED', 'replay'],
  ['DATABASE_URL', 'ROLE', 'engine'],
  ['DATABASE_URL', 'ROLE', 'web'],
  ['REDIS_URL', 'ROLE', 'engine'],
  ['REDIS_URL', 'ROLE', 'web'],
  ['MASSIVE_API_KEY', 'FEED', 'massive'],
  ...(['TRADOVATE_NAME', 'TRADOVATE_PASSWORD', 'TRADOVATE_CID', 'TRADOVATE_SECRET'] as const).flatMap(
    (variable) =>
      [[variable, 'FEED', 'tradovate'] as const, [variable, 'SECOND_SOURCE', 'tradovate'] as const] as const,
  ),
] as const

const contradictions = (v: Variables): readonly Contradiction[] => [
  ...ascending
    .filter(([earlier, later]) => (v[later] ?? Number.POSITIVE_INFINITY) <= (v[earlier] ?? Number.NEGATIVE_INFINITY))
    .map(([earlier, later]) => ({ variable: later, reason: `must be after ${earlier}`, against: earlier })),
  ...needed
    .filter(([variable, by, value]) => v[by] === value && v[variable] === undefined)
    .map(([variable, by, value]) => ({ variable, reason: `is needed when ${by}=${value}`, against: by })),
]

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
  sim: { seed: v.SIM_SEED, start: v.SIM_START, speed: v.SIM_SPEED, platform: v.SIM_NINJATRADER },
  /** Threads for heavy work; one core is left to everything else unless said. */
  threads: v.OPTIMIZE_THREADS ?? Math.max(1, availableParallelism() - 1),
  /** Threads of a program that does nothing else. */
  workerThreads: v.OPTIMIZE_THREADS ?? availableParallelism(),
  feedSleeps: v.FEED_SLEEPS,
  secondSource: v.SECOND_SOURCE,
  history: { days: v.HISTORY_DAYS, adjust: v.HISTORY_ADJUST },
  massive: {
    apiKey: v.MASSIVE_API_KEY ?? '',
    restUrl: v.MASSIVE_REST_URL,
    wsUrl: v.MASSIVE_WS_URL,
    delayedUrl: v.MASSIVE_DELAYED_WS_URL,
    requestsPerMinute: v.MASSIVE_REQUESTS_PER_MINUTE,
  },
  tradovate: {
    credentials: {
      name: v.TRADOVATE_NAME ?? '',
      password: v.TRADOVATE_PASSWORD ?? '',
      appId: v.TRADOVATE_APP_ID,
      appVersion: v.TRADOVATE_APP_VERSION,
      cid: v.TRADOVATE_CID ?? '',
      secret: v.TRADOVATE_SECRET ?? '',
    },
    restUrl: v.TRADOVATE_REST_URL,
    wsUrl: v.TRADOVATE_WS_URL,
    mdUrl: v.TRADOVATE_MD_URL,
  },
  rehearsal: v.REHEARSAL_CLOCK,
  replay: { from: v.REPLAY_FROM, to: v.REPLAY_TO, speed: v.REPLAY_SPEED },
  instruments: v.INSTRUMENTS,
  newsFile: resolve(v.NEWS_FILE ?? join(v.DATA_DIR, 'news.txt')),
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
  Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => (entry[1] ?? '').trim() !== ''),
  )

/** One reason for each wrong variable. */
const wrongOf = (error: z.ZodError): readonly Wrong[] =>
  [...new Map(error.issues.map(({ path, message }) => [String(path[0]), message]))].map(([variable, reason]) => ({
    variable,
    reason,
  }))

/** Reads the configuration; an empty or blank variable counts as unset. Throws ConfigError naming every wrong one. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const given = present(environment)
  const parsed = schema.safeParse(given)
  const unsound = parsed.success ? [] : wrongOf(parsed.error)
  const isUnsound = (name: string): boolean => unsound.some(({ variable }) => variable === name)
  const sound = Object.fromEntries(Object.entries(given).filter(([name]) => !isUnsound(name)))
  // What is unsound contradicts nothing: one mistake is told once.
  const told = contradictions(schema.parse(sound)).filter((each) => ![each.variable, each.against].some(isUnsound))
  const wrong = [...unsound, ...told.map(({ variable, reason }) => ({ variable, reason }))]
  if (!parsed.success || wrong.length > 0) throw new ConfigError(wrong)
  return toConfig(parsed.data)
}
