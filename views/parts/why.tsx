import type { Child } from 'hono/jsx'
import type { CalibrationReading } from '#src/domain/picture.ts'
import type { CardNumber, FocusCard, Input, Quality } from '#src/domain/signals/focus-card.ts'
import { formatMoment, formatNumber, formatTime } from '../format.ts'
import { recordWords } from '../signals/words.ts'

const panelId = (instrument: string, name: string): string => `why-${instrument}-${name}`

const numberWords: Readonly<Record<CardNumber, string>> = {
  last: 'Last price',
  zone: 'Entry zone',
  stop: 'Stop',
  target1: 'First target',
  target2: 'Second target',
  ratio: 'Wave ratio',
  quality: 'Quality',
  size: 'Size',
}

type WhyProps = { instrument: string; name: CardNumber; class?: string; flash?: number; children: Child }

/** A number that opens where it comes from. It is a plain button with a popover, so it needs no script. */
export const Why = ({ instrument, name, flash, children, ...rest }: WhyProps) => (
  <button
    type="button"
    id={`number-${instrument}-${name}`}
    class={`why ${rest.class ?? ''}`}
    popovertarget={panelId(instrument, name)}
    data-flash={flash}
  >
    {children}
  </button>
)

const InputRow = ({ input }: { input: Input }) => (
  <tr>
    <th scope="row">{input.name}</th>
    <td class="figure">{typeof input.value === 'number' ? formatNumber(input.value) : input.value}</td>
    <td class="text-quiet">{input.at !== undefined && formatMoment(input.at)}</td>
  </tr>
)

type Known = { calibration?: CalibrationReading | undefined }

const Components = ({ quality, calibration }: Known & { quality: Quality }) => (
  <>
    <table>
      {quality.components.map((part) => (
        <tr>
          <th scope="row">{part.name.replace('-', ' ')}</th>
          <td class="figure">
            {formatNumber(Math.round(part.points * 10) / 10)} of {formatNumber(Math.round(part.max * 10) / 10)}
          </td>
          <td class="text-quiet">{part.why}</td>
        </tr>
      ))}
    </table>
    {quality.dropped.length > 0 && (
      <p>No input yet for {quality.dropped.join(', ').replaceAll('-', ' ')}; the rest is rescaled to 100.</p>
    )}
    <p>{recordWords(calibration, quality.score).whole}</p>
  </>
)

const WhyPanel = ({ card, name, calibration }: Known & { card: FocusCard; name: CardNumber }) => {
  const { formula, inputs } = card.provenance[name]
  return (
    <div id={panelId(card.instrument, name)} popover="auto" class="panel" role="note">
      <h4>
        {card.name} · {numberWords[name]}
      </h4>
      <p class="text-ink">{formula}</p>
      {inputs.length > 0 && (
        <table>
          {inputs.map((input) => (
            <InputRow input={input} />
          ))}
        </table>
      )}
      {name === 'quality' && <Components quality={card.quality} calibration={calibration} />}
      <p>
        Judged on the bar closed {formatTime(card.asOf)}
        {card.version > 0 && ` · plan version ${card.version}`}
      </p>
    </div>
  )
}

type PanelsProps = Known & { card: FocusCard; names: readonly CardNumber[] }

/** The panels behind the given numbers of a card. */
export const WhyPanels = ({ card, names, calibration }: PanelsProps) => (
  <>
    {names.map((name) => (
      <WhyPanel card={card} name={name} calibration={calibration} />
    ))}
  </>
)
