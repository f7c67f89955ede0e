import { looseOf } from './frames.ts'

/** A time penalty, which any answer may be: the same request again after `waitMs`, with the ticket in its body. */
export type Penalty = { readonly ticket: string; readonly waitMs: number; readonly captcha: boolean }

/** A captcha can be answered on the vendor's own site alone; it is lifted after an hour. */
export const captchaWaitMs = 3_600_000

export const captchaWords = 'Tradovate wants a captcha answered, which only its own site can show: waiting one hour'

/** The penalty an answer's body holds, if it is one. */
export const penaltyOf = (body: unknown): Penalty | undefined => {
  const { 'p-ticket': ticket, 'p-time': seconds, 'p-captcha': captcha } = looseOf(body) ?? {}
  if (typeof ticket !== 'string') return undefined
  const waitMs = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds * 1_000, captchaWaitMs) : 1_000
  return { ticket, waitMs, captcha: captcha === true }
}

/** The vendor's words for a failure, fit for the trader's screen: one line, short, every secret taken out. */
export const cleanWords = (text: unknown, secrets: readonly string[]): string => {
  const words = typeof text === 'string' ? text : 'no reason was given'
  const hidden = secrets
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, '•••'), words)
  return hidden
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 160)
}
