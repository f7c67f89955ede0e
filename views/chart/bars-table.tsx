import type { ChartBar } from '#src/domain/chart/chart.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import { barCells, barColumns, tableCaption } from './bar-cells.ts'
import type { Looked } from './looked.ts'

type BarsTableProps = {
  instrument: InstrumentId
  timeframe: Timeframe
  bars: readonly ChartBar[]
  looked?: Looked | undefined
}

const shownRows = 250
/** Focused as the page comes, so that it is scrolled to without a script too. */
const markedRow = { 'aria-current': 'true', tabindex: -1, autofocus: true } as const

/** The newest bars, or those around the one that is looked at, which is their middle where there are enough. */
const rowsOf = (bars: readonly ChartBar[], looked: Looked | undefined): readonly ChartBar[] => {
  const place = bars.findLastIndex(({ time }) => looked?.bar === undefined || time === looked.bar)
  const end = Math.min(place + shownRows / 2, bars.length)
  return bars.slice(Math.max(end - shownRows, 0), Math.max(end, shownRows))
}

/** Bars as a table, newest first. With the chart's script it follows the chart and is shown by a key. */
export const BarsTable = ({ instrument, timeframe, bars, looked }: BarsTableProps) => (
  <section id="bars-table" class="box" aria-label="The same bars as a table" tabindex={-1}>
    {bars.length === 0 && <p class="empty">No bars are stored of this market yet. They appear when history is read.</p>}
    <div class="scroll-x" hidden={bars.length === 0}>
      <table class="sheet bars">
        <caption>{tableCaption(Math.min(bars.length, shownRows), timeframe, looked)}</caption>
        <thead>
          <tr>
            {barColumns.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(bars, looked)
            .toReversed()
            .map((bar) => (
              <tr {...(bar.time === looked?.bar && markedRow)}>
                {barCells(instrument, timeframe, bar).map((text) => (
                  <td>{text}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  </section>
)
