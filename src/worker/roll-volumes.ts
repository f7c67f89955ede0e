import { rangeOfDate } from '#src/adapters/db/front-bars.ts'
import { nextTradeDate, previousTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { contractAfter, type Fronts, tradeDatesUntil } from '#src/domain/instruments/fronts.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { rollDate } from '#src/domain/instruments/roll.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { HistorySource, Refused, SessionVolume } from '#src/engine/ports.ts'
import { startedDate } from './history-plan.ts'

/** Contracts traded in the front and in the one after it. */
export type Volumes = { readonly front: number; readonly next: number }

/** The last full trade date of a market with its front contract, and the date after it, which is to be decided. */
export type Turn = {
  readonly id: InstrumentId
  readonly last: string
  readonly next: string
  readonly current: Contract
}

/** A date is judged so long after its close: its last trades have been counted by then. Market time. */
const settleMs = 5 * minuteMs
/** Volumes move over within two weeks of the calendar's roll: only then is it worth adding them up bar by bar. */
const seasonDates = 10

/** What is to be decided of a market at `now`, epoch ms. */
export const turnAt = (id: InstrumentId, now: number, fronts: Fronts): Turn => {
  const { group } = specOf(id)
  const started = startedDate(group, now)
  const isOver = (sessionOf(group, started)?.close ?? 0) + settleMs <= now
  const last = isOver ? started : previousTradeDate(group, started)
  return { id, last, next: nextTradeDate(group, last), current: fronts(id, last) }
}

/**
 * What a source shows of the last session of each market; nothing once the next one runs, because then it shows that.
 */
export const askShown = async (
  source: HistorySource,
  turns: readonly Turn[],
  now: number,
  signal: AbortSignal,
): Promise<readonly SessionVolume[] | Refused> => {
  const shut = turns.filter(({ id, next }) => (sessionOf(specOf(id).group, next)?.open ?? 0) > now)
  if (shut.length === 0) return []
  const contracts = shut.flatMap(({ current }) => [current, contractAfter(current)])
  const answer = await source.volumes(contracts, signal)
  return answer.ok ? answer.value : answer
}

const tradedOn = async (
  source: HistorySource,
  contract: Contract,
  tradeDate: string,
  signal: AbortSignal,
): Promise<number | Refused> => {
  let volume = 0
  for await (const page of source.minutes(contract, rangeOfDate(specOf(contract.id).group, tradeDate), signal)) {
    if (!page.ok) return page
    for (const bar of page.bars) volume += bar.volume
  }
  return volume
}

/** The volumes of a market's last full trade date: as shown, else bar by bar where a roll may be near. */
export const readVolumes = async (
  source: HistorySource,
  { id, last, next, current }: Turn,
  shown: readonly SessionVolume[],
  signal: AbortSignal,
): Promise<Volumes | Refused | undefined> => {
  const volumeOf = (code: string): number | undefined =>
    shown.find(({ contract, tradeDate }) => tradeDate === last && contractCode(contract) === code)?.volume
  const [front, after] = [current, contractAfter(current)].map((contract) => volumeOf(contractCode(contract)))
  if (front !== undefined && after !== undefined) return { front, next: after }
  if (tradeDatesUntil(id, next, rollDate(current)) > seasonDates) return undefined
  const ours = await tradedOn(source, current, last, signal)
  if (typeof ours !== 'number') return ours
  const theirs = await tradedOn(source, contractAfter(current), last, signal)
  return typeof theirs === 'number' ? { front: ours, next: theirs } : theirs
}
