import type { ChartBar } from '#src/domain/chart/chart.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import { barCells, barColumns, tableCaption } from './bar-cells.ts'

type BarsTableProps = { instrument: InstrumentId; timeframe: Timeframe; bars: readonly ChartBar[] }

const shownRows = 250

/** The newest bars as a table, newest first. With the chart's script it follows the chart and is shown by a key. */
export const BarsTable = ({ instrument, timeframe, bars }: BarsTableProps) => (
  <section id="bars-table" class="box" aria-label="The same bars as a table" tabindex={-1}>
    {bars.length === 0 && <p class="empty">No bars are stored of this market yet. They appear when history is read.</p>}
    <div class="scroll-x" hidden={bars.length === 0}>
      <table class="sheet bars">
        <caption>{tableCaption(Math.min(bars.length, shownRows), timeframe)}</caption>
        <thead>
          <tr>
            {barColumns.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars
            .slice(-shownRows)
            .reverse()
            .map((bar) => (
              <tr>
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
