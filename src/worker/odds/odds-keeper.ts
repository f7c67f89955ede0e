import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import type { OddsReading } from '#src/domain/odds-reading.ts'
import type { Picture } from '#src/domain/picture.ts'
import type { Pool } from '../threads/pool.ts'
import { oddsHorizonDays, oddsPaths } from './odds-task.ts'
import { type AskOdds, createReckoning, placedIn, watchedIn } from './reckon-odds.ts'

type Options = {
  readonly db: Db
  readonly pool: Pick<Pool, 'ask'>
  readonly picture: () => Partial<Picture>
  readonly put: (reading: OddsReading) => void
  readonly schedule: Schedule
  /** The machine's time, epoch ms. */
  readonly wall: () => number
  readonly log: Pick<Logger, 'error'>
}

const lookEveryMs = 1_000
/** At least this long after they were reckoned last, when something moved them. */
const soonestMs = 10_000
/** At the latest after this, for what no reading tells: rules that were saved, a peak that open profit raised. */
const latestMs = 60_000

/** What moves the odds: a closed trade, a new day, a card drawn, sized or taken, what is known of cards or to draw from. */
const stampOf = (picture: Partial<Picture>): string =>
  JSON.stringify([
    picture.clock?.tradeDate,
    picture.account?.book,
    watchedIn(picture).map(({ name, alias, firm, standing: { balance, days, broken } }) => [
      ...[name, alias, firm, balance, days, broken?.rule],
    ]),
    placedIn(picture).map(({ id, size, state }) => [id, size?.contracts, state]),
    picture.calibration?.at,
    picture.lab?.studies.map(({ id, passed }) => [id, passed]),
    picture.lab?.reports[0]?.id,
  ])

/** Creates the keeper of the firm's odds: it looks every second, and has threads reckon what was moved. */
export const createOddsKeeper = ({ db, pool, picture, put, schedule, wall, log }: Options) => {
  const stopping = new AbortController()
  const { signal } = stopping
  /** Answers by what was asked, of the last time and of this one: the same question is not asked twice. */
  let known = new Map<string, Promise<unknown>>()
  let fresh = new Map<string, Promise<unknown>>()
  let stamp: string | undefined
  let beganAt = Number.NEGATIVE_INFINITY
  let told = ''
  let working: Promise<void> | undefined
  let cancel: (() => void) | undefined

  const ask: AskOdds = (task, asked) => {
    const key = JSON.stringify([task, asked])
    const answer = known.get(key) ?? fresh.get(key) ?? pool.ask(task, asked, signal)
    fresh.set(key, answer)
    return answer as ReturnType<typeof ask<typeof task>>
  }
  const reckon = createReckoning(db, ask)

  const work = async (seen: Partial<Picture>, at: number): Promise<void> => {
    fresh = new Map()
    const reckoned = await reckon(seen)
    known = fresh
    const words = JSON.stringify(reckoned)
    if (words === told || signal.aborted) return
    told = words
    put({ at, paths: oddsPaths, horizonDays: oddsHorizonDays, ...reckoned })
  }

  const look = (): void => {
    cancel = schedule(look, lookEveryMs)
    const seen = picture()
    if (working !== undefined || seen.account === undefined || seen.clock === undefined) return
    const now = stampOf(seen)
    if (wall() - beganAt < (now === stamp ? latestMs : soonestMs)) return
    stamp = now
    beganAt = wall()
    working = work(seen, seen.clock.at)
      .catch((error: unknown) => {
        // What failed is asked again, with the rest.
        known = new Map()
        if (!signal.aborted) log.error({ err: error }, 'The odds could not be reckoned')
      })
      .finally(() => {
        working = undefined
      })
  }

  return {
    /** Begins to look; called once. */
    start: look,
    stop: async (): Promise<void> => {
      stopping.abort()
      cancel?.()
      await working
    },
  }
}
