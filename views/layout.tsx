import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { DataMode, Picture } from '#src/domain/picture.ts'
import { Keys } from './parts/keys.tsx'
import { Menu } from './parts/menu.tsx'
import type { Preferences } from './preferences.ts'
import { Clock } from './terminal/clock.tsx'
import { FeedBadge } from './terminal/feed-badge.tsx'
import { ModeBadge } from './terminal/mode-badge.tsx'
import { modeSlug } from './words.ts'

/** The pages that exist, each with one live stream. */
export const pages = ['terminal', 'system'] as const
export type Page = (typeof pages)[number]

/** What every page is made from. `asset` turns a file's name in the public folder into its address. */
export type PageProps = {
  readonly picture: Partial<Picture>
  readonly instruments: readonly InstrumentId[]
  readonly preferences: Preferences
  readonly asset: (file: string) => string
}

const htmxConfig = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyEnabled: false,
  ignoreTitle: true,
  selfRequestsOnly: true,
})

const names: Readonly<Record<Page, string>> = { terminal: 'Terminal', system: 'System' }

const Head = ({ page, mode, asset }: Pick<PageProps, 'asset'> & { page: Page; mode: DataMode | undefined }) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="htmx-config" content={htmxConfig} />
    <title>{[mode ?? 'NO MARKET YET', names[page], 'Futures Co-Pilot'].join(' · ')}</title>
    <link id="favicon" rel="icon" type="image/svg+xml" href={asset(`mode-${modeSlug(mode)}.svg`)} />
    <link rel="stylesheet" href={asset('terminal.css')} />
    {/* The parts share the height of the screen: half a page painted early would move all of it when the rest comes. */}
    {raw('<link rel="expect" href="#end" blocking="render">')}
    <script src={asset('terminal.js')} defer />
  </head>
)

type LayoutProps = PageProps & { page: Page; header?: Child; children: Child }

/** The frame of every page: head, header with the clock and the mode, footer, and the one live stream. */
export const Layout = ({ page, picture, preferences, asset, header, children }: LayoutProps) => {
  const { clock, feed } = picture
  const mode = feed?.mode ?? clock?.mode
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en" data-theme={preferences.theme} data-palette={preferences.palette}>
        <Head page={page} mode={mode} asset={asset} />
        <body hx-ext="sse, morph">
          <header class="top">
            <ModeBadge mode={mode} />
            <Clock clock={clock} />
            {header}
            <FeedBadge feed={feed} wall={clock?.wall} />
            <Menu page={page} preferences={preferences} />
          </header>
          <main>{children}</main>
          <footer id="end">
            <span>Not financial advice. Times are New York (ET).</span>
            <span>Futures Co-Pilot sends no orders.</span>
          </footer>
          <output id="connection" hidden>
            Reconnecting: nothing heard from the server. The numbers below are old.
          </output>
          <Keys />
          <div sse-connect={`/live?page=${page}`} sse-swap="live" hx-swap="none" hidden />
        </body>
      </html>
    </>
  )
}
