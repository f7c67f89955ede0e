import type { AccountReading } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { formatMoney } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { elementId } from '../parts/id.ts'
import type { Oob } from '../parts/oob.ts'
import { Acts } from '../terminal/acts.tsx'
import { FlatBy } from '../terminal/flat-by.tsx'
import { bridgeWords } from '../words.ts'

type HeldProps = Oob & { account: AccountReading | undefined; wall: number | undefined }

const Line = ({ position, wall }: { position: AccountReading['positions'][number]; wall: number | undefined }) => {
  const { account, alias, contract, quantity, lastAt, openNet, nakedSince } = position
  const age = lastAt === undefined ? undefined : (wall ?? lastAt) - lastAt
  return (
    <li
      id={elementId('held', account, contract)}
      class="row"
      data-received-at={lastAt}
      data-freshness={age === undefined ? undefined : freshnessOf(age)}
    >
      <span>
        <b>
          {quantity > 0 ? '↑ LONG' : '↓ SHORT'} {Math.abs(quantity)} {contract}
        </b>{' '}
        {alias} {nakedSince !== undefined && <strong class="text-halt">NAKED</strong>}
      </span>
      <span class="worth">
        <span class="age" data-age>
          {age === undefined ? 'no price' : ageText(age)}
        </span>{' '}
        <b class="last figure">{formatMoney(openNet)}</b>
      </span>
    </li>
  )
}

/** What is held, one line each, by when all of it must be flat, and the ways out. */
export const Held = ({ account, wall, oob }: HeldProps) => (
  <Box id="held" title="Held" aside={account && `NinjaTrader ${bridgeWords[account.bridge.state]}`} oob={oob}>
    {account && account.positions.length > 0 ? (
      <ul>
        {account.positions.map((position) => (
          <Line position={position} wall={wall} />
        ))}
      </ul>
    ) : (
      <p class="text-quiet">Nothing that is known of.</p>
    )}
    {account?.flatBy && (
      <dl>
        <FlatBy flatBy={account.flatBy} />
      </dl>
    )}
    {account && <Acts account={account} />}
  </Box>
)
