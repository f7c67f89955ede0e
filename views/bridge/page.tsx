import { Layout, type PageProps } from '../layout.tsx'
import { Heading } from '../parts/heading.tsx'
import { Commands } from './commands.tsx'
import { Connections } from './connections.tsx'

export type BridgePageProps = PageProps & {
  readonly setup: {
    /** Where the AddOn calls: 'http://127.0.0.1:3000'. */
    readonly url: string
    /** The token whole, in the one answer that shows it. */
    readonly token?: string | undefined
  }
}

const Token = ({ token }: { token: string | undefined }) =>
  token === undefined ? (
    <form method="post" action="/bridge/token">
      <code>••••••••••••••••</code>{' '}
      <button type="submit" class="quiet-button">
        show it once
      </button>
    </form>
  ) : (
    <>
      <code class="token">{token}</code>
      <small>Copy it now: the next look at this page hides it again.</small>
    </>
  )

const Steps = ({ setup }: Pick<BridgePageProps, 'setup'>) => (
  <section class="box prose" aria-label="Installing">
    <h2>Install the AddOn</h2>
    <ol>
      <li>
        Download <a href="/bridge/copilot-bridge.zip">copilot-bridge.zip</a>. It is source; NinjaTrader compiles it.
      </li>
      <li>In NinjaTrader 8: Tools → Import → NinjaScript Add-On, and choose the file.</li>
      <li>
        Into the file Documents\NinjaTrader 8\CoPilotBridge.config: <code>Url={setup.url}</code> and Token={' '}
        <Token token={setup.token} />
      </li>
      <li>Leave AllowOrders out: the terminal opens no trade. Restart NinjaTrader.</li>
      <li>
        Its first word appears under Connection. Then ping it:
        <form method="post" action="/bridge/ping" hx-post="/bridge/ping" hx-swap="none">
          <button type="submit" class="quiet-button">
            ping NinjaTrader
          </button>
        </form>
      </li>
    </ol>
  </section>
)

const troubles = [
  ['It does not compile', 'An old copy is in the way: delete bin/Custom/AddOns/CoPilotBridge*.cs, then import again.'],
  [
    'Never heard',
    'The address or the token differs, or a firewall stops NinjaTrader. Its Log tab names the refusal once.',
  ],
  ['Refused: clock skew', 'The clocks of the two machines are more than 30 s apart: set Windows to its time server.'],
  [
    'A market is missing',
    'NinjaTrader names its contracts MNQ 12-26; one this terminal does not follow is shown as foreign.',
  ],
  [
    'Positions differ',
    'Something was traded while the bridge was off. Compare with NinjaTrader; it is right about what is held.',
  ],
  [
    'Accounts of the wrong kind',
    'Sim101 is NinjaTrader’s own simulation. A live account appears when its connection is on.',
  ],
  ['Prices stop at the break', 'The session template of the chart ends early: choose the instrument’s own.'],
] as const

const Troubles = () => (
  <section class="box prose" aria-label="When it does not work">
    <h2>When it does not work</h2>
    <dl>
      {troubles.map(([what, then]) => (
        <>
          <dt>{what}</dt>
          <dd>{then}</dd>
        </>
      ))}
    </dl>
  </section>
)

/** The bridge to NinjaTrader: how it is heard, what it was asked, and how to install it. */
export const BridgePage = ({ setup, ...props }: BridgePageProps) => (
  <Layout {...props} page="bridge">
    <Heading name="Bridge" />
    <div class="columns">
      <div class="stack">
        <Connections account={props.picture.account} wall={props.picture.clock?.wall} />
        <Commands account={props.picture.account} />
      </div>
      <div class="stack">
        <Steps setup={setup} />
        <Troubles />
      </div>
    </div>
  </Layout>
)
