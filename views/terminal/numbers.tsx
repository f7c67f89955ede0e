import type { AccountReading } from '#src/domain/picture.ts'
import { unknown } from '../format.ts'
import { type Oob, swapOf } from '../parts/oob.ts'

const Figure = ({ label, why }: { label: string; why: string }) => (
  <div class="box dominant">
    <span class="label">{label}</span>
    <output class="figure">{unknown}</output>
    <span class="text-quiet">{why}</span>
  </div>
)

/** The three numbers that matter most. Each says why it is not known while NinjaTrader is not connected. */
export const Numbers = ({ account, oob }: Oob & { account: AccountReading | undefined }) => {
  const why = account ? 'NinjaTrader not connected' : 'waiting for the engine'
  return (
    <div id="numbers" class="numbers" hx-swap-oob={swapOf(oob)}>
      <Figure label="Net day P&L" why={why} />
      <Figure label="To the nearest limit" why={why} />
      <Figure label="Open risk" why={why} />
    </div>
  )
}
