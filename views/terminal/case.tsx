import type { OddsReading } from '#src/domain/odds-reading.ts'
import { isFinished } from '#src/domain/signals/card-life.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { CardOdds } from '../accounts/odds.tsx'
import { Inputs, JudgedOn } from '../parts/why.tsx'
import { biasWords } from '../words.ts'

const panelId = (instrument: string): string => `case-${instrument}`

/** Opens the card's case. A plain button with a popover, so it needs no script. */
export const CaseButton = ({ card }: { card: FocusCard }) => (
  <button type="button" id={`open-${panelId(card.instrument)}`} class="why" popovertarget={panelId(card.instrument)}>
    why
  </button>
)

const Sentences = ({ title, sentences, none }: { title: string; sentences: readonly string[]; none: string }) => (
  <>
    <h5>{title}</h5>
    <ul>
      {sentences.map((sentence) => (
        <li>{sentence}</li>
      ))}
      {sentences.length === 0 && <li class="text-quiet">{none}</li>}
    </ul>
  </>
)

/** What agrees, what disagrees, and what would change the mind, in plain words. */
export const CasePanel = ({ card, odds }: { card: FocusCard; odds?: OddsReading | undefined }) => {
  const { why, checklist, bias, instrument } = card
  return (
    <div id={panelId(instrument)} popover="auto" class="panel wide case" role="note">
      <h4>
        {card.name} · {bias === 'neutral' ? 'Why no card' : `Why ${biasWords[bias].word}`}
      </h4>
      <p class="text-ink">
        {checklist.grade}: {checklist.ticked} of {checklist.of} are with it.
      </p>
      <Sentences title="Agrees" sentences={why.agrees} none="Nothing." />
      <Sentences title="Disagrees" sentences={why.disagrees} none="Nothing." />
      {!isFinished(card.state) && (
        <Sentences
          title={bias === 'neutral' ? 'Would bring one' : 'Would change the mind'}
          sentences={why.wouldChange}
          none="Nothing known."
        />
      )}
      <h5>The market now</h5>
      <Inputs inputs={card.market} />
      <CardOdds odds={odds} card={card} />
      <JudgedOn card={card} />
    </div>
  )
}
