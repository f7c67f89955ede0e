import type { Db } from '#src/adapters/db/connect.ts'
import { keptTrials, type Study, studyOf } from '#src/adapters/db/studies.ts'
import { HopelessBlock, type TrialBlock } from '#src/adapters/queue/trial-block.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { Pool } from '../threads/pool.ts'
import { computeBlock } from './hands.ts'
import { openGround, prepareStage } from './stage.ts'
import type { TrialSeed } from './trial-tasks.ts'

type Options = {
  readonly db: Db
  readonly pool: Pool
  /** Which contract was the front when, of a market. */
  readonly frontsOf: (market: string) => Promise<Fronts>
}

const openSeed = async ({ db, pool, frontsOf }: Options, { market, spec }: Study): Promise<TrialSeed> => {
  const { instrument, from, to, strategy, terms, discipline, accountSize } = spec
  const { flatBy } = discipline
  const ground = await openGround(db, { market, instrument, from, to, flatBy, fronts: await frontsOf(market) })
  if (ground.dataHash !== spec.dataHash) throw new HopelessBlock('the bars have changed since the study was asked')
  const { history, dataHash, prepared } = await prepareStage(pool, ground, strategy)
  return { instrument, strategy, history, prepared, dataHash, terms, discipline, accountSize }
}

/**
 * Creates what a worker does with a block off the queue: whatever of it is not kept yet is computed from the stored bars and
 * kept. Resolves with how many trials that were. The bars of the study at hand stay open for its next block.
 */
export const createBlockWork = (options: Options) => {
  const { db, pool } = options
  let open: { readonly study: string; readonly seed: Promise<TrialSeed> } | undefined
  return async ({ study: id, proposals }: TrialBlock): Promise<number> => {
    const kept = await keptTrials(
      db,
      id,
      proposals.map(({ number }) => number),
    )
    const missing = proposals.filter(({ number }) => !kept.has(number))
    if (missing.length === 0) return 0
    const study = await studyOf(db, id)
    if (study === undefined) throw new HopelessBlock('the study is not in the database')
    // Cancelled, or given up: nobody waits for it any more.
    if (study.state !== 'waiting' && study.state !== 'running') return 0
    if (open?.study !== id) open = { study: id, seed: openSeed(options, study) }
    const { seed } = open
    seed.catch(() => {
      if (open?.seed === seed) open = undefined
    })
    await computeBlock(db, pool, await seed, { study: id, proposals: missing })
    return missing.length
  }
}
