import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { Clock, HistorySource, LiveFeed, SecondSourcePrice } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { createTradovateAccount } from './account.ts'
import type { BrokerReading } from './account-state.ts'
import { createContractIds } from './contracts.ts'
import { createTradovateFeed } from './feed.ts'
import { createTradovateHistory } from './history.ts'
import { createReader } from './reader.ts'
import { createTradovatePrices } from './second.ts'
import { createTradovateSession, type Token, type TradovateCredentials } from './session.ts'
import { createTradovateSocket } from './socket.ts'

/**
 * Creates everything this process does with one account of the vendor: one session, one market-data socket shared by
 * feed, history and second source, and one user-data socket. Nothing connects before it is started or asked.
 */
export const createTradovate = ({
  restUrl,
  mdUrl,
  userUrl,
  credentials,
  clock,
  schedule,
  random,
  vendor,
  fetch = globalThis.fetch,
}: {
  readonly restUrl: string
  readonly mdUrl: string
  readonly userUrl: string
  readonly credentials: TradovateCredentials
  readonly clock: Clock
  readonly schedule: Schedule
  readonly random: () => number
  /** Whether these are the vendor's own hosts. */
  readonly vendor: boolean
  readonly fetch?: typeof globalThis.fetch
}) => {
  const { wall } = clock
  const session = createTradovateSession({ restUrl, credentials, fetch, wall, schedule, random })
  const read = createReader({ restUrl, session, fetch, schedule, random })
  const ids = createContractIds(read)
  const socketTo = (url: string, use: (token: Token) => string) =>
    createTradovateSocket({ url, session, use, wall, schedule, random })
  const market = socketTo(mdUrl, ({ marketData }) => marketData)
  const user = socketTo(userUrl, ({ access }) => access)

  return {
    feed: (contracts: readonly Contract[]): LiveFeed =>
      createTradovateFeed({ socket: market, ids, contracts, clock, schedule, vendor }),
    history: (): HistorySource => createTradovateHistory({ socket: market, session, ids, clock, schedule }),
    prices: (contracts: readonly Contract[], onPrice: (price: SecondSourcePrice) => void) =>
      createTradovatePrices({ socket: market, ids, contracts, schedule, onPrice }),
    account: (onChange: (reading: BrokerReading) => void) =>
      createTradovateAccount({ socket: user, session, read, wall, onChange }),
    /** Ends the session's renewal; feed, prices and account are stopped by whoever started them. */
    close: (): void => session.close(),
  }
}
