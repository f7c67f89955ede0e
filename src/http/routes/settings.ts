import { type Context, Hono } from 'hono'
import type { LimitsChange, Saved, TraderSettingsDesk } from '#src/adapters/db/trader-settings.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { type InstrumentId, instrumentIds } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import {
  answerRefused,
  answerTaken,
  type Field,
  type Fields,
  readFields,
  readNumber,
  refused,
  whoAsks,
} from '../form.ts'
import type { Env } from '../refusal.ts'

/** Where settings are saved, each change with its line in the audit log. */
export type SettingsDeps = Pick<TraderSettingsDesk, 'saveLimits' | 'savePhases' | 'saveInstruments' | 'saveNews'>

type Bounds = {
  readonly least: number
  readonly most: number
  readonly whole?: boolean
  readonly read: (value: number) => LimitsChange
}

const money = (least: number, most: number, read: Bounds['read']): Bounds => ({ least, most, read })
const count = (read: Bounds['read']): Bounds => ({ least: 1, most: 1_000, whole: true, read })
const minutes = (read: Bounds['read']): Bounds => ({ least: 0, most: 24 * 60, whole: true, read })

/** The fields of the form `limits`: dollars, percent, counts and minutes. */
const limitFields: Readonly<Record<string, Bounds>> = {
  accountSize: money(1_000, 100_000_000, (value) => ({ accountSize: dollars(value) })),
  riskPercent: { least: 0.01, most: 10, read: (value) => ({ riskShare: Math.round(value * 1e4) / 1e6 }) },
  dailyLoss: money(1, 1_000_000, (value) => ({ dailyLoss: dollars(value) })),
  dailyGoal: money(0, 1_000_000, (value) => ({ dailyGoal: dollars(value) })),
  maxOpenTrades: count((maxOpenTrades) => ({ maxOpenTrades })),
  maxLossesInRow: count((maxLossesInRow) => ({ maxLossesInRow })),
  maxTradesPerDay: count((maxTradesPerDay) => ({ maxTradesPerDay })),
  cooldownMinutes: minutes((cooldownMinutes) => ({ cooldownMinutes })),
  reentryMinutes: minutes((reentryMinutes) => ({ reentryMinutes })),
  flatBufferMinutes: minutes((flatBufferMinutes) => ({ flatBufferMinutes })),
  'news.minutesBefore': minutes((minutesBefore) => ({ news: { minutesBefore } })),
  'news.minutesAfter': minutes((minutesAfter) => ({ news: { minutesAfter } })),
}

/** The fields of the form `fees`: dollars a side and contract, by market. */
const feeFields: Readonly<Record<string, Bounds>> = Object.fromEntries(
  instrumentIds.map((id) => [specOf(id).id, money(0, 100, (value) => ({ fees: { [id]: dollars(value) } }))]),
)

const join = (a: LimitsChange, b: LimitsChange): LimitsChange => ({
  ...a,
  ...b,
  ...((a.news || b.news) && { news: { ...a.news, ...b.news } }),
  ...((a.fees || b.fees) && { fees: { ...a.fees, ...b.fees } }),
})

/** Reads the fields that are there; those that are not stay as they are kept. */
const readChange = (known: Readonly<Record<string, Bounds>>, fields: Fields): Field<LimitsChange> => {
  let change: LimitsChange = {}
  for (const [name, text] of Object.entries(fields)) {
    const bounds = known[name]
    if (bounds === undefined) return refused(name, 'unknown-field')
    const read = readNumber(name, text, bounds.least, bounds.most)
    if (!read.ok) return read
    if (bounds.whole && !Number.isInteger(read.value)) return refused(name, 'not-a-whole-number')
    change = join(change, bounds.read(read.value))
  }
  return { ok: true, value: change }
}

const boundaries = ['preMarket', 'active', 'windDown', 'flatBy'] as const

const readPhases = (fields: Fields): Field<PhaseBoundaries> => {
  const stranger = Object.keys(fields).find((name) => !boundaries.some((each) => each === name))
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  const wrong = boundaries.find((name) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(fields[name] ?? ''))
  if (wrong !== undefined) return refused(wrong, fields[wrong] === undefined ? 'missing' : 'not-a-time')
  const minuteOf = (name: string): number => Number(fields[name]?.slice(0, 2)) * 60 + Number(fields[name]?.slice(3))
  const [preMarket, active, windDown, flatBy] = boundaries.map(minuteOf) as [number, number, number, number]
  return { ok: true, value: { preMarket, active, windDown, flatBy } }
}

/** Boxes that are ticked are sent, the others are not. */
const readInstruments = (fields: Fields): Field<readonly InstrumentId[]> => {
  const stranger = Object.keys(fields).find((name) => !instrumentIds.some((id) => id === name))
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  return { ok: true, value: instrumentIds.filter((id) => fields[id] === 'yes') }
}

const readNews = ({ news, ...others }: Fields): Field<string> => {
  const [stranger] = Object.keys(others)
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  return news === undefined ? refused('news', 'missing') : { ok: true, value: news }
}

/**
 * `POST /settings/limits`, `/fees`, `/phases`, `/instruments` and `/news`, as a form or as JSON. What is taken says when it takes
 * effect; what is refused names the field and the reason, and nothing of it is kept.
 */
export const settings = ({ saveLimits, savePhases, saveInstruments, saveNews }: SettingsDeps) => {
  const save =
    <T>(form: string, read: (fields: Fields) => Field<T>, keep: (value: T, who: string) => Promise<Saved>) =>
    async (c: Context<Env>): Promise<Response> => {
      const fields = await readFields(c)
      const wanted = fields.ok ? read(fields.value) : fields
      if (!wanted.ok) return answerRefused(c, '/settings', { form, ...wanted })
      const saved = await keep(wanted.value, whoAsks(c))
      if (!saved.ok) return answerRefused(c, '/settings', { form, ...saved })
      return answerTaken(c, '/settings', { saved: form, takesEffect: saved.takesEffect })
    }
  return new Hono<Env>()
    .basePath('/settings')
    .post(
      '/limits',
      save('limits', (fields) => readChange(limitFields, fields), saveLimits),
    )
    .post(
      '/fees',
      save('fees', (fields) => readChange(feeFields, fields), saveLimits),
    )
    .post('/phases', save('phases', readPhases, savePhases))
    .post('/instruments', save('instruments', readInstruments, saveInstruments))
    .post('/news', save('news', readNews, saveNews))
}
