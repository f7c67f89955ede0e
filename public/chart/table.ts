import type { ChartBar, Drawings } from '../../src/domain/chart/chart.ts'
import type { InstrumentId } from '../../src/domain/instruments/instrument.ts'
import type { Timeframe } from '../../src/domain/market/bar.ts'
import { barCells, barColumns, tableCaption } from '../../views/chart/bar-cells.ts'
import { type BarWords, barWords } from '../../views/chart/bar-words.ts'
import type { Looked } from '../../views/chart/looked.ts'

/** The table beside the chart: the same bars, newest first, for who reads rather than looks. Filled only while it is shown. */
export const createTable = (section: HTMLElement, instrument: InstrumentId) => {
  const body = section.querySelector('tbody')
  const caption = section.querySelector('caption')
  const rows = new Map<number, HTMLTableRowElement>()
  let timeframe: Timeframe = '5m'
  let words: BarWords = new Map()

  const wordsOf = (bars: readonly ChartBar[], drawn: Drawings): BarWords => {
    const times = bars.map(({ time }) => time)
    return barWords(instrument, times, drawn)
  }
  const write = (row: HTMLTableRowElement, bar: ChartBar): HTMLTableRowElement => {
    for (const [i, text] of barCells(instrument, timeframe, bar, words.get(bar.time)).entries()) {
      const cell = row.cells[i] ?? row.insertCell()
      if (cell.textContent !== text) cell.textContent = text
    }
    return row
  }
  const add = (bar: ChartBar): HTMLTableRowElement => {
    const row = write(document.createElement('tr'), bar)
    rows.set(bar.time, row)
    return row
  }
  return {
    fill: (bars: readonly ChartBar[], drawn: Drawings, of: Timeframe, looked?: Looked): void => {
      timeframe = of
      // A page that came before the first bars were stored says that there are none.
      if (bars.length > 0) {
        section.querySelector('.empty')?.remove()
        section.querySelector('.scroll-x')?.removeAttribute('hidden')
      }
      rows.clear()
      words = wordsOf(bars, drawn)
      body?.replaceChildren(...bars.toReversed().map(add))
      if (caption) caption.textContent = tableCaption(bars.length, of, { looked })
      const marked = rows.get(looked?.bar ?? Number.NaN)
      marked?.setAttribute('aria-current', 'true')
      marked?.scrollIntoView({ block: 'center' })
    },
    take: (bars: readonly ChartBar[]): void => {
      for (const bar of bars) {
        const row = rows.get(bar.time)
        if (row) write(row, bar)
        else body?.prepend(add(bar))
      }
    },
    /** Tells anew what is drawn, at the bars for which it changed. */
    tell: (bars: readonly ChartBar[], drawn: Drawings): void => {
      const before = words
      words = wordsOf(bars, drawn)
      for (const time of new Set([...before.keys(), ...words.keys()])) {
        const cell = rows.get(time)?.cells.item(barColumns.length - 1)
        if (cell && words.get(time) !== before.get(time)) cell.textContent = words.get(time) ?? ''
      }
    },
  }
}
