import type { AccountReading } from '#src/domain/picture.ts'
import { countdown } from '../age.ts'
import { formatTime } from '../format.ts'
import { Row } from '../parts/row.tsx'

/** The flat-by that comes next, with the account whose firm wants it; the trader's own has no name. */
export const FlatBy = ({ flatBy }: { flatBy: NonNullable<AccountReading['flatBy']> }) => (
  <Row
    id="risk-flat-by"
    label={[`Flat by ${formatTime(flatBy.at)}`, flatBy.account].filter((word) => word !== undefined).join(', ')}
  >
    {flatBy.left > 0 ? (
      <>
        in <span class="figure">{countdown(flatBy.left)}</span>
      </>
    ) : (
      'passed'
    )}
  </Row>
)
