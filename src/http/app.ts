import { Hono, type MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import { isDatabaseAway } from '#src/adapters/db/away.ts'
import { answerAway, giveUpWhileAway } from './away.tsx'
import { createDrafts } from './drafts.ts'
import { bridgePaths, createGuard, keyedPaths, requireKey, type Security } from './guard.ts'
import type { Hub } from './live.ts'
import { type Env, refuse } from './refusal.ts'
import { type AccountDeps, accounts } from './routes/accounts.ts'
import { type ActionDeps, actions } from './routes/actions.ts'
import { type Alerts, alerts } from './routes/alerts.ts'
import { analysis } from './routes/analysis.ts'
import { type ApiDeps, api } from './routes/api.ts'
import { type BridgeDeps, bridge, requireBridge, stampTime } from './routes/bridge.ts'
import { type BridgeRoomDeps, bridgeRoom } from './routes/bridge-room.tsx'
import { type ChartDeps, chart } from './routes/chart.tsx'
import { type Health, health } from './routes/health.ts'
import { type KillDeps, kill } from './routes/kill.ts'
import { lab } from './routes/lab.tsx'
import type { LabDeps } from './routes/lab-deps.ts'
import { labWishes } from './routes/lab-wishes.ts'
import { live } from './routes/live.ts'
import { type LockoutDeps, lockout } from './routes/lockout.ts'
import { createMetrics, type Metrics, metrics } from './routes/metrics.ts'
import { type PositionsDeps, positions } from './routes/positions.ts'
import { type PreferencesDeps, preferences } from './routes/preferences.ts'
import { publicFiles, readAssets } from './routes/public.ts'
import { type RoomDeps, rooms } from './routes/rooms.tsx'
import { type SettingsDeps, settings } from './routes/settings.ts'
import { signals } from './routes/signals.tsx'
import { terminal } from './routes/terminal.tsx'

/** What the trader decides about his accounts and himself, and what the pages for it show. */
export type FloorDeps = AccountDeps &
  KillDeps &
  LockoutDeps &
  Pick<ChartDeps, 'readFills' | 'readFlows' | 'readDeltas'> &
  SettingsDeps &
  PreferencesDeps &
  Pick<RoomDeps, 'accounts' | 'presets' | 'settings' | 'audit' | 'bridgeUrl'> &
  Pick<BridgeRoomDeps, 'ping' | 'archive'>

export type AppDeps = ApiDeps & {
  readonly floor: FloorDeps
  readonly lab: LabDeps
  readonly hub: Hub
  readonly alerts: Alerts
  readonly ask: ActionDeps['ask']
  readonly bridge: BridgeDeps
  readonly legacy: PositionsDeps['legacy']
  readonly security: Security
  /** Folders with the files pages load; of two files with one name the earlier folder's is served. */
  readonly publicFolders: readonly string[]
  readonly health: () => Health
  readonly log: Pick<Logger, 'warn' | 'error'>
}

/** Counts refusals by reason. The log names neither key nor address, since either may hold a secret. */
const countRefusals =
  ({ countRefusal }: Metrics, log: AppDeps['log']): MiddlewareHandler<Env> =>
  async (c, next) => {
    await next()
    const reason = c.get('refusal')
    if (reason === undefined) return
    countRefusal(reason)
    log.warn({ reason, method: c.req.method, status: c.res.status }, 'Request refused')
  }

/**
 * Puts the web together; nothing listens yet. Whatever a route throws is logged and answered 500 without its text, unless it
 * is that the database is away.
 */
export const createApp = (deps: AppDeps): Hono<Env> => {
  const assets = readAssets(deps.publicFolders)
  const measures = createMetrics(deps)
  const app = new Hono<Env>()
  const { wall } = deps.clock
  app.use(bridgePaths, stampTime(wall))
  app.use(countRefusals(measures, deps.log), createGuard(deps.security))
  const drafts = createDrafts()
  app.use((c, next) => {
    c.set('drafts', drafts)
    c.set('preferences', deps.floor.preferences())
    return next()
  })
  app.use(bridgePaths, requireBridge(deps.bridge.token, wall))
  for (const path of keyedPaths) app.use(path, requireKey(deps.security.apiKey))
  const isAway = (): boolean =>
    deps.health().dependencies.some(({ name, state }) => name === 'database' && state === 'down')
  app.use(giveUpWhileAway(isAway, { ...deps, assets }))
  app.route('/', terminal({ ...deps, assets }))
  app.route('/', chart({ ...deps, ...deps.floor, assets }))
  app.route('/', signals({ ...deps, assets }))
  app.route('/', lab({ ...deps, assets }))
  app.route('/', labWishes(deps))
  app.route('/', rooms({ ...deps, ...deps.floor, assets }))
  app.route('/', bridgeRoom({ ...deps, ...deps.floor, token: deps.bridge.token, assets }))
  app.route('/', kill(deps.floor))
  app.route('/', accounts(deps.floor))
  app.route('/', lockout(deps.floor))
  app.route('/', settings(deps.floor))
  app.route('/', health(deps.health))
  app.route('/', live(deps.hub))
  app.route('/', alerts(deps.alerts))
  app.route('/', preferences(deps.floor))
  app.route('/', bridge(deps.bridge))
  app.route('/', positions(deps))
  app.route('/', api(deps))
  app.route('/', analysis(deps))
  app.route('/', actions(deps))
  app.route('/', metrics(measures))
  app.route('/', publicFiles(assets))
  app.notFound((c) => refuse(c, 404, 'path', 'unknown-path'))
  app.onError((error, c) => {
    if (isDatabaseAway(error)) return answerAway(c, { ...deps, assets })
    deps.log.error({ err: error, route: c.req.routePath, method: c.req.method }, 'A request broke')
    return refuse(c, 500, 'server', 'broken')
  })
  return app
}
