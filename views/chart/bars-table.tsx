import type { Chart, ChartBar } from '#src/domain/chart/chart.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import { barCells, barColumns, type Stretch, tableCaption } from './bar-cells.ts'
import { barWords } from './bar-words.ts'
import { chartUrl } from './chart-url.ts'

type BarsTableProps = Stretch & {
  instrument: InstrumentId
  timeframe: Timeframe
  told: Chart
}

const shownRows = 250
/** Focused as the page comes, so that it is scrolled to without a script too. */
const markedRow = { 'aria-current': 'true', tabindex: -1, autofocus: true } as const

/** The newest bars, those before an instant, or those around the one that is looked at, which is their middle where there are enough. */
const rowsOf = (bars: readonly ChartBar[], { looked, before }: Stretch): readonly ChartBar[] => {
  if (before !== undefined) return bars.filter(({ time }) => time < before).slice(-shownRows)
  const place = bars.findLastIndex(({ time }) => looked?.bar === undefined || time === looked.bar)
  const end = Math.min(place + shownRows / 2, bars.length)
  return bars.slice(Math.max(end - shownRows, 0), Math.max(end, shownRows))
}

/** The way to the rest of the chart's bars; the chart's script shows all of them at once. */
const OlderBars = ({ instrument, timeframe, told, rows }: BarsTableProps & { rows: readonly ChartBar[] }) => {
  const oldest = rows[0]?.time ?? 0
  const left = told.bars.filter(({ time }) => time < oldest).length
  const url = chartUrl(instrument, timeframe)
  return (
    <p class="older-bars">
      {left > 0 ? <a href={`${url}&before=${oldest}`}>older bars</a> : 'No older bars are in this chart.'}{' '}
      {rows.at(-1) !== told.bars.at(-1) && <a href={url}>newest bars</a>}
    </p>
  )
}

/** Bars as a table, newest first. With the chart's script it follows the chart and is shown by a key. */
export const BarsTable = (props: BarsTableProps) => {
  const { instrument, timeframe, told, looked } = props
  const rows = rowsOf(told.bars, props)
  const words = barWords(
    instrument,
    told.bars.map(({ time }) => time),
    told,
  )
  return (
    <section id="bars-table" class="box" aria-label="The same bars as a table" tabindex={-1}>
      {told.bars.length === 0 && (
        <p class="empty">No bars are stored of this market yet. They appear when history is read.</p>
      )}
      <div class="scroll-x" hidden={told.bars.length === 0}>
        <table class="sheet bars">
          <caption>{tableCaption(rows.length, timeframe, props)}</caption>
          <thead>
            <tr>
              {barColumns.map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map((bar) => (
              <tr {...(bar.time === looked?.bar && markedRow)}>
                {barCells(instrument, timeframe, bar, words.get(bar.time)).map((text) => (
                  <td>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <OlderBars {...props} rows={rows} />
      </div>
    </section>
  )
}
