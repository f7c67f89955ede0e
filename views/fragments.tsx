import { type InstrumentId, instrumentIds } from '#src/domain/instruments/instrument.ts'
import type { Picture, Topic } from '#src/domain/picture.ts'
import { AccountTable } from './accounts/table.tsx'
import { Commands } from './bridge/commands.tsx'
import { Connections } from './bridge/connections.tsx'
import { chartTopics, renderChart } from './chart/fragments.tsx'
import { Held } from './glance/held.tsx'
import { Lab } from './lab/lab.tsx'
import { Outage } from './parts/outage.tsx'
import type { Stream } from './rooms.ts'
import { Signals } from './signals/signals.tsx'
import { History } from './system/history.tsx'
import { SystemReading } from './system/reading.tsx'
import { Alerts } from './terminal/alerts.tsx'
import { Bridge } from './terminal/bridge.tsx'
import { Clock } from './terminal/clock.tsx'
import { FeedBadge } from './terminal/feed-badge.tsx'
import { Gate } from './terminal/gate.tsx'
import { Kill } from './terminal/kill.tsx'
import { ModeBadge } from './terminal/mode-badge.tsx'
import { Numbers } from './terminal/numbers.tsx'
import { Focus, Plan } from './terminal/plan.tsx'
import { Positions } from './terminal/positions.tsx'
import { Price } from './terminal/price.tsx'
import { Risk } from './terminal/risk.tsx'
import { Strip } from './terminal/strip.tsx'

export { pages, type Stream } from './rooms.ts'

const everywhere = ['clock', 'feed', 'account', 'outage'] as const

type RoomStream = Exclude<Stream, `chart-${string}`>

/** The topics of each stream: its page subscribes to these and no other, since each must find its fragments there. */
export const pageTopics = (
  instruments: readonly InstrumentId[],
): Readonly<Record<RoomStream, readonly Topic[]> & Partial<Record<Stream, readonly Topic[]>>> => {
  const markets = instruments.flatMap((id) => [`focus:${id}`, `price:${id}`] as const)
  return {
    terminal: [...everywhere, 'strip', 'gate', 'plan', 'alerts', ...markets, 'odds'],
    signals: [...everywhere, 'calibration'],
    lab: [...everywhere, 'lab'],
    'lab-sheet': everywhere,
    accounts: [...everywhere, 'odds'],
    glance: [...everywhere, 'gate'],
    bridge: everywhere,
    settings: everywhere,
    system: [...everywhere, 'system', 'history'],
    ...Object.fromEntries(instruments.map((id) => [`chart-${id}`, [...everywhere, ...chartTopics(id)]])),
  }
}

/** What a page shows of the accounts, beside the kill switch's state, which stands on every page. */
const accountFragments = {
  terminal: [Kill, Numbers, Bridge, Positions, Risk],
  signals: [Kill],
  lab: [Kill],
  'lab-sheet': [Kill],
  accounts: [Kill, AccountTable],
  glance: [Kill, Numbers, Held],
  bridge: [Kill, Connections, Commands],
  settings: [Kill],
  system: [Kill],
} as const satisfies Record<RoomStream, unknown>

/** A change of this is sent at once: what the platform did, and not what a price did to it; and the answer to 'may I trade'. */
export const urgentStamp = (topic: Topic, picture: Partial<Picture>): unknown =>
  topic === 'account' ? picture.account?.moved : topic === 'gate' ? picture.gate?.open : undefined

const known = (picture: Partial<Picture>): InstrumentId[] =>
  instrumentIds.filter((id) => picture[`focus:${id}`] ?? picture[`price:${id}`])

const isPlaced = (picture: Partial<Picture>, id: InstrumentId): boolean => picture.plan?.places.includes(id) ?? false

const renderMarket = (topic: Topic, picture: Partial<Picture>, oob: boolean): string => {
  const [kind, code] = topic.split(':')
  const id = code as InstrumentId
  if (kind === 'focus') return String(<Focus picture={picture} instrument={id} oob={oob} />)
  const bracket = isPlaced(picture, id) ? picture[`focus:${id}`]?.bracket : undefined
  const price = picture[`price:${id}`]
  return String(<Price instrument={id} price={price} wall={picture.clock?.wall} bracket={bracket} oob={oob} />)
}

/** Where the odds stand: under each account, or behind the cards they speak of. */
const renderOdds = (picture: Partial<Picture>, stream: Stream, oob: boolean): string =>
  stream === 'accounts'
    ? String(<AccountTable account={picture.account} wall={picture.clock?.wall} odds={picture.odds} oob={oob} />)
    : known(picture)
        .filter((id) => isPlaced(picture, id))
        .map((id) => String(<Focus picture={picture} instrument={id} oob={oob} />))
        .join('')

const chartOf = (stream: Stream): InstrumentId | undefined => instrumentIds.find((id) => stream === `chart-${id}`)

/**
 * Renders what a page shows of one topic, each fragment out of band unless told otherwise; an unknown value renders as such.
 * The plan keeps a place for each of `instruments`, known or not: what is heard of one later must find it on the page.
 */
export const renderTopic = (
  topic: Topic,
  picture: Partial<Picture>,
  stream: Stream = 'terminal',
  oob = true,
  instruments: readonly InstrumentId[] = known(picture),
): string => {
  const { clock, feed, account, odds } = picture
  const charted = chartOf(stream)
  const drawn = charted && renderChart(charted, topic, picture, oob)
  if (drawn !== undefined) return drawn
  const wall = clock?.wall
  switch (topic) {
    case 'clock':
      return String(<Clock clock={clock} oob={oob} />)
    case 'strip':
      return String(<Strip strip={picture.strip} now={clock?.at} oob={oob} />)
    case 'feed':
      return `${<ModeBadge mode={feed?.mode ?? clock?.mode} oob={oob} />}${<FeedBadge feed={feed} clock={clock} oob={oob} />}`
    case 'gate':
      return String(<Gate gate={picture.gate} now={clock?.at} brief={stream === 'glance'} oob={oob} />)
    case 'plan':
      return String(<Plan picture={picture} instruments={instruments} oob={oob} />)
    case 'account':
      return accountFragments[stream as RoomStream]
        .map((Fragment) => String(<Fragment account={account} clock={clock} wall={wall} odds={odds} oob={oob} />))
        .join('')
    case 'outage':
      return String(<Outage outage={picture.outage} oob={oob} />)
    case 'alerts':
      return String(<Alerts alerts={picture.alerts} oob={oob} />)
    case 'calibration':
      return String(<Signals calibration={picture.calibration} oob={oob} />)
    case 'odds':
      return renderOdds(picture, stream, oob)
    case 'lab':
      return String(<Lab lab={picture.lab} oob={oob} />)
    case 'history':
      return String(<History history={picture.history} oob={oob} />)
    case 'system':
      return String(<SystemReading picture={picture} oob={oob} />)
    default:
      return renderMarket(topic, picture, oob)
  }
}
