/** How a time could not be read. A clock that jumps shows some times twice and some never. */
export type TimeRefusal = 'unparsable-time' | 'no-zone' | 'ambiguous-time'

type Parsed = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly reason: TimeRefusal }

const dayMs = 86_400_000
/** Every zone has switched on a quarter of an hour. */
const stepMs = 900_000

/** Whether the machine knows a time zone of this name. */
export const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

const offsets = new Map<string, (ms: number) => number>()

/** How far a zone's clock is ahead of UTC at an instant, in ms; asked of Intl once per quarter of an hour. */
const offsetIn = (zone: string): ((ms: number) => number) => {
  const known = offsets.get(zone)
  if (known !== undefined) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const bySteps = new Map<number, number>()
  const offsetAt = (ms: number): number => {
    const step = Math.floor(ms / stepMs)
    const held = bySteps.get(step)
    if (held !== undefined) return held
    const shown = Object.fromEntries(clock.formatToParts(step * stepMs).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = shown
    const offset = Date.UTC(year, month - 1, day, hour, minute) - step * stepMs
    bySteps.set(step, offset)
    return offset
  }
  offsets.set(zone, offsetAt)
  return offsetAt
}

/** The one instant at which the zone's clock shows `local` (ms, as if UTC). */
const instantOf = (local: number, zone: string): Parsed => {
  const offsetAt = offsetIn(zone)
  const offsetsAround = new Set([offsetAt(local - dayMs), offsetAt(local + dayMs)])
  const [at, second] = [...offsetsAround].map((offset) => local - offset).filter((ms) => ms + offsetAt(ms) === local)
  if (at === undefined) return { ok: false, reason: 'unparsable-time' }
  return second === undefined ? { ok: true, at } : { ok: false, reason: 'ambiguous-time' }
}

const epoch = /^\d{10}(\d{3})?$/
const written = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?(Z|[+-]\d\d:?\d\d)?$/
const compact = /^(\d{4})(\d\d)(\d\d) (\d\d)(\d\d)(\d\d)$/

const offsetMsOf = (text: string): number =>
  text === 'Z'
    ? 0
    : (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) * 3_600_000 + Number(text.slice(-2)) * 60_000)

/**
 * Reads a time as epoch seconds or ms, as `2013-10-07 09:30[:00][Z|±hh:mm]`, or as `20131007 093000`. A time without
 * its own offset is read on the clock of `zone`; without either it is refused, never guessed.
 */
export const parseTime = (text: string, zone?: string): Parsed => {
  if (epoch.test(text)) return { ok: true, at: Number(text) * (text.length === 10 ? 1000 : 1) }
  const match = written.exec(text) ?? compact.exec(text)
  if (match === null) return { ok: false, reason: 'unparsable-time' }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const local = Date.UTC(year, month - 1, day, hour, minute, second)
  const exists = hour < 24 && minute < 60 && second < 60 && new Date(local).getUTCDate() === day && month <= 12
  if (!exists) return { ok: false, reason: 'unparsable-time' }
  const offset = match[7]
  if (offset !== undefined) return { ok: true, at: local - offsetMsOf(offset) }
  return zone === undefined ? { ok: false, reason: 'no-zone' } : instantOf(local, zone)
}
