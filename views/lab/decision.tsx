import { discoveryRate } from '#src/domain/night/crowning.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec } from '#src/domain/optimization/trial.ts'
import { formatFixed, formatNumber, formatSigned, unknown } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { decisionWords, inR, parameterValue, parameterWords, percent, stretch } from './words.ts'

/** The champion against the sets that were chosen before each fold, on the same dates; then its parameters beside those chosen now. */
export const Decision = ({
  spec,
  result: { decision, challenger, walkForward },
}: {
  spec: StudySpec
  result: StudyResult
}) => {
  const { verdict, effective, difference, standardError } = decision
  const names = Object.keys({ ...spec.champion, ...challenger })
  const known = (value: number | undefined, name: string): string =>
    value === undefined ? unknown : parameterValue(spec.strategy, name, value)
  return (
    <Box id="decision" title="The champion" aside={effective === null ? 'kept' : `changes on ${effective}`}>
      <p class="lab-verdict" data-passed={String(verdict === 'takes-over')}>
        <b>{verdict === 'takes-over' ? '▲ CHANGES' : '● KEPT'}</b> {decisionWords(decision)}.
      </p>
      <p class="text-quiet">
        A challenger takes over only if its own set stands against chance among all sets tried that night, or, asked by
        hand, by every study up to the same trade date: of those that stand at most {percent(discoveryRate)} may be
        luck.
      </p>
      <table class="sheet decision">
        <thead>
          <tr>
            <th scope="col">Out of sample</th>
            <th scope="col">Champion</th>
            <th scope="col">Walk-forward, sets chosen before each fold</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">R a trade</th>
            <td class="figure">{inR(decision.champion.r)}</td>
            <td class="figure">{inR(decision.challenger.r)}</td>
          </tr>
          <tr>
            <th scope="row">Trades</th>
            <td class="figure">{formatNumber(decision.champion.trades)}</td>
            <td class="figure">{formatNumber(decision.challenger.trades)}</td>
          </tr>
          <tr>
            <th scope="row">Walk-forward’s lead a date</th>
            <td class="figure" colspan={2}>
              {formatSigned(difference, 3)}R ± {standardError === null ? unknown : formatFixed(standardError, 3)}
            </td>
          </tr>
        </tbody>
      </table>
      <table class="sheet decision">
        <thead>
          <tr>
            <th scope="col">Parameters</th>
            <th scope="col">Champion</th>
            <th scope="col">
              Chosen now{walkForward !== null && `, learned on ${stretch(walkForward.next.train)}`}, tried on no date
              yet
            </th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr data-changed={challenger !== null && challenger[name] !== spec.champion[name] ? '' : undefined}>
              <th scope="row">{parameterWords(spec.strategy, name)}</th>
              <td class="figure">{known(spec.champion[name], name)}</td>
              <td class="figure">{known(challenger?.[name], name)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  )
}
