import { type Context, Hono } from 'hono'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { answerRefused, answerTaken, type Field, type Fields, isProgram, readFields } from '../form.ts'
import type { Env } from '../refusal.ts'
import type { LabDeps, LabWish } from './lab-deps.ts'
import { readBacktest, readStudy } from './lab-form.ts'

type Deps = { readonly lab: Pick<LabDeps, 'ask'>; readonly instruments: readonly InstrumentId[] }

/** What a form asks for, and where its answer is seen. */
type Wanted = {
  readonly form: (fields: Fields) => string
  readonly read: (fields: Fields, c: Context<Env>) => Field<LabWish>
  readonly pageOf: (id: string) => string
}

const ofStrategy =
  (kind: 'study' | 'report') =>
  ({ strategy = '' }: Fields): string =>
    `${kind}:${strategy}`

/**
 * `POST /lab/studies` (`instrument`, `strategy`, `method`, `budget`, `windows`), `/lab/reports` (`instrument`, `strategy`,
 * `from`, `to`, `account`, what of the fills is other than usual, and the parameters as `p.…`), `/lab/studies/:id/cancellation`
 * and `/lab/night`; a form or JSON. A form goes on to what it asked for.
 */
export const labWishes = ({ lab: { ask }, instruments }: Deps) => {
  const take = (wanted: Wanted) => async (c: Context<Env>) => {
    const fields = await readFields(c)
    const form = wanted.form(fields.ok ? fields.value : {})
    const wish = fields.ok ? wanted.read(fields.value, c) : fields
    if (!wish.ok) return answerRefused(c, '/lab', { form, ...wish })
    const answer = await ask(wish.value)
    if (!answer.ok) return answerRefused(c, '/lab', { form, ...answer })
    const { id } = answer
    if (isProgram(c)) return c.json({ ok: true, ...(id !== undefined && { id }) }, 202)
    return answerTaken(c, id === undefined ? '/lab' : wanted.pageOf(id))
  }
  return new Hono<Env>()
    .basePath('/lab')
    .post(
      '/studies',
      take({
        form: ofStrategy('study'),
        read: (fields) => readStudy(instruments, fields),
        pageOf: (id) => `/lab/studies/${id}`,
      }),
    )
    .post(
      '/reports',
      take({
        form: ofStrategy('report'),
        read: (fields) => readBacktest(instruments, fields),
        pageOf: (id) => `/lab/reports/${id}`,
      }),
    )
    .post(
      '/studies/:id/cancellation',
      take({
        form: () => 'cancellation',
        read: (_, c) => ({ ok: true, value: { kind: 'cancel', study: c.req.param('id') ?? '' } }),
        pageOf: (id) => `/lab/studies/${id}`,
      }),
    )
    .post(
      '/night',
      take({ form: () => 'night', read: () => ({ ok: true, value: { kind: 'night' } }), pageOf: () => '/lab' }),
    )
}
