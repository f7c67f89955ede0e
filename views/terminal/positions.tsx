import type { AccountReading, BrokerHoldings } from '#src/domain/picture.ts'
import { formatNumber, formatTime, unknown } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import type { Oob } from '../parts/oob.ts'

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

/** What the broker or NinjaTrader holds. */
export const Positions = ({ account, oob }: Oob & { account?: AccountReading | undefined }) => (
  <Box id="positions" title="Positions" oob={oob}>
    {account?.broker ? (
      <Broker broker={account.broker} />
    ) : (
      <Empty
        what="Positions are not known: NinjaTrader is not connected."
        next="Read them in NinjaTrader. Entering, stopping and leaving a trade happen there too."
      />
    )}
  </Box>
)
