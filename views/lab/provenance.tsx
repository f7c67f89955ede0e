import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { Discipline, Terms } from '#src/domain/backtest/terms.ts'
import { planName } from '#src/domain/risk/firms/presets.ts'
import type { NewsRule } from '#src/domain/risk/news.ts'
import { formatAmount, formatMoment, formatNumber, writeClock } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { Row } from '../parts/row.tsx'
import type { ShownStudy } from './study-page.tsx'
import { methodWords, objectiveWords, pathWords, realismWords, stretch } from './words.ts'

/** The first half of a hash is enough to tell it from every other one; the whole stands in its title. */
const Hash = ({ of }: { of: string }) => <code title={of}>{of.slice(0, 16)}</code>

const aroundNews = ({ minutesBefore, minutesAfter, events }: NewsRule): string =>
  `${formatNumber(minutesBefore)} min before, ${formatNumber(minutesAfter)} after${events ? ` ${events.join(', ')}` : ''}`

const Rules = ({ terms, discipline }: { terms: Terms; discipline: Discipline }) => {
  const { entriesFrom, entriesUntil, flatBy, tradesPerDay, lossesInRow, dailyLoss, cooldownMinutes, news } = discipline
  return (
    <>
      <Row label="Costs of a side">
        {formatAmount(terms.feePerSide)} fee, {formatNumber(terms.slippageTicks)} ticks slip,{' '}
        {formatNumber(terms.spreadTicks)} spread
      </Row>
      <Row label="Fills">
        limits {formatNumber(terms.limitThrough)} tick through, {pathWords[terms.path]}
      </Row>
      <Row label="Entries, ET">
        {writeClock(entriesFrom)}–{writeClock(entriesUntil)}, flat by {writeClock(flatBy)}
      </Row>
      <Row label="A day ends after">
        {[
          tradesPerDay !== undefined && `${formatNumber(tradesPerDay)} trades`,
          lossesInRow !== undefined && `${formatNumber(lossesInRow)} losses in a row`,
          dailyLoss !== undefined && `${formatAmount(dailyLoss)} lost`,
        ]
          .filter((each) => each !== false)
          .join(', ') || 'its flat-by alone'}
      </Row>
      <Row label="No entries">
        {[
          cooldownMinutes !== undefined && `${formatNumber(cooldownMinutes)} min after a loss`,
          news !== undefined && `around the news of 2026 to 2028: ${news.rules.map(aroundNews).join('; ')}`,
        ]
          .filter((each) => each !== false)
          .join(', ') || 'no rule'}
      </Row>
    </>
  )
}

/** What fixes a study's outcome. */
export const StudyProvenance = ({ study: { id, spec, askedAt, endedAt } }: { study: ShownStudy }) => (
  <Box id="provenance" title="Where it comes from" aside="the same bars, code and seed give the same bytes">
    <dl>
      <Row label="Study">
        <Hash of={id} />
      </Row>
      <Row label="Bars">
        <Hash of={spec.dataHash} />
      </Row>
      <Row label="Trade dates">{stretch(spec)}</Row>
      <Row label="Code">{spec.codeVersion}</Row>
      <Row label="Seed">{spec.seed}</Row>
      <Row label="Search">
        {methodWords[spec.method]}, {formatNumber(spec.budget)} sets, {formatNumber(spec.round)} at once
      </Row>
      <Row label="By">{objectiveWords[spec.objective]}</Row>
      <Rules {...spec} />
      <Row label="Account">{formatAmount(spec.accountSize)}</Row>
      <Row label="Asked">{formatMoment(askedAt)}</Row>
      {endedAt !== undefined && <Row label="Ended">{formatMoment(endedAt)}</Row>}
    </dl>
  </Box>
)

/** What fixes a backtest's outcome. */
export const ReportProvenance = ({ id, spec, madeAt }: { id: string; spec: BacktestSpec; madeAt: number }) => (
  <Box id="provenance" title="Where it comes from" aside="the same bars, code and seed give the same bytes">
    <dl>
      <Row label="Report">
        <Hash of={id} />
      </Row>
      <Row label="Bars">
        <Hash of={spec.dataHash} />
      </Row>
      <Row label="Code">{spec.codeVersion}</Row>
      <Row label="Seed of the intervals">{spec.seed}</Row>
      <Rules {...spec} />
      {spec.realism && <Row label="Other than usual">{realismWords(spec.realism)}</Row>}
      <Row label="Account">{formatAmount(spec.accountSize)}</Row>
      <Row label="Account rules">
        {spec.discipline.account === undefined ? 'none' : planName(spec.discipline.account.plan)}
      </Row>
      <Row label="Made">{formatMoment(madeAt)}</Row>
    </dl>
  </Box>
)
