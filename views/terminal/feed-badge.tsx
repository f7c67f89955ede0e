import type { ClockReading, FeedReading, FeedState } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { formatSince, unknown } from '../format.ts'
import { Cell } from '../parts/cell.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'

const labels: Readonly<Record<FeedState, string>> = {
  asleep: 'Feed asleep since',
  connecting: 'Feed connecting since',
  live: 'Feed age',
  stale: 'Feed STALE for',
  down: 'Feed DOWN since',
  closed: 'Feed closed since',
  finished: 'Feed finished at',
}

const labelOf = ({ state, grain, mode }: FeedReading): string =>
  state === 'live' && grain === 'bar' && mode !== 'REPLAY' ? 'Feed age, minute bars' : labels[state]

const Age = ({ age }: { age: number | undefined }) => (
  <span class="age" data-age>
    {age === undefined ? unknown : ageText(age)}
  </span>
)

/** How old the newest event of the feed is, of any market; or since when there is none to come. */
export const FeedBadge = ({
  feed,
  clock,
  oob,
}: Oob & { feed: FeedReading | undefined; clock: ClockReading | undefined }) => {
  const ticking = feed?.state === 'live' || feed?.state === 'stale'
  const received = ticking ? feed.receivedAt : undefined
  const age = received === undefined ? undefined : (clock?.wall ?? received) - received
  return (
    <div
      id="feed"
      data-state={feed?.state ?? 'none'}
      data-received-at={received}
      data-freshness={age === undefined ? undefined : freshnessOf(age)}
      title={feed && [feed.source, feed.note].filter(Boolean).join(': ')}
      hx-swap-oob={swapOf(oob)}
    >
      <Cell label={feed ? labelOf(feed) : 'Feed'} class="w-28">
        {ticking ? <Age age={age} /> : feed ? formatSince(feed.since, clock?.at ?? feed.since) : 'not heard yet'}
      </Cell>
    </div>
  )
}
