import type { Context, MiddlewareHandler } from 'hono'
import { repeat } from '#src/adapters/clock.ts'
import { AwayPage } from '#views/away/page.tsx'
import { isBridge, keyedPaths } from './guard.ts'
import { type Env, refuse } from './refusal.ts'
import { type PageDeps, pagePropsOf } from './routes/page-props.ts'

const lookMs = 500
const againSeconds = '5'

const isPage = ({ req: { method, path } }: Context<Env>): boolean =>
  method === 'GET' && !keyedPaths.some((keyed) => `${path}/`.startsWith(keyed.replace('*', '')))

/** Answers 503 for the database: a page in words that asks again by itself, everything else by its reason. */
export const answerAway = (c: Context<Env>, deps: PageDeps): Response | Promise<Response> => {
  c.header('cache-control', 'no-store')
  c.header('retry-after', againSeconds)
  if (!isPage(c)) return refuse(c, 503, 'database', 'database-away')
  c.header('refresh', againSeconds)
  return c.html(<AwayPage {...pagePropsOf(c, deps)} />, 503)
}

/**
 * Whoever reads waits no longer once the database is known to be away: a silent one would hold him for ever. What changes
 * something is let wait, as nobody could say whether it was done; and a bridge waits for its commands on purpose.
 */
export const giveUpWhileAway = (isAway: () => boolean, deps: PageDeps): MiddlewareHandler<Env> => {
  return async (c, next) => {
    if (c.req.method !== 'GET' || isBridge(c.req.path)) return next()
    let cancel = (): void => {}
    const away = new Promise<'away'>((resolve) => {
      cancel = repeat(() => isAway() && resolve('away'), lookMs)
    })
    const first = await Promise.race([next(), away]).finally(cancel)
    return first === 'away' ? answerAway(c, deps) : undefined
  }
}
