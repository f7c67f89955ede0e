import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { CalibrationReading, PastCard } from '#src/domain/picture.ts'
import { formatSigned, formatTime } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { biasWords } from '../words.ts'
import { endOf } from './words.ts'

const toneOf = ({ endedAs }: PastCard): string | undefined =>
  endedAs === 'target-1' ? 'up' : endedAs === 'stopped' ? 'down' : undefined

const Line = ({ card }: { card: PastCard }) => {
  const { instrument, tradeDate, side, quality, grade, drawnAt, r, lived } = card
  const { word, arrow } = biasWords[side]
  return (
    <tr>
      <th scope="row">
        {tradeDate.slice(5)} <small>{formatTime(drawnAt).replace(' ET', '')}</small>
      </th>
      <td>
        <a href={`/chart/${instrument}`}>{specOf(instrument).name}</a>
      </td>
      <td>
        <span class="side-word">{word}</span> <span aria-hidden="true">{arrow}</span>
      </td>
      <td class="figure">
        {Math.floor(quality)} % <small>{grade}</small>
      </td>
      <td data-tone={toneOf(card)}>
        {endOf(card)}
        {lived && <small> · lived</small>}
      </td>
      <td class="figure">{r !== undefined && `${formatSigned(r, 2)}R`}</td>
    </tr>
  )
}

/** The newest cards of past trade dates and what became of them. */
export const Recent = ({ recent }: Pick<CalibrationReading, 'recent'>) => (
  <Box id="past-cards" title="The last cards" aside="R before costs, to TP1, the stop or flat-by">
    {recent.length > 0 ? (
      <div class="past-cards" tabindex={0}>
        <table class="sheet">
          <thead>
            <tr>
              <th scope="col">Drawn, ET</th>
              <th scope="col">Market</th>
              <th scope="col">Side</th>
              <th scope="col">Quality</th>
              <th scope="col">Ended</th>
              <th scope="col">R</th>
            </tr>
          </thead>
          <tbody>
            {recent.map((card) => (
              <Line card={card} />
            ))}
          </tbody>
        </table>
      </div>
    ) : (
      <Empty what="No card of a past trade date is known." next="They come with the first run." />
    )}
  </Box>
)
