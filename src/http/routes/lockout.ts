import { Hono } from 'hono'
import type { AskedLock, LockKeeper } from '#src/adapters/db/lock-keeper.ts'
import { answerRefused, answerTaken, askFirst, type Field, type Fields, readLine, refused, whoAsks } from '../form.ts'
import type { Env } from '../refusal.ts'

/** Takes a lock, wherever the engine runs; resolves when it is stored and holds. */
export type LockoutDeps = { readonly lock: LockKeeper['lock'] }

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

const readUntil = (text: string): Field<number | undefined> => {
  if (text === '' || text === 'session-end') return { ok: true, value: undefined }
  const at = /^\d{13}$/.test(text) ? Number(text) : isInstant.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(at) ? { ok: true, value: at } : refused('until', 'not-a-time')
}

const readLock = ({ account = '', reason = '', until = '' }: Fields): Field<AskedLock> => {
  const read = [readLine('account', account, 64), readLine('reason', reason, 200), readUntil(until)] as const
  const wrong = read.find(({ ok }) => !ok)
  if (wrong !== undefined && !wrong.ok) return wrong
  const end = read[2].ok ? read[2].value : undefined
  return { ok: true, value: { account, reason: reason || 'the trader locked himself out', until: end } }
}

/**
 * `POST /lockout` with `until` (`session-end`, epoch ms or an instant with its zone), `account` (all without) and `reason`:
 * nobody can take it back, and there is no route that tries.
 */
export const lockout = ({ lock }: LockoutDeps) =>
  new Hono<Env>().post('/lockout', async (c) => {
    const fields = await askFirst(c)
    if (fields instanceof Response) return fields
    const asked = fields.ok ? readLock(fields.value) : fields
    if (!asked.ok) return answerRefused(c, '/', { form: 'lockout', ...asked })
    const taken = await lock(asked.value, whoAsks(c))
    if (!taken.ok) return answerRefused(c, '/', { form: 'lockout', field: 'until', reason: taken.reason })
    return answerTaken(c, '/')
  })
