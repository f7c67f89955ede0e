import type { AccountReading, BridgeReading } from '#src/domain/picture.ts'
import { ageText, freshnessOf } from '../age.ts'
import { formatMoment, formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { Hold } from '../parts/hold.tsx'
import { elementId } from '../parts/id.ts'
import type { Oob } from '../parts/oob.ts'
import { Row } from '../parts/row.tsx'
import { differingAccounts } from '../terminal/acts.tsx'
import { bridgeWords } from '../words.ts'

const connectionTones = { connected: 'ok', connecting: 'starting', lost: 'down', disconnected: 'down' } as const

const Lines = ({ connections }: Pick<BridgeReading, 'connections'>) => (
  <table class="sheet">
    <thead>
      <tr>
        <th scope="col">NinjaTrader’s connection</th>
        <th scope="col">Prices</th>
        <th scope="col">Orders</th>
      </tr>
    </thead>
    <tbody>
      {connections.map(({ name, price, orders }) => (
        <tr>
          <th scope="row">{name}</th>
          {[price, orders].map((state) => (
            <td data-state={connectionTones[state]}>
              <span class="state-word">{state.toUpperCase()}</span>
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

const Facts = ({ bridge, wall }: { bridge: BridgeReading; wall: number | undefined }) => {
  const { heardAt, versions } = bridge
  const age = heardAt === undefined ? undefined : (wall ?? heardAt) - heardAt
  return (
    <dl>
      <Row label="State">
        <b>{bridgeWords[bridge.state]}</b> since {formatMoment(bridge.since)}
      </Row>
      {heardAt !== undefined && age !== undefined && (
        <Row label="Last heard">
          <span data-received-at={heardAt} data-freshness={freshnessOf(age)}>
            <span class="age" data-age>
              {ageText(age)}
            </span>
          </span>
        </Row>
      )}
      {bridge.name && <Row label="Bridge">{bridge.simulator ? `${bridge.name}, the simulator: SIM` : bridge.name}</Row>}
      {versions && (
        <Row label="Versions">
          bridge {versions.bridge}, NinjaTrader {versions.platform}
        </Row>
      )}
      <Row label="Its own switch for orders">
        {bridge.allowOrders ? 'ON: it may send orders' : 'off: it only gets out'}
      </Row>
      <Row label="Executions waiting to be sent">{formatNumber(bridge.waiting)}</Row>
    </dl>
  )
}

type ConnectionsProps = Oob & { account: AccountReading | undefined; wall: number | undefined }

/** How NinjaTrader is heard, and how it stands with its brokers. */
export const Connections = ({ account, wall, oob }: ConnectionsProps) => {
  const bridge = account?.bridge
  return (
    <Box id="connections" title="Connection" oob={oob}>
      {bridge && bridge.state !== 'never-seen' ? (
        <>
          {bridge.differences.length > 0 && (
            <div class="remark text-warn" role="alert">
              <p>
                <strong>NinjaTrader and the ledger differ.</strong> {bridge.differences.join('; ')}. Compare with
                NinjaTrader first.
              </p>
              <div class="acts">
                {differingAccounts(account).map(({ name, alias }) => (
                  <Hold id={elementId('adopt', name)} action={`/accounts/${encodeURIComponent(name)}/adoption`}>
                    Take NinjaTrader’s positions on {alias}
                  </Hold>
                ))}
              </div>
            </div>
          )}
          <Facts bridge={bridge} wall={wall} />
          {bridge.connections.length > 0 && <Lines connections={bridge.connections} />}
        </>
      ) : (
        <Empty
          what="NinjaTrader was never heard."
          next="Follow the steps on this page. Its first word appears here within a second of the AddOn starting."
        />
      )}
    </Box>
  )
}
