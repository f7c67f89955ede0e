export const formats = ['generic', 'ninjatrader', 'lean'] as const
export type Format = (typeof formats)[number]

export const stamps = ['start', 'end'] as const
type Stamp = (typeof stamps)[number]

const fields = ['time', 'open', 'high', 'low', 'close', 'volume', 'contract'] as const
export type Field = (typeof fields)[number]

/** What the person importing says about a file. */
export type Told = {
  readonly format?: Format | undefined
  readonly stamp?: Stamp | undefined
  readonly zone?: string | undefined
  /** The columns in order, for a file without a header. */
  readonly columns?: readonly string[] | undefined
  /** yyyymm, or 'front' for the calendar's front contract of each trade date. */
  readonly contract?: number | 'front' | undefined
}

/** How to read a file's rows. */
export type Layout = {
  readonly format: Format
  readonly delimiter: string
  readonly hasHeader: boolean
  /** Where each field stands. */
  readonly at: Readonly<Partial<Record<Field, number>>>
  /** Whether a row's time is the first instant of its bar or the instant it ended. */
  readonly stamp: Stamp
  readonly zone: string | undefined
  readonly contract: number | 'front' | undefined
}

/** An argument that is missing or wrong, and a sentence about it. */
export type LayoutRefusal = { readonly ok: false; readonly argument: string; readonly sentence: string }

const refuse = (argument: string, sentence: string): LayoutRefusal => ({ ok: false, argument, sentence })

const ninjatraderRow = /^\d{8} \d{6}(;-?[\d.]+){4};\d+$/
const leanHeader = ['ts_utc', 'contract', 'open', 'high', 'low', 'close', 'volume'] as const
const timeNames = ['time', 'date', 'datetime', 'timestamp', 'ts_utc']

const cut = (line: string, delimiter: string): readonly string[] =>
  line.split(delimiter).map((name) => name.trim().replaceAll('"', '').toLowerCase())

/** Where the named columns stand, undefined when one that every bar needs is missing. */
const placeOf = (names: readonly string[]): Layout['at'] | undefined => {
  const found = fields.map((field): readonly [Field, number] => [
    field,
    field === 'time' ? names.findIndex((name) => timeNames.includes(name)) : names.indexOf(field),
  ])
  const missing = found.some(([field, at]) => at < 0 && field !== 'contract')
  return missing ? undefined : Object.fromEntries(found.filter(([, at]) => at >= 0))
}

/** The delimiter that makes a header of the line. */
const delimiterOf = (line: string): string | undefined =>
  [',', ';', '\t'].find((delimiter) => placeOf(cut(line, delimiter)) !== undefined)

/** The format a file's first line shows, undefined when it could be anything. */
export const detectFormat = (line: string): Format | undefined => {
  if (ninjatraderRow.test(line)) return 'ninjatrader'
  const names = cut(line, ',')
  if (leanHeader.every((name) => names.includes(name))) return 'lean'
  return delimiterOf(line) === undefined ? undefined : 'generic'
}

type Rows = Pick<Layout, 'delimiter' | 'hasHeader' | 'at'>

const headed = (line: string): Rows | undefined => {
  const delimiter = delimiterOf(line)
  const at = delimiter === undefined ? undefined : placeOf(cut(line, delimiter))
  return delimiter === undefined || at === undefined ? undefined : { delimiter, hasHeader: true, at }
}

const toldColumns = (line: string, columns: readonly string[]): Rows | undefined => {
  const at = placeOf(columns.map((name) => name.trim().toLowerCase()))
  const delimiter = [',', ';', '\t'].find((each) => cut(line, each).length === columns.length)
  // A first row without a digit is a header in words of its own.
  return at === undefined || delimiter === undefined ? undefined : { delimiter, hasHeader: !/\d/.test(line), at }
}

const ninjatraderRows: Rows = {
  delimiter: ';',
  hasHeader: false,
  at: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
}

/** What the formats say of themselves: NinjaTrader exports in UTC (its guide, "Importing"), a generic file says nothing. */
const known: Record<Format, { readonly stamp?: Stamp; readonly zone?: string }> = {
  lean: { stamp: 'start', zone: 'UTC' },
  ninjatrader: { stamp: 'end', zone: 'UTC' },
  generic: {},
}

/** Decides how to read a file from its first line and what was told; refuses with the argument that would settle it. */
export const toLayout = (line: string, told: Told): { readonly ok: true; readonly layout: Layout } | LayoutRefusal => {
  const format = told.format ?? (told.columns === undefined ? detectFormat(line) : 'generic')
  if (format === undefined)
    return refuse('--columns', 'the first line names no time, open, high, low, close and volume: say them in order')
  if (told.columns !== undefined && format !== 'generic')
    return refuse('--columns', `a ${format} file has its own columns`)
  const rows =
    format === 'ninjatrader' ? ninjatraderRows : told.columns ? toldColumns(line, told.columns) : headed(line)
  if (rows === undefined)
    return refuse(told.columns ? '--columns' : '--format', `the file is not ${format} with these columns`)
  const stamp = told.stamp ?? known[format].stamp
  if (stamp === undefined)
    return refuse('--stamp', 'say start or end: the file does not tell which instant of a bar its times are')
  const zone = told.zone ?? known[format].zone
  if (rows.at.contract !== undefined && told.contract !== undefined)
    return refuse('--contract', 'the file names the contract of each row itself')
  if (rows.at.contract === undefined && told.contract === undefined)
    return refuse('--contract', 'say the contract as yyyymm, or front for a continuous file')
  return { ok: true, layout: { format, ...rows, stamp, zone, contract: told.contract } }
}
