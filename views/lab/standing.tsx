import type { LabReading, ParityCount } from '#src/domain/lab-reading.ts'
import type { SummaryLine } from '#src/domain/night-paper.ts'
import { formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { marketName, titleOf } from './words.ts'

/** The parameters in force, and since when. */
export const Champions = ({ champions }: Pick<LabReading, 'champions'>) => (
  <Box id="champions" title="Champions in force" aside="everything else plays its defaults">
    {champions.length === 0 ? (
      <Empty
        what="Every strategy plays its own defaults."
        next="A challenger replaces them once it passed every check and was better by the margin."
      />
    ) : (
      <ul class="lab-lines">
        {champions.map(({ instrument, strategy, from, words, study }) => (
          <li>
            <b>
              {marketName(instrument)}, {titleOf(strategy)}
            </b>{' '}
            since {from} <a href={`/lab/studies/${study}`}>why</a>
            <small>{words}</small>
          </li>
        ))}
      </ul>
    )}
  </Box>
)

const parityState = ({ differences, explained }: ParityCount): { readonly words: string; readonly isOpen: boolean } => {
  if (differences === 0) return { words: '✓ the same', isOpen: false }
  const open = differences - explained
  return open === 0
    ? { words: `✓ ${formatNumber(differences)}, each explained`, isOpen: false }
    : { words: `✕ ${formatNumber(open)} of ${formatNumber(differences)} not explained`, isOpen: true }
}

const ParityCell = ({ count }: { count: ParityCount | undefined }) => {
  if (count === undefined) return <td class="text-quiet">– not compared</td>
  const { words, isOpen } = parityState(count)
  return (
    <td data-passed={String(!isOpen)}>
      <span class="state-word">{words}</span>
    </td>
  )
}

/** Whether the engine's replay and the backtest decide what the live engine decided. */
export const Parity = ({ parity }: Pick<LabReading, 'parity'>) => (
  <Box id="parity" title="Parity" aside="replay and backtest against what was decided live">
    {parity.length === 0 ? (
      <Empty what="No day was replayed yet." next="Each evening replays the day that ended and compares every card." />
    ) : (
      <table class="sheet parity">
        <thead>
          <tr>
            <th scope="col">Trade date</th>
            <th scope="col">Cards</th>
            <th scope="col">Changes</th>
            <th scope="col">Replay</th>
            <th scope="col">Backtest</th>
          </tr>
        </thead>
        <tbody>
          {parity.map((day) => (
            <tr>
              <th scope="row">{day.tradeDate}</th>
              <td class="figure">{formatNumber(day.cards)}</td>
              <td class="figure">{formatNumber(day.transitions)}</td>
              <ParityCell count={day} />
              <ParityCell count={day.backtest} />
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </Box>
)

/** The lines of a summary, what is good or bad marked by a sign. */
export const SummaryLines = ({ lines }: { lines: readonly SummaryLine[] }) => (
  <ul class="lab-lines">
    {lines.map(({ about, words, tone }) => (
      <li data-tone={tone}>
        <span aria-hidden="true">{{ plain: '·', good: '✓', bad: '✕' }[tone]}</span> <b>{about}</b> {words}
      </li>
    ))}
  </ul>
)

/** What the newest night found. */
export const Summary = ({ summary }: { summary: LabReading['summary'] | undefined }) => (
  <Box id="summary" title={summary === undefined ? 'Nightly summary' : `Summary of ${summary.tradeDate}`}>
    {summary === undefined ? (
      <Empty what="No night has written a summary yet." next="It comes when the night’s work is done." />
    ) : (
      <SummaryLines lines={summary.lines} />
    )}
  </Box>
)
