import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { formatPrice, formatTime, unknown } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { BiasWord } from '../terminal/focus-card.tsx'
import { reasonWords, stateWords } from '../words.ts'
import { planLevels, rangesInPlay } from './levels.ts'

type ChartPlanProps = Oob & { instrument: InstrumentId; card: FocusCard | undefined }

const Fact = ({ label, children }: { label: string; children: string }) => (
  <div>
    <dt>{label}</dt>
    <dd class="figure">{children}</dd>
  </div>
)

const Levels = ({ instrument: id, card }: { instrument: InstrumentId; card: FocusCard }) => {
  const { bracket } = card
  return (
    <dl class="facts-row">
      <Fact label="Entry zone">
        {bracket ? `${formatPrice(id, bracket.zone.low)} – ${formatPrice(id, bracket.zone.high)}` : unknown}
      </Fact>
      <Fact label="Stop">{formatPrice(id, bracket?.stop)}</Fact>
      <Fact label="TP1">{formatPrice(id, bracket?.target1)}</Fact>
      <Fact label="TP2">{formatPrice(id, bracket?.target2)}</Fact>
      <Fact label="Quality">{`${Math.floor(card.quality.score)} %`}</Fact>
    </dl>
  )
}

/** The card in brief: which way, whether now, and the prices that the chart draws. */
export const ChartPlan = ({ instrument, card, oob }: ChartPlanProps) => (
  <section
    id="chart-plan"
    class="box chart-plan"
    aria-label="Plan"
    data-levels={JSON.stringify(planLevels(card))}
    data-ranges={JSON.stringify(rangesInPlay(card))}
    data-state={card?.state}
    hx-swap-oob={swapOf(oob)}
  >
    {card ? (
      <>
        <p>
          <BiasWord bias={card.bias} />{' '}
          <span class="state">
            {stateWords[card.state]} <small>since {formatTime(card.stateSince)}</small>
          </span>
          <span class="grow">
            <strong>{card.action.toUpperCase()}</strong> {reasonWords[card.reason]}
          </span>
        </p>
        <Levels instrument={instrument} card={card} />
      </>
    ) : (
      <p class="text-quiet">No plan yet: the engine is still reading history.</p>
    )}
  </section>
)
