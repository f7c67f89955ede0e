import { type InstrumentId, instrumentIds } from '#src/domain/instruments/instrument.ts'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Page } from './layout.tsx'
import { History } from './system/history.tsx'
import { SystemReading } from './system/reading.tsx'
import { Alerts } from './terminal/alerts.tsx'
import { Bridge } from './terminal/bridge.tsx'
import { Clock } from './terminal/clock.tsx'
import { FeedBadge } from './terminal/feed-badge.tsx'
import { Gate } from './terminal/gate.tsx'
import { ModeBadge } from './terminal/mode-badge.tsx'
import { Numbers } from './terminal/numbers.tsx'
import { Focus, Plan } from './terminal/plan.tsx'
import { Positions } from './terminal/positions.tsx'
import { Price } from './terminal/price.tsx'
import { Risk } from './terminal/risk.tsx'
import { Strip } from './terminal/strip.tsx'

export { type Page, pages } from './layout.tsx'

/** The topics a page shows: it subscribes to these and no other, since each must find its fragment there. */
export const pageTopics = (page: Page, instruments: readonly InstrumentId[]): readonly Topic[] => {
  if (page === 'system') return ['clock', 'feed', 'system', 'history']
  const markets = instruments.flatMap((id) => [`focus:${id}`, `price:${id}`] as const)
  return ['clock', 'strip', 'feed', 'gate', 'plan', 'account', 'alerts', ...markets]
}

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

/** Renders what a page shows of one topic, each fragment out of band unless told otherwise; an unknown value renders as such. */
export const renderTopic = (topic: Topic, picture: Partial<Picture>, oob = true): string => {
  const { clock, feed, account } = picture
  const wall = clock?.wall
  switch (topic) {
    case 'clock':
      return String(<Clock clock={clock} oob={oob} />)
    case 'strip':
      return String(<Strip strip={picture.strip} now={clock?.at} oob={oob} />)
    case 'feed':
      return `${<ModeBadge mode={feed?.mode ?? clock?.mode} oob={oob} />}${<FeedBadge feed={feed} wall={wall} oob={oob} />}`
    case 'gate':
      return String(<Gate gate={picture.gate} oob={oob} />)
    case 'plan':
      return String(<Plan picture={picture} instruments={known(picture)} oob={oob} />)
    case 'account':
      return [Numbers, Bridge, Positions, Risk]
        .map((Fragment) => String(<Fragment account={account} oob={oob} />))
        .join('')
    case 'alerts':
      return String(<Alerts alerts={picture.alerts} oob={oob} />)
    case 'history':
      return String(<History history={picture.history} oob={oob} />)
    case 'system':
      return String(<SystemReading picture={picture} oob={oob} />)
    default:
      return renderMarket(topic, picture, oob)
  }
}
