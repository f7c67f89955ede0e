import type { CalibrationReading } from '#src/domain/picture.ts'
import { formatFixed, formatNumber } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { jobWords, ofMarket, permutationWords } from './words.ts'

const countWords = ({ cards, n, won, lived, market, dates }: CalibrationReading): string => {
  if (dates === undefined) return `No past trade date${ofMarket(market)} was played yet.`
  const { first, last, count } = dates
  const own = lived === 0 ? '' : `, ${formatNumber(lived)} of them lived by this terminal`
  return `${formatNumber(cards)} cards${ofMarket(market)} on ${formatNumber(count)} trade dates, ${first} to ${last}${own}; ${formatNumber(n)} entered, ${formatNumber(won)} reached TP1 first.`
}

/** Why nothing is known; that nothing was played the count says. */
const unknownWords = ({ dates, n }: CalibrationReading): string => {
  if (dates === undefined) return 'Not known yet.'
  return `Not known yet: ${n === 0 ? 'no card was entered' : 'nobody won, or nobody lost'}.`
}

const Days = ({ days }: Pick<CalibrationReading, 'days'>) => (
  <details>
    <summary>
      Day by day, {formatNumber(days.length)} {days.length === 1 ? 'test' : 'tests'}
    </summary>
    <ul class="test-days">
      {days.map(({ tradeDate, n, auc, p }) => (
        <li>
          {tradeDate}: <span class="figure">p = {formatFixed(p, 3)}</span>, area {formatFixed(auc, 2)}, of{' '}
          {formatNumber(n)}
        </li>
      ))}
    </ul>
  </details>
)

/** Whether the score is worth anything, in a sentence, and how that is known. */
export const Verdict = ({ calibration }: { calibration: CalibrationReading }) => {
  const { permutation, days, job, codeVersion } = calibration
  return (
    <Box id="verdict" title="Is the score worth anything?" aside={`method ${codeVersion}`}>
      <p class="verdict">{permutation ? permutationWords(permutation) : unknownWords(calibration)}</p>
      <p>{countWords(calibration)}</p>
      <p class="job" data-state={job.state}>
        {jobWords(job)}
        {job.state === 'running' && (
          <>
            <span class="figure">{formatFixed(job.progress * 100, 0)} %</span>
            <progress value={job.progress.toFixed(3)} max="1" aria-label="past trade dates played" />
          </>
        )}
      </p>
      {days.length > 0 && <Days days={days} />}
    </Box>
  )
}
