import { Hono } from 'hono'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bus } from '#src/engine/ports.ts'
import { renderTopic } from '#views/fragments.tsx'
import { SystemPage } from '#views/system/page.tsx'
import { TerminalPage } from '#views/terminal/page.tsx'
import { type Env, refuse } from '../refusal.ts'
import { preferencesOf } from './preferences.ts'
import { type Assets, assetUrl } from './public.ts'

type TerminalDeps = {
  readonly bus: Pick<Bus, 'picture'>
  readonly instruments: readonly InstrumentId[]
  readonly assets: Assets
}

/** `GET /` the terminal and `GET /system` the machinery, whole; `/focus`, `/focus/:instrument` and `/time` the fragments alone. */
export const terminal = ({ bus, instruments, assets }: TerminalDeps) => {
  const shared = { instruments, asset: (file: string) => assetUrl(assets, file) }
  return new Hono<Env>()
    .get('/', (c) => c.html(<TerminalPage {...shared} picture={bus.picture()} preferences={preferencesOf(c)} />))
    .get('/system', (c) => c.html(<SystemPage {...shared} picture={bus.picture()} preferences={preferencesOf(c)} />))
    .get('/time', (c) => c.html(renderTopic('clock', bus.picture(), false)))
    .get('/focus', (c) => c.html(renderTopic('plan', bus.picture(), false)))
    .get('/focus/:instrument', (c) => {
      const instrument = instruments.find((id) => id === c.req.param('instrument'))
      if (instrument === undefined) return refuse(c, 404, 'instrument', 'unknown-instrument')
      return c.html(renderTopic(`focus:${instrument}`, bus.picture(), false))
    })
}
