import { discoveryRate } from '#src/domain/night/crowning.ts'
import { benjaminiHochberg } from '#src/domain/optimization/false-discovery.ts'
import type { Honesty } from '#src/domain/optimization/honesty.ts'
import type { StudyTests } from '#src/domain/optimization/study-result.ts'
import { formatFixed, formatMoney, formatNumber, formatSigned } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { Row } from '../parts/row.tsx'
import { checkNumber, checkWords, lineSigns, percent } from './words.ts'

/** Every check with its number, its line, and what it means. */
export const Checks = ({ honesty: { checks } }: { honesty: Honesty }) => (
  <Box id="checks" title="Checks of honesty" aside="what is not known is not passed">
    <table class="sheet checks">
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Value</th>
          <th scope="col">Line</th>
          <th scope="col">Passed</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ name, value, threshold, passed, words }) => (
          <tr data-passed={String(passed)}>
            <th scope="row">
              {checkWords[name].name} <small>{checkWords[name].asks}</small>
              <small class="found">{words}</small>
            </th>
            <td class="figure">{checkNumber(name, value)}</td>
            <td class="figure">
              {lineSigns[name]} {checkNumber(name, threshold)}
            </td>
            <td class="state-word">{passed ? '✓ yes' : '✕ NO'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Box>
)

/** How many of the sets tried stand against chance, and whether the chosen one is among them. */
const TrialsRow = ({ p, chosen }: NonNullable<StudyTests['trials']>) => {
  const { q, accepted } = benjaminiHochberg(p, discoveryRate)
  return (
    <Row label={`of ${formatNumber(p.length)} sets, above chance at ${percent(discoveryRate)} false`}>
      {formatNumber(accepted.length)}
      {chosen !== null && `, the chosen one with q = ${formatFixed(q[chosen], 3)}`}
    </Row>
  )
}

/** The numbers of the tests behind the checks. */
export const Tests = ({ tests }: { tests: StudyTests }) => {
  const { deflatedSharpe, overfitting, permutation, randomEntry, trials } = tests
  const isEmpty = Object.values(tests).every((test) => test === undefined)
  return (
    <Box id="tests" title="Behind the checks">
      {isEmpty ? (
        <Empty what="Nothing could be tested." next="The tests need 32 trade dates and two sets of parameters." />
      ) : (
        <dl>
          {deflatedSharpe && (
            <>
              <Row label="Sharpe a day, of the chosen set">{formatSigned(deflatedSharpe.ratio, 3)}</Row>
              <Row label={`the best of ${formatNumber(deflatedSharpe.trials)} by luck alone`}>
                {formatSigned(deflatedSharpe.benchmark, 3)}, above it with {percent(deflatedSharpe.probability)}
              </Row>
              {deflatedSharpe.published && (
                <Row label="deflated as published, bad sets counted as luck too">
                  {formatSigned(deflatedSharpe.published.benchmark, 3)}, above it with{' '}
                  {percent(deflatedSharpe.published.probability)}
                </Row>
              )}
            </>
          )}
          {overfitting && (
            <>
              <Row label={`best of the past, in ${formatNumber(overfitting.splits)} splits`}>
                below the middle in {percent(overfitting.probability)}, at a loss in {percent(overfitting.lossShare)}
              </Row>
              <Row label="a point of Sharpe there keeps">{formatSigned(overfitting.degradation.slope, 2)} after</Row>
            </>
          )}
          {permutation && (
            <Row label={`days with a sign at random, ${formatNumber(permutation.runs)} times`}>
              p = {formatFixed(permutation.p, 3)}, a day made {formatMoney(permutation.observed)}
            </Row>
          )}
          {randomEntry && (
            <Row label={`random entries, ${formatNumber(randomEntry.runs)} times`}>
              p = {formatFixed(randomEntry.p, 3)}, they made {formatMoney(randomEntry.expected)} against{' '}
              {formatMoney(randomEntry.observed)}
            </Row>
          )}
          {trials && <TrialsRow {...trials} />}
        </dl>
      )}
    </Box>
  )
}
