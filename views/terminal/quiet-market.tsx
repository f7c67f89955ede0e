import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { CalibrationReading, ClockReading, PriceReading } from '#src/domain/picture.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { Why, WhyPanels } from '../parts/why.tsx'
import { reasonWords } from '../words.ts'
import { BiasWord, ContractName } from './focus-card.tsx'
import { Price } from './price.tsx'

type QuietProps = Oob & {
  instrument: InstrumentId
  card: FocusCard | undefined
  price: PriceReading | undefined
  clock: ClockReading | undefined
  calibration?: CalibrationReading | undefined
}

/** A market that is not part of the plan, in one line: its price, and why it is left alone. */
export const QuietMarket = ({ instrument, card, price, clock, calibration, oob }: QuietProps) => (
  <article id={`focus-${instrument}`} class="quiet" hx-swap-oob={swapOf(oob)}>
    <h3>
      <a href={`/chart/${instrument}`}>{card?.name ?? specOf(instrument).name}</a>{' '}
      {card ? <ContractName card={card} brief /> : <small>· {instrument}</small>}
    </h3>
    <Price instrument={instrument} price={price} wall={clock?.wall} />
    {card ? (
      <p class="text-quiet">
        <BiasWord bias={card.bias} /> quality{' '}
        <Why instrument={instrument} name="quality" class="min-w-[5ch] text-left">
          {Math.floor(card.quality.score)} %
        </Why>{' '}
        {card.action.toUpperCase()}: {reasonWords[card.reason]}
      </p>
    ) : (
      <p class="text-quiet">not judged yet</p>
    )}
    {card && <WhyPanels card={card} names={['last', 'quality']} calibration={calibration} />}
  </article>
)
