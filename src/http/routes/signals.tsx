import { Hono } from 'hono'
import { SignalsPage } from '#views/signals/page.tsx'
import type { Env } from '../refusal.ts'
import { type PageDeps, pagePropsOf } from './page-props.ts'

/** `GET /signals`: how past cards ended, and how far their score can be trusted. */
export const signals = (deps: PageDeps) =>
  new Hono<Env>().get('/signals', (c) => c.html(<SignalsPage {...pagePropsOf(c, deps)} />))
