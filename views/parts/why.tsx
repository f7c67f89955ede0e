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

const InputRow = ({ input: { name, value, why, at } }: { input: Input }) => (
  <tr>
    <th scope="row">{name}</th>
    <td class="figure">{typeof value === 'number' ? formatNumber(value) : value}</td>
    <td class={`text-quiet ${why === undefined ? 'sm:whitespace-nowrap' : ''}`}>
      {why ?? (at !== undefined && formatMoment(at))}
    </td>
  </tr>
)

/** What something was made from, a row each: name, value, and why it is so or the bar it was read from. */
export const Inputs = ({ inputs }: { inputs: readonly Input[] }) => (
  <table>
    {inputs.map((input) => (
      <InputRow input={input} />
    ))}
  </table>
)

/** The bar a card was judged on, and what worked its numbers out. */
export const JudgedOn = ({ card: { asOf, version, method } }: { card: FocusCard }) => (
  <p>
    Judged on the bar closed {formatTime(asOf)}
    {version > 0 && ` · plan version ${version}`} · code {method.code}, parameters {method.parameters}
  </p>
)

type Known = { calibration?: CalibrationReading | undefined }

const Standing = ({ quality, calibration }: Known & { quality: Quality }) => (
  <>
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
      {inputs.length > 0 && <Inputs inputs={inputs} />}
      {name === 'quality' && <Standing quality={card.quality} calibration={calibration} />}
      <JudgedOn card={card} />
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
