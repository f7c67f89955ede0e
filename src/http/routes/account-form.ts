import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { dollars } from '#src/domain/money.ts'
import type { FirmRules } from '#src/domain/risk/firm-rules.ts'
import { parseFirmRules } from '#src/domain/risk/parse-firm-rules.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { type Field, type Fields, readLine, readNumber, refused } from '../form.ts'

const kinds = ['SIM', 'EVAL', 'FUNDED', 'PAPER'] as const satisfies readonly Account['kind'][]
const commissions = ['settings', 'platform'] as const satisfies readonly Account['commission'][]

/** The fields of an account's form; all but the switches are sent each time, the switches when they are on. */
const fieldNames: readonly string[] = [
  ...[
    'alias',
    'kind',
    'firm',
    'watched',
    'commission',
    'anchor.balance',
    'anchor.at',
    'peak',
    'startBalance',
    'profitTarget',
  ],
  ...['kind', 'amount', 'lockAt', 'lockOffset', 'includesOpen', 'checkedIntraday'].map((name) => `drawdown.${name}`),
  ...['amount', 'basis', 'mode', 'zone', 'time'].map((name) => `dailyLoss.${name}`),
  ...[
    'maxContracts.mini',
    'maxContracts.microsPerMini',
    'maxContracts.scaling',
    'flatBy.zone',
    'flatBy.time',
    'minDays',
  ],
  ...['consistency.percent', 'consistency.scope', 'news.events', 'news.minutesBefore', 'news.minutesAfter'],
  ...['payoutBuffer', 'maxExecutionsPerDay', 'automationAllowed', 'overnightAllowed'],
]

/** A number where one is written, the text where it is none — which is then refused by its field — and nothing where nothing is. */
const numberOf = (text = ''): number | string | undefined => {
  if (text === '') return undefined
  const read = readNumber('', text, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  return read.ok ? read.value : text
}

const shareOf = (text = ''): number | string | undefined => {
  const percent = numberOf(text)
  return typeof percent === 'number' ? Math.round(percent * 100) / 10_000 : percent
}

/** `$ and minis`, a line each. */
const scalingOf = (text = ''): object => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const steps = lines.map((line) => {
    const [minProfit, mini, ...rest] = line.trim().split(/\s+/)
    return { minProfit: numberOf(minProfit), mini: rest.length > 0 ? line : numberOf(mini) }
  })
  return steps.length > 0 ? { scaling: steps } : {}
}

/** The fields as firm rules are written: dollars, shares, times; a rule whose first field is empty is none. */
const writtenRules = (f: Fields): object => {
  const on = (name: string): boolean => f[name] === 'yes'
  const events = (f['news.events'] ?? '').split(',').map((event) => event.trim())
  return {
    startBalance: numberOf(f['startBalance']),
    profitTarget: numberOf(f['profitTarget']),
    drawdown: {
      kind: f['drawdown.kind'],
      amount: numberOf(f['drawdown.amount']),
      lockAt: f['drawdown.lockAt'],
      lockOffset: numberOf(f['drawdown.lockOffset']),
      includesOpen: on('drawdown.includesOpen'),
      checkedIntraday: on('drawdown.checkedIntraday'),
    },
    ...(f['dailyLoss.amount'] && {
      dailyLoss: {
        amount: numberOf(f['dailyLoss.amount']),
        basis: f['dailyLoss.basis'],
        mode: f['dailyLoss.mode'],
        resetAt: { zone: f['dailyLoss.zone'], time: f['dailyLoss.time'] },
      },
    }),
    maxContracts: {
      mini: numberOf(f['maxContracts.mini']),
      microsPerMini: numberOf(f['maxContracts.microsPerMini']),
      ...scalingOf(f['maxContracts.scaling']),
    },
    ...(f['flatBy.time'] && { flatBy: { zone: f['flatBy.zone'], time: f['flatBy.time'] } }),
    minDays: numberOf(f['minDays']),
    ...(f['consistency.percent'] && {
      consistency: { bestDayMaxShare: shareOf(f['consistency.percent']), scope: f['consistency.scope'] },
    }),
    ...(f['news.events'] && {
      news: {
        events,
        minutesBefore: numberOf(f['news.minutesBefore']),
        minutesAfter: numberOf(f['news.minutesAfter']),
      },
    }),
    payoutBuffer: numberOf(f['payoutBuffer']),
    maxExecutionsPerDay: numberOf(f['maxExecutionsPerDay']),
    automationAllowed: on('automationAllowed'),
    overnightAllowed: on('overnightAllowed'),
  }
}

