import { dateOfBar, previousTradeDate, sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { MarketGroup } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { HistorySource, Refused } from '#src/engine/ports.ts'
import { type Minutes, sift } from './history-minutes.ts'
import type { MassiveRest, Page } from './rest.ts'
import { refused } from './rest-request.ts'
import type { Snapshot } from './to-domain.ts'

const weekMs = 7 * 24 * 60 * minuteMs

/** The vendor takes a moment to close a minute. */
const graceMs = minuteMs

/** The trade date of the session that is running, or of the last one. */
const sessionDateAt = (group: MarketGroup, now: number): string => {
  const date = tradeDateAt(group, now)
  const session = sessionOf(group, date)
  return session !== undefined && session.open <= now ? date : previousTradeDate(group, date)
}

/** A snapshot's volume is of the session of its last trade: a market that has just opened may still show the one before. */
const dateOfVolume = ({ contract, lastTradedAt }: Snapshot, now: number): string => {
  const { group } = specOf(contract.id)
  return lastTradedAt === undefined ? sessionDateAt(group, now) : dateOfBar(group, lastTradedAt)
}

/** Read newest first, a page would seem to reach over all the pages that follow it. */
const isBackwards = (rows: readonly Bar[]): boolean => (rows.at(-1)?.time ?? 0) < (rows[0]?.time ?? 0)

const firstPage = async <T>(pages: AsyncIterable<Page<T> | Refused>): Promise<Page<T> | Refused> => {
  for await (const page of pages) return page
  return refused('garbage', 'there was no answer')
}

/**
 * The vendor's past. `wall` is the time its answers are of, epoch ms: the machine's, less the delay of a delayed plan, or
 * the market's where a simulation runs.
 */
export const createMassiveHistory = ({
  rest,
  wall,
}: {
  readonly rest: MassiveRest
  readonly wall: () => number
}): HistorySource => ({
  name: 'massive',

  async *minutes(contract, { from, to }, signal) {
    const spec = specOf(contract.id)
    let before: Minutes = new Map()
    let reaches = from
    let now = wall()
    for await (const page of rest.aggregates(contract, { resolution: '1min', from, to }, signal)) {
      if (!page.ok) return yield page
      const { minutes, dropped } = sift({ spec, from, to, now }, page.rows, before)
      const bars = [...minutes.values()].sort((a, b) => a.time - b.time)
      const end = page.more
        ? (bars.at(-1)?.time ?? Number.NEGATIVE_INFINITY) + minuteMs
        : Math.min(to, Math.floor(now / minuteMs) * minuteMs - graceMs)
      if (page.more && page.rows.length > 0 && (isBackwards(page.rows) || end <= reaches))
        return yield refused('garbage', 'the history does not move on')
      reaches = Math.max(reaches, end)
      yield { ok: true, bars, reaches, dropped: { ...page.dropped, ...dropped } }
      before = minutes
      now = wall()
    }
  },

  async volumes(contracts, signal) {
    const snapshots = await rest.snapshot(contracts, signal)
    if (!snapshots.ok) return snapshots
    const now = wall()
    return {
      ok: true,
      value: snapshots.value.flatMap(({ volume, ...snapshot }) =>
        volume === undefined ? [] : [{ contract: snapshot.contract, tradeDate: dateOfVolume(snapshot, now), volume }],
      ),
    }
  },

  async check(signal) {
    const now = wall()
    const front = frontContract('ES', tradeDateAt('equity', now))
    const newest = { from: now - weekMs, to: now, limit: 1, sort: 'desc' } as const
    const bars = await firstPage(rest.aggregates(front, { resolution: '1min', ...newest }, signal))
    if (!bars.ok) return bars
    const plan = ['minute bars']
    for (const beyond of ['trades', 'quotes'] as const) {
      const page = await firstPage<unknown>(rest[beyond](front, newest, signal))
      if (page.ok) plan.push(beyond)
      else if (page.reason !== 'not-entitled') return page
    }
    return { ok: true, plan: plan.length === 1 ? 'minute bars only' : plan.join(', ') }
  },
})
