import type { AccountReading, AccountStanding } from '#src/domain/picture.ts'
import { riskCap } from '#src/domain/risk/sizing.ts'
import { freshnessOf } from '../age.ts'
import { formatAmount, formatMoney, formatShare, formatTime } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { Hold } from '../parts/hold.tsx'
import type { Oob } from '../parts/oob.ts'
import { Row } from '../parts/row.tsx'
import { StageWord } from '../parts/stage.tsx'
import { FlatBy } from './flat-by.tsx'
import { knownAt } from './numbers.tsx'

/** The machine's clock as the page was made. */
type Now = { wall?: number | undefined }

const Undertaken = ({ account }: { account: AccountReading | undefined }) => (
  <>
    <dl>
      <Row label="Account size (a setting)">{formatAmount(account?.accountSize)}</Row>
      <Row label={account ? `Most per trade, ${formatShare(account.limits.riskShare)}` : 'Most per trade'}>
        {formatAmount(account && riskCap(account.accountSize, account.limits.riskShare))}
      </Row>
    </dl>
    <p class="empty">Open risk is not watched until NinjaTrader is connected: keep a stop on every position.</p>
  </>
)

const Daily = ({ daily }: { daily: NonNullable<AccountStanding['standing']['daily']> }) =>
  daily.lockedUntil === undefined ? (
    <Row id="risk-daily" label={`Daily loss left of ${formatAmount(daily.limit)}`}>
      <StageWord stage={daily.stage} /> <span class="steady last">{formatAmount(daily.left)}</span>
    </Row>
  ) : (
    <Row id="risk-daily" label={`Daily loss limit of ${formatAmount(daily.limit)}`}>
      <StageWord stage={daily.stage} /> touched: until {formatTime(daily.lockedUntil)}
    </Row>
  )

/** The trader's own limit, over all accounts. */
const OwnLoss = ({ own: { limit, left, stage } }: { own: NonNullable<AccountReading['ownLoss']> }) => (
  <Row id="risk-own-loss" label={`Own daily loss left of ${formatAmount(limit)}`}>
    <StageWord stage={stage} /> <span class="steady last">{formatAmount(left)}</span>
  </Row>
)

/** The account nearest to a limit, against its firm's rules. */
const Nearest = ({ nearest: { standing } }: { nearest: AccountStanding }) => (
  <>
    <Row id="risk-floor" label={`Above ${standing.floorLocked ? 'fixed ' : ''}floor ${formatAmount(standing.floor)}`}>
      <StageWord stage={standing.stage} /> <span class="steady last">{formatAmount(standing.headroom)}</span>
    </Row>
    {standing.daily && <Daily daily={standing.daily} />}
    {standing.consistency && (
      <Row id="risk-consistency" label="Best-day rule">
        {formatAmount(Math.max(0, standing.consistency.left))} more today
      </Row>
    )}
    {standing.giveBack > 0 && (
      <Row id="risk-give-back" label="Given back, the floor stays">
        {formatMoney(standing.giveBack)}
      </Row>
    )}
  </>
)

const Lockout = ({ account }: { account: AccountReading }) =>
  account.lockedUntil === undefined ? (
    <Hold id="lock-out" action="/lockout" fields={{ until: 'session-end' }}>
      Lock me out until 17:00
    </Hold>
  ) : (
    <strong class="text-halt">LOCKED until {formatTime(account.lockedUntil)}</strong>
  )

const Watched = ({ account, nearest, wall }: Now & { account: AccountReading; nearest: AccountStanding }) => {
  const { limits, course } = account
  const asOf = knownAt(account)
  return (
    <dl data-received-at={asOf} data-freshness={asOf === undefined ? undefined : freshnessOf((wall ?? asOf) - asOf)}>
      <Nearest nearest={nearest} />
      {account.ownLoss && <OwnLoss own={account.ownLoss} />}
      {account.flatBy && <FlatBy flatBy={account.flatBy} />}
      <Row id="risk-open-trades" label="Open · losses in a row · trades">
        <span class="figure">
          {course.open}/{limits.maxOpenTrades} · {course.lossesInRow}/{limits.maxLossesInRow} · {course.trades}/
          {limits.maxTradesPerDay}
        </span>
      </Row>
      {account.cooldownUntil !== undefined && (
        <Row id="risk-cooldown" label="Cooling down">
          <span class="text-warn">until {formatTime(account.cooldownUntil)}</span>
        </Row>
      )}
    </dl>
  )
}

/** What may still be lost: the account nearest to a limit, the next flat-by of all, the trader's own limits, and the lock. */
export const Risk = ({ account, wall, oob }: Oob & Now & { account: AccountReading | undefined }) => {
  const nearest = account?.accounts.find(({ watched }) => watched)
  return (
    <Box
      id="risk"
      title={nearest ? `Risk · ${nearest.alias}` : 'Risk'}
      aside={account && <Lockout account={account} />}
      oob={oob}
    >
      {account && nearest ? (
        <Watched account={account} nearest={nearest} wall={wall} />
      ) : (
        <Undertaken account={account} />
      )}
    </Box>
  )
}
