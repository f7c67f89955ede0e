import { addDays, dateOf, weekdayOf } from '../instruments/zone.ts'
import type { DateSpan } from './objective.ts'
import type { Windows } from './trial.ts'

/** Learns on `train`, is tried on `test`: the dates right behind it. */
export type WalkFold = { readonly train: DateSpan; readonly test: DateSpan }

/** 6 months learned on, 1 month tried on, moved by 1 month. */
export const usualWindows: Windows = { train: 6, test: 1, step: 1 }

const daysPerMonth = 365.25 / 12
/** A window may lack so many days of its beginning: a history of twelve months starts on a trade date, not on any day. */
const graceDays = 7

/** The same day so many months before, the month's last where it has none; parts of a month in days. */
const monthsBefore = (date: string, months: number): string => {
  const whole = Math.trunc(months)
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const first = Date.UTC(year, month - 1 - whole, 1)
  const last = new Date(Date.UTC(year, month - whole, 0)).getUTCDate()
  const moved = dateOf(first / 86_400_000 + Math.min(day, last) - 1)
  return addDays(moved, -Math.round((months - whole) * daysPerMonth))
}

/** Index of the first date at or after `date`. */
const indexAt = (dates: readonly string[], date: string): number => {
  const found = dates.findIndex((each) => each >= date)
  return found < 0 ? dates.length : found
}

/** First day of the training that ends `months` before the last date, or nothing. */
const trainStart = (dates: readonly string[], { train, test }: Windows, moved: number): string =>
  monthsBefore(addDays(dates.at(-1) as string, 1), moved + test + train)

const fits = (dates: readonly string[], start: string): boolean => addDays(start, graceDays) >= (dates[0] as string)

/**
 * The folds of a walk-forward, oldest first. They are laid from the newest date backwards, so that what is tried last is the
 * newest there is; what is too old to fill a window stays unused. `dates` ascend.
 */
export const foldsOf = (dates: readonly string[], windows: Windows): readonly WalkFold[] => {
  const folds: WalkFold[] = []
  if (dates.length === 0) return folds
  const end = addDays(dates.at(-1) as string, 1)
  for (let moved = 0; fits(dates, trainStart(dates, windows, moved)); moved += windows.step) {
    const from = indexAt(dates, trainStart(dates, windows, moved))
    const testFrom = indexAt(dates, monthsBefore(end, moved + windows.test))
    const to = indexAt(dates, monthsBefore(end, moved))
    // A hole in the history can leave a window without a date.
    if (from < testFrom && testFrom < to) folds.unshift({ train: { from, to: testFrom }, test: { from: testFrom, to } })
  }
  return folds
}

/** The newest dates as long as a training window: what the next, unseen dates are played with. */
export const newestTraining = (dates: readonly string[], { train }: Windows): DateSpan => ({
  from: indexAt(dates, monthsBefore(addDays(dates.at(-1) as string, 1), train)),
  to: dates.length,
})

/** Trade dates one fold takes, weekdays standing for those that are missing. */
export const datesNeeded = (dates: readonly string[], windows: Windows): number => {
  if (dates.length === 0) return Math.ceil((windows.train + windows.test) * (252 / 12))
  let missing = 0
  for (let day = trainStart(dates, windows, 0); day < (dates[0] as string); day = addDays(day, 1)) {
    if (weekdayOf(day) % 6 !== 0) missing++
  }
  return dates.length + Math.max(1, missing)
}

/** Windows for a history: those wanted, or shorter ones in their proportion. */
export type ProposedWindows = Windows & { readonly shortened: boolean }

/** Folds a shortened history is to have. */
const shortenedFolds = 4
/** Windows come in quarters of a month, about a week. */
const quarter = 0.25

/**
 * The windows wanted where one fold fits, otherwise shorter ones of the same proportion; undefined where not even weeks fit.
 */
export const windowsFor = (dates: readonly string[], wanted: Windows = usualWindows): ProposedWindows | undefined => {
  if (dates.length === 0) return undefined
  if (foldsOf(dates, wanted).length > 0) return { ...wanted, shortened: false }
  const { train, test, step } = wanted
  const span = (Date.parse(dates.at(-1) as string) - Date.parse(dates[0] as string)) / 86_400_000 + graceDays
  const least = Math.min(train, test, step)
  const share = span / daysPerMonth / (train + test + (shortenedFolds - 1) * step)
  const shortened = Math.max(quarter, Math.floor((share * least) / quarter) * quarter)
  const shorter = (months: number): number => Math.round((months / least) * (shortened / quarter)) * quarter
  const windows = { train: shorter(train), test: shorter(test), step: shorter(step) }
  return foldsOf(dates, windows).length > 0 ? { ...windows, shortened: true } : undefined
}

/** The longest window in months: a study reads no more of the past. */
export const longestWindow = 14

/** '6/1/1': months learned on, tried on and moved by. */
export const writeWindows = ({ train, test, step }: Windows): string => `${train}/${test}/${step}`

const isWindow = (months: number): boolean => months >= quarter && months <= longestWindow && months % quarter === 0

/** Reads '6/1/1'; undefined where it is not three lengths in quarters of a month up to the longest. */
export const parseWindows = (text: string): Windows | undefined => {
  const parts = text.split('/')
  const [train, test, step] = parts.map((part) => (/^\d+(\.\d+)?$/.test(part.trim()) ? Number(part) : Number.NaN))
  if (parts.length !== 3 || train === undefined || test === undefined || step === undefined) return undefined
  return [train, test, step].every(isWindow) ? { train, test, step } : undefined
}
