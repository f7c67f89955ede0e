import type { AccountReading } from '#src/domain/picture.ts'
import type { CommandRecord, CommandState } from '#src/domain/trading/platform-event.ts'
import { formatClock } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { elementId } from '../parts/id.ts'
import type { Oob } from '../parts/oob.ts'

const tones: Readonly<Record<CommandState, 'ok' | 'starting' | 'down'>> = {
  queued: 'starting',
  sent: 'starting',
  received: 'starting',
  working: 'starting',
  done: 'ok',
  failed: 'down',
  unknown: 'down',
}

const kinds: Readonly<Record<CommandRecord['command']['kind'], string>> = {
  ping: 'ping',
  cancelAll: 'cancel all orders',
  flattenAccount: 'flatten',
  flattenAll: 'flatten everything',
  placeBracket: 'place bracket',
  changeStop: 'move stop',
  lockout: 'lock out',
}

const Line = ({ record: { command, state, reason, changedAt } }: { record: CommandRecord }) => (
  <tr id={elementId('command', String(command.number))} data-state={tones[state]}>
    <th scope="row">{command.number}</th>
    <td>
      {kinds[command.kind]} {command.account}
    </td>
    <td class="figure">{formatClock(command.issuedAt)}</td>
    <td>
      <span class="state-word">{state.toUpperCase()}</span> {reason?.replaceAll('-', ' ')}
    </td>
    <td class="figure">{command.issuedAt === changedAt ? '' : `${changedAt - command.issuedAt} ms`}</td>
  </tr>
)

/** What NinjaTrader was asked and what came of it. */
export const Commands = ({
  account,
  oob,
}: Oob & { account: AccountReading | undefined; wall?: number | undefined }) => {
  const commands = account?.bridge.commands ?? []
  return (
    <Box
      id="commands"
      title="Commands"
      aside="UNKNOWN is settled by what NinjaTrader shows next, never sent again"
      oob={oob}
    >
      {commands.length > 0 ? (
        <table class="sheet commands">
          <thead>
            <tr>
              <th scope="col">No.</th>
              <th scope="col">What</th>
              <th scope="col">Asked, ET</th>
              <th scope="col">Result</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {commands.map((record) => (
              <Line record={record} />
            ))}
          </tbody>
        </table>
      ) : (
        <p class="text-quiet">None yet. A ping asks for nothing but an answer.</p>
      )}
    </Box>
  )
}
