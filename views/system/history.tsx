import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { DateCoverage } from '#src/domain/market/coverage.ts'
import type { HistoryReading, RollReading } from '#src/domain/picture.ts'
import { formatFixed, formatMoment, formatNumber, unknown } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'

type Cover = 'whole' | 'parts' | 'holes' | 'none'

const holeMinutes = ({ holes }: DateCoverage): number =>
  holes.reduce((sum, { from, to }) => sum + (to - from) / 60_000, 0)

/** whole — every minute is known; parts — some were seen in part; holes — some are missing; none — nothing is held. */
const coverOf = (date: DateCoverage): Cover => {
  if (date.present === 0 && date.expected > 0) return 'none'
  if (holeMinutes(date) > 0) return 'holes'
  return date.partial > 0 ? 'parts' : 'whole'
}

const coverWords: Readonly<Record<Cover, string>> = {
  whole: 'whole',
  parts: 'seen in part',
  holes: 'with holes',
  none: 'missing',
}

const coverText = (date: DateCoverage): string => {
  const { tradeDate, expected, present, silent } = date
  return `${tradeDate}, ${coverWords[coverOf(date)]}: ${formatNumber(present)} of ${formatNumber(expected)} minutes, ${formatNumber(silent)} without a trade, ${formatNumber(holeMinutes(date))} missing`
}

const Strip = ({ market }: { market: HistoryReading['markets'][number] }) => (
  <tr>
    <th scope="row">{market.instrument}</th>
    <td class="heat">
      {market.dates.map((date) => (
        <i data-cover={coverOf(date)} role="img" aria-label={coverText(date)} title={coverText(date)} />
      ))}
    </td>
  </tr>
)

const Faults = ({ market }: { market: HistoryReading['markets'][number] }) => {
  const sum = (pick: (date: DateCoverage) => number): number =>
    market.dates.reduce((total, date) => total + pick(date), 0)
  const sources = [...new Set(market.dates.flatMap((date) => date.sources))]
  return (
    <tr>
      <th scope="row">{market.instrument}</th>
      <td class="figure">{formatNumber(sum(({ present }) => present))}</td>
      <td class="figure">{formatNumber(sum(({ silent }) => silent))}</td>
      <td class="figure">{formatNumber(sum(holeMinutes))}</td>
      <td class="figure">{formatNumber(sum(({ partial }) => partial))}</td>
      <td class="figure">{formatNumber(sum(({ duplicates }) => duplicates))}</td>
      <td class="figure">{formatNumber(sum(({ offGrid }) => offGrid))}</td>
      <td class="figure">{formatNumber(sum(({ offHours }) => offHours))}</td>
      <td class="figure">{formatNumber(sum(({ outliers }) => outliers))}</td>
      <td>{sources.join(', ') || unknown}</td>
    </tr>
  )
}

const faultColumns = [
  'Minutes',
  'No trade',
  'Missing',
  'In part',
  'Twice',
  'Off the grid',
  'Market shut',
  'Outliers',
  'Source',
] as const

const Coverage = ({ markets }: Pick<HistoryReading, 'markets'>) => (
  <>
    <table class="sheet">
      <tbody>
        {markets.map((market) => (
          <Strip market={market} />
        ))}
      </tbody>
    </table>
    <p class="legend">
      {(Object.keys(coverWords) as Cover[]).map((cover) => (
        <span>
          <i data-cover={cover} aria-hidden="true" /> {coverWords[cover]}
        </span>
      ))}
      <span class="text-quiet">the newest trade date is right</span>
    </p>
    <div class="scroll-x">
      <table class="sheet">
        <thead>
          <tr>
            <th scope="col">Of these dates</th>
            {faultColumns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {markets.map((market) => (
            <Faults market={market} />
          ))}
        </tbody>
      </table>
    </div>
  </>
)

/** What is stored of the markets' past: how whole it is, date by date, and what is being fetched. */
export const History = ({ history, oob }: Oob & { history: HistoryReading | undefined }) => (
  <div id="history" class="contents" hx-swap-oob={swapOf(oob)}>
    <Box
      id="history-coverage"
      title="Stored history, last 20 trade dates"
      aside={history && `${formatNumber(history.gaps.found)} gaps found, ${formatNumber(history.gaps.filled)} filled`}
    >
      {history ? (
        <>
          <p class="job" data-state={history.state}>
            <strong>{history.state.toUpperCase()}</strong> {history.detail}
            {history.state !== 'idle' && <span class="figure"> {formatFixed(history.progress * 100, 0)} %</span>}{' '}
            <span class="text-quiet">
              {history.source}, since {formatMoment(history.since)}
            </span>
            {history.state !== 'idle' && (
              <progress value={history.progress.toFixed(3)} max="1" aria-label="history fetched" />
            )}
          </p>
          <Coverage markets={history.markets} />
        </>
      ) : (
        <Empty
          what="No source of history."
          next="With FEED=massive or FEED=tradovate the past is fetched, checked and kept whole here."
        />
      )}
    </Box>
    <Box id="rolls" title="Contracts and rolls">
      {history && history.rolls.length > 0 ? (
        <Rolls rolls={history.rolls} />
      ) : (
        <Empty what="No roll is previewed." next="It comes with a live feed." />
      )}
    </Box>
  </div>
)

const soon = 5

const Rolls = ({ rolls }: { rolls: readonly RollReading[] }) => (
  <div class="scroll-x">
    <table class="sheet">
      <thead>
        <tr>
          <th scope="col">Market</th>
          <th scope="col">Now</th>
          <th scope="col">Next</th>
          <th scope="col">First date in the next</th>
          <th scope="col">Trade dates left</th>
          <th scope="col">Volume now</th>
          <th scope="col">Volume next</th>
        </tr>
      </thead>
      <tbody>
        {rolls.map(({ instrument, contract, next, rollsOn, tradeDates, volumes }) => (
          <tr data-state={tradeDates <= soon ? 'starting' : undefined}>
            <th scope="row">{specOf(instrument).name}</th>
            <td>{contract}</td>
            <td>{next}</td>
            <td>{rollsOn}</td>
            <td class="figure state-word">{formatNumber(tradeDates)}</td>
            <td class="figure">{formatNumber(volumes?.front)}</td>
            <td class="figure">{formatNumber(volumes?.next)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
