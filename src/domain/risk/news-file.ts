import { type InstrumentId, instrumentIds, type MarketGroup } from '../instruments/instrument.ts'
import { isDate } from '../instruments/zone.ts'
import type { NewsEvent } from './news.ts'
import { instantOn, minuteOfDay, zoneNames } from './zoned.ts'

/** Why a line of the trader's own news file is refused. */
export type NewsRefusal =
  | 'not-three-parts'
  | 'not-a-date'
  | 'not-a-time'
  | 'unknown-zone'
  | 'no-name'
  | 'unknown-market'

export type ParsedNews =
  | { readonly ok: true; readonly value: readonly NewsEvent[] }
  | { readonly ok: false; readonly line: number; readonly reason: NewsRefusal }

const groups: readonly MarketGroup[] = ['equity', 'metals', 'energy']
const known: readonly (MarketGroup | InstrumentId)[] = [...groups, ...instrumentIds]

const parseMarkets = (text: string): NewsEvent['concerns'] | undefined => {
  if (text === 'all') return 'all'
  const markets = text.split(/[\s,]+/).map((word) => known.find((one) => one === word))
  return markets.every((one) => one !== undefined) ? markets : undefined
}

const parseLine = (line: string): NewsEvent | NewsRefusal => {
  const [when = '', name = '', markets, ...more] = line.split('|').map((part) => part.trim())
  if (markets === undefined || more.length > 0) return 'not-three-parts'
  const [date = '', time = '', zone = ''] = when.split(/\s+/)
  if (!isDate(date)) return 'not-a-date'
  if (minuteOfDay(time) === undefined) return 'not-a-time'
  if (!zoneNames.includes(zone)) return 'unknown-zone'
  if (name === '') return 'no-name'
  const concerns = parseMarkets(markets)
  if (concerns === undefined) return 'unknown-market'
  return { name, at: instantOn(date, { zone, time }), source: 'own file', concerns }
}

/**
 * Reads the trader's own events, one a line: `2026-11-24 08:30 America/New_York | GDP | all`; instead of all, markets or
 * groups: `MCL, metals`. Empty lines and those that begin with # are passed over; the first bad line is named, from 1.
 */
export const parseNewsFile = (text: string): ParsedNews => {
  const events: NewsEvent[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue
    const event = parseLine(line)
    if (typeof event === 'string') return { ok: false, line: i + 1, reason: event }
    events.push(event)
  }
  return { ok: true, value: events.toSorted((a, b) => a.at - b.at) }
}
