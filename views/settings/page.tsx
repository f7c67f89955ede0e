import type { Child } from 'hono/jsx'
import { focusInstruments, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import type { Money } from '#src/domain/money.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import { writeClock, writeDollars } from '../format.ts'
import { Layout, type PageProps } from '../layout.tsx'
import { CheckField, type Filled, fill, LinesField, TextField } from '../parts/field.tsx'
import { Heading } from '../parts/heading.tsx'
import { Appearance } from '../parts/menu.tsx'
import { Audit, type AuditLine } from './audit.tsx'

/** What the trader may set, as kept. */
export type Settings = {
  readonly accountSize: Money
  readonly limits: Limits
  readonly phases: PhaseBoundaries
  /** The markets followed. */
  readonly instruments: readonly InstrumentId[]
  /** The trader's own news, a line each. */
  readonly news: string
  /** Looser limits, and the trade date from which on they hold. */
  readonly waiting?: { readonly from: string } | undefined
}

export type SettingsPageProps = PageProps & {
  readonly settings: Settings
  /** The newest first, at most 20. */
  readonly audit: readonly AuditLine[]
}

const percent = (share: number): string => String(Math.round(share * 1e4) / 100)

const limitValues = ({ accountSize, limits }: Settings): Readonly<Record<string, string>> => ({
  accountSize: writeDollars(accountSize),
  riskPercent: percent(limits.riskShare),
  maxOpenTrades: String(limits.maxOpenTrades),
  maxLossesInRow: String(limits.maxLossesInRow),
  maxTradesPerDay: String(limits.maxTradesPerDay),
  cooldownMinutes: String(limits.cooldownMinutes),
  reentryMinutes: String(limits.reentryMinutes),
  dailyLoss: writeDollars(limits.dailyLoss),
  dailyGoal: writeDollars(limits.dailyGoal),
  flatBufferMinutes: String(limits.flatBufferMinutes),
  'news.minutesBefore': String(limits.news.minutesBefore),
  'news.minutesAfter': String(limits.news.minutesAfter),
})

type SectionProps = { form: string; title: string; takesEffect: string; children: Child }

/** One form of its own, posted alone, which says when it takes effect. */
const Section = ({ form, title, takesEffect, children }: SectionProps) => (
  <form id={form} class="box" method="post" action={`/settings/${form}`}>
    <header class="box-title">
      <h2>{title}</h2>
      <span>{takesEffect}</span>
    </header>
    {children}
    <p class="save">
      <button type="submit" class="button">
        Save {title.toLowerCase()}
      </button>
    </p>
  </form>
)

const LimitFields = ({ filled }: { filled: Filled }) => (
  <>
    <TextField filled={filled} name="accountSize" label="Account size" unit="$" />
    <TextField filled={filled} name="riskPercent" label="Most at risk per trade" unit="%" />
    <TextField filled={filled} name="dailyLoss" label="Daily loss, then no more entries" unit="$" />
    <TextField filled={filled} name="dailyGoal" label="Daily goal, told when reached" unit="$" />
    <TextField filled={filled} name="maxOpenTrades" label="Open trades at most" />
    <TextField filled={filled} name="maxLossesInRow" label="Losses in a row at most" />
    <TextField filled={filled} name="maxTradesPerDay" label="Trades a day at most" />
    <TextField filled={filled} name="cooldownMinutes" label="Rest after a loss" unit="min" />
    <TextField filled={filled} name="reentryMinutes" label="Same market again asks why within" unit="min" />
    <TextField filled={filled} name="flatBufferMinutes" label="No entries before flat-by for" unit="min" />
    <TextField filled={filled} name="news.minutesBefore" label="No entries before news for" unit="min" />
    <TextField filled={filled} name="news.minutesAfter" label="and after it for" unit="min" />
  </>
)

const phaseNames = {
  preMarket: 'PRE-MARKET from',
  active: 'ACTIVE from',
  windDown: 'WIND DOWN from',
  flatBy: 'Flat by',
} as const satisfies Record<keyof PhaseBoundaries, string>

const boundaries = Object.entries(phaseNames) as [keyof PhaseBoundaries, string][]

/** What the trader may set, each form with when it takes effect; and what was decided last. */
export const SettingsPage = ({ settings, audit, ...props }: SettingsPageProps) => {
  const { limits, phases, instruments } = settings
  const markets = [...new Set([...focusInstruments, ...instruments])]
  const filled = (form: string, values: Filled['values']): Filled => fill(form, values, props.outcome)
  const fees = filled('fees', Object.fromEntries(markets.map((id) => [id, writeDollars(limits.fees[id])])))
  const times = filled('phases', Object.fromEntries(boundaries.map(([name]) => [name, writeClock(phases[name])])))
  const followed = filled('instruments', Object.fromEntries(instruments.map((id) => [id, 'yes'])))
  return (
    <Layout {...props} page="settings">
      <Heading name="Settings" />
      <div class="columns">
        <Section form="limits" title="Limits" takesEffect="at once; looser ones at the next trade date">
          <LimitFields filled={filled('limits', limitValues(settings))} />
          {settings.waiting && <p class="text-warn">Looser limits wait for the trade date {settings.waiting.from}.</p>}
        </Section>
        <div class="stack">
          <Section form="fees" title="Fees" takesEffect="a side and contract, for fills from now on">
            {markets.map((id) => (
              <TextField filled={fees} name={id} label={`${id} ${specOf(id).name}`} unit="$" />
            ))}
          </Section>
          <Section form="phases" title="Phases of the day" takesEffect="when the program starts again">
            {boundaries.map(([name, words]) => (
              <TextField filled={times} name={name} label={words} unit="ET" />
            ))}
          </Section>
        </div>
        <div class="stack">
          <Section form="instruments" title="Markets" takesEffect="when the program starts again">
            {markets.map((id) => (
              <CheckField filled={followed} name={id} label={`${id} ${specOf(id).name}`} />
            ))}
          </Section>
          <Section form="news" title="News of your own" takesEffect="at once">
            <LinesField
              filled={filled('news', { news: settings.news })}
              name="news"
              label="a line each: when | what | markets"
              placeholder="2026-11-24 08:30 America/New_York | GDP | all"
            />
          </Section>
          <section class="box" aria-label="Appearance">
            <header class="box-title">
              <h2>Appearance</h2>
              <span>at once, in this browser</span>
            </header>
            <Appearance preferences={props.preferences} />
          </section>
        </div>
      </div>
      <Audit lines={audit} />
    </Layout>
  )
}
