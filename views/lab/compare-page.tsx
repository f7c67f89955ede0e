import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import { formatMoney, unknown } from '../format.ts'
import type { PageProps } from '../layout.tsx'
import { Box, Empty } from '../parts/box.tsx'
import { costsOf, type Figure, headline, noteOf, others } from './figures.tsx'
import { type Curve, Plot } from './plot.tsx'
import type { ShownReport } from './report-page.tsx'
import { LabSheet } from './sheet.tsx'
import { changedWords, marketName, otherwise, scaleMoney, stretch, titleOf } from './words.ts'

/** A report to choose from. */
type ReportChoice = { readonly id: string; readonly spec: BacktestSpec }

export type ComparePageProps = PageProps & {
  choices: readonly ReportChoice[]
  a: ShownReport | undefined
  b: ShownReport | undefined
}

const nameOf = (spec: BacktestSpec): string =>
  `${marketName(spec.instrument)}, ${titleOf(spec.strategy)}, ${spec.from} – ${spec.to}${otherwise(spec)}`

const Choice = ({
  name,
  choices,
  chosen,
}: {
  name: 'a' | 'b'
  choices: readonly ReportChoice[]
  chosen: string | undefined
}) => (
  <label>
    {name.toUpperCase()}{' '}
    <select name={name}>
      {choices.map(({ id, spec }) => (
        <option value={id} selected={id === chosen}>
          {nameOf(spec)} · {id.slice(0, 6)}
        </option>
      ))}
    </select>
  </label>
)

/** A curve over dates that are not all its own: before its first there is none, between two it stays. */
export const laidOver = (
  dates: readonly string[],
  own: readonly string[],
  values: readonly number[],
): Curve['values'] => {
  const at = new Map(own.map((date, i) => [date, values[i] ?? 0]))
  const last = own.at(-1) ?? ''
  let known: number | null = null
  return dates.map((date) => {
    known = at.get(date) ?? known
    return date > last ? null : known
  })
}

const Both = ({ a, b }: { a: ShownReport; b: ShownReport }) => {
  const dates = [...new Set([...a.report.days.date, ...b.report.days.date])].sort()
  const curve = (name: string, tone: 'one' | 'two', { report: { days } }: ShownReport): Curve => ({
    name,
    tone,
    values: laidOver(dates, days.date, days.equity),
  })
  return (
    <Box id="equity" title="Equity" aside="net, by trade date">
      <Plot
        label="Both equities"
        dates={dates}
        curves={[curve('A', 'one', a), curve('B', 'two', b)]}
        format={formatMoney}
        scale={scaleMoney}
        height={220}
      />
    </Box>
  )
}

const Cell = ({ figure, of: { report } }: { figure: Figure; of: ShownReport }) => (
  <td class="figure">
    {figure.write(figure.value(report))} <small>{noteOf(figure, report)}</small>
  </td>
)

const Line = ({ figure, a, b }: { figure: Figure; a: ShownReport; b: ShownReport }) => {
  const { name, value, write, means } = figure
  const [first, second] = [value(a.report), value(b.report)]
  return (
    <tr>
      <th scope="row" title={means}>
        {name}
      </th>
      <Cell figure={figure} of={a} />
      <Cell figure={figure} of={b} />
      <td class="figure">{first === null || second === null ? unknown : write(second - first)}</td>
    </tr>
  )
}

const compared = ({ spec: a }: ShownReport, { spec: b }: ShownReport): readonly Figure[] => {
  const spent = costsOf(a.costsDoubled ? a : b).filter(({ name }) => name !== 'Net')
  return [...headline, ...spent, ...others]
}

const Numbers = ({ a, b }: { a: ShownReport; b: ShownReport }) => (
  <Box id="numbers-compared" title="Numbers" aside="95 % intervals small beside them">
    <div class="scroll-x">
      <table class="sheet compared">
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">B less A</th>
          </tr>
        </thead>
        <tbody>
          {compared(a, b).map((figure) => (
            <Line figure={figure} a={a} b={b} />
          ))}
        </tbody>
      </table>
    </div>
  </Box>
)

const Told = ({ name, of: { id, spec, report } }: { name: string; of: ShownReport }) => (
  <p>
    <b>{name}</b> <a href={`/lab/reports/${id}`}>{`${marketName(spec.instrument)}, ${titleOf(spec.strategy)}`}</a>,{' '}
    {stretch(report)}, played with {changedWords(spec.strategy, spec.parameters)}.
  </p>
)

/** Two backtests side by side. */
export const ComparePage = ({ choices, a, b, ...props }: ComparePageProps) => (
  <LabSheet {...props} title="Compare">
    {choices.length === 0 ? (
      <Box id="choice" title="Which two">
        <Empty what="Nothing was backtested yet." next="Two reports can be compared once there are two." />
      </Box>
    ) : (
      <form method="get" action="/lab/compare" class="heat-choice">
        <Choice name="a" choices={choices} chosen={a?.id} />
        <Choice name="b" choices={choices} chosen={b?.id} />
        <button type="submit" class="quiet-button">
          compare
        </button>
      </form>
    )}
    {a && <Told name="A" of={a} />}
    {b && <Told name="B" of={b} />}
    {a && b && a.id === b.id && <p>A and B are the same report.</p>}
    {a && b && a.id !== b.id && (
      <div class="sheet-columns">
        <Numbers a={a} b={b} />
        <Both a={a} b={b} />
      </div>
    )}
  </LabSheet>
)
