import { type Logger, pino } from 'pino'

/** Never written, wherever in a logged object they stand. */
const secrets = ['apiKey', 'bridgeToken', 'password', 'token', 'authorization', 'cookie', 'databaseUrl', 'redisUrl']

/** Creates the log: JSON lines on standard output, or readable ones where pino-pretty is installed. */
export const createLog = ({ level, format }: { readonly level: string; readonly format: 'json' | 'pretty' }): Logger =>
  pino({
    level,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    base: null,
    ...(format === 'pretty' && { transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss' } } }),
  })
