import type { OddsReading } from '#src/domain/odds-reading.ts'
import type { AccountReading, AccountStanding } from '#src/domain/picture.ts'
import type { Standing } from '#src/domain/risk/standing.ts'
import { ageText, countdown, freshnessOf } from '../age.ts'
import { formatAmount, formatMoney, formatShare, formatTime } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { elementId } from '../parts/id.ts'
import type { Oob } from '../parts/oob.ts'
import { StageWord } from '../parts/stage.tsx'
import { KindTag } from '../parts/tag.tsx'
import { knownAt } from '../terminal/numbers.tsx'
import { OddsLine } from './odds.tsx'

const columns = [
  'Account',
  'Day, net',
  'Floor',
  'Headroom',
  'Daily loss left',
  'Target',
  'Best-day rule',
  'Payout',
  'Days · trades',
  'Balance · platform',
  'Flat by',
] as const

const Daily = ({ daily }: Standing) =>
  daily ? (
    <>
      {daily.lockedUntil === undefined ? (
        <b class="steady">{formatAmount(daily.left)}</b>
      ) : (
        <b class="text-halt">touched: locked until {formatTime(daily.lockedUntil)}</b>
      )}{' '}
      <StageWord stage={daily.stage} />
      <small>of {formatAmount(daily.limit)}</small>
    </>
  ) : (
    <span class="text-quiet">no rule</span>
  )

const Target = ({ target }: Standing) => {
  if (!target) return <span class="text-quiet">no rule</span>
  return target.reached ? <b class="text-go">reached</b> : <span class="figure">{formatAmount(target.left)} to go</span>
}

const Consistency = ({ consistency }: Standing) =>
  consistency ? (
    <>
      <span class="figure">{formatAmount(Math.max(0, consistency.left))} more today</span>
      <small>
        best day {formatAmount(consistency.bestDay)}
        {consistency.share > 0 && ` is ${formatShare(consistency.share)} of the profit`}, the rule allows{' '}
        {formatShare(consistency.maxShare)}
      </small>
    </>
  ) : (
    <span class="text-quiet">does not bind</span>
  )

const Payout = ({ payout }: Standing) => {
  if (!payout) return <span class="text-quiet">no rule</span>
  if (payout.ready) return <b class="text-go">ready</b>
  return (
    <>
      not yet
      <small>{payout.missing.join(', ')}</small>
    </>
  )
}

/** Ours as a platform counts it, an entry paid at once; and where the platform says another number, that beside it. */
const Balance = ({ account }: { account: AccountStanding }) => {
  const balance = account.standing.balance - account.entryFees
  const cash = account.platformCash
  return (
    <>
      <span class="figure">{formatAmount(balance)}</span>
      <small>
        {cash === undefined ? 'platform: not told' : `platform ${formatAmount(cash)}`}
        {cash !== undefined && cash !== balance && <span class="text-warn"> {formatMoney(cash - balance)}</span>}
      </small>
    </>
  )
}

const FlatBy = ({ at, flatByAt }: Standing) =>
  flatByAt === undefined ? (
    <span class="text-quiet">no rule</span>
  ) : (
    <>
      <span class="figure">{formatTime(flatByAt)}</span>
      <small>
        {flatByAt > at ? (
          <>
            in <span class="figure">{countdown(flatByAt - at)}</span>
          </>
        ) : (
          'passed'
        )}
      </small>
    </>
  )

const unvaluedWords = { 'no-price': 'no price: at cost', 'old-price': 'at an old price' } as const

const Name = ({ account }: { account: AccountStanding }) => (
  <>
    <b>{account.alias}</b> <KindTag kind={account.kind} />
    <small>
      {account.firm}
      {!account.watched && ', not watched'}
      {account.unwatchedFrom && `, not watched from trade date ${account.unwatchedFrom}`}
    </small>
  </>
)

const cells = (account: AccountStanding) => [
  <Name account={account} />,
  <>
    <b class="figure last">{formatMoney(account.dayNet)}</b>
    <small>
      open <span class="figure">{formatMoney(account.openNet)}</span>
    </small>
    {account.unvalued && <small class="text-warn">{unvaluedWords[account.unvalued]}</small>}
  </>,
  <>
    <span class="figure">{formatAmount(account.standing.floor)}</span>
    {account.standing.floorLocked && <small>locked for good</small>}
  </>,
  <>
    <b class="steady last">{formatAmount(account.standing.headroom)}</b> <StageWord stage={account.standing.stage} />
    {account.standing.giveBack > 0 && (
      <small>given back, {formatAmount(account.standing.giveBack)} of it is gone</small>
    )}
  </>,
  <Daily {...account.standing} />,
  <Target {...account.standing} />,
  <Consistency {...account.standing} />,
  <Payout {...account.standing} />,
  <span class="figure">
    {account.standing.days} · {account.trades}
  </span>,
  <Balance account={account} />,
  <FlatBy {...account.standing} />,
]

const Line = ({
  account,
  asOf,
  wall,
}: {
  account: AccountStanding
  asOf: number | undefined
  wall: number | undefined
}) => (
  <tr
    id={elementId('account', account.name)}
    data-received-at={asOf}
    data-freshness={asOf === undefined ? undefined : freshnessOf((wall ?? asOf) - asOf)}
    data-broken={account.standing.broken?.rule}
  >
    {cells(account).map((cell, i) =>
      i === 0 ? (
        <th scope="row">{cell}</th>
      ) : (
        <td>
          <span class="label">{columns[i]}</span>
          {cell}
        </td>
      ),
    )}
  </tr>
)

type TableProps = Oob & {
  account: AccountReading | undefined
  wall: number | undefined
  odds?: OddsReading | undefined
}

/** Every account against its rules, the nearest limit first; a table on a desk, cards on a phone. */
export const AccountTable = ({ account, wall, odds, oob }: TableProps) => {
  const asOf = account && knownAt(account)
  const age = asOf !== undefined && (
    <span data-received-at={asOf} data-freshness={freshnessOf((wall ?? asOf) - asOf)}>
      as of{' '}
      <span class="age" data-age>
        {ageText((wall ?? asOf) - asOf)}
      </span>
    </span>
  )
  return (
    <Box id="account-table" title="Accounts, the nearest limit first" aside={age} oob={oob}>
      {account && account.accounts.length > 0 ? (
        <table class="sheet accounts">
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {account.accounts.map((each) => (
              <>
                <Line account={each} asOf={asOf} wall={wall} />
                <OddsLine odds={odds} account={each} columns={columns.length} />
              </>
            ))}
          </tbody>
        </table>
      ) : (
        <Empty
          what="No account is known yet."
          next="Accounts come with NinjaTrader’s first word: install the AddOn from the Bridge page. Each then gets its firm’s rules below."
        />
      )}
    </Box>
  )
}
