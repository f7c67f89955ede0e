import type { Alert } from '#src/domain/signals/transition.ts'
import { formatTime } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import type { Oob } from '../parts/oob.ts'

const Acknowledge = ({ alert }: { alert: Alert }) => {
  const path = `/alerts/${alert.id}/acknowledgement`
  return (
    <form method="post" action={path} hx-post={path} hx-swap="none">
      <button
        type="submit"
        id={`acknowledge-${alert.id}`}
        class="quiet-button"
        aria-label={`Acknowledge: ${alert.text}`}
      >
        ok
      </button>
    </form>
  )
}

const cardSounds: Readonly<Record<string, string>> = { near: 'near', 'in-zone': 'zone', triggered: 'zone' }

/** By the second part of an account alert's key. */
const accountSounds: Readonly<Record<string, string>> = {
  fill: 'fill',
  bridge: 'lost',
  agrees: 'notice',
  lock: 'notice',
}

/** What the page plays when the alert comes; a card's key ends in the state it reached. */
const soundOf = ({ kind, key, severity, acknowledgedAt }: Alert): string | undefined => {
  if (acknowledgedAt !== undefined || severity === 'quiet') return undefined
  if (kind === 'feed') return 'lost'
  if (kind === 'account') return accountSounds[key.split(':')[1] ?? ''] ?? 'risk'
  return (kind === 'card' && cardSounds[key.split(':').at(-1) ?? '']) || 'notice'
}

const AlertLine = ({ alert }: { alert: Alert }) => (
  <li
    id={`alert-${alert.id}`}
    data-alert={alert.id}
    data-sound={soundOf(alert)}
    data-severity={alert.severity}
    data-acknowledged={alert.acknowledgedAt === undefined ? undefined : ''}
  >
    <time class="figure">{formatTime(alert.at)}</time>
    <span class="grow">{alert.text}</span>
    {alert.acknowledgedAt === undefined ? (
      <Acknowledge alert={alert} />
    ) : (
      <span title={`seen ${formatTime(alert.acknowledgedAt)}`}>seen</span>
    )}
  </li>
)

const remark = (alerts: readonly Alert[]): string => {
  const open = alerts.filter(({ acknowledgedAt }) => acknowledgedAt === undefined).length
  return open === 0 ? 'all seen' : `${open} not seen`
}

/** What the trader should have heard, newest first; each stays until it is acknowledged. */
export const Alerts = ({ alerts, oob }: Oob & { alerts: readonly Alert[] | undefined }) => (
  <Box id="alerts" title="Alerts" aside={alerts && alerts.length > 0 ? remark(alerts) : undefined} oob={oob}>
    {alerts && alerts.length > 0 ? (
      <ol class="alerts">
        {alerts.map((alert) => (
          <AlertLine alert={alert} />
        ))}
      </ol>
    ) : (
      <Empty
        what="No alert yet."
        next="A card that comes near its zone, a phase, a change of plan or a lost feed is told here, and heard unless muted."
      />
    )}
  </Box>
)
