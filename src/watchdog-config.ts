import { resolve } from 'node:path'
import { z } from 'zod'
import { ConfigError } from './config.ts'

/** A dead co-pilot is noticed within this many seconds. */
const noticedWithinS = 60

const number = (least: number, most: number) => {
  const error = `must be a number, ${least} to ${most}`
  return z.coerce.number({ error }).min(least, error).max(most, error)
}

const variables = z.object({
  WATCHDOG_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL with http:// or https://' })
    .default('http://127.0.0.1:3000'),
  WATCHDOG_PORT: number(0, 65535).pipe(z.int('must be a whole number')).default(3001),
  WATCHDOG_TOKEN: z
    .string()
    .regex(/^\S{16,}$/, 'must have at least 16 characters and no space')
    .optional(),
  WATCHDOG_ARMED: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no'),
  WATCHDOG_INTERVAL: number(0.02, 20).default(5),
  WATCHDOG_MISSES: number(2, 1_000).pipe(z.int('must be a whole number')).default(8),
  DATA_DIR: z.string().min(1).default('data'),
})

/** The name of every variable that is read. */
export const watchdogVariables: readonly string[] = Object.keys(variables.shape)

const schema = variables.refine((v) => v.WATCHDOG_INTERVAL * (v.WATCHDOG_MISSES + 1) <= noticedWithinS, {
  path: ['WATCHDOG_MISSES'],
  error: `times WATCHDOG_INTERVAL must notice a dead terminal within ${noticedWithinS} s`,
})

/** What the watchdog is told by its environment; armed, it may have everything closed. */
export type WatchdogConfig = ReturnType<typeof readWatchdogConfig>

/** Reads the configuration of the watchdog; an empty variable counts as unset. Throws ConfigError naming every wrong one. */
export const readWatchdogConfig = (environment: NodeJS.ProcessEnv = process.env) => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => (value ?? '').trim() !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), reason: message })),
    )
  const v = parsed.data
  return {
    url: v.WATCHDOG_URL,
    port: v.WATCHDOG_PORT,
    token: v.WATCHDOG_TOKEN,
    armed: v.WATCHDOG_ARMED === 'yes',
    intervalMs: v.WATCHDOG_INTERVAL * 1_000,
    misses: v.WATCHDOG_MISSES,
    dataDir: resolve(v.DATA_DIR),
  }
}
