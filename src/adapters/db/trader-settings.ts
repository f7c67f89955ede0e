import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { instrumentIds } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import type { Money } from '#src/domain/money.ts'
import { defaultPreferences, type Preferences, palettes, themes } from '#src/domain/preferences.ts'
import { defaultLimits, type Limits, type TraderLimits } from '#src/domain/risk/limits.ts'
import { type NewsRefusal, parseNewsFile } from '#src/domain/risk/news-file.ts'
import type { Audit } from './audit.ts'
import type { Db } from './connect.ts'
import { changeLimits, effectiveLimits, type StoredLimits } from './limits-in-force.ts'
import { readSetting, writeSetting } from './settings.ts'

const amount = z.int().min(0)
const minutes = z
  .int()
  .min(0)
  .max(24 * 60)
const few = z.int().min(1).max(1_000)
const limits = z.strictObject({
  riskShare: z.number().positive().max(0.1),
  maxOpenTrades: few,
  maxLossesInRow: few,
  maxTradesPerDay: few,
  cooldownMinutes: minutes,
  reentryMinutes: minutes,
  dailyLoss: amount.positive(),
  dailyGoal: amount,
  flatBufferMinutes: minutes,
  news: z.strictObject({ minutesBefore: minutes, minutesAfter: minutes }),
  fees: z.record(z.enum(instrumentIds), amount),
})
const traderLimits = z.strictObject({ accountSize: amount.positive(), limits })
const stored = z.strictObject({
  inForce: traderLimits,
  next: z.exactOptional(z.strictObject({ limits: traderLimits, from: z.iso.date() })),
})
const minuteOfDay = z
  .int()
  .min(0)
  .max(24 * 60 - 1)
const phases = z.strictObject({
  preMarket: minuteOfDay,
  active: minuteOfDay,
  windDown: minuteOfDay,
  flatBy: minuteOfDay,
})
const instruments = z.array(z.enum(instrumentIds)).min(1)

const preferences = z.strictObject({ theme: z.enum(themes), palette: z.enum(palettes) })

const mostNewsChars = 40_000

/** What the trader has set; `waiting` are looser limits and from which trade date on they hold. */
export type TraderSettings = TraderLimits & {
  readonly phases: PhaseBoundaries
  readonly instruments: readonly InstrumentId[]
  readonly news: string
  readonly waiting?: StoredLimits['next']
}

/** Part of the limits, as a form changes them; fees by market. */
export type LimitsChange = { readonly accountSize?: Money } & Partial<Omit<Limits, 'news' | 'fees'>> & {
    readonly news?: Partial<Limits['news']>
    readonly fees?: Partial<Limits['fees']>
  }

export type SettingRefusal = 'not-ascending' | 'none-chosen' | 'too-long' | NewsRefusal

/** When a change holds: 'mixed' is what is tighter at once and what is looser at the next trade date. */
export type TakesEffect = 'now' | 'next-trade-date' | 'mixed' | 'next-start'

export type Saved =
  | { readonly ok: true; readonly takesEffect: TakesEffect }
  | { readonly ok: false; readonly field: string; readonly reason: SettingRefusal; readonly line?: number }

type Options = {
  readonly db: Db
  readonly audit: Audit
  /** Machine time. */
  readonly wall: () => number
  /** The trade date that runs, or while closed the one that opens next, and the one after it. */
  readonly tradeDates: () => { readonly tradeDate: string; readonly following: string }
  /** What holds while the trader has set nothing. */
  readonly defaults: Pick<TraderSettings, 'accountSize' | 'phases' | 'instruments'>
}

const effectOf = (before: TraderLimits, after: StoredLimits): TakesEffect => {
  if (after.next === undefined) return 'now'
  return isDeepStrictEqual(after.inForce, before) ? 'next-trade-date' : 'mixed'
}

const merge = ({ accountSize, limits: held }: TraderLimits, change: LimitsChange): TraderLimits => {
  const { accountSize: size = accountSize, news, fees, ...rest } = change
  const merged = { ...held, ...rest, news: { ...held.news, ...news }, fees: { ...held.fees, ...fees } }
  return { accountSize: size, limits: merged }
}

const usualLimits = ({ accountSize }: Options['defaults']): StoredLimits => ({
  inForce: { accountSize, limits: defaultLimits },
})

