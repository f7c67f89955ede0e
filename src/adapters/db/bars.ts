import { setImmediate as letOthersRun } from 'node:timers/promises'
import { and, asc, count, eq, gte, lt, max, min, sql } from 'drizzle-orm'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { finalities, type RecordedBar } from '#src/domain/market/bar.ts'
import type { BarColumns } from '#src/domain/market/series.ts'
import type { Db } from './connect.ts'
import { bars } from './schema.ts'

/** The bars of one contract; `contract` is yyyymm. */
export type BarsOf = { readonly market: string; readonly instrument: InstrumentId; readonly contract: number }

/** What is stored of one contract: `from` the first bar's time, `to` the last's. */
export type Coverage = {
  readonly contract: number
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Larger statements are no faster, and while the embedded database works on one nothing else has its turn. */
const batchSize = 2_000

const arrayLiteral = (values: readonly (number | string)[]): string => `{${values.join(',')}}`
const quoted = (text: string): string => JSON.stringify(text)

/** One array per column crosses the wire instead of twelve parameters per row; of two bars of a minute the better stays. */
const batchRows = ({ market, instrument, contract }: BarsOf, batch: readonly RecordedBar[]) => {
  const column = (pick: (bar: RecordedBar) => number | string) => sql`${arrayLiteral(batch.map(pick))}`
  return sql`select distinct on (time) ${market}::text, ${instrument}::text, ${contract}::integer, time, open, high, low,
    close, volume, source, finality, as_of from unnest(${column((bar) => bar.time)}::bigint[],
    ${column((bar) => bar.open)}::float8[], ${column((bar) => bar.high)}::float8[],
    ${column((bar) => bar.low)}::float8[], ${column((bar) => bar.close)}::float8[],
    ${column((bar) => bar.volume)}::float8[], ${column((bar) => quoted(bar.source))}::text[],
    ${column((bar) => finalities.indexOf(bar.finality))}::smallint[], ${column((bar) => bar.asOf)}::bigint[])
    as batch (time, open, high, low, close, volume, source, finality, as_of)
    order by time, finality desc, as_of desc`
}

const replaced = {
  open: sql`excluded.open`,
  high: sql`excluded.high`,
  low: sql`excluded.low`,
  close: sql`excluded.close`,
  volume: sql`excluded.volume`,
  source: sql`excluded.source`,
  finality: sql`excluded.finality`,
  asOf: sql`excluded.as_of`,
}

/**
 * Saves bars, all or none. A stored bar gives way only to a later finality, or to a newer `asOf` of the same one,
 * so late history never overwrites a live bar. Returns how many were new or replaced.
 */
export const saveBars = (
  db: Db,
  { bars: given, ...of }: BarsOf & { readonly bars: readonly RecordedBar[] },
): Promise<{ readonly stored: number }> =>
  db.transaction(async (tx) => {
    let stored = 0
    for (let start = 0; start < given.length; start += batchSize) {
      const written = await tx
        .insert(bars)
        .select(batchRows(of, given.slice(start, start + batchSize)))
        .onConflictDoUpdate({
          target: [bars.market, bars.instrument, bars.contract, bars.time],
          set: replaced,
          setWhere: sql`(excluded.finality, excluded.as_of) > (${bars.finality}, ${bars.asOf})`,
        })
        .returning({ contract: bars.contract })
      stored += written.length
      // The embedded database answers without a turn of the event loop: without this a long history would silence every page.
      await letOthersRun()
    }
    return { stored }
  })

const columnNames = ['time', 'open', 'high', 'low', 'close', 'volume'] as const

/** The column as one string of big-endian doubles: a year crosses in a third of a second, as rows it takes ten times that. */
const packed = (name: (typeof columnNames)[number]) =>
  sql<string | null>`encode(string_agg(float8send(${sql.identifier(name)}::float8), ''::bytea), 'base64')`

const unpack = (text: string | null): Float64Array<ArrayBuffer> => {
  const bytes = Buffer.from(text ?? '', 'base64').swap64()
  // The slice is aligned, which a buffer from Node's pool need not be.
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer)
}

/** Bars of one contract that begin in [from, to), epoch ms. */
type BarsWithin = BarsOf & { readonly from: number; readonly to: number }

/** The query for whole rows, oldest first. */
export const selectBars = (db: Db, { market, instrument, contract, from, to }: BarsWithin) =>
  db
    .select()
    .from(bars)
    .where(
      and(
        eq(bars.market, market),
        eq(bars.instrument, instrument),
        eq(bars.contract, contract),
        gte(bars.time, from),
        lt(bars.time, to),
      ),
    )
    .orderBy(asc(bars.time))

/** Reads the bars that begin in [from, to), oldest first. */
export const readBars = async (db: Db, wanted: BarsWithin): Promise<BarColumns> => {
  // Aggregates take rows in the order of the subquery, which is the primary key's: no sort.
  const ordered = selectBars(db, wanted).as('ordered')
  const fields = Object.fromEntries(columnNames.map((name) => [name, packed(name)]))
  const [row] = await db.select(fields).from(ordered)
  return Object.fromEntries(columnNames.map((name) => [name, unpack(row?.[name] ?? null)])) as BarColumns
}

/** What is stored of an instrument, by contract, nearest month first. */
export const barCoverage = (db: Db, { market, instrument }: Omit<BarsOf, 'contract'>): Promise<readonly Coverage[]> =>
  db
    .select({
      contract: bars.contract,
      from: min(bars.time).mapWith(Number),
      to: max(bars.time).mapWith(Number),
      count: count(),
    })
    .from(bars)
    .where(and(eq(bars.market, market), eq(bars.instrument, instrument)))
    .groupBy(bars.contract)
    .orderBy(asc(bars.contract)) as Promise<Coverage[]>
