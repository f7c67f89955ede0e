import type { AuditLine } from '#src/adapters/db/audit.ts'
import { inDollars } from '#src/domain/risk/in-dollars.ts'
import { formatMoment } from '#views/format.ts'

type Body = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where a number is Money: by its own name, or as a fee of a market. */
const isMoney = (path: string): boolean =>
  /(^|\.)(accountSize|dailyLoss|dailyGoal|balance|startBalance|amount|peak|profitTarget|lockOffset|minProfit|payoutBuffer|fees\.\w+)$/.test(
    path,
  )

/** Where a number is an instant. */
const isInstant = (path: string): boolean => /(^|\.)(at|from|until)$/.test(path)

const written = (value: unknown, path: string): string => {
  if (typeof value !== 'number') return JSON.stringify(value ?? null)
  if (isInstant(path)) return formatMoment(value)
  return isMoney(path) ? inDollars(value) : String(value)
}

/** The paths in which two values differ, with both sides: 'dailyLoss $500 → $300'. */
const changes = (before: unknown, after: unknown, path = ''): readonly string[] => {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) => changes(before[name], after[name], path === '' ? name : `${path}.${name}`))
  }
  return [`${path.replace(/^limits\./, '')} ${written(before, path)} → ${written(after, path)}`.trim()]
}

/** Limits as kept: those in force, and looser ones that wait for their trade date. */
const limitChanges = (before: unknown, after: Body): readonly string[] => {
  const { inForce, next } = after
  const atOnce = changes(isRecord(before) ? before['inForce'] : before, inForce)
  if (!isRecord(next)) return atOnce
  return [...atOnce, ...changes(inForce, next['limits']).map((words) => `${words} from ${next['from']}`)]
}

const listed = (body: Body): string =>
  Object.entries(body)
    .filter(
      ([name, value]) => name !== 'seal' && ['string', 'number', 'boolean'].includes(typeof value) && value !== '',
    )
    .map(([name, value]) => `${name} ${typeof value === 'number' ? written(value, name) : value}`)
    .join(', ')

const gateWords = ({ open, why }: Body): string =>
  `${open === true ? 'YES' : 'NO'}${Array.isArray(why) && why.length > 0 ? `: ${why.join('; ')}` : ''}`

const wordsOf = (kind: string, body: Body): string => {
  const { key, before, after } = body
  if (kind === 'gate') return gateWords(body)
  if (!('after' in body)) return listed(body)
  const found = key === 'limits' && isRecord(after) ? limitChanges(before, after) : changes(before, after)
  return found.join('; ') || 'nothing changed'
}

const mostWords = 200

/** A line of the audit log as a trader reads it; a long one is cut. */
export const auditWords = ({ kind, body }: Pick<AuditLine, 'kind' | 'body'>): string => {
  if (!isRecord(body)) return kind
  const words = wordsOf(kind, body)
  return words.length > mostWords ? `${words.slice(0, mostWords)} …` : words
}
