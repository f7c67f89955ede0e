import { Hono } from 'hono'
import { renderTopic } from '#views/fragments.tsx'
import { SystemPage } from '#views/system/page.tsx'
import { TerminalPage } from '#views/terminal/page.tsx'
import { type Env, refuse } from '../refusal.ts'
import { type PageDeps, pagePropsOf } from './page-props.ts'

/** `GET /` the terminal and `GET /system` the machinery, whole; `/focus`, `/focus/:instrument` and `/time` the fragments alone. */
export const terminal = (deps: PageDeps) => {
  const { bus, instruments } = deps
  return new Hono<Env>()
    .get('/', (c) => c.html(<TerminalPage {...pagePropsOf(c, deps)} />))
    .get('/system', (c) => c.html(<SystemPage {...pagePropsOf(c, deps)} />))
    .get('/time', (c) => c.html(renderTopic('clock', bus.picture(), 'terminal', false)))
    .get('/focus', (c) => c.html(renderTopic('plan', bus.picture(), 'terminal', false)))
    .get('/focus/:instrument', (c) => {
      const instrument = instruments.find((id) => id === c.req.param('instrument'))
      if (instrument === undefined) return refuse(c, 404, 'instrument', 'unknown-instrument')
      return c.html(renderTopic(`focus:${instrument}`, bus.picture(), 'terminal', false))
    })
}
