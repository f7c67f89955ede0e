import type { LabReading, StepReading } from '#src/domain/lab-reading.ts'
import { formatFixed, formatTime } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { stepStates, stepWords } from './words.ts'

const Step = ({ reading }: { reading: StepReading }) => {
  const { step, state, since, progress, words, tries } = reading
  const { icon, word } = stepStates[state]
  return (
    <tr data-state={state}>
      <th scope="row">{stepWords[step]}</th>
      <td class="state-word">
        <span aria-hidden="true">{icon}</span> {word}
        {tries > 1 && <small> · try {tries}</small>}
      </td>
      <td class="figure">{since === undefined ? '' : formatTime(since).replace(' ET', '')}</td>
      <td>
        {state === 'running' || state === 'paused' ? (
          <span class="job">
            <progress value={progress.toFixed(3)} max="1" aria-label={`${stepWords[step]} done`} />
            <span class="figure">{formatFixed(progress * 100, 0)} %</span>
          </span>
        ) : null}
        {words}
      </td>
    </tr>
  )
}

/** The night's steps as they go. */
export const Night = ({ night, hands }: { night: LabReading['night'] | undefined; hands: string }) => (
  <Box
    id="night"
    title={night === undefined ? 'The night' : `The night of ${night.tradeDate}`}
    aside={
      <>
        computed by {hands} · <a href="/lab/night">what the nights wrote</a>
      </>
    }
  >
    {night === undefined ? (
      <Empty what="No night has run yet." next="The first night runs at 12:15 after the close of your day." />
    ) : (
      <table class="sheet night">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">State</th>
            <th scope="col">Since, ET</th>
            <th scope="col">What it did</th>
          </tr>
        </thead>
        <tbody>
          {night.steps.map((reading) => (
            <Step reading={reading} />
          ))}
        </tbody>
      </table>
    )}
  </Box>
)
