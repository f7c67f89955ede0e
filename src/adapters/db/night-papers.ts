import { and, desc, eq } from 'drizzle-orm'
import type { NightPaper } from '#src/domain/night-paper.ts'
import type { Db } from './connect.ts'
import { nightPapers } from './schema.ts'

/** A paper of the night with its trade date; `madeAt` is market time, epoch ms. */
export type KeptPaper<K extends NightPaper['kind'] = NightPaper['kind']> = {
  readonly tradeDate: string
  readonly madeAt: number
  readonly body: Extract<NightPaper, { kind: K }>
}

/** Keeps what the night wrote of a trade date; written again, it replaces what was written before. */
export const savePaper = async (db: Db, market: string, { tradeDate, madeAt, body }: KeptPaper): Promise<void> => {
  await db
    .insert(nightPapers)
    .values({ market, tradeDate, kind: body.kind, madeAt, body })
    .onConflictDoUpdate({
      target: [nightPapers.market, nightPapers.tradeDate, nightPapers.kind],
      set: { madeAt, body },
    })
}

/** The newest papers of one kind, newest trade date first. */
export const latestPapers = async <K extends NightPaper['kind']>(
  db: Db,
  market: string,
  kind: K,
  limit: number,
): Promise<readonly KeptPaper<K>[]> => {
  const rows = await db
    .select()
    .from(nightPapers)
    .where(and(eq(nightPapers.market, market), eq(nightPapers.kind, kind)))
    .orderBy(desc(nightPapers.tradeDate))
    .limit(limit)
  return rows.map(({ tradeDate, madeAt, body }) => ({ tradeDate, madeAt, body: body as KeptPaper<K>['body'] }))
}
