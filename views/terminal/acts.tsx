import type { AccountReading, PositionReading } from '#src/domain/picture.ts'
import { Hold } from '../parts/hold.tsx'
import { elementId } from '../parts/id.ts'

/** What is held, one phrase: '2 MGC, 3 MNQ'; without a position, its orders. */
export const heldWords = (positions: readonly PositionReading[]): string =>
  positions.map(({ quantity, instrument }) => `${Math.abs(quantity)} ${instrument}`).join(', ') || 'the orders'

/** The accounts with something open or working, by the platform's name. */
export const busyAccounts = ({ positions, orders }: AccountReading): readonly { name: string; alias: string }[] => [
  ...new Map([...positions, ...orders].map(({ account, alias }) => [account, { name: account, alias }])).values(),
]

/** 'Flatten 2 MGC, 3 MNQ on SIM101', or its orders alone. */
export const flattenWords = ({ positions }: AccountReading, name: string, alias: string): string => {
  const held = positions.filter(({ account }) => account === name)
  return held.length > 0 ? `Flatten ${heldWords(held)} on ${alias}` : `Cancel all orders on ${alias}`
}

/** The accounts a difference is told of; its words begin with the account's name. */
export const differingAccounts = ({ accounts, bridge }: AccountReading): readonly { name: string; alias: string }[] =>
  accounts.filter(({ name }) => bridge.differences.some((words) => words.startsWith(`${name} `)))

/** The two ways out: one account, or everything. Shown while NinjaTrader can be asked. */
export const Acts = ({ account }: { account: AccountReading }) => {
  const { state } = account.bridge
  if (state === 'never-seen' || state === 'legacy') return null
  return (
    <div class="acts">
      {state !== 'silent' &&
        busyAccounts(account).map(({ name, alias }) => (
          <Hold id={elementId('flatten', name)} action={`/accounts/${encodeURIComponent(name)}/flatten`}>
            {flattenWords(account, name, alias)}
          </Hold>
        ))}
      <Hold id="kill-all" action="/kill" loud>
        Flatten everything
      </Hold>
    </div>
  )
}
