import type { AccountReading, BridgeReading } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { unknown } from '../format.ts'
import { Cell } from '../parts/cell.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'
import { bridgeWords } from '../words.ts'

type BridgeProps = Oob & { account: AccountReading | undefined; wall: number | undefined }

const toneOf = ({ state }: BridgeReading): string => {
  if (state === 'in-sync') return 'open'
  return state === 'never-seen' ? 'shut' : 'warn'
}

/** How the trading platform is heard, and how old its last word is. */
export const Bridge = ({ account, wall, oob }: BridgeProps) => {
  const bridge = account?.bridge
  const heardAt = bridge?.heardAt
  const age = heardAt === undefined ? undefined : (wall ?? heardAt) - heardAt
  return (
    <div
      id="bridge"
      data-state={bridge?.state}
      data-received-at={heardAt}
      data-freshness={age === undefined ? undefined : freshnessOf(age)}
      hx-swap-oob={swapOf(oob)}
    >
      <Cell label="NinjaTrader" tone={bridge && toneOf(bridge)} class="w-36">
        {bridge ? (
          <>
            <i class="light" /> {bridgeWords[bridge.state]}{' '}
            {bridge.simulator && (
              <span class="tag" data-kind="SIM">
                SIM
              </span>
            )}{' '}
            {age !== undefined && (
              <span class="age" data-age>
                {ageText(age)}
              </span>
            )}
          </>
        ) : (
          unknown
        )}
      </Cell>
    </div>
  )
}
