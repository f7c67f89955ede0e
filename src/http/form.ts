import type { Context } from 'hono'
import type { LockRefusal } from '#src/adapters/db/lockouts.ts'
import type { SettingRefusal } from '#src/adapters/db/trader-settings.ts'
import type { RuleRefusal } from '#src/domain/risk/parse-firm-rules.ts'
import { type Env, refuse } from './refusal.ts'

/** Why a field of a form is refused; a view phrases it. */
export type FieldRefusal =
  | RuleRefusal
  | SettingRefusal
  | LockRefusal
  | 'not-a-form'
  | 'not-a-number'
  | 'too-small'
  | 'too-large'
  | 'not-a-line'
  | 'not-confirmed'
  | 'unknown-account'
  | 'not-reachable'
  | 'engine-not-ready'
  | 'not-locked'
  | 'locked'
  | 'unknown-instrument'
  | 'unknown-strategy'
  | 'unknown-method'
  | 'not-windows'
  | 'nothing-stored'
  | 'study-over'
  | 'night-running'

/** The fields of a form, as texts; what a program sends as JSON reads the same. */
export type Fields = Readonly<Record<string, string>>

export type Field<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Refused)

/** The field that is refused and why; of several lines also which, the first is 1. */
type Refused = { readonly field: string; readonly reason: FieldRefusal; readonly line?: number }

export const refused = (field: string, reason: FieldRefusal): Field<never> => ({ ok: false, field, reason })

/** Whether a program asks, by what it sends. */
export const isProgram = (c: Context<Env>): boolean =>
  c.req.header('content-type')?.startsWith('application/json') === true

/** Who asks: the guard lets a request without an origin pass only with the key of programs. */
export const whoAsks = (c: Context<Env>): string =>
  c.req.header('origin') === undefined && c.req.header('sec-fetch-site') === undefined ? 'a program' : 'the trader'

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'boolean') return value ? 'yes' : ''
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Reads a body as a form, or as one flat JSON object; texts without the blanks around them. */
export const readFields = async (c: Context<Env>): Promise<Field<Fields>> => {
  const given: unknown = await (isProgram(c) ? c.req.json() : c.req.parseBody()).catch(() => undefined)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return refused('body', 'not-a-form')
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const text = textOf(value)
    if (text === undefined) return refused(name, 'not-a-text')
    fields[name] = text.trim()
  }
  c.set('typed', fields)
  return { ok: true, value: fields }
}

/** A number as it is written, thousands with or without their comma. */
export const readNumber = (field: string, text: string, least: number, most: number): Field<number> => {
  const plain = text.replace(/,(?=\d{3}\b)/g, '')
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return refused(field, 'not-a-number')
  if (Number(plain) < least) return refused(field, 'too-small')
  return Number(plain) > most ? refused(field, 'too-large') : { ok: true, value: Number(plain) }
}

/** One line of text without control characters, at most `most` characters. */
export const readLine = (field: string, text: string, most: number): Field<string> => {
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return refused(field, 'not-a-line')
  return [...text].length > most ? refused(field, 'too-long') : { ok: true, value: text }
}

/** Answers what was taken: a form goes back to its page, htmx stays where it is, a program hears it. */
export const answerTaken = (c: Context<Env>, page: string, more: object = {}): Response => {
  if (isProgram(c)) return c.json({ ok: true, ...more })
  if (c.req.header('hx-request') !== undefined) return c.body(null, 204)
  return c.redirect(`${page}?${new URLSearchParams({ ...more })}`.replace(/\?$/, ''), 303)
}

/** Answers what was refused: a form goes back to its page, which names the field and the reason and shows what was typed; others hear 422. */
export const answerRefused = (
  c: Context<Env>,
  page: string,
  { form, field, reason, line }: Refused & { readonly form: string },
): Response => {
  const at = line === undefined ? {} : { line }
  if (isProgram(c) || c.req.header('hx-request') !== undefined) return refuse(c, 422, field, reason, at)
  c.set('refusal', reason)
  const typed = c.get('typed')
  const draft = typed && c.get('drafts')?.keep(typed)
  const told = { form, field, reason, ...(line !== undefined && { line: String(line) }), ...(draft && { draft }) }
  return c.redirect(`${page}?${new URLSearchParams(told)}`, 303)
}

/** Whether a dangerous act was held or answered with yes; a plain form that was not is led to the page that asks. */
export const askFirst = async (c: Context<Env>): Promise<Field<Fields> | Response> => {
  const fields = await readFields(c)
  if (!fields.ok || fields.value['confirmed'] === 'yes') return fields
  if (isProgram(c) || c.req.header('hx-request') !== undefined) return refused('confirmed', 'not-confirmed')
  // As it was sent: the path Hono gives is decoded, and a name may hold a slash.
  return c.redirect(new URL(c.req.url).pathname, 303)
}
