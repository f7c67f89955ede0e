import type { AccountReading, BridgeReading, BrokerHoldings, ClockReading } from '#src/domain/picture.ts'
import type { FlatBy } from '#src/domain/risk/flat-by.ts'
import { ageText } from '../age.ts'
import { formatClock, formatNumber, formatTime, unknown } from '../format.ts'
import { onMarketClock } from '../market-clock.ts'
import { Box, Empty } from '../parts/box.tsx'
import type { Oob } from '../parts/oob.ts'
import { Acts } from './acts.tsx'
import { Held } from './held.tsx'
import { Working } from './working.tsx'

type Now = { clock: ClockReading | undefined }

const Holding = ({ holding }: { holding: BrokerHoldings['positions'][number] }) => (
  <tr>
    <th scope="row">{holding.contract}</th>
    <td>
      {holding.quantity > 0 ? 'LONG' : 'SHORT'} <span class="figure">{formatNumber(Math.abs(holding.quantity))}</span>
    </td>
    <td class="figure">{holding.averagePrice === undefined ? unknown : formatNumber(holding.averagePrice)}</td>
    <td class="text-quiet">
      {holding.account}, {formatTime(holding.asOf)}
    </td>
  </tr>
)

const Broker = ({ broker }: { broker: BrokerHoldings }) => {
  const held = broker.positions.filter(({ quantity }) => quantity !== 0)
  return (
    <>
      {held.length > 0 ? (
        <table class="sheet">
          <tbody>
            {held.map((holding) => (
              <Holding holding={holding} />
            ))}
          </tbody>
        </table>
      ) : (
        <p>Flat, says {broker.source}.</p>
      )}
      <p class="text-quiet">
        Read from {broker.source}, heard at {formatTime(broker.asOf)}. NinjaTrader is not connected.
      </p>
    </>
  )
}

const Silent = ({ heardAt, clock }: Now & { heardAt: number }) => (
  <p class="remark text-warn" role="status">
    NinjaTrader not heard for <b data-since={heardAt}>{ageText((clock?.wall ?? heardAt) - heardAt)}</b>: check the
    AddOn. What follows is as of {formatClock(onMarketClock(clock, heardAt))} ET.
  </p>
)

/** What the platform says that the ledger does not; neither is corrected by itself. */
const Differs = ({ differences, settling }: { differences: readonly string[]; settling: boolean }) =>
  settling ? (
    <p class="remark text-quiet">Settling: an execution came, its position follows.</p>
  ) : (
    <div class="remark text-warn" role="alert">
      <strong>NinjaTrader and the ledger differ.</strong> {differences.join('; ')}.{' '}
      <a href="/bridge">Compare and settle</a>
    </div>
  )

const State = ({ bridge, clock }: Now & { bridge: BridgeReading }) => {
  if (bridge.state === 'silent' && bridge.heardAt !== undefined)
    return <Silent heardAt={bridge.heardAt} clock={clock} />
  if (bridge.state === 'differs' || bridge.state === 'settling')
    return <Differs differences={bridge.differences} settling={bridge.state === 'settling'} />
  if (bridge.state === 'legacy')
    return <p class="remark text-quiet">This bridge shows positions alone: stops and orders are in NinjaTrader.</p>
  return null
}

/** Something is open that should have been closed: an alarm until it is. */
const PastFlatBy = ({ passed }: { passed: FlatBy }) => (
  <p class="remark naked" role="alert">
    <strong>PAST FLAT-BY</strong> {formatTime(passed.at)}
    {passed.account && `, ${passed.account}`}: close what is open.
  </p>
)

const NeverHeard = () => (
  <div class="empty">
    <p class="text-ink">NinjaTrader was never heard, so positions are not known.</p>
    <p>
      Install the AddOn: <a href="/bridge">the Bridge page</a> has it, with the steps. Until then read positions in
      NinjaTrader, and leave them there.
    </p>
  </div>
)

const Books = ({ account, clock }: Now & { account: AccountReading }) => (
  <>
    <State bridge={account.bridge} clock={clock} />
    {account.flatBy?.passed && <PastFlatBy passed={account.flatBy.passed} />}
    {account.positions.length > 0 ? (
      <ul>
        {account.positions.map((position) => (
          <Held position={position} wall={clock?.wall} />
        ))}
      </ul>
    ) : (
      <Empty
        what={account.bridge.state === 'silent' ? 'Nothing was held then.' : 'Flat. Nothing is held.'}
        next="A trade entered in NinjaTrader appears here with its stop, its target and what it may still lose."
      />
    )}
    <Working orders={account.orders} positions={account.positions} />
  </>
)

const Content = ({ account, clock }: Now & { account: AccountReading }) => {
  if (account.bridge.state !== 'never-seen') return <Books account={account} clock={clock} />
  return account.broker ? <Broker broker={account.broker} /> : <NeverHeard />
}

type PositionsProps = Oob & Now & { account: AccountReading | undefined }

/** What NinjaTrader holds, or a broker's books where no bridge was ever heard. */
export const Positions = ({ account, clock, oob }: PositionsProps) => (
  <Box id="positions" title="Positions" aside={account && <Acts account={account} />} oob={oob}>
    {account ? (
      <Content account={account} clock={clock} />
    ) : (
      <Empty
        what="Positions are not known yet."
        next="They appear when the engine speaks. Until then read them in NinjaTrader."
      />
    )}
  </Box>
)
