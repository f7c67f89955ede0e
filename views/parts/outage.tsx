import type { Outage as Reading } from '#src/domain/picture.ts'
import { formatClock } from '../format.ts'
import { type Oob, swapOf } from './oob.ts'

const whatIsAway: Readonly<Record<Reading['what'], string>> = {
  engine: 'The engine is not heard',
  bus: 'Redis is not heard',
  database: 'The database is away',
}

const means = ({ what, isBlind }: Reading): string => {
  if (isBlind) return 'nothing below is current'
  return what === 'database' ? 'fills cannot be stored' : 'alerts and what you ask for wait'
}

/** Above every page: what is away that the page leans on, since when, and what that makes of the page; hidden while nothing is. */
export const Outage = ({ outage, oob }: Oob & { outage: Reading | undefined }) => (
  <div
    id="outage"
    role="alert"
    hidden={outage === undefined}
    data-blind={outage && String(outage.isBlind)}
    hx-swap-oob={swapOf(oob)}
  >
    {outage && `${whatIsAway[outage.what]} since ${formatClock(outage.since)} ET: ${means(outage)}.`}
  </div>
)
