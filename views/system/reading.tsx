import type { BarFault } from '#src/domain/market/bar-guard.ts'
import {
  type Dependency,
  type FeedReading,
  type Hop,
  hopBounds,
  type MarketReading,
  type Picture,
  type SystemReading as Reading,
} from '#src/domain/picture.ts'
import { ageText, countdown, freshnessOf } from '../age.ts'
import { formatBytes, formatFixed, formatMoment, formatNumber, unknown } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'
import { Row } from '../parts/row.tsx'

const Dependencies = ({ dependencies }: { dependencies: readonly Dependency[] }) => (
  <table class="sheet">
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">State</th>
        <th scope="col">Since</th>
        <th scope="col">Detail</th>
      </tr>
    </thead>
    <tbody>
      {dependencies.map(({ name, state, since, detail }) => (
        <tr data-state={state}>
          <th scope="row">{name}</th>
          <td class="state-word">{state.toUpperCase()}</td>
          <td>{formatMoment(since)}</td>
          <td>{detail}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

const rateText = ({ rate, expectedRate }: MarketReading): string =>
  expectedRate === undefined ? formatFixed(rate, 1) : `${formatFixed(rate, 1)} of ${formatFixed(expectedRate, 1)}`

const secondText = ({ second }: MarketReading): string =>
  second === undefined ? unknown : `${second.source} ${second.contract}, ${formatNumber(second.ticksApart)} ticks apart`

const MarketLine = ({ market, wall }: { market: MarketReading; wall: number | undefined }) => {
  const age = market.receivedAt === undefined ? undefined : (wall ?? market.receivedAt) - market.receivedAt
  return (
    <tr
      data-received-at={market.receivedAt}
      data-freshness={age === undefined ? undefined : freshnessOf(age)}
      data-state={market.state}
    >
      <th scope="row">{market.contract}</th>
      <td class="state-word">{market.state.toUpperCase()}</td>
      <td>
        <span class="age" data-age>
          {age === undefined ? unknown : ageText(age)}
        </span>
      </td>
      <td class="figure">{rateText(market)}</td>
      <td class="figure">{formatNumber(market.bars)}</td>
      <td class="figure">{formatNumber(market.refused)}</td>
      <td data-state={market.second?.disagrees ? 'down' : undefined}>{secondText(market)}</td>
    </tr>
  )
}

const Markets = ({ feed, wall }: { feed: FeedReading; wall: number | undefined }) => (
  <div class="scroll-x">
    <table class="sheet">
      <thead>
        <tr>
          <th scope="col">Market</th>
          <th scope="col">State</th>
          <th scope="col">Age</th>
          <th scope="col">
            {feed.markets.some((each) => each.expectedRate) ? 'Events a second, of usual' : 'Events a second'}
          </th>
          <th scope="col">Minute bars</th>
          <th scope="col">Late trades</th>
          <th scope="col">Second price</th>
        </tr>
      </thead>
      <tbody>
        {feed.markets.map((market) => (
          <MarketLine market={market} wall={wall} />
        ))}
      </tbody>
    </table>
  </div>
)

const signedMs = (ms: number | undefined): string =>
  ms === undefined ? unknown : `${ms > 0 ? '+' : ''}${formatNumber(Math.round(ms))} ms`

/** What became of bars that were wrong. */
const faultWords: Readonly<Record<BarFault, string>> = {
  'not-a-number': 'Bars refused: not a number',
  'off-minute': 'Bars refused: not on a minute',
  crossed: 'Bars refused: high below low',
  'negative-volume': 'Bars refused: volume below zero',
  'time-back': 'Bars refused: not after the one before',
  'off-grid': 'Bars repaired: price to its nearest tick',
  'outside-range': 'Bars repaired: range widened to open and close',
  hole: 'Holes of an hour or more within a trade date',
}

const Delivery = ({ feed }: { feed: FeedReading }) => (
  <dl>
    <Row label="State">
      <span class="state-word" data-state={feed.state}>
        {feed.state.toUpperCase()}
      </span>{' '}
      since {formatMoment(feed.since)}
    </Row>
    <Row label="Prices come">{feed.grain === 'tick' ? 'trade by trade' : 'as whole minutes'}</Row>
    {feed.note && <Row label="Note">{feed.note}</Row>}
    <Row label="Behind the exchange, beyond the usual (estimated)">{signedMs(feed.lagMs)}</Row>
    <Row label="This machine’s clock (estimated)">{signedMs(feed.skewMs)}</Row>
    {feed.refused.map(({ kind, count }) => (
      <Row label={`Refused: ${kind.replaceAll('-', ' ')}`}>{formatNumber(count)}</Row>
    ))}
    {feed.refused.length === 0 && <Row label="Refused">none</Row>}
    {feed.faults.map(({ fault, count }) => (
      <Row label={faultWords[fault]}>{formatNumber(count)}</Row>
    ))}
    {feed.faults.length === 0 && <Row label="Bars refused or repaired">none</Row>}
  </dl>
)

const [barWidth, barHeight] = [7, 18]

const bucketText = (i: number): string =>
  i < hopBounds.length ? `to ${hopBounds[i]} ms` : `over ${hopBounds.at(-1)} ms`

/** How many took how long, as bars of their share; a bucket that holds anything is at least a pixel high. */
const Histogram = ({ buckets, count }: Pick<Hop, 'buckets' | 'count'>) => {
  const told = buckets.flatMap((held, i) => (held === 0 ? [] : [`${formatNumber(held)} ${bucketText(i)}`])).join(', ')
  return (
    <svg class="histogram" width={buckets.length * barWidth} height={barHeight} role="img" aria-label={told}>
      <title>{told}</title>
      {buckets.map((held, i) => {
        const height = held === 0 ? 0 : Math.max(1, Math.round((held / Math.max(1, count)) * barHeight))
        return <rect x={i * barWidth} y={barHeight - height} width={barWidth - 1} height={height} />
      })}
    </svg>
  )
}

const Hops = ({ hops }: { hops: readonly Hop[] }) => (
  <div class="scroll-x">
    <table class="sheet">
      <thead>
        <tr>
          <th scope="col">Hop, ms</th>
          <th scope="col">p50</th>
          <th scope="col">p95</th>
          <th scope="col">p99</th>
          <th scope="col">Count</th>
          <th scope="col">
            to {hopBounds[0]} … over {hopBounds.at(-1)}
          </th>
        </tr>
      </thead>
      <tbody>
        {hops.map(({ name, p50, p95, p99, count, buckets }) => (
          <tr>
            <th scope="row">{name}</th>
            <td class="figure">{formatFixed(p50, 2)}</td>
            <td class="figure">{formatFixed(p95, 2)}</td>
            <td class="figure">{formatFixed(p99, 2)}</td>
            <td class="figure">{formatNumber(count)}</td>
            <td>
              <Histogram buckets={buckets} count={count} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const Process = ({ system, wall }: { system: Reading; wall: number | undefined }) => (
  <dl>
    <Row label="Version">{system.version}</Row>
    <Row label="Started">{formatMoment(system.startedAt)}</Row>
    <Row label="Running for">{wall === undefined ? unknown : countdown(wall - system.startedAt)}</Row>
    <Row label="Memory, resident">{formatBytes(system.residentBytes)}</Row>
    <Row label="Memory, heap">{formatBytes(system.heapBytes)}</Row>
    <Row label="Event loop delay, p99">{formatFixed(system.eventLoopP99Ms, 1)} ms</Row>
    <Row label="Open pages">{system.pages}</Row>
  </dl>
)

/** How the machinery does: what it depends on, what each market delivers, how long each hop takes. */
export const SystemReading = ({ picture, oob }: Oob & { picture: Partial<Picture> }) => {
  const { system, feed, clock } = picture
  return (
    <div id="system" class="system" hx-swap-oob={swapOf(oob)}>
      {system ? (
        <>
          <Box id="system-dependencies" title="What it rests on">
            <Dependencies dependencies={system.dependencies} />
          </Box>
          <Box id="system-process" title="Process">
            <Process system={system} wall={clock?.wall} />
          </Box>
          <Box id="system-feed" title="Markets" aside={feed?.source}>
            {feed ? (
              <Markets feed={feed} wall={clock?.wall} />
            ) : (
              <Empty what="No feed yet." next="It starts with the engine." />
            )}
          </Box>
          <Box id="system-delivery" title="Feed">
            {feed ? <Delivery feed={feed} /> : <Empty what="No feed yet." next="It starts with the engine." />}
          </Box>
          <Box id="system-hops" title="Latency">
            <Hops hops={system.hops} />
          </Box>
        </>
      ) : (
        <Empty what="The engine has not reported yet." next="Wait a few seconds; if nothing comes, read its log." />
      )}
    </div>
  )
}
