import { type Context, Hono } from 'hono'
import type { FirmPreset } from '#src/domain/risk/firm-rules.ts'
import type { EditedAccount } from '#views/accounts/editor.tsx'
import { AccountsPage } from '#views/accounts/page.tsx'
import { askAdoption, askFlatten, askKill, askLockout } from '#views/ask/asked.ts'
import { type Asked, AskPage } from '#views/ask/page.tsx'
import { BridgePage } from '#views/bridge/page.tsx'
import { GlancePage } from '#views/glance/page.tsx'
import type { AuditLine } from '#views/settings/audit.tsx'
import { type Settings, SettingsPage } from '#views/settings/page.tsx'
import { type Env, refuse } from '../refusal.ts'
import { type PageDeps, pagePropsOf } from './page-props.ts'

export type RoomDeps = PageDeps & {
  /** Accounts as kept, each with what its plan would have made of the last days. */
  readonly accounts: () => Promise<readonly EditedAccount[]>
  readonly presets: readonly FirmPreset[]
  readonly settings: () => Promise<Settings>
  /** The newest decisions first, at most 20. */
  readonly audit: () => Promise<readonly AuditLine[]>
  /** Where the AddOn calls. */
  readonly bridgeUrl: string
}

/**
 * `GET /accounts`, `/glance`, `/settings`, `/bridge`; `/accounts?account=…&preset=…` shows a plan's rules before they are
 * saved. `GET /kill`, `/lockout`, `/accounts/:name/flatten` and `/accounts/:name/adoption` ask, for who cannot hold a
 * button: a POST there without `confirmed=yes` belongs back to them.
 */
export const rooms = (deps: RoomDeps) => {
  const { bus, accounts, presets, settings, audit, bridgeUrl } = deps
  const askOf = (c: Context<Env>, asked: Asked | undefined) =>
    asked === undefined
      ? refuse(c, 404, 'account', 'unknown-account')
      : c.html(<AskPage {...pagePropsOf(c, deps)} asked={asked} />)
  return new Hono<Env>()
    .get('/glance', (c) => c.html(<GlancePage {...pagePropsOf(c, deps)} />))
    .get('/accounts', async (c) => {
      const { account = '', preset = '' } = c.req.query()
      const props = { ...pagePropsOf(c, deps), accounts: await accounts(), presets }
      return c.html(<AccountsPage {...props} draft={{ account, preset }} />)
    })
    .get('/settings', async (c) =>
      c.html(<SettingsPage {...pagePropsOf(c, deps)} settings={await settings()} audit={await audit()} />),
    )
    .get('/bridge', (c) => c.html(<BridgePage {...pagePropsOf(c, deps)} setup={{ url: bridgeUrl }} />))
    .get('/kill', (c) => askOf(c, askKill(bus.picture().account)))
    .get('/lockout', (c) => askOf(c, askLockout))
    .get('/accounts/:name/flatten', (c) => askOf(c, askFlatten(bus.picture().account, c.req.param('name'))))
    .get('/accounts/:name/adoption', (c) => askOf(c, askAdoption(bus.picture().account, c.req.param('name'))))
}
