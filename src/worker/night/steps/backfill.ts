import { countGaps } from '#src/adapters/db/coverage.ts'
import { counted } from '#src/domain/night/step-words.ts'
import type { StepWork } from '../night.ts'
import { type NightDeps, turnOf } from '../night-deps.ts'

/** Has the history of the day gone over: what the feed lost or saw in part is asked for again. */
export const backfill =
  (deps: NightDeps): StepWork =>
  async ({ signal, tell }) => {
    const { db, market, clock, schedule, backfill: goOver, deepen } = deps
    if (deepen !== undefined) {
      const made = await deepen(turnOf({ schedule }, signal), (share) =>
        tell(share, 'making an older past to learn from'),
      )
      return made === 0 ? 'half a year of past is there' : `made ${counted(made, 'market date')} of past to learn from`
    }
    if (goOver === undefined) return 'nothing to fetch: no vendor stands behind this market'
    const since = clock.wall()
    await goOver()
    const { found, filled } = await countGaps(db, market, since)
    return found === 0
      ? 'gone over: nothing was missing'
      : `gone over: ${counted(found, 'gap')} found, ${filled} filled`
  }
