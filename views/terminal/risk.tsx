import type { AccountReading, AccountStanding } from '#src/domain/picture.ts'
import { riskCap } from '#src/domain/risk/sizing.ts'
import { countdown } from '../age.ts'
import { formatAmount, formatMoney, formatShare, formatTime } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { Hold } from '../parts/hold.tsx'
import type { Oob } from '../parts/oob.ts'
import { Row } from '../parts/row.tsx'
import { StageWord } from '../parts/stage.tsx'

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
      <StageWord stage={daily.stage} /> <span class="steady">{formatAmount(daily.left)}</span>
    </Row>
  ) : (
    <Row id="risk-daily" label={`Daily loss limit of ${formatAmount(daily.limit)}`}>
      <StageWord stage={daily.stage} /> touched: until {formatTime(daily.lockedUntil)}
    </Row>
  )

/** The account nearest to a limit, against its firm's rules. */
const Nearest = ({ nearest: { standing } }: { nearest: AccountStanding }) => (
  <>
    <Row id="risk-floor" label={`Above ${standing.floorLocked ? 'locked ' : ''}floor ${formatAmount(standing.floor)}`}>
      <StageWord stage={standing.stage} /> <span class="steady">{formatAmount(standing.headroom)}</span>
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
    {standing.flatByAt !== undefined && (
      <Row id="risk-flat-by" label={`Flat by ${formatTime(standing.flatByAt)}`}>
        in <span class="figure">{countdown(standing.flatByAt - standing.at)}</span>
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

const Watched = ({ account, nearest }: { account: AccountReading; nearest: AccountStanding }) => {
  const { limits, course } = account
  return (
    <dl>
      <Nearest nearest={nearest} />
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

/** What may still be lost: the account nearest to a limit, the trader's own limits, and the lock. */
export const Risk = ({ account, oob }: Oob & { account: AccountReading | undefined }) => {
  const nearest = account?.accounts.find(({ watched }) => watched)
  return (
    <Box
      id="risk"
      title={nearest ? `Risk · ${nearest.alias}` : 'Risk'}
      aside={account && <Lockout account={account} />}
      oob={oob}
    >
      {account && nearest ? <Watched account={account} nearest={nearest} /> : <Undertaken account={account} />}
    </Box>
  )
}
