import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Money } from '#src/domain/money.ts'

/** What stands where a number is not known. */
export const unknown = '—'

const minus = '−'
const fixedFormats = [0, 1, 2, 3, 4].map(
  (decimals) => new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
)
const fixed = (value: number, decimals: number): string => fixedFormats[decimals]?.format(value) ?? unknown
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })

/** Writes `value` with its sign, except where it rounds to nothing: then it has none. */
const signed = (value: number, write: (magnitude: number) => string): string => {
  const text = write(Math.abs(value))
  if (!/[1-9]/.test(text)) return text
  return `${value < 0 ? minus : '+'}${text}`
}

const isKnown = (value: number | null | undefined): value is number => Number.isFinite(value)

/** A gain or loss: '+$12.50', '−$92.40', '$0.00'. */
export const formatMoney = (money: Money | null | undefined): string =>
  isKnown(money) ? signed(money / 10_000, (dollars) => `$${fixed(dollars, 2)}`) : unknown

/** An amount that has no direction, a budget or a balance: '$375.00'; one that went below nothing says so: '−$12.00'. */
export const formatAmount = (money: Money | null | undefined): string =>
  isKnown(money) ? formatMoney(money).replace(/^\+/, '') : unknown

/** A difference or a multiple with its sign and 0 to 4 decimals: '+0.66', '−94', '0'. */
export const formatSigned = (value: number | null | undefined, decimals: number): string =>
  isKnown(value) ? signed(value, (size) => fixed(size, decimals)) : unknown

/** A share of a whole as a percentage: 0.0104 is '1.04 %', never broken over two lines. */
export const formatShare = (share: number | null | undefined): string =>
  isKnown(share) ? `${formatFixed(share * 100, 2)}\u00a0%` : unknown

/** Money as a form field holds it, dollars without sign of currency or thousands: '1500', '0.62'. */
export const writeDollars = (money: Money | undefined): string => (money === undefined ? '' : String(money / 10_000))

/** A price in points with the market's own decimals: '4,123.4', '5.0125'. */
export const formatPrice = (instrument: InstrumentId, price: number | null | undefined): string =>
  formatFixed(price, specOf(instrument).decimals)

/** A price difference in points, signed: '+18.2', '−61.25'. */
export const formatChange = (instrument: InstrumentId, points: number | null | undefined): string =>
  isKnown(points) ? signed(points, (size) => fixed(size, specOf(instrument).decimals)) : unknown

/** A ratio or a rate with 0 to 4 decimals, a sign only below nothing: '2.07', '−5.36'. */
export const formatFixed = (value: number | null | undefined, decimals: number): string =>
  formatSigned(value, decimals).replace(/^\+/, '')

/** A number of no particular kind, at most four decimals: '7.9', '−0.35', '41,200'. */
export const formatNumber = (value: number | null | undefined): string => {
  if (!isKnown(value)) return unknown
  const text = plain.format(Math.abs(value))
  return value < 0 && text !== '0' ? `${minus}${text}` : text
}

/** Minutes after midnight as a form field holds them: '09:05'. */
export const writeClock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')

const eastern = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hourCycle: 'h23', ...options })
  return (at) => format.format(at)
}
const clock = eastern({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const hourMinute = eastern({ hour: '2-digit', minute: '2-digit' })
const day = eastern({ month: 'short', day: 'numeric' })
const date = eastern({ month: 'short', day: 'numeric', year: 'numeric' })
const weekday = eastern({ weekday: 'short' })

/** An instant to the second, New York: '09:41:07'. The zone stands beside it. */
export const formatClock = (at: number): string => clock(at)

/** An instant to the minute with its zone: '09:41 ET'. */
export const formatTime = (at: number): string => `${hourMinute(at)} ET`

/** An instant with its day and zone: 'Nov 20, 09:41 ET'. */
export const formatMoment = (at: number): string => `${day(at)}, ${hourMinute(at)} ET`

/** An instant that may be years ago, with its date and zone: 'Nov 20, 2026, 09:41 ET'. */
export const formatInstant = (at: number): string => `${date(at)}, ${formatTime(at)}`

/** The day an instant falls on in New York: 'Fri, Nov 20'. */
export const formatDay = (at: number): string => `${weekday(at)}, ${day(at)}`

/** When a venue next opens or closes, as seen at `now`: '16:00' today, 'Sun 18:00' on another day, New York. */
export const formatNext = (at: number, now: number): string =>
  day(at) === day(now) ? hourMinute(at) : `${weekday(at)} ${hourMinute(at)}`

/** Since when something holds, as seen at `now`: '09:41 ET' today, 'Fri 17:00 ET' on another day. */
export const formatSince = (at: number, now: number): string => `${formatNext(at, now)} ET`

/** Bytes as whole megabytes: '212 MB'. */
export const formatBytes = (bytes: number): string => `${fixed(bytes / 1e6, 0)} MB`
