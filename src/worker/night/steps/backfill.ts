import { countGaps } from '#src/adapters/db/coverage.ts'
import { counted } from '#src/domain/night/step-words.ts'
import type { StepWork } from '../night.ts'
import type { NightDeps } from '../night-deps.ts'

/** Has the history of the day gone over: what the feed lost or saw in part is asked for again. */
export const backfill =
  ({ db, market, clock, backfill: goOver }: NightDeps): StepWork =>
  async () => {
    if (goOver === undefined) return 'nothing to fetch: no vendor stands behind this market'
    const since = clock.wall()
    await goOver()
    const { found, filled } = await countGaps(db, market, since)
    return found === 0
      ? 'gone over: nothing was missing'
      : `gone over: ${counted(found, 'gap')} found, ${filled} filled`
  }
