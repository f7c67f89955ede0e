import type { StudyReading } from '#src/domain/lab-reading.ts'
import { formatMoment, formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { marketName, methodWords, studyStates, titleOf } from './words.ts'

/** Whether a study may still be given up. */
export const isOpen = ({ state }: Pick<StudyReading, 'state'>): boolean => state === 'waiting' || state === 'running'

/** Gives a study up; asked again it goes on where it was. */
export const Cancel = ({ id }: { id: string }) => (
  <form
    method="post"
    action={`/lab/studies/${id}/cancellation`}
    hx-post={`/lab/studies/${id}/cancellation`}
    hx-swap="none"
  >
    <button type="submit" class="quiet-button">
      cancel
    </button>
  </form>
)

/** What came of a study in a word: honest, refused, or how it stands. */
const Outcome = ({ study: { state, passed } }: { study: StudyReading }) => {
  const { icon, word } =
    state === 'done' && passed !== undefined
      ? passed
        ? { icon: '✓', word: 'HONEST' }
        : { icon: '✕', word: 'refused' }
      : studyStates[state]
  return (
    <>
      <span aria-hidden="true">{icon}</span> {word}
    </>
  )
}

/** A model tries a budget in each training window; an even grid, or a small space, may hold fewer sets than the budget. */
const triedWords = ({ method, state, tried, budget }: StudyReading): string => {
  if (method === 'model') return `${formatNumber(tried)} tried`
  const isLess = method === 'grid' || (state === 'done' && tried < budget)
  return `${formatNumber(tried)} of ${isLess ? 'at most ' : ''}${formatNumber(budget)}`
}

const Line = ({ study }: { study: StudyReading }) => {
  const { id, instrument, strategy, method, state, askedAt, tried, budget, night, words, passed } = study
  return (
    <tr
      id={`study-${id.slice(0, 16)}`}
      data-state={state}
      data-passed={passed === undefined ? undefined : String(passed)}
    >
      <th scope="row">
        <a href={`/lab/studies/${id}`}>
          {marketName(instrument)}, {titleOf(strategy)}
        </a>{' '}
        <small>
          {methodWords[method as keyof typeof methodWords] ?? method}
          {night !== undefined && ' · the night’s'}
        </small>
      </th>
      <td class="state-word">
        <Outcome study={study} />
      </td>
      <td class="figure">
        {triedWords(study)}
        {isOpen(study) && method !== 'model' && (
          <progress value={tried} max={Math.max(1, budget)} aria-label={`${marketName(instrument)}: sets tried`} />
        )}
      </td>
      <td class="figure asked">{formatMoment(askedAt).replace(' ET', '')}</td>
      <td>
        {words}
        {isOpen(study) && <Cancel id={id} />}
      </td>
    </tr>
  )
}

/** Optimizations, running and past. */
export const Studies = ({ studies }: { studies: readonly StudyReading[] }) => (
  <Box id="studies" title="Studies" aside="an optimization and whether it may be believed">
    {studies.length === 0 ? (
      <Empty
        what="Nothing was optimized yet."
        next="Every night tries each strategy in each market; the form asks for one now."
      />
    ) : (
      <table class="sheet studies">
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col">State</th>
            <th scope="col">Tried</th>
            <th scope="col">Asked, ET</th>
            <th scope="col">What came of it</th>
          </tr>
        </thead>
        <tbody>
          {studies.map((study) => (
            <Line study={study} />
          ))}
        </tbody>
      </table>
    )}
  </Box>
)
