import type { Compared, NightPaper } from '#src/domain/night-paper.ts'
import { formatFixed, formatMoment, formatNumber, formatPrice } from '../format.ts'
import type { PageProps } from '../layout.tsx'
import { Box, Empty } from '../parts/box.tsx'
import { biasWords } from '../words.ts'
import { LabSheet } from './sheet.tsx'
import { SummaryLines } from './standing.tsx'
import { marketName } from './words.ts'

/** A paper as it is kept. */
type ShownPaper<K extends NightPaper['kind']> = {
  readonly tradeDate: string
  readonly madeAt: number
  readonly body: Extract<NightPaper, { kind: K }>
}

export type NightPageProps = PageProps & {
  focus: ShownPaper<'focus'> | undefined
  parity: readonly ShownPaper<'parity'>[]
  summaries: readonly ShownPaper<'summary'>[]
}

const Focus = ({ paper }: { paper: ShownPaper<'focus'> | undefined }) => (
  <Box
    id="focus-draft"
    title={paper === undefined ? 'The next plan' : `Draft of the plan of ${paper.tradeDate}`}
    aside={
      paper &&
      `${paper.body.draft === 'first' ? 'first draft' : 'refreshed after midnight'}, ${formatMoment(paper.madeAt)}`
    }
  >
    {paper === undefined ? (
      <Empty
        what="No draft of a plan was written yet."
        next="The first comes at 12:30, and is refreshed after midnight."
      />
    ) : (
      <>
        <p class="text-quiet">
          How each market stood when this was written. The plan that counts is frozen on the <a href="/">terminal</a>.
        </p>
        <ul class="lab-lines">
          {paper.body.markets.map(({ instrument, bias, quality, excluded, close, levels, words }) => (
            <li>
              <b>{marketName(instrument)}</b> {biasWords[bias].word} {biasWords[bias].arrow} {formatFixed(quality, 0)} %
              {excluded && ' · excluded'} at {formatPrice(instrument, close)}
              <small>
                {words}
                {levels.length > 0 &&
                  ` — ${levels.map(({ name, price }) => `${name} ${formatPrice(instrument, price)}`).join(', ')}`}
              </small>
            </li>
          ))}
        </ul>
      </>
    )}
  </Box>
)

const ComparedWith = ({ compared, whose }: { compared: Compared; whose: 'replayed' | 'backtest' }) => {
  const { cards, transitions, differences } = compared
  return (
    <>
      {formatNumber(cards)} cards and {formatNumber(transitions)} changes compared:{' '}
      {differences.length === 0 ? '✓ no difference' : `${formatNumber(differences.length)} different`}
      {differences.map(({ cardId, live, replayed, explained }) => (
        <small>
          {cardId}: live {live}, {whose} {replayed} — {explained ?? '✕ not explained'}
        </small>
      ))}
    </>
  )
}

const ParityDay = ({ paper: { tradeDate, body } }: { paper: ShownPaper<'parity'> }) => {
  const { backtest, ...replay } = body
  return (
    <li>
      <b>{tradeDate}</b> <ComparedWith compared={replay} whose="replayed" />
      {backtest && (
        <div>
          Backtest: <ComparedWith compared={backtest} whose="backtest" />
        </div>
      )}
    </li>
  )
}

const Parity = ({ papers }: { papers: readonly ShownPaper<'parity'>[] }) => (
  <Box id="parity" title="Parity" aside="replay and backtest against what was decided live">
    {papers.length === 0 ? (
      <Empty what="No day was replayed yet." next="Each evening replays the day that ended and compares every card." />
    ) : (
      <ul class="lab-lines">
        {papers.map((paper) => (
          <ParityDay paper={paper} />
        ))}
      </ul>
    )}
  </Box>
)

const Summaries = ({ papers }: { papers: readonly ShownPaper<'summary'>[] }) => (
  <Box id="summaries" title="Summaries">
    {papers.length === 0 ? (
      <Empty what="No night has written a summary yet." next="It comes when the night’s work is done." />
    ) : (
      papers.map(({ tradeDate, body }) => (
        <>
          <h3>{tradeDate}</h3>
          <SummaryLines lines={body.lines} />
        </>
      ))
    )}
  </Box>
)

/** What the nights wrote: the next plan's draft, their summaries, and every difference to the live engine. */
export const NightPage = ({ focus, parity, summaries, ...props }: NightPageProps) => (
  <LabSheet {...props} title="Nights">
    <div class="sheet-columns">
      <Summaries papers={summaries} />
      <div class="stack">
        <Focus paper={focus} />
        <Parity papers={parity} />
      </div>
    </div>
  </LabSheet>
)
