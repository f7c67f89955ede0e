import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import { formatMoney, formatNumber, formatShare } from '../format.ts'
import type { PageProps } from '../layout.tsx'
import { Box } from '../parts/box.tsx'
import { Row } from '../parts/row.tsx'
import { ExcursionsBox } from './excursions.tsx'
import { costsOf, type Figure, headline, noteOf, others } from './figures.tsx'
import { Plot } from './plot.tsx'
import { ReportProvenance } from './provenance.tsx'
import { LabSheet } from './sheet.tsx'
import { ShuffledBox } from './shuffled.tsx'
import { SlicesBox } from './slices.tsx'
import { Trades } from './trades.tsx'
import {
  accountSentences,
  changedWords,
  marketName,
  otherwise,
  scaleMoney,
  setWords,
  stretch,
  titleOf,
  toneOf,
} from './words.ts'

/** A backtest as it is kept. */
export type ShownReport = {
  readonly id: string
  readonly spec: BacktestSpec
  readonly report: Report
  readonly madeAt: number
}

export type ReportPageProps = PageProps & { shown: ShownReport; page: number }

const Headline = ({ report }: { report: Report }) => (
  <section class="headline" aria-label="Headline">
    {headline.map((figure) => {
      const { name, value, write, means } = figure
      const number = value(report)
      return (
        <div class="box" title={means}>
          <span class="label">{name}</span>
          <output data-tone={name === 'Net' ? toneOf(number) : undefined}>{write(number)}</output>
          <small>{noteOf(figure, report)}</small>
        </div>
      )
    })}
  </section>
)

const Figures = ({
  id,
  title,
  figures,
  report,
}: {
  id: string
  title: string
  figures: readonly Figure[]
  report: Report
}) => (
  <Box id={id} title={title}>
    <dl>
      {figures.map((figure) => {
        const { name, value, write, means } = figure
        return (
          <Row label={means === undefined ? name : `${name} — ${means}`}>
            {write(value(report))} <small>{noteOf(figure, report)}</small>
          </Row>
        )
      })}
    </dl>
  </Box>
)

const drawdownWords = ({ drawdown }: Report): string => {
  if (drawdown === null) return 'it never fell below a former high'
  const { money, share, from, bottom, recovered, dates } = drawdown
  const end = recovered === null ? 'not back yet' : `back on ${recovered}`
  return `deepest ${formatMoney(money)}, ${formatShare(Math.abs(share))} of the account: from ${from}, lowest ${bottom}, ${end}, ${dates === 1 ? '1 date' : `${formatNumber(dates)} dates`}`
}

const Curves = ({ report }: { report: Report }) => {
  const { date, equity, drawdown } = report.days
  return (
    <Box id="equity" title="Equity" aside="net, by trade date">
      <Plot
        label="Equity"
        dates={date}
        curves={[{ name: 'made so far', tone: 'one', values: equity }]}
        format={formatMoney}
        scale={scaleMoney}
      />
      <Plot
        label="Drawdown"
        dates={date}
        curves={[{ name: 'below the highest before', tone: 'fall', values: drawdown }]}
        format={formatMoney}
        scale={scaleMoney}
        height={120}
      />
      <p class="text-quiet">{drawdownWords(report)}</p>
    </Box>
  )
}

/** One backtest: what it came to, how surely, how it got there, and every trade. */
export const ReportPage = ({ shown, page, ...props }: ReportPageProps) => {
  const { id, spec, report, madeAt } = shown
  const title = `${marketName(spec.instrument)}, ${titleOf(spec.strategy)}`
  return (
    <LabSheet
      {...props}
      title={title}
      aside={`backtest of ${stretch(report)}, ${formatNumber(report.dates)} trade dates`}
    >
      <p title={setWords(spec.strategy, spec.parameters)}>
        Played with {changedWords(spec.strategy, spec.parameters)}
        {otherwise(spec)}. <a href={`/lab/compare?a=${id}`}>Compare it</a>
      </p>
      {report.account && <p>{accountSentences(report.account).join(' ')}</p>}
      <Headline report={report} />
      <p class="text-quiet">
        {report.intervals === undefined
          ? 'No intervals were made.'
          : `Under a number: where the true one lies in 95 of 100 cases, by ${formatNumber(report.intervals.resamples)} resamples.`}
      </p>
      <div class="sheet-columns">
        <Curves report={report} />
        <div class="stack">
          <Figures id="costs" title="What trading cost" figures={costsOf(spec)} report={report} />
          <ShuffledBox report={report} />
          <ExcursionsBox excursions={report.excursions} />
        </div>
      </div>
      <SlicesBox strategy={spec.strategy} by={report.by} />
      <Trades
        id={id}
        instrument={spec.instrument}
        list={report.list}
        page={page}
        now={props.picture.clock?.at ?? madeAt}
      />
      <div class="sheet-columns">
        <Figures id="figures" title="More of it" figures={others} report={report} />
        <ReportProvenance id={id} spec={spec} madeAt={madeAt} />
      </div>
    </LabSheet>
  )
}
