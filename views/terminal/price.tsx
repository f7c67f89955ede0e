import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PriceReading } from '#src/domain/picture.ts'
import type { Bracket } from '#src/domain/signals/focus-card.ts'
import { formatChange, formatPrice, formatTime } from '../format.ts'
import { Ladder } from '../parts/ladder.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'
import { Why } from '../parts/why.tsx'
import { priceAge } from '../price-age.ts'

type PriceProps = Oob & {
  instrument: InstrumentId
  price: PriceReading | undefined
  /** The server's wall clock, against which the age is told. */
  wall: number | undefined
  /** The plan the price is drawn against; absent in the quiet row. */
  bracket?: Bracket | undefined
}

const distanceWords = (instrument: InstrumentId, toZone: number): string =>
  toZone === 0
    ? 'in the zone'
    : `${formatPrice(instrument, Math.abs(toZone))} ${toZone > 0 ? 'above' : 'below'} the zone`

/** A print that was taken for nothing, beside the price it did not move. */
const Suspect = ({ instrument, price }: { instrument: InstrumentId; price: PriceReading }) =>
  price.suspect ? (
    <span class="suspect" title={`A trade at ${formatTime(price.suspect.at)} that nothing confirmed: it moved no card`}>
      suspect print <span class="figure">{formatPrice(instrument, price.suspect.price)}</span> ignored
    </span>
  ) : null

/** The last price with its change, its age and, on a card, its place on the ladder. Repainted at every change. */
export const Price = ({ instrument, price, wall, bracket, oob }: PriceProps) => {
  const { text, freshness, receivedAt } = priceAge(price, wall)
  return (
    <div
      id={`price-${instrument}`}
      class="price"
      data-received-at={receivedAt}
      data-freshness={freshness}
      hx-swap-oob={swapOf(oob)}
    >
      <Why instrument={instrument} name="last" class="last figure" {...(price && { flash: price.last })}>
        {formatPrice(instrument, price?.last)}
      </Why>
      <span class="change figure">{formatChange(instrument, price?.change)}</span>
      <span class="age" data-age>
        {text}
      </span>
      {bracket && (
        <>
          <span class="to-zone">
            {price?.toZone !== undefined && distanceWords(instrument, price.toZone)}
            {price && <Suspect instrument={instrument} price={price} />}
          </span>
          <Ladder bracket={bracket} last={price?.last} />
        </>
      )}
    </div>
  )
}
