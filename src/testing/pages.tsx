import { chartOf } from '#src/domain/chart/chart-of.ts'
import { focusInstruments, specOf } from '#src/domain/instruments/contract-spec.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import type { Picture } from '#src/domain/picture.ts'
import { defaultPreferences } from '#src/domain/preferences.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { AccountsPage, type AccountsPageProps } from '#views/accounts/page.tsx'
import { BridgePage, type BridgePageProps } from '#views/bridge/page.tsx'
import { ChartPage, type ChartPageProps } from '#views/chart/page.tsx'
import { GlancePage } from '#views/glance/page.tsx'
import { LabPage } from '#views/lab/page.tsx'
import type { PageProps } from '#views/layout.tsx'
import type { Page, Stream } from '#views/rooms.ts'
import { SettingsPage, type SettingsPageProps } from '#views/settings/page.tsx'
import { SignalsPage } from '#views/signals/page.tsx'
import { SystemPage } from '#views/system/page.tsx'
import { TerminalPage } from '#views/terminal/page.tsx'
import { evaluationAccount, presets } from './accounts.ts'
import { now } from './world.ts'

export type { Page } from '#views/rooms.ts'

/** What every page is made from, around a picture. */
export const propsOf = (picture: Partial<Picture>): PageProps => ({
  picture,
  instruments: focusInstruments,
  preferences: defaultPreferences,
  asset: (file) => `/public/${file}`,
})

/** The accounts room as the world's trader keeps it. */
export const accountsProps = (picture: Partial<Picture>): AccountsPageProps => ({
  ...propsOf(picture),
  presets,
  accounts: [
    {
      account: evaluationAccount,
      preview: 'With your last 60 days this plan would have ended on 2026-10-21.',
    },
    { account: { ...evaluationAccount, name: 'Sim101', alias: 'SIM101', kind: 'SIM', firm: 'own' } },
  ],
})

export const settingsProps = (picture: Partial<Picture>): SettingsPageProps => ({
  ...propsOf(picture),
  settings: {
    accountSize: dollars(50_000),
    limits: defaultLimits,
    phases: defaultBoundaries,
    instruments: focusInstruments,
    news: '2026-11-24 08:30 America/New_York | GDP | all',
  },
  audit: [{ number: 14, at: now - 600_000, who: 'the trader', kind: 'limits', words: 'daily loss $600 to $500' }],
})

export const bridgeProps = (picture: Partial<Picture>): BridgePageProps => ({
  ...propsOf(picture),
  setup: { url: 'http://127.0.0.1:3000' },
})

/** Gold's chart with one bar that is over and one that grows. */
export const chartProps = (picture: Partial<Picture>): ChartPageProps => ({
  ...propsOf(picture),
  instrument: 'MGC',
  timeframe: '5m',
  told: chartOf(
    specOf('MGC'),
    '5m',
    [0, 1, 2, 3, 4, 5].map((minute) => ({
      bar: {
        time: now - (now % 300_000) + (minute - 5) * 60_000,
        open: 4120,
        high: 4124.5,
        low: 4119.2,
        close: 4123.4,
        volume: 812,
      },
      tradeDate: '2026-11-20',
    })),
  ),
})

/** The stream a page listens to; the chart's is gold's. */
export const streamOf = (page: Page): Stream => (page === 'chart' ? 'chart-MGC' : page)

/** A whole page as the server sends it. */
export const pageOf = (page: Page, picture: Partial<Picture>): string => {
  switch (page) {
    case 'terminal':
      return String(<TerminalPage {...propsOf(picture)} />)
    case 'system':
      return String(<SystemPage {...propsOf(picture)} />)
    case 'signals':
      return String(<SignalsPage {...propsOf(picture)} />)
    case 'lab':
      return String(<LabPage {...propsOf(picture)} />)
    case 'glance':
      return String(<GlancePage {...propsOf(picture)} />)
    case 'accounts':
      return String(<AccountsPage {...accountsProps(picture)} />)
    case 'settings':
      return String(<SettingsPage {...settingsProps(picture)} />)
    case 'chart':
      return String(<ChartPage {...chartProps(picture)} />)
    case 'bridge':
      return String(<BridgePage {...bridgeProps(picture)} />)
  }
}

/** What a reader reads: no tags, no closed panels, single spaces. */
export const textOf = (html: string): string =>
  html
    .replace(/<div [^>]*popover.*?<\/div>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
