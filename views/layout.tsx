import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { DataMode, Picture } from '#src/domain/picture.ts'
import type { Preferences } from '#src/domain/preferences.ts'
import { Keys } from './parts/keys.tsx'
import { Menu } from './parts/menu.tsx'
import { Notice, type Outcome } from './parts/notice.tsx'
import { Outage } from './parts/outage.tsx'
import { type Page, rooms, type Stream } from './rooms.ts'
import { Clock } from './terminal/clock.tsx'
import { FeedBadge } from './terminal/feed-badge.tsx'
import { Kill } from './terminal/kill.tsx'
import { ModeBadge } from './terminal/mode-badge.tsx'
import { modeSlug } from './words.ts'

/** What every page is made from. `asset` turns a file's name in the public folder into its address. */
export type PageProps = {
  readonly picture: Partial<Picture>
  readonly instruments: readonly InstrumentId[]
  readonly preferences: Preferences
  readonly asset: (file: string) => string
  /** What became of the form that led here. */
  readonly outcome?: Outcome | undefined
}

const htmxConfig = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyEnabled: false,
  ignoreTitle: true,
  selfRequestsOnly: true,
})

type HeadProps = Pick<PageProps, 'asset'> & { title: string; mode: DataMode | undefined; island: string | undefined }

const Head = ({ title, mode, asset, island }: HeadProps) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="htmx-config" content={htmxConfig} />
    <title>{[mode ?? 'NO MARKET YET', title, 'Futures Co-Pilot'].join(' · ')}</title>
    <link id="favicon" rel="icon" type="image/svg+xml" href={asset(`mode-${modeSlug(mode)}.svg`)} />
    <link rel="stylesheet" href={asset('terminal.css')} />
    {island && <link rel="stylesheet" href={asset(`${island}.css`)} />}
    {/* The parts share the height of the screen: half a page painted early would move all of it when the rest comes. */}
    {raw('<link rel="expect" href="#end" blocking="render">')}
    <script src={asset('terminal.js')} defer />
    {island && <script src={asset(`${island}.js`)} defer />}
  </head>
)

type LayoutProps = PageProps & {
  page: Page
  /** Where the page's stream and title are not its room's own. */
  stream?: Stream
  title?: string
  /** A script and a style sheet that this page alone loads, by their name. */
  island?: string
  /** A question instead of a page: nothing but the mode above it, and no live stream to move it. */
  asks?: string
  header?: Child
  children: Child
}

/** A market that is made or replayed keeps its own time; what is done here is timed by this PC. */
const clocksOf = (mode: DataMode | undefined): string =>
  mode === 'SIM MARKET' || mode === 'REPLAY'
    ? 'Times are New York (ET): cards and trades by the market’s clock above, work and settings by this PC’s.'
    : 'Times are New York (ET).'

/** The frame of every page: head, header with the clock and the mode, footer, and the one live stream. */
export const Layout = ({
  page,
  asks,
  picture,
  preferences,
  asset,
  outcome,
  header,
  children,
  ...rest
}: LayoutProps) => {
  const { clock, feed } = picture
  const { stream = page, title = rooms[page].name, island } = rest
  const mode = feed?.mode ?? clock?.mode
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en" data-theme={preferences.theme} data-palette={preferences.palette}>
        <Head title={asks ?? title} mode={mode} asset={asset} island={island} />
        <body hx-ext="sse, morph">
          <header class="top">
            <ModeBadge mode={mode} />
            {asks === undefined && (
              <>
                <Clock clock={clock} />
                {header}
                <FeedBadge feed={feed} clock={clock} />
                <Menu page={page} preferences={preferences} />
              </>
            )}
          </header>
          <main class={`${page}-page`}>
            <Kill account={picture.account} clock={picture.clock} />
            <Notice outcome={outcome} />
            {children}
          </main>
          <footer id="end">
            <span>Not financial advice. {clocksOf(mode)}</span>
            <span>Futures Co-Pilot opens no trade.</span>
          </footer>
          <Outage outage={picture.outage} />
          <output id="connection" hidden>
            Reconnecting: nothing heard from the server. The numbers below are old.
          </output>
          <output id="refused" hidden />
          <Keys />
          {asks === undefined && <div sse-connect={`/live?page=${stream}`} sse-swap="live" hx-swap="none" hidden />}
        </body>
      </html>
    </>
  )
}
