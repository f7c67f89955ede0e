import { type Logger, pino, stdSerializers } from 'pino'

/** Never written, down to the third level of a logged object. */
const secrets = ['apiKey', 'bridgeToken', 'password', 'token', 'authorization', 'cookie', 'databaseUrl', 'redisUrl']

/** A failed query repeats all it was to store, which may be thousands of bars; this much of it is enough. */
const mostChars = 2_000

const shorten = (value: unknown): unknown =>
  typeof value === 'string' && value.length > mostChars ? `${value.slice(0, mostChars)}…` : value

/** An error with the one that caused it, each text cut short; lists, which hold a query's values, are left out. */
const describeError = (error: unknown): unknown =>
  error instanceof Error
    ? Object.fromEntries(
        Object.entries(stdSerializers.errWithCause(error))
          .filter(([, value]) => !Array.isArray(value))
          .map(([name, value]) => [name, name === 'cause' ? describeError(error.cause) : shorten(value)]),
      )
    : shorten(error)

/** Creates the log: JSON lines on standard output, or readable ones where pino-pretty is installed. */
export const createLog = ({ level, format }: { readonly level: string; readonly format: 'json' | 'pretty' }): Logger =>
  pino({
    level,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    serializers: { err: describeError },
    base: null,
    ...(format === 'pretty' && { transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss' } } }),
  })
