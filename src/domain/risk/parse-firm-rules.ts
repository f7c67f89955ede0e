import { dollars } from '../money.ts'
import type { FirmPreset, FirmRules } from './firm-rules.ts'
import { minuteOfDay, zoneNames } from './zoned.ts'

/** Why a field of written rules is refused. */
export type RuleRefusal =
  | 'missing'
  | 'unknown-field'
  | 'not-an-object'
  | 'not-a-list'
  | 'not-a-text'
  | 'not-an-amount'
  | 'not-a-whole-number'
  | 'not-a-share'
  | 'not-yes-or-no'
  | 'not-one-of'
  | 'not-a-time'
  | 'not-a-date'
  | 'unknown-zone'
  | 'not-ascending'
  | 'above-start-balance'

export type ParsedRules<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly field: string; readonly reason: RuleRefusal }

type Check<T> = (value: unknown, field: string) => ParsedRules<T>

const fail = (field: string, reason: RuleRefusal): ParsedRules<never> => ({ ok: false, field, reason })

const valid =
  <T>(accepts: (value: unknown) => boolean, reason: RuleRefusal, read = (value: unknown) => value as T): Check<T> =>
  (value, field) =>
    value === undefined
      ? fail(field, 'missing')
      : accepts(value)
        ? { ok: true, value: read(value) }
        : fail(field, reason)

const largest = 100_000_000
const isAmount = (value: unknown, least: number): boolean =>
  typeof value === 'number' &&
  value >= least &&
  value <= largest &&
  Math.abs(value * 100 - Math.round(value * 100)) < 1e-6
const isWhole = (value: unknown, least: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= 1000
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

const amount = valid<number>(
  (value) => isAmount(value, 0.01),
  'not-an-amount',
  (value) => dollars(Number(value)),
)
const amountOrNone = valid<number>(
  (value) => isAmount(value, 0),
  'not-an-amount',
  (value) => dollars(Number(value)),
)
const count = valid<number>((value) => isWhole(value, 1), 'not-a-whole-number')
const minutes = valid<number>((value) => isWhole(value, 0), 'not-a-whole-number')
const share = valid<number>((value) => typeof value === 'number' && value > 0 && value < 1, 'not-a-share')
const yesOrNo = valid<boolean>((value) => typeof value === 'boolean', 'not-yes-or-no')
const text = valid<string>(isText, 'not-a-text')
const date = valid<string>((value) => /^\d{4}-\d\d-\d\d$/.test(String(value)), 'not-a-date')
const time = valid<string>((value) => minuteOfDay(String(value)) !== undefined, 'not-a-time')
const zone = valid<string>((value) => zoneNames.includes(String(value)), 'unknown-zone')
const oneOf = <const T extends string>(...words: readonly T[]): Check<T> =>
  valid<T>((value) => words.some((word) => word === value), 'not-one-of')

const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, field) =>
    value === undefined ? { ok: true, value: undefined } : check(value, field)

const listOf =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value, field) => {
    if (!Array.isArray(value)) return fail(field, 'not-a-list')
    const read: T[] = []
    for (const [i, item] of value.entries()) {
      const one = check(item, `${field}.${i}`)
      if (!one.ok) return one
      read.push(one.value)
    }
    return { ok: true, value: read }
  }

/** Every field is checked, in the order written here; one that is not known is refused, one left out stays out. */
const object =
  <T extends object>(fields: { readonly [K in keyof T]-?: Check<T[K]> | Check<T[K] | undefined> }): Check<T> =>
  (value, field) => {
    if (value === undefined) return fail(field, 'missing')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(field, 'not-an-object')
    const inside = (key: string): string => (field === '' ? key : `${field}.${key}`)
    const stranger = Object.keys(value).find((key) => !(key in fields))
    if (stranger !== undefined) return fail(inside(stranger), 'unknown-field')
    const read: Record<string, unknown> = {}
    for (const [key, check] of Object.entries<Check<unknown>>(fields)) {
      const one = check((value as Record<string, unknown>)[key], inside(key))
      if (!one.ok) return one
      if (one.value !== undefined) read[key] = one.value
    }
    return { ok: true, value: read as T }
  }

const zonedTime = object<NonNullable<FirmRules['flatBy']>>({ zone, time })

const shape = object<FirmRules>({
  startBalance: amount,
  profitTarget: optional(amount),
  drawdown: object<FirmRules['drawdown']>({
    kind: oneOf('static', 'trailing-eod', 'trailing-intraday'),
    amount,
    lockAt: oneOf('start', 'start-plus', 'never'),
    lockOffset: optional(amountOrNone),
    includesOpen: yesOrNo,
    checkedIntraday: yesOrNo,
  }),
  dailyLoss: optional(
    object<NonNullable<FirmRules['dailyLoss']>>({
      amount,
      basis: oneOf('balance', 'equity'),
      mode: oneOf('soft-lock', 'breach'),
      resetAt: zonedTime,
    }),
  ),
  maxContracts: object<FirmRules['maxContracts']>({
    mini: count,
    microsPerMini: count,
    scaling: optional(listOf(object<{ minProfit: number; mini: number }>({ minProfit: amountOrNone, mini: count }))),
  }),
  flatBy: optional(zonedTime),
  minDays: optional(count),
  consistency: optional(
    object<NonNullable<FirmRules['consistency']>>({ bestDayMaxShare: share, scope: oneOf('evaluation', 'payout') }),
  ),
  news: optional(
    object<NonNullable<FirmRules['news']>>({ events: listOf(text), minutesBefore: minutes, minutesAfter: minutes }),
  ),
  payoutBuffer: optional(amount),
  maxExecutionsPerDay: optional(count),
  automationAllowed: yesOrNo,
  overnightAllowed: yesOrNo,
})

/** What no field alone can say. */
const contradiction = (rules: FirmRules): ParsedRules<never> | undefined => {
  const { drawdown, dailyLoss, maxContracts, startBalance } = rules
  if (drawdown.lockAt === 'start-plus' && drawdown.lockOffset === undefined)
    return fail('drawdown.lockOffset', 'missing')
  if (drawdown.amount >= startBalance) return fail('drawdown.amount', 'above-start-balance')
  if (dailyLoss !== undefined && dailyLoss.amount >= startBalance)
    return fail('dailyLoss.amount', 'above-start-balance')
  const steps = maxContracts.scaling ?? []
  const fallen = steps.findIndex(({ minProfit }, i) => i > 0 && minProfit <= (steps[i - 1]?.minProfit ?? 0))
  return fallen === -1 ? undefined : fail(`maxContracts.scaling.${fallen}`, 'not-ascending')
}

const checkRules: Check<FirmRules> = (value, field) => {
  const rules = shape(value, field)
  if (!rules.ok) return rules
  const against = contradiction(rules.value)
  return against === undefined || against.ok
    ? rules
    : fail(field === '' ? against.field : `${field}.${against.field}`, against.reason)
}

/**
 * Reads a firm's rules as written in a preset or a form, amounts in dollars, into Money. Refuses the first field that is
 * missing, unknown or not what it should be, by its path: 'drawdown.amount'.
 */
export const parseFirmRules = (written: unknown): ParsedRules<FirmRules> => checkRules(written, '')

const preset = object<FirmPreset>({
  id: text,
  firm: text,
  plan: text,
  source: text,
  effectiveFrom: date,
  verifiedOn: date,
  doubts: optional(listOf(text)),
  rules: checkRules,
})

/** Reads a preset's file; as `parseFirmRules`. */
export const parseFirmPreset = (written: unknown): ParsedRules<FirmPreset> => preset(written, '')
