import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { MinuteReading, PriceReading } from '#src/domain/picture.ts'
import { formatChange, formatPrice } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { priceAge } from '../price-age.ts'

type ChartPriceProps = Oob & {
  instrument: InstrumentId
  price: PriceReading | undefined
  /** The server's wall clock, against which the age is told. */
  wall: number | undefined
}

/** The last price above the chart, with its change and its age. */
export const ChartPrice = ({ instrument, price, wall, oob }: ChartPriceProps) => {
  const { text, freshness, receivedAt } = priceAge(price, wall)
  return (
    <div
      id="chart-price"
      class="chart-price"
      data-received-at={receivedAt}
      data-freshness={freshness}
      hx-swap-oob={swapOf(oob)}
    >
      <output class="last figure" data-flash={price?.last}>
        {formatPrice(instrument, price?.last)}
      </output>
      <span class="change figure">{formatChange(instrument, price?.change)}</span>
      <span class="age" data-age>
        {text}
      </span>
    </div>
  )
}

/** The growing minute and the one closed last, for the chart's script: shown by it alone. */
export const Minute = ({ minute, oob }: Oob & { minute: MinuteReading | undefined }) => (
  <div id="chart-minute" data-minute={minute && JSON.stringify(minute)} hidden hx-swap-oob={swapOf(oob)} />
)
