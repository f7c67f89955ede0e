import { Hono } from 'hono'
import type { Account } from '#src/domain/trading/account.ts'
import { answerRefused, answerTaken, type FieldRefusal, readFields, whoAsks } from '../form.ts'
import type { Env } from '../refusal.ts'
import { readAccount } from './account-form.ts'

/** Keeps an account with its line in the audit log; `from` is the trade date from which on it is watched no more. */
export type AccountDeps = {
  readonly saveAccount: (
    account: Account,
    who: string,
  ) => Promise<
    | { readonly ok: true; readonly from?: string }
    | { readonly ok: false; readonly field: string; readonly reason: FieldRefusal }
  >
}

/** `POST /accounts/:name`: alias, kind, plan, rules, anchor balance and peak of an account, as its form has them. */
export const accounts = ({ saveAccount }: AccountDeps) =>
  new Hono<Env>().post('/accounts/:name', async (c) => {
    const name = c.req.param('name')
    const fields = await readFields(c)
    const read = fields.ok ? readAccount(name, fields.value) : fields
    if (!read.ok) return answerRefused(c, '/accounts', { form: name, ...read })
    const saved = await saveAccount(read.value, whoAsks(c))
    const waits = saved.ok && saved.from !== undefined && { saved: name, takesEffect: 'watch-waits', from: saved.from }
    return saved.ok
      ? answerTaken(c, '/accounts', { account: name, ...waits })
      : answerRefused(c, '/accounts', { form: name, ...saved })
  })
