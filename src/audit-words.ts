import type { AuditLine } from '#src/adapters/db/audit.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The paths in which two values differ, with both sides: 'dailyLoss 5000000 → 3000000'. */
const changes = (before: unknown, after: unknown, path = ''): readonly string[] => {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) => changes(before[name], after[name], path === '' ? name : `${path}.${name}`))
  }
  return [`${path} ${JSON.stringify(before ?? null)} → ${JSON.stringify(after ?? null)}`.trim()]
}

const listed = (body: Readonly<Record<string, unknown>>): string =>
  Object.entries(body)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

const mostWords = 200

/** A line of the audit log as a trader reads it; a long one is cut. */
export const auditWords = ({ kind, body }: Pick<AuditLine, 'kind' | 'body'>): string => {
  if (!isRecord(body)) return kind
  const words =
    'after' in body
      ? changes(body['before'], body['after']).join('; ') || 'nothing changed'
      : kind === 'gate'
        ? `${body['open'] === true ? 'YES' : 'NO'}${Array.isArray(body['why']) && body['why'].length > 0 ? `: ${body['why'].join('; ')}` : ''}`
        : listed(body)
  return words.length > mostWords ? `${words.slice(0, mostWords)} …` : words
}
