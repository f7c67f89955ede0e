import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { AccountReading } from '#src/domain/picture.ts'
import { formatMoney, formatPrice } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { heldIn, heldLevels } from './levels.ts'

type ChartHeldProps = Oob & { instrument: InstrumentId; account: AccountReading | undefined }

/** What NinjaTrader holds of this market, in one line an account; `moved` tells the chart's script of new executions. */
export const ChartHeld = ({ instrument, account, oob }: ChartHeldProps) => {
  const held = heldIn(account, instrument)
  return (
    <div
      id="chart-held"
      class="chart-held"
      data-levels={JSON.stringify(heldLevels(account, instrument))}
      data-moved={account?.moved}
      hidden={held.length === 0}
      hx-swap-oob={swapOf(oob)}
    >
      {held.map(({ alias, quantity, contract, averagePrice, openNet }) => (
        <p>
          <strong>
            {quantity > 0 ? '↑ LONG' : '↓ SHORT'} {Math.abs(quantity)} {contract}
          </strong>{' '}
          {alias} at <span class="figure">{formatPrice(instrument, averagePrice)}</span>, open{' '}
          <span class="figure">{formatMoney(openNet)}</span>
        </p>
      ))}
    </div>
  )
}
