import type { CalibrationReading } from '#src/domain/picture.ts'
import { calibratedFrom } from '#src/domain/signals/calibration.ts'
import { formatFixed, formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { Interval } from './interval.tsx'
import { bucketWords, ofMarket } from './words.ts'

type Bucket = CalibrationReading['buckets'][number]

const Line = ({ bucket }: { bucket: Bucket }) => {
  const { from, n, share, low, high, calibrated } = bucket
  return (
    <tr data-calibrated={calibrated ? '' : undefined}>
      <th scope="row">{bucketWords(from)}</th>
      <td class="figure">{formatNumber(n)}</td>
      <td class="figure">{formatFixed(share * 100, 0)} %</td>
      <td class="figure">
        {formatFixed(low * 100, 0)}–{formatFixed(high * 100, 0)} %
      </td>
      <td>
        <Interval {...bucket} />
      </td>
      <td class="state-word">{calibrated ? 'calibrated' : `${formatNumber(calibratedFrom - n)} more`}</td>
    </tr>
  )
}

/** How often cards of each ten points of quality reached their first target before their stop. */
export const Reliability = ({ calibration }: { calibration: CalibrationReading }) => {
  const known = calibration.buckets.filter(({ n }) => n > 0)
  return (
    <Box
      id="reliability"
      title="What the quality was worth"
      aside={`TP1 before the stop, of cards entered${ofMarket(calibration.market)}`}
    >
      {known.length > 0 ? (
        <table class="sheet reliability">
          <thead>
            <tr>
              <th scope="col">Quality</th>
              <th scope="col">Cards</th>
              <th scope="col">TP1 first</th>
              <th scope="col">95 %</th>
              <th scope="col">
                <span class="sr-only">The same, drawn from 0 to 100 %</span>
              </th>
              <th scope="col">From {calibratedFrom}</th>
            </tr>
          </thead>
          <tbody>
            {known.toReversed().map((bucket) => (
              <Line bucket={bucket} />
            ))}
          </tbody>
        </table>
      ) : (
        <Empty what="No past card was entered yet." next="Past trade dates are played once their bars are stored." />
      )}
    </Box>
  )
}
