import type { AccountReading } from '#src/domain/picture.ts'
import { riskCap } from '#src/domain/risk/sizing.ts'
import { parameters } from '#src/domain/signals/parameters.ts'
import { formatAmount, unknown } from '../format.ts'
import { Box } from '../parts/box.tsx'
import type { Oob } from '../parts/oob.ts'
import { Row } from '../parts/row.tsx'

/** What may be risked, and what is at risk. */
export const Risk = ({ account, oob }: Oob & { account: AccountReading | undefined }) => (
  <Box id="risk" title="Risk" oob={oob}>
    <dl>
      <Row label="Account size (a setting)">{formatAmount(account?.accountSize)}</Row>
      <Row label={`Most per trade, ${parameters.riskShare * 100} %`}>
        {formatAmount(account && riskCap(account.accountSize))}
      </Row>
      <Row label="At risk now">{unknown}</Row>
    </dl>
    <p class="empty">Open risk is not watched until NinjaTrader is connected: keep a stop on every position.</p>
  </Box>
)
