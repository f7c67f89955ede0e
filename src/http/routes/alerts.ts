import { Hono } from 'hono'
import type { Alert } from '#src/domain/signals/transition.ts'
import { renderTopic } from '#views/fragments.tsx'
import { type Env, refuse } from '../refusal.ts'
import { wholeNumber } from '../whole-number.ts'

/** The alerts as the store keeps them. */
export type Alerts = {
  /** Newest first. */
  readonly latest: () => Promise<readonly Alert[]>
  /** Whether there is such an alert; acknowledging it again changes nothing. */
  readonly acknowledge: (id: number) => Promise<boolean>
}

const alertId = wholeNumber('not-an-id')

/** `POST /alerts/:id/acknowledgement`: a plain form goes back to the terminal, htmx gets the list, out of band. */
export const alerts = ({ latest, acknowledge }: Alerts) =>
  new Hono<Env>().post('/alerts/:id/acknowledgement', async (c) => {
    const id = alertId.safeParse(c.req.param('id'))
    if (!id.success) return refuse(c, 400, 'id', 'not-an-id')
    if (!(await acknowledge(id.data))) return refuse(c, 404, 'id', 'unknown-alert')
    if (c.req.header('hx-request') === undefined) return c.redirect('/', 303)
    return c.html(renderTopic('alerts', { alerts: await latest() }, 'terminal'))
  })
