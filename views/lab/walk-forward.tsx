import { honestyLines } from '#src/domain/optimization/honesty.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec, Windows } from '#src/domain/optimization/trial.ts'
import { leastPromise, type WalkForward } from '#src/domain/optimization/walk-forward-result.ts'
import { writeWindows } from '#src/domain/optimization/walk-forward-windows.ts'
import { formatMoney, formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { changedWords, inR, objectiveWords, parameterWords, percent, setWords, stretch } from './words.ts'

type Fold = WalkForward['folds'][number]

const nothingKept = `in sample it made less than ${inR(leastPromise)} a trade: no edge to keep a share of`

const Retained = ({ retention, outOfSample }: Pick<Fold, 'retention' | 'outOfSample'>) =>
  retention === null ? (
    <span title={outOfSample.trades === 0 ? 'no trade to judge by' : nothingKept}>{percent(retention)}</span>
  ) : (
    <>
      {percent(retention)} {retention >= honestyLines.retention ? '✓' : '✕'}
    </>
  )

const isKept = (retention: number | null): string | undefined =>
  retention === null ? undefined : String(retention >= honestyLines.retention)

const driftWords = (strategy: string, { drift }: Fold): string =>
  drift === null || drift.alerts.length === 0
    ? ''
    : `moved far: ${drift.alerts.map((name) => `${parameterWords(strategy, name)} by ${percent(drift.shares[name])}`).join(', ')}`

const FoldLine = ({ strategy, fold }: { strategy: string; fold: Fold }) => {
  const { train, test, parameters, inSample, outOfSample, retention } = fold
  const moved = driftWords(strategy, fold)
  return (
    <tr data-passed={isKept(retention)}>
      <th scope="row">
        {stretch(test)} <small>learned on {stretch(train)}</small>
      </th>
      <td>
        {parameters === null ? (
          'none had trades enough'
        ) : (
          <span title={setWords(strategy, parameters)}>{changedWords(strategy, parameters)}</span>
        )}
        {moved !== '' && <small class="alert">⚠ {moved}</small>}
      </td>
      <td class="figure">
        {inR(inSample.r)} <small>of {formatNumber(inSample.trades)}</small>
      </td>
      <td class="figure">
        {inR(outOfSample.r)} <small>of {formatNumber(outOfSample.trades)}</small>
      </td>
      <td class="figure">{formatMoney(outOfSample.net)}</td>
      <td class="figure state-word">
        <Retained retention={retention} outOfSample={outOfSample} />
      </td>
    </tr>
  )
}

const Table = ({ strategy, walk }: { strategy: string; walk: WalkForward }) => (
  <div class="scroll-x">
    <table class="sheet folds">
      <thead>
        <tr>
          <th scope="col">Tried on</th>
          <th scope="col">Chosen before it</th>
          <th scope="col">R a trade in sample</th>
          <th scope="col">R a trade out of sample</th>
          <th scope="col">Net out of sample</th>
          <th scope="col">Kept, of {percent(honestyLines.retention)} asked</th>
        </tr>
      </thead>
      <tbody>
        {walk.folds.map((fold) => (
          <FoldLine strategy={strategy} fold={fold} />
        ))}
        <tr class="total" data-passed={isKept(walk.retention)}>
          <th scope="row">All dates tried on</th>
          <td>{walk.drifted ? '⚠ a parameter moved by more than 30 % of its range' : 'no parameter moved far'}</td>
          <td />
          <td class="figure">
            {inR(walk.outOfSample.r)} <small>of {formatNumber(walk.outOfSample.trades)}</small>
          </td>
          <td class="figure">{formatMoney(walk.outOfSample.net)}</td>
          <td class="figure state-word">
            <Retained {...walk} />
          </td>
        </tr>
        <tr>
          <th scope="row">
            From now on <small>learned on {stretch(walk.next.train)}</small>
          </th>
          <td colspan={5}>
            {walk.next.parameters === null ? 'none had trades enough' : setWords(strategy, walk.next.parameters)}
          </td>
        </tr>
      </tbody>
    </table>
  </div>
)

const months = (n: number): string => (n === 1 ? '1 month' : `${formatNumber(n)} months`)

const shortenedWords = (wanted: Windows | undefined): string =>
  wanted === undefined ? '' : `; the history is too short for ${writeWindows(wanted)} months`

/** How a way of choosing parameters fared on dates it had not seen, fold by fold. */
export const WalkForwardBox = ({
  spec: { strategy, wantedWindows },
  result: { walkForward, needs },
}: {
  spec: StudySpec
  result: StudyResult
}) => (
  <Box
    id="walk-forward"
    title="Walk-forward"
    aside={
      walkForward &&
      `${months(walkForward.windows.train)} learned on, ${months(walkForward.windows.test)} tried on, by ${objectiveWords[walkForward.objective]}${shortenedWords(wantedWindows)}`
    }
  >
    {walkForward === null ? (
      <Empty
        what="The history is too short to walk forward."
        next={`It takes ${needs === null ? 'more' : formatNumber(needs)} trade dates: one stretch to learn on and one to try on.`}
      />
    ) : (
      <Table strategy={strategy} walk={walkForward} />
    )}
  </Box>
)