/** What the trader has set, as it holds on the trade date that runs. */
export const readTraderSettings = async ({
  db,
  tradeDates,
  defaults,
}: Pick<Options, 'db' | 'defaults'> & {
  readonly tradeDates: () => { readonly tradeDate: string }
}): Promise<TraderSettings> => {
  const kept = (await readSetting(db, 'limits', stored)) ?? usualLimits(defaults)
  const { tradeDate } = tradeDates()
  const waits = kept.next !== undefined && tradeDate < kept.next.from
  return {
    ...effectiveLimits(kept, tradeDate),
    ...(waits && { waiting: kept.next }),
    phases: (await readSetting(db, 'phases', phases)) ?? defaults.phases,
    instruments: (await readSetting(db, 'instruments', instruments)) ?? defaults.instruments,
    news: (await readSetting(db, 'news', z.string())) ?? '',
  }
}

/** The trader's own settings. Every change is one line of the audit log, stored with it or not at all. */
export const createTraderSettings = ({ db, audit, wall, tradeDates, defaults }: Options) => {
  const usual = usualLimits(defaults)

  /** Writes one setting beside its line; what changes nothing leaves no line. */
  const replace = async <T>(
    key: string,
    schema: z.ZodType<T>,
    who: string,
    change: (before: T | undefined) => T,
    usually?: T,
  ): Promise<void> => {
    await audit.along(async (tx) => {
      const before = await readSetting(tx, key, schema)
      const after = change(before)
      if (isDeepStrictEqual(after, before)) return undefined
      await writeSetting(tx, key, schema, after, wall())
      return { at: wall(), kind: 'settings', who, body: { key, before: before ?? usually ?? null, after } }
    })
  }

  return {
    read: (): Promise<TraderSettings> => readTraderSettings({ db, tradeDates, defaults }),
    /** What is tighter holds at once, what is looser at the next trade date. Throws ZodError on a value out of its range. */
    saveLimits: async (change: LimitsChange, who: string): Promise<Saved> => {
      let takesEffect: TakesEffect = 'now'
      const changed = (before = usual): StoredLimits => {
        const dates = tradeDates()
        const held = effectiveLimits(before, dates.tradeDate)
        // What waits is changed too: fees saved today must not take back the limits of tomorrow.
        const after = changeLimits(before, merge(before.next?.limits ?? held, change), dates)
        takesEffect = effectOf(held, after)
        return after
      }
      await replace('limits', stored, who, changed, usual)
      return { ok: true, takesEffect }
    },
    /** Minutes after midnight New York, each later than the one before; they hold at the next start. */
    savePhases: async (wanted: PhaseBoundaries, who: string): Promise<Saved> => {
      const order = ['preMarket', 'active', 'windDown', 'flatBy'] as const
      const wrong = order.find((name, i) => i > 0 && wanted[name] <= wanted[order[i - 1] ?? name])
      if (wrong !== undefined) return { ok: false, field: wrong, reason: 'not-ascending' }
      await replace('phases', phases, who, () => wanted)
      return { ok: true, takesEffect: 'next-start' }
    },
    /** The markets followed, in the product's order; they hold at the next start. */
    saveInstruments: async (wanted: readonly InstrumentId[], who: string): Promise<Saved> => {
      if (wanted.length === 0) return { ok: false, field: 'instruments', reason: 'none-chosen' }
      await replace('instruments', instruments, who, () => instrumentIds.filter((id) => wanted.includes(id)))
      return { ok: true, takesEffect: 'next-start' }
    },
    /** The trader's own news file, kept as written. */
    saveNews: async (text: string, who: string): Promise<Saved> => {
      if (text.length > mostNewsChars) return { ok: false, field: 'news', reason: 'too-long' }
      const read = parseNewsFile(text)
      if (!read.ok) return { ok: false, field: 'news', reason: read.reason, line: read.line }
      await replace('news', z.string(), who, () => text)
      return { ok: true, takesEffect: 'now' }
    },
    /** How the screen is drawn where a browser has no choice of its own. */
    preferences: async (): Promise<Preferences> =>
      (await readSetting(db, 'preferences', preferences)) ?? defaultPreferences,
    savePreferences: (wanted: Preferences, who: string): Promise<void> =>
      replace('preferences', preferences, who, () => wanted, defaultPreferences),
  }
}

export type TraderSettingsDesk = ReturnType<typeof createTraderSettings>
