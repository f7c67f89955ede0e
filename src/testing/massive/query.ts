/** One row of an answer; a bigint is written with all its digits. */
export type Row = Readonly<Record<string, unknown>>

/** A refusal the vendor words. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What a caller asked of an endpoint, with what the endpoint fixes: every answer stands as the market was at `asOf`. */
export type Asked = { readonly params: URLSearchParams; readonly asOf: number }

/** How an endpoint may be asked, as the vendor documents it. */
export type Rules = {
  /** Fields that may be filtered, with or without a suffix. */
  readonly filters: readonly string[]
  /** The one among them that is an instant, in nanoseconds. */
  readonly instant?: string
  /** Fields that may be sorted by, and the order when nothing is said. */
  readonly sorts: readonly string[]
  readonly order: string
  readonly limit: number
  readonly most: number
}

/** The last instant a date can stand for, epoch ms. */
const endOfTime = 8.64e15

/** Reads an instant as the vendor takes it: nanoseconds, a date, or ISO 8601; refuses anything else. */
export const parseInstant = (text: string): bigint => {
  if (/^\d+$/.test(text)) return BigInt(text)
  const ms = /^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw new Refusal(400, `Could not parse '${text}' as a timestamp`)
  return BigInt(ms) * 1_000_000n
}

/** The vendor's nanoseconds as epoch ms, rounded down. */
export const toMs = (ns: bigint): number => Number(ns / 1_000_000n)

const compare = (a: unknown, b: unknown): number => {
  const [left, right] = [a as string, b as string]
  return left < right ? -1 : left > right ? 1 : 0
}

const holds = (suffix: string, value: unknown, wanted: unknown): boolean => {
  const order = compare(value, wanted)
  switch (suffix) {
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    default:
      return order === 0
  }
}

/** The test a row must pass: every filter named in the parameters. A parameter no filter knows is passed over. */
export const filterOf = ({ filters, instant }: Rules, params: URLSearchParams): ((row: Row) => boolean) => {
  const tests = [...params].flatMap(([name, text]) => {
    const [field = '', suffix = ''] = name.split('.')
    if (!filters.includes(field)) return []
    if (suffix === 'any_of') return (row: Row) => text.split(',').includes(String(row[field]))
    if (field !== instant) return (row: Row) => holds(suffix, String(row[field]), text)
    const wanted = parseInstant(text)
    return (row: Row) => holds(suffix, row[field], wanted)
  })
  return (row) => tests.every((test) => test(row))
}

/** The stretch of time, epoch ms rounded down, that the filters of the instant leave; both ends are within it. */
export const stretchOf = (
  { instant = '' }: Rules,
  params: URLSearchParams,
): { readonly from: number; readonly to: number } => {
  const read = (...suffixes: string[]): readonly number[] =>
    suffixes.flatMap((suffix) => params.getAll(`${instant}${suffix}`).map((text) => toMs(parseInstant(text))))
  return { from: Math.max(0, ...read('', '.gt', '.gte')), to: Math.min(endOfTime, ...read('', '.lt', '.lte')) }
}

/** The columns to sort by, first to last; refuses those the endpoint does not offer. */
export const orderOf = ({ sorts, order }: Rules, params: URLSearchParams): readonly (readonly [string, 1 | -1])[] =>
  (params.get('sort') ?? order).split(',').map((column) => {
    const [field = '', direction] = column.split('.')
    if (!sorts.includes(field) || (direction !== 'asc' && direction !== 'desc'))
      throw new Refusal(400, `'${column}' is not a supported sort`)
    return [field, direction === 'asc' ? 1 : -1] as const
  })

/** The number of rows on a page; refuses what is no whole number from 1 to the endpoint's most. */
export const limitOf = ({ limit, most }: Rules, params: URLSearchParams): number => {
  const given = params.get('limit')
  if (given === null) return limit
  const wanted = Number(given)
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > most)
    throw new Refusal(400, `'limit' must be a whole number from 1 to ${most}`)
  return wanted
}

/** Filters and sorts a table that is small enough to be held. */
export const queryTable = (rows: Iterable<Row>, rules: Rules, params: URLSearchParams): readonly Row[] => {
  const order = orderOf(rules, params)
  return [...rows].filter(filterOf(rules, params)).sort((a, b) => {
    for (const [field, direction] of order) {
      const result = compare(a[field], b[field]) * direction
      if (result !== 0) return result
    }
    return 0
  })
}

/** Writes a value as JSON, whole numbers of 19 digits included. */
export const writeJson = (value: unknown): string => {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.map(([name, field]) => `"${name}":${writeJson(field)}`).join(',')}}`
}
