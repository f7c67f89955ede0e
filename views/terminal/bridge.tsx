import type { AccountReading } from '#src/domain/picture.ts'
import { unknown } from '../format.ts'
import { Cell } from '../parts/cell.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'

/** Whether the trading platform is heard. */
export const Bridge = ({ account, oob }: Oob & { account: AccountReading | undefined }) => (
  <div id="bridge" hx-swap-oob={swapOf(oob)}>
    <Cell label="NinjaTrader" tone={account ? 'shut' : undefined} class="w-24">
      {account ? (
        <>
          <i class="light" /> not connected
        </>
      ) : (
        unknown
      )}
    </Cell>
  </div>
)