/** The field of the form behind a path of the rules. */
const fieldOf = (path: string): string =>
  path
    .replace('dailyLoss.resetAt.', 'dailyLoss.')
    .replace('consistency.bestDayMaxShare', 'consistency.percent')
    .replace(/^(maxContracts\.scaling|news\.events)\..*$/, '$1')

/** The line a step of the scaling plan was typed on, the first is 1; empty ones count, though no step is read from them. */
const lineOf = (path: string, text = ''): number | undefined => {
  const step = /^maxContracts\.scaling\.(\d+)/.exec(path)?.[1]
  return text.split(/\r?\n/).flatMap((line, i) => (line.trim() === '' ? [] : i + 1))[Number(step)]
}

const readRules = (fields: Fields): Field<FirmRules> => {
  const rules = parseFirmRules(writtenRules(fields))
  if (rules.ok) return rules
  const line = lineOf(rules.field, fields['maxContracts.scaling'])
  return { ok: false, field: fieldOf(rules.field), reason: rules.reason, ...(line !== undefined && { line }) }
}

/** '2026-11-20 09:00' or '2026-11-20 09:00:40.123', New York. */
const readMoment = (field: string, text = ''): Field<number> => {
  const [, date = '', hour, minute, second = '0'] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d)(?::([0-5]\d(?:\.\d{3})?))?$/.exec(text) ?? []
  if (!(Number(hour) < 24 && Number(minute) < 60) || Number.isNaN(Date.parse(date))) return refused(field, 'not-a-time')
  const at = easternMs(date, Number(hour) * 60 + Number(minute)) + Math.round(Number(second) * 1_000)
  // A date the calendar does not have, as the 31st of November, lands on another.
  return easternAt(at).date === date ? { ok: true, value: at } : refused(field, 'not-a-date')
}

const readMoney = (field: string, text = ''): Field<number> => {
  const read = readNumber(field, text, 0, 100_000_000)
  return read.ok ? { ok: true, value: dollars(read.value) } : read
}

const readChoice = <T extends string>(field: string, words: readonly T[], text = ''): Field<T> => {
  const value = words.find((word) => word === text)
  return value === undefined ? refused(field, 'not-one-of') : { ok: true, value }
}

/** Reads the form of the account the platform calls `name`; refuses the first field that is wrong. */
export const readAccount = (name: string, fields: Fields): Field<Account> => {
  const stranger = Object.keys(fields).find((field) => !fieldNames.includes(field))
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  const line = readLine('name', name, 64)
  if (!line.ok) return line
  const alias = readLine('alias', fields['alias'] || name, 40)
  if (!alias.ok) return alias
  const kind = readChoice('kind', kinds, fields['kind'])
  if (!kind.ok) return kind
  const firm = readLine('firm', fields['firm'] ?? '', 60)
  if (!firm.ok) return firm
  const commission = readChoice('commission', commissions, fields['commission'])
  if (!commission.ok) return commission
  const balance = readMoney('anchor.balance', fields['anchor.balance'])
  if (!balance.ok) return balance
  const at = readMoment('anchor.at', fields['anchor.at'])
  if (!at.ok) return at
  const peak = fields['peak'] ? readMoney('peak', fields['peak']) : undefined
  if (peak && !peak.ok) return peak
  const rules = readRules(fields)
  if (!rules.ok) return rules
  return {
    ok: true,
    value: {
      name,
      alias: alias.value,
      kind: kind.value,
      firm: firm.value,
      rules: rules.value,
      commission: commission.value,
      anchor: { balance: balance.value, at: at.value },
      ...(peak && { peak: peak.value }),
      watched: fields['watched'] === 'yes',
    },
  }
}
